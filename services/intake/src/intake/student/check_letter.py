"""Compares the offer letter with the form, outside of any transaction (R2–R11)."""

import asyncio
from dataclasses import replace

from intake.domain.application import Application
from intake.domain.values import Flag, Item, LetterFact, LetterFindings
from intake.letter import LetterText, check_letter


async def find_in_letter(text: LetterText | None, application: Application, student: str) -> LetterFindings | None:
    """None without a letter. Comparing takes some milliseconds of computing, so a thread does it."""
    if text is None:
        return None
    report = await asyncio.to_thread(check_letter, text, replace(application.typed_facts, student=student))
    return LetterFindings(
        missing=tuple(Item(f.code, f.message, f.who_can_fix, f.where) for f in report.missing),
        flags=tuple(Flag(flag.code, flag.message) for flag in report.flags),
        facts=tuple(LetterFact(f.fact, f.outcome.value, f.doubt, f.spots) for f in report.findings),
    )
