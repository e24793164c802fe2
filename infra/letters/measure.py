"""Runs the letter reader over a folder of letters with known findings: python -m infra.letters.measure FOLDER [-v]."""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from intake.documents.extract import read
from intake.documents.extract_limits import Refused
from intake.documents.read_document import letter_text
from intake.letter import Address, LetterReport, LetterText, Outcome, TypedFacts, check_letter

_FACTS_OF = {"dates": ("start_date", "end_date")}


@dataclass(frozen=True, slots=True)
class Result:
    """One case: what came out other than it should, empty where all is right; `flagged`: a role was called unclear.

    `milliseconds` is None where pictures were read, which takes longer than an ordinary letter.
    """

    kind: str
    name: str
    wrong: str
    flagged: bool
    milliseconds: float | None


def measure(folder: Path) -> Iterator[Result]:
    """`letters.json`, `special.json` and `sentences.json` of the folder, each where it exists."""
    for file in ("letters.json", "special.json"):
        if (folder / file).exists():
            yield from (_letter(case, folder) for case in json.loads((folder / file).read_text("utf-8")))
    if (folder / "sentences.json").exists():
        yield from map(_sentence, json.loads((folder / "sentences.json").read_text("utf-8")))


def _letter(case: dict[str, Any], folder: Path) -> Result:
    content = (folder / case["pdf"]).read_bytes()
    before = time.process_time()
    try:
        text = letter_text(read(content, "application/pdf"))
        report = check_letter(text, typed(case["form"]))
    except Refused as refused:
        return Result(case["kind"], case["id"], f"refused: {refused.code}", flagged=False, milliseconds=None)
    spent = 1000 * (time.process_time() - before)
    pictures = text.seen_in_pictures or any(page.picture for page in text.pages)
    wanted = set(case["expect_missing"])
    return Result(
        case["kind"], case["id"], _differs(report, wanted, case["kind"]), _flagged(report), None if pictures else spent
    )


def _differs(report: LetterReport, wanted: set[str], kind: str) -> str:
    follows = {"employer": {"letterhead"}, "mailing_address": {"location"}, "end_date": {"start_date"}}
    implied = set[str]().union(*(follows.get(fact, set()) for fact in wanted)) if kind != "role" else set()
    missing, found = set(report.facts(Outcome.MISSING)), set(report.facts(Outcome.FOUND))
    passed = wanted & found
    if kind == "role":
        passed -= {finding.fact for finding in report.findings if finding.doubt}
    parts = {"held" if kind in {"full", "special"} else "blamed": missing - wanted - implied, "passed": passed}
    wrong = "; ".join(f"{word} {', '.join(sorted(facts))}" for word, facts in parts.items() if facts)
    messages = [finding.message for finding in report.missing if finding.fact not in wanted]
    return " | ".join([wrong, *messages]) if wrong else ""


def _sentence(case: dict[str, Any]) -> Result:
    before = time.process_time()
    report = check_letter(LetterText.of(case["letter_text"]), typed(case["form"]))
    spent = 1000 * (time.process_time() - before)
    facts = _FACTS_OF.get(case["fact"], (case["fact"],))
    missing = [finding for finding in report.missing if finding.fact in facts]
    flagged = _flagged(report)
    right = {"found": not missing, "missing": bool(missing), "judgement": bool(missing) or bool(report.flags)}
    said = f"{case['expected']}: {case['sentence']} {case['form']} -> {[f.message for f in missing] or 'found'}"
    kind = f"sentence {case['expected']}"
    return Result(kind, case["id"], "" if right[case["expected"]] else said, flagged, spent)


def _flagged(report: LetterReport) -> bool:
    return any(flag.code == "letter_role_unclear" for flag in report.flags)


def typed(form: dict[str, Any]) -> TypedFacts:
    """The form of a case; what it leaves out was not typed."""
    hours, start, end = form.get("hours_per_week"), form.get("start_date"), form.get("end_date")
    return TypedFacts(
        employer=form.get("employer", ""),
        mailing_address=Address(**form.get("employer_address", {})),
        job_title=form.get("job_title", ""),
        duties=form.get("duties", ""),
        hours_per_week=None if hours is None else Decimal(str(hours)),
        start_date=date.fromisoformat(start) if start else None,
        end_date=date.fromisoformat(end) if end else None,
        work_locations=tuple(Address(**place) for place in form.get("work_locations", ())),
        compensation=form.get("compensation", ""),
    )


def table(results: list[Result]) -> Iterator[str]:
    yield "| kind | cases | right | role flagged | processor ms without OCR, median | 95th of 100 |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for kind, cases in Counter(result.kind for result in results).items():
        of_kind = [result for result in results if result.kind == kind]
        spent = sorted(result.milliseconds for result in of_kind if result.milliseconds is not None)
        right, flagged = sum(not r.wrong for r in of_kind), sum(r.flagged for r in of_kind)
        yield f"| {kind} | {cases} | {right} | {flagged} | {spent[len(spent) // 2]:.0f} | {spent[len(spent) * 95 // 100]:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="name every case that came out wrong")
    chosen = parser.parse_args()
    results = list(measure(chosen.folder))
    if chosen.verbose:
        print(*(f"{result.name}: {result.wrong}" for result in results if result.wrong), sep="\n")
    print(*table(results), sep="\n")


if __name__ == "__main__":
    main()
