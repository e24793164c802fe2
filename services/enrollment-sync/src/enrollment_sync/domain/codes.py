"""The SPIRE codes we understand; any other is refused, never guessed (case 8)."""

from typing import Literal

CodeKind = Literal["status", "reason", "action", "withdraw_code"]

SCHOOL_SIDE_REASONS = frozenset({"CANC", "ADRP"})
NEVER_ENROLLED_REASONS = frozenset(
    {"WAIT", "DRWL", "FULL", "TIME", "TIMR", "TLIM", "SLIM", "ALIM", "RCAP", "RCMP", "CREQ"},
)
NOT_WITHDRAWN = "NWD"

_KNOWN: dict[CodeKind, frozenset[str]] = {
    "status": frozenset({"E", "D", "W"}),
    "reason": frozenset({"ENRL", "EWAT", "DROP", "WDRW"}) | SCHOOL_SIDE_REASONS | NEVER_ENROLLED_REASONS,
    "action": frozenset({"E", "D", "S", "W", "M", "A", "C", "R", "P"}),
    "withdraw_code": frozenset({NOT_WITHDRAWN, "WDR", "CAN"}),
}


class UnknownCode(Exception):
    """SPIRE sent a code that has no meaning here; `codes` holds every one of the message, such as `status X`."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        self.codes = codes
        super().__init__(f"unknown code: {', '.join(codes)}")


def known_status(code: str) -> bool:
    return code in _KNOWN["status"]


def known_reason(code: str | None) -> bool:
    """SPIRE leaves the reason blank where there is none to give."""
    return not code or code in _KNOWN["reason"]


def known_action(code: str) -> bool:
    return code in _KNOWN["action"]


def known_withdraw_code(code: str) -> bool:
    return code in _KNOWN["withdraw_code"]


def require_known(*codes: tuple[CodeKind, str | None]) -> None:
    """Raises UnknownCode naming all unknown ones at once; an absent optional code is known."""
    unknown = tuple(f"{kind} {code}" for kind, code in codes if code is not None and not is_known(kind, code))
    if unknown:
        raise UnknownCode(unknown)


def is_known(kind: CodeKind, code: str) -> bool:
    return known_reason(code) if kind == "reason" else code in _KNOWN[kind]
