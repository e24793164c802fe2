"""(i) What the nightly extract of a whole campus costs: its first night, an ordinary one, and the one on which grades are posted."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.bench.ground import Ground
from infra.bench.table import show
from infra.bench.usage import cpu, resident
from infra.devstack.child import launch, stop, tail

STUDENTS, ROWS = 35_000, 200_000
HEAD = (
    "EMPLID,ACAD_CAREER,INSTITUTION,STRM,CLASS_NBR,SESSION_CODE,SUBJECT,CATALOG_NBR,SSR_COMPONENT,STDNT_ENRL_STATUS,"
    "ENRL_STATUS_REASON,CRSE_GRADE_INPUT,UNT_TAKEN,GRADING_BASIS_ENRL,STATUS_DT,ENRL_ADD_DT,ENRL_DROP_DT,"
    "LAST_UPD_DT_STMP,LAST_UPD_TM_STMP\n"
)


@dataclass(frozen=True, slots=True)
class Night:
    """`changed`: every which row is another than before; `grade`: what all have from then on."""

    name: str
    taken: str
    changed: int
    grade: str = ""


NIGHTS = (
    Night("first night: every row is new", "202609010200", 0),
    Night("the same again", "202609020200", 0),
    Night("1 % of the rows changed", "202609030200", 100),
    Night("every row changed: grades are posted", "202611220200", 1, "A"),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, of the command and of PostgreSQL; `peak`: MiB resident of the command."""

    clock: float
    process: float
    postgres: float
    peak: float


async def measure(ground: Ground) -> None:
    dsn = await ground.database("i")
    costs = {night: await _import(ground, dsn, _write(ground.folder, night)) for night in NIGHTS}
    head = ("night", "seconds", "rows/s", "process s", "PostgreSQL s", "peak MiB")
    rows = (
        (
            night.name,
            f"{cost.clock:.1f}",
            f"{ROWS / cost.clock:,.0f}",
            f"{cost.process:.1f}",
            f"{cost.postgres:.1f}",
            f"{cost.peak:.0f}",
        )
        for night, cost in costs.items()
    )
    show(f"(i) an extract of {STUDENTS:,} students and {ROWS:,} rows", head, rows)


def _write(folder: Path, night: Night) -> Path:
    path = folder / f"STDNT_ENRL_{night.taken}.csv"
    with path.open("w") as out:
        out.write(HEAD)
        out.writelines(_lines(night))
    return path


def _lines(night: Night) -> Iterator[str]:
    day = f"{night.taken[:4]}-{night.taken[4:6]}-{night.taken[6:8]}"
    for number in range(ROWS):
        student, nth = number % STUDENTS, number // STUDENTS
        changed = bool(night.changed and number % night.changed == 0)
        units, updated = ("4.00", f"{day},01:00:00") if changed else ("3.00", "2026-08-28,10:12:45")
        yield (
            f"{30_000_000 + student},GRAD,UMAMH,1267,{40_000 + (student * 7 + nth) % 9_000},1,COMPSCI,{500 + nth},LEC,E,ENRL,"
            f"{night.grade},{units},GRD,2026-08-28,2026-08-28,,{updated}\n"
        )


async def _import(ground: Ground, dsn: str, path: Path) -> Cost:
    program = ground.process("enrollment_sync", dsn, "import-extract", str(path), "--as", "bench")
    postgres, began = ground.servers.get("postgres", 0), time.monotonic()
    before = cpu(postgres) if postgres else 0.0
    process, peak, used = await launch(program), 0.0, 0.0
    try:
        while process.returncode is None:
            peak, used = max(peak, resident(process.pid)), max(used, cpu(process.pid))
            await asyncio.sleep(0.5)
    finally:
        await stop(process)
    if process.returncode:
        raise SystemExit(tail(program.log))
    return Cost(time.monotonic() - began, used, cpu(postgres) - before if postgres else 0.0, peak)
