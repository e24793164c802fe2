"""Promise 10: an accepted approval email for each I-20, none otherwise; copies only after an unknown outcome."""

from collections import defaultdict
from collections.abc import Iterator

from cpt.contracts.notifier import NoticeFailed
from cpt.contracts.review import I20Issued
from infra.chaos.check.evidence import Evidence, Row

APPROVAL = ("approved", "replaced")


def one_approval_each(seen: Evidence) -> Iterator[str]:
    mails: dict[str, list[Row]] = defaultdict(list)
    for mail in seen.mails:
        mails[mail["message_id"]].append(mail)
    notices = {row["message_id"]: row for row in seen.rows("notifier", "notice")}
    failed = {e.event.notice_id for _, e in seen.events(NoticeFailed)}  # type: ignore[attr-defined]  # the filter says so
    issued = {(e.event.key, e.event.authorization_version): e.id for _, e in seen.events(I20Issued)}  # type: ignore[attr-defined]  # as above
    approvals = {(n["subject_id"], n["authorization_version"]): n for n in notices.values() if n["kind"] in APPROVAL}
    for authorization in issued:
        notice = approvals.get(authorization)
        if notice is None:
            yield f"nobody wrote the approval email of {authorization[0]}"
        elif notice["message_id"] not in mails and notice["id"] not in failed:
            yield f"the approval email {notice['message_id']} of {authorization[0]} never arrived"
    for message_id, copies in mails.items():
        notice = notices.get(message_id)
        if notice is None:
            yield f"the mail {message_id} has no notice"
        elif copies[0]["kind"] in APPROVAL and (notice["subject_id"], notice["authorization_version"]) not in issued:
            yield f"the approval email {message_id} has no I-20"
        else:
            yield from _copies(notice, copies)


def _copies(notice: Row, mails: list[Row]) -> Iterator[str]:
    by_recipient: dict[str, list[Row]] = defaultdict(list)
    for mail in mails:
        by_recipient[mail["to"]].append(mail)
    for found in by_recipient.values():
        if len(found) > 1 + notice["unknown_outcomes"]:
            yield (
                f"the mail {notice['message_id']} was accepted {len(found)} times, "
                f"{notice['unknown_outcomes']} outcomes were unknown"
            )
        if len({mail["sha256"] for mail in found}) > 1:
            yield f"the copies of {notice['message_id']} differ"
