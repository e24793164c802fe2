"""Every metric of the product, in one typed list; labels never hold personal data."""

from prometheus_client import Counter, Gauge, Histogram

LOOP_STEPS = Counter("cpt_loop_steps_total", "Steps of a periodic loop by outcome", ["loop", "outcome"])
LOOP_WORK = Counter("cpt_loop_work_total", "Things a periodic loop has done", ["loop"])
LOOP_SECONDS = Histogram("cpt_loop_step_seconds", "Duration of one step of a loop", ["loop"])
OUTBOX_DEPTH = Gauge("cpt_outbox_depth", "Events that were not sent yet")
OUTBOX_AGE = Gauge("cpt_outbox_age_seconds", "Age of the oldest event that was not sent yet")
OUTBOX_QUARANTINED = Gauge("cpt_outbox_quarantined", "Events the broker refused, and those behind them")
CONSUMER_LAG = Gauge("cpt_consumer_lag", "Records waiting in the assigned partitions")
CONSUMED = Gauge("cpt_consumed", "Consumed records by topic and fate", ["topic", "fate"])
PARKED_OPEN = Gauge("cpt_parked_open", "Keys with a message that waits for a person")
CAMPUS_CALLS = Histogram("cpt_campus_call_seconds", "Calls to campus systems", ["system", "outcome"])
