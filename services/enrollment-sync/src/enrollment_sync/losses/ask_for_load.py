"""A class dropped elsewhere: all it can cost is the full load, and after the settling window a read decides (A33)."""

from datetime import datetime

from cpt.postgres import Connection
from enrollment_sync.dossier import Dossier
from enrollment_sync.due import make_check_due
from enrollment_sync.losses.find_facts import full_terms
from enrollment_sync.losses.guard import Guard


async def ask_for_load(connection: Connection, dossier: Dossier, now: datetime, guard: Guard) -> None:
    """Costs a sum over the student's rows."""
    fallen = (
        watch.issued.full_terms.keys() - full_terms(dossier, watch).keys()
        for watch in dossier.issued
        if watch.issued and watch.issued.full_terms
    )
    if dossier.profile is not None and any(fallen):
        await make_check_due(connection, [dossier.emplid], "load", now + guard.settling)
