"""How courses are called: campus systems pad catalog numbers, and people type them as they like (A23)."""

import re


def plain_subject(subject: str) -> str:
    """One spelling: capitals, no spaces."""
    return "".join(subject.split()).upper()


def plain_catalog_nbr(catalog_nbr: str) -> str:
    """` 698`, `0698` and `698` are one number; so are `398c` and `398C`."""
    squeezed = "".join(catalog_nbr.split()).upper()
    return squeezed.lstrip("0") or squeezed[:1]


def is_course(subject: str, catalog_nbr: str, class_nbr: str | None) -> bool:
    """Whether SPIRE could have one of this name; one that it cannot have would never be found. All in one spelling."""
    named = re.fullmatch(r"[A-Z&-]{1,20}", subject) and re.fullmatch(r"[A-Z0-9]{1,10}", catalog_nbr)
    return bool(named and (class_nbr is None or re.fullmatch(r"[0-9]{1,10}", class_nbr)))
