"""What a person asks notifier from a terminal; each is told its words and returns an exit code."""

from cpt.contracts.audit import NotifierAuditSealed
from cpt.messaging import Consumer
from cpt.postgres import Database
from cpt.runtime.clock import shifted
from cpt.runtime.end_sessions import end_sessions_command
from cpt.runtime.parked import parked_command
from cpt.runtime.retention import retention_command
from cpt.runtime.rewind import rewind_command
from cpt.runtime.verify_audit import verify_audit_command
from notifier.consumer import build_consumer
from notifier.notice_context import build_notice_context
from notifier.retain_notices import retain_notices
from notifier.settings import NotifierSettings


def _parts() -> tuple[Database, Consumer]:
    settings = NotifierSettings()
    database = Database(settings.postgres, "notifier", "notifier-parked")
    return database, build_consumer(build_notice_context(settings), shifted(settings.clock_offset))


COMMANDS = {
    "end-sessions": end_sessions_command("notifier", NotifierSettings),
    "parked": parked_command(_parts),
    "retention": retention_command("notifier", NotifierSettings, "notices", retain_notices),
    "rewind": rewind_command(NotifierSettings, _parts),
    "verify-audit": verify_audit_command("notifier", NotifierSettings, NotifierAuditSealed),
}
