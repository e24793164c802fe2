"""What a file is by its first bytes, whatever its name and its Content-Type say."""

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
_SIGNATURES = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
_BLANK = b"\xef\xbb\xbf \t\r\n\x00"  # some printers put these before a PDF's first byte

ONLY_PDF = frozenset({PDF})
PDF_OR_PICTURE = frozenset({PDF, PNG, JPEG})
ACCEPTED = {
    "offer_letter": ONLY_PDF,
    "handshake_contract": ONLY_PDF,
    "enrollment_proof": PDF_OR_PICTURE,
    "coop_permission_form": PDF_OR_PICTURE,
    "coop_registration_email": PDF_OR_PICTURE,
    "externship_paperwork": PDF_OR_PICTURE,
}


def media_type_of(content: bytes) -> str | None:
    head = content[:1024]
    for signature, media_type in _SIGNATURES.items():
        if (head.lstrip(_BLANK) if media_type == PDF else head).startswith(signature):
            return media_type
    return None


def spoken(accepted: frozenset[str]) -> str:
    return "PDF" if accepted == ONLY_PDF else "PDF, PNG or JPEG"
