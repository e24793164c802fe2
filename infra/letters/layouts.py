"""How an offer letter looks: where its letterhead stands and how its facts are set."""

from collections.abc import Callable, Collection, Iterator

from .letter import Letter
from .sheet import Sheet, printable
from .wording import CLOSING, SMALL_PRINT, Facts, Wording


def offer_letter(
    facts: Facts, layout: str = "plain", omit: Collection[str] = (), *, wording: Wording | None = None
) -> bytes:
    """`omit` names facts as in the codes `letter.<fact>`, or `postal_code`, which the mailing address then lacks."""
    return bytes(LAYOUTS[layout](Letter(facts, wording or Wording(), frozenset(omit))).output())


def _begin(letter: Letter, sheet: Sheet) -> Sheet:
    """Without a letterhead the top third stays blank, so that no sentence stands where one would be."""
    if not letter.head:
        sheet.set_y(sheet.h * 0.36)
    return sheet


def _plain(letter: Letter) -> Sheet:
    sheet = _begin(letter, Sheet())
    sheet.set_font(size=15)
    sheet.letter(letter.head)
    sheet.set_font(size=11)
    sheet.letter(letter.greeting, *letter.paragraphs, letter.tail)
    return sheet


def _spaced(letter: Letter) -> Sheet:
    """The name stands in the letterhead only, in spaced capitals."""
    sheet = _begin(letter, Sheet())
    if letter.head:
        sheet.letter(" ".join(letter.name.upper()), letter.address)
    sheet.letter(letter.greeting, *letter.paragraphs, CLOSING if letter.head else letter.tail)
    return sheet


def _header(letter: Letter) -> Sheet:
    sheet = _begin(letter, Sheet(running_head=letter.head.replace("\n", " | ")))
    sheet.letter(letter.greeting, *letter.paragraphs, SMALL_PRINT, letter.tail)
    return sheet


def _footer(letter: Letter) -> Sheet:
    sheet = Sheet(running_foot=letter.head)
    sheet.rect(20, 12, 24, 14, style="F")  # the company's sign, which holds no text
    sheet.set_y(sheet.h * 0.2)
    sheet.letter(letter.greeting, SMALL_PRINT, *letter.paragraphs, letter.tail)
    return sheet


def _two_pages(letter: Letter) -> Sheet:
    """The facts run over the page's end, and header and footer stand between the halves of a sentence."""
    sheet = _begin(letter, Sheet(running_head=letter.head.replace("\n", ", "), running_foot="Confidential"))
    sheet.letter(letter.greeting, *[SMALL_PRINT] * (3 if letter.head else 2))
    sheet.set_y(sheet.h - 46)
    sheet.letter(" ".join(letter.paragraphs), letter.tail)
    return sheet


def _narrow(letter: Letter) -> Sheet:
    """Short lines with words broken at their ends."""
    sheet = _begin(letter, Sheet())
    sheet.letter(
        letter.head, letter.greeting, *("\n".join(_wrapped(text, 24)) for text in letter.paragraphs), letter.tail
    )
    return sheet


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        room = width - len(line) - 2
        if len(line) + len(word) < width:
            line = f"{line} {word}".strip()
        elif word.isalpha() and word.islower() and 2 < room < len(word) - 2:
            yield f"{line} {word[:room]}-"
            line = word[room:]
        else:
            yield line
            line = word
    yield line


def _columns(letter: Letter) -> Sheet:
    sheet = _begin(letter, Sheet(running_head=letter.head))
    sheet.letter(letter.greeting)
    top, half = sheet.get_y(), len(letter.paragraphs) // 2
    sheet.column(25, top, 75, *letter.paragraphs[:half])
    sheet.column(112, top, 75, *letter.paragraphs[half:])
    sheet.column(25, sheet.h - 95, 165, letter.tail)
    return sheet


def _table(letter: Letter) -> Sheet:
    sheet = _begin(letter, Sheet(running_head=letter.head))
    sheet.letter(letter.greeting, "We are pleased to confirm the terms of your appointment:")
    with sheet.table(col_widths=(1, 3)) as table:
        for cells in letter.rows:
            table.row([printable(cell) for cell in cells])
    sheet.ln(4)
    sheet.letter(letter.tail)
    return sheet


def _labels_first(letter: Letter) -> Sheet:
    """A table whose left column is written whole before its right one, as some programs do."""
    sheet = _begin(letter, Sheet(running_head=letter.head))
    sheet.letter(letter.greeting)
    depth, rows_at = sheet.get_y(), []
    for label, value in letter.rows:
        rows_at.append((depth, label, value))
        depth += 3 + sheet.multi_cell(120, 5.2, printable(value), dry_run=True, output="HEIGHT")  # type: ignore[operator]  # typed for every output at once
    for left, width, column in ((25.0, 40.0, 1), (70.0, 120.0, 2)):
        for row in rows_at:
            sheet.column(left, row[0], width, str(row[column]))
    sheet.column(25, depth + 6, 165, letter.tail)
    return sheet


LAYOUTS: dict[str, Callable[[Letter], Sheet]] = {
    "plain": _plain,
    "spaced": _spaced,
    "header": _header,
    "footer": _footer,
    "two_pages": _two_pages,
    "narrow": _narrow,
    "columns": _columns,
    "table": _table,
    "labels_first": _labels_first,
}
