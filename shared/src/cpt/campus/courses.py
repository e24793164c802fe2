"""How courses are called: campus systems pad catalog numbers, and people type them as they like (A23)."""


def plain_subject(subject: str) -> str:
    """One spelling: capitals, no spaces."""
    return "".join(subject.split()).upper()


def plain_catalog_nbr(catalog_nbr: str) -> str:
    """` 698`, `0698` and `698` are one number; so are `398c` and `398C`."""
    squeezed = "".join(catalog_nbr.split()).upper()
    return squeezed.lstrip("0") or squeezed[:1]
