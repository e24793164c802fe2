"""One row's texts → its wire form; what cannot be read stays as it is."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from cpt.contracts.attributes import is_key
from enrollment_sync.extracts.fields import FIELDS, KEYS, NO_WITHDRAWAL, Entry, Fault, Field, Forms, Key, Kind, Record

_MOST = 200
_ABSENT: Mapping[Kind, Any] = {"text": "", "count": 0}


def read_row(
    row: int, record: Record, texts: Mapping[str, str], forms: Forms, *, deleted: bool = False
) -> tuple[Entry | None, list[Fault]]:
    """None for a row whose key cannot be read: nobody knows whom it is about."""
    values, faults = dict[str, Any](), list[Fault]()
    for name, field in FIELDS[record].items():
        raw = texts.get(name, "").strip()
        try:
            values[name] = _value(raw, field, forms)
        except ValueError as error:
            values[name] = raw[:_MOST].replace("\0", "\ufffd")
            what, _, do = str(error).partition("|")
            faults.append(Fault(row, forms.columns.get(name, name), _short(raw), what, do))
    key = Key(*(str(values[name]) if name in KEYS[record] else "" for name in Key._fields))
    unkeyed = [name for name in KEYS[record] if not is_key(getattr(key, name))]
    if unkeyed or any(fault.column == forms.columns.get(name, name) for fault in faults for name in KEYS[record]):
        return None, faults
    updated = values.pop("updated", None)
    entry = Entry(row, record, key, _WIRE[record](values), updated if isinstance(updated, datetime) else None, deleted)
    return entry, faults


def _value(raw: str, field: Field, forms: Forms) -> Any:
    """Raises ValueError: what is wrong, `|`, what to do."""
    if not raw:
        if field.required:
            raise ValueError("is blank|Every row needs it: see that the query selects it.")
        return _ABSENT.get(field.kind)
    return _READ[field.kind](raw, forms)


def _text(raw: str, _: Forms) -> str:
    if not is_key(raw):
        raise ValueError(
            "is too long, or holds characters that cannot be kept|See that encoding and columns are as the mapping says."
        )
    return raw


def _number(raw: str, forms: Forms) -> str:
    try:
        found = Decimal(raw if forms.decimal == "." else raw.replace(",", "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if not (found.is_finite() and abs(found.adjusted()) < _MOST // 2 and 0 <= found < 1000):
        raise ValueError(
            f"is no number of units|Write it as 3.00, with {forms.decimal!r} before the fraction, or name the other sign in `decimal`."
        )
    return str(found)


def _count(raw: str, _: Forms) -> int:
    if not (raw.isascii() and raw.isdecimal() and len(raw) <= 5):
        raise ValueError("is no whole number|Write it in digits alone.")
    return int(raw)


def _date(raw: str, forms: Forms) -> str:
    for form in forms.dates:
        try:
            return datetime.strptime(raw, form).date().isoformat()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    raise ValueError(
        f"is no date such as {date(2026, 9, 30).strftime(forms.dates[0])}|Add its form to `dates` of the mapping, or correct it."
    )


def _time(raw: str, forms: Forms) -> datetime:
    for form in (*forms.times, *forms.dates):
        try:
            found = datetime.strptime(raw, form)  # noqa: DTZ007 the zone is the mapping's where the text has none
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=forms.zone)
    raise ValueError("is no time|Add its form to `times` of the mapping, or leave `updated` out.")


def _yes_no(raw: str, _: Forms) -> bool:
    if raw.upper() not in {"Y", "N"}:
        raise ValueError("is neither Y nor N|Write one of them.")
    return raw.upper() == "Y"


_READ: Mapping[Kind, Callable[[str, Forms], Any]] = {
    "text": _text,
    "code": _text,
    "number": _number,
    "count": _count,
    "date": _date,
    "time": _time,
    "yes_no": _yes_no,
}


def _enrollment(values: dict[str, Any]) -> dict[str, Any]:
    """A drop's day counts from its own column, which may lie before the day on which somebody entered it."""
    added, dropped, changed = (values.pop(name) for name in ("add_dt", "drop_dt", "status_dt"))
    gone = bool(dropped) and not (added and dropped < added)
    effective = (dropped if gone else None) or changed or added
    return values | ({"effective_dt": effective} if effective else {})


def _car_term(values: dict[str, Any]) -> dict[str, Any]:
    effective = values.pop("withdraw_date")
    values["withdraw_code"] = values["withdraw_code"] or NO_WITHDRAWAL
    return values | ({"effective_dt": effective} if effective else {})


_WIRE: Mapping[Record, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "STDNT_ENRL": _enrollment,
    "STDNT_CAR_TERM": _car_term,
    "STUDENT": lambda values: values,
}


def _short(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:40]}…"
