"""What happened, in one sentence that is true: what is gone, what replaces it, what is left (A24, A32, A33)."""

from cpt.campus.clock import in_words
from review.alerts.store import Alert

GONE = {
    "dropped": "dropped",
    "withdrawn": "withdrawn from",
    "term_withdrawn": "lost by a withdrawal from the whole term",
    "session_withdrawn": "lost by a withdrawal from the whole session",
    "school_side": "canceled or dropped by the school",
    "units": "no longer with the credits it needs",
    "audit": "changed to audit",
    "vanished": "no longer in SPIRE",
    "reported": "left, as the student told us",
}
STATUS = {
    "program_end": "The program now ends before the authorized end of the CPT",
    "degree_completed": "The degree is completed",
    "career_changed": "The student has another career than when the I-20 was issued",
    "level_changed": "The student has another level than when the I-20 was issued",
}


def sentence(alert: Alert) -> str:
    """For board, page, mail and export; no verdict (R33)."""
    loss = alert.loss
    if alert.about == "status":
        return (
            f"{STATUS.get(loss.cause, 'The status of the student has changed')}, as of {in_words(loss.effective_on)}."
        )
    if alert.about == "load":
        fell = f"{loss.course} dropped" if loss.course else "The load has fallen"
        return f"{fell}; {_load(alert)}. The course of the CPT is untouched."
    gone = f"{loss.course or 'All courses of the term'} {GONE.get(loss.cause, 'changed')}"
    if alert.about == "replaced" and alert.replaced:
        gone = f"{loss.course} replaced by {alert.replaced.course} in the same act"
    left = f"still enrolled in {', '.join(loss.other_courses)}" if loss.other_courses else ""
    unnamed = "the course this CPT rests on has not been named, so it may be this one" if loss.unnamed else ""
    return f"{'; '.join(part for part in (gone, left, unnamed) if part)}."


def _load(alert: Alert) -> str:
    after, full = alert.loss.units_after, alert.loss.full_load
    if after is None or full is None:
        return "fewer units are left than a full load"
    return f"{after.normalize():f} units are left, a full load is {full.normalize():f}"
