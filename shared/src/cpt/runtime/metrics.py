"""Every metric of the product, in one typed list; labels never hold personal data. docs/metrics.md is made of it."""

from prometheus_client import Counter, Histogram

from cpt.runtime.readings import DatabaseGauge, Distribution

MINUTE, HOUR, DAY = 60, 3600, 86400

# Of every process
HTTP_SECONDS = Histogram(
    "cpt_http_seconds",
    "Requests by people and programs, by route and class of the answer",
    ["method", "route", "status"],
)
LOOP_STEPS = Counter("cpt_loop_steps_total", "Steps of a periodic loop by outcome", ["loop", "outcome"])
LOOP_WORK = Counter("cpt_loop_work_total", "Things a periodic loop has done", ["loop"])
LOOP_SECONDS = Histogram("cpt_loop_step_seconds", "Duration of one step of a loop", ["loop"])
CAMPUS_CALLS = Histogram("cpt_campus_call_seconds", "Calls to campus systems", ["system", "outcome"])

# Messaging, of every worker
OUTBOX_DEPTH = DatabaseGauge("gauge", "cpt_outbox_depth", "Events that were not sent yet")
OUTBOX_AGE = DatabaseGauge("gauge", "cpt_outbox_age_seconds", "Age of the oldest event that was not sent yet")
OUTBOX_QUARANTINED = DatabaseGauge(
    "gauge", "cpt_outbox_quarantined", "Events the broker refused, and those behind them"
)
CONSUMER_LAG = DatabaseGauge(
    "gauge",
    "cpt_consumer_lag",
    "Records waiting in the partitions of this process, where the broker has just said it: here take the sum",
)
CONSUMER_SILENT = DatabaseGauge(
    "gauge", "cpt_consumer_silent_seconds", "For how long this process has not consumed as a member of its group"
)
CONSUMED = DatabaseGauge("counter", "cpt_consumed", "Consumed records by topic and fate (P35)", ["topic", "fate"])
RECORDS_GONE = DatabaseGauge(
    "gauge", "cpt_records_gone", "Records that were gone before they were read, noticed in the last day", ["topic"]
)
TOPICS_MADE_AGAIN = DatabaseGauge(
    "gauge", "cpt_topics_made_again", "Topics that were deleted and made again, until the consumer is rewound"
)
PARKED_OPEN = DatabaseGauge("gauge", "cpt_parked_open", "Keys with a message that waits for a person (P33)")

# The line and the cases, of review's worker
LINE_LENGTH = DatabaseGauge("gauge", "cpt_line_length", "Numbers that stand in the line, by state", ["state"])
LINE_OLDEST = DatabaseGauge(
    "gauge", "cpt_line_oldest_seconds", "How long the lowest number that stands in the line has been there"
)
LINE_HOLES = DatabaseGauge("gauge", "cpt_line_holes", "Numbers that have not arrived although a higher one has")
LINE_HOLE_AGE = DatabaseGauge(
    "gauge", "cpt_line_hole_age_seconds", "How long the first missing number has kept the line"
)
CASES_DUE = DatabaseGauge(
    "gauge", "cpt_cases_due", "Cases nobody has decided, by the business day on which they are due (R50, A7)", ["due"]
)

# Alerts, of review's worker
ALERTS = DatabaseGauge("gauge", "cpt_alerts", "Open alerts by state and severity", ["state", "severity"])
ALERTS_CLOSED = DatabaseGauge(
    "counter", "cpt_alerts_closed", "Closed alerts by outcome, or by why nothing was to do", ["how"]
)
ALERTS_HELD = DatabaseGauge("gauge", "cpt_alerts_held", "Suspicions that the mass guard holds for a director (P27)")
ALERTS_OVERDUE = DatabaseGauge(
    "gauge", "cpt_alerts_overdue", "Open alerts past the 21 days in which the school reports"
)
ALERT_UNSEEN = DatabaseGauge(
    "gauge", "cpt_alert_unseen_seconds", "How long the oldest confirmed alert has waited for somebody"
)
ALERT_DETECTION = Distribution(
    "cpt_alert_detection_seconds",
    "From the effective date of a loss, and from the arrival of its news, to its detection",
    "since",
    [1, 5, 15, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 21 * DAY],
)
BLIND = DatabaseGauge("gauge", "cpt_monitoring_blind_seconds", "For how long nobody has watched the enrollments (P30)")

# Checks, of enrollment-sync's worker
CHECKS_DUE = DatabaseGauge("gauge", "cpt_checks_due", "Reads of SPIRE that somebody waits for")
CHECKS_OLDEST = DatabaseGauge("gauge", "cpt_checks_oldest_seconds", "How long the oldest of them has been due")
REGISTRAR_SILENCE = DatabaseGauge("gauge", "cpt_registrar_silence_seconds", "Since the last event of the registrar")
COMPARED = DatabaseGauge(
    "gauge", "cpt_snapshot_compared_seconds", "Since the last comparison with a snapshot that worked (P19)"
)
ALARMS = DatabaseGauge("gauge", "cpt_alarms_open", "Faults of the campus data that operations must look at", ["code"])

# Notices, of notifier's worker
NOTICE_ATTEMPTS = Counter("cpt_notice_attempts_total", "Deliveries to the mail server by outcome", ["kind", "outcome"])
NOTICE_SECONDS = Histogram(
    "cpt_notice_seconds",
    "From the event that deserved a notice to the mail server's word that it has it",
    ["kind"],
    buckets=[1, 5, 15, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY],
)
NOTICES = DatabaseGauge("gauge", "cpt_notices", "Notices that have not left, and those that never will", ["state"])
NOTICE_OLDEST = DatabaseGauge(
    "gauge", "cpt_notice_oldest_seconds", "How long the oldest notice that has not left has waited"
)
