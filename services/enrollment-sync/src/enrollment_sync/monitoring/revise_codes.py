"""A newer version of SPIRE's code sets: kept beside the old ones, every watch checked again (case 8)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cpt.postgres import Connection
from enrollment_sync.checks.alarms import CODE_ELSEWHERE
from enrollment_sync.code_sets import InvalidCodes, form_of, parse_codes
from enrollment_sync.due import make_check_due
from enrollment_sync.store import codes_in_force, require_newer, sql, write_audit


async def revise_codes(connection: Connection, form: Mapping[str, Any], actor: str, now: datetime) -> int:
    """Returns the version. Raises `InvalidCodes` with every fault, `NotNewer`.

    A code may get another meaning, but none is forgotten: a stored row that bears it would mean nothing.
    """
    codes = parse_codes(form)
    await connection.execute(sql.lock_revisions)
    current = await codes_in_force(connection)
    require_newer(codes.version, current.version)
    if lost := codes.lost_since(current):
        raise InvalidCodes(
            tuple(f"{code}: has a meaning in version {current.version}, and must keep one" for code in lost)
        )
    await connection.execute(sql.add_codes, codes.version, form_of(codes), now, actor)
    students = [row["emplid"] for row in await connection.fetch(sql.students_with_open_watch)]
    await make_check_due(connection, students, "codes", now)
    await connection.execute(sql.end_alarms, CODE_ELSEWHERE, now)
    await write_audit(connection, now, actor, "codes_revised", str(codes.version))
    return codes.version
