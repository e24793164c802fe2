"""How money is written: signs and names of currencies, and numbers in the fashions of several countries."""

import re
from decimal import Decimal

# A dollar may be meant by any of these; other currencies are told apart.
_WRITTEN = {
    "$": "us$ usd$ us_dollars us_dollar usd ca$ cad$ c$ canadian_dollars cad dollars dollar $",
    "€": "euros euro eur €",
    "£": "british_pounds pounds pound gbp £",
    "₹": "indian_rupees rupees rupee inr rs. rs ₹",
    "¥": "yen jpy cny rmb ¥",
    "sgd": "singapore_dollars sgd s$",
    "myr": "ringgit myr rm",
    "hkd": "hong_kong_dollars hkd hk$",
    "aud": "australian_dollars aud a$ au$",
    "nzd": "nzd nz$",
    "twd": "twd nt$",
    "brl": "reais brl r$",
    "krw": "krw won ₩",
    "ils": "ils nis ₪",
    "chf": "swiss_francs chf sfr. fr.",
}
_CODES = "sek nok dkk mxn zar thb php idr vnd aed pln czk huf try sar"
_CURRENCY = {name.replace("_", ""): sign for sign, names in _WRITTEN.items() for name in names.split()} | {
    code: code for code in _CODES.split()
}


def _spelled(name: str) -> str:
    """US $25 may have a blank, but "a $25 fee" is no Australian dollar."""
    return re.escape(name).replace(r"\$", r" ?\$") if len(name) > 2 else re.escape(name)


_NAMES = [*" ".join(_WRITTEN.values()).split(), *_CODES.split()]
SIGNS = "|".join(sorted(map(_spelled, _NAMES), key=len, reverse=True)).replace("_", " ")
NUMBER = (
    r"(?:\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?(?![\d,])|\d{1,3}(?:'\d{3})+(?:[.,]\d{1,2})?|\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d+)?"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+,\d\d(?![\d,])|\d+(?:\.\d+)?)"
)
SPACED_NUMBER = rf"(?:\d{{1,3}}(?: \d{{3}})+(?:[.,]\d\d)?(?!\d)|{NUMBER})"
_DECIMAL_COMMA = re.compile(r",\d{1,2}$")
_THOUSANDS_DOTS = re.compile(r"^\d{1,3}(?:\.\d{3})+$")


def currency_of(written: str) -> str:
    """One name for each currency, however it is written; empty for none."""
    return _CURRENCY.get("".join(written.split()), written.strip())


def number_of(written: str) -> Decimal:
    """`3.400,00`, `2'200`, `15 000` and `1,50,000` as numbers; a single comma before two digits is a decimal one."""
    plain = "".join(written.replace("'", "").split())
    if _DECIMAL_COMMA.search(plain):
        return Decimal(plain.replace(".", "").replace(",", "."))
    if _THOUSANDS_DOTS.match(plain):
        return Decimal(plain.replace(".", ""))
    return Decimal(plain.replace(",", ""))
