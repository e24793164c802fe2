"""The mailbox as a person reads it."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from infra.campus.campus import Campus, HeldCampus
from infra.campus.mail import Mail
from infra.campus.pages import SECURITY, render

router = APIRouter(default_response_class=HTMLResponse)

# The mail's own HTML: no scripts, nothing fetched, its own inline style; links open beside the mailbox.
INERT = SECURITY | {
    "Content-Security-Policy": (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        "img-src data:; frame-ancestors 'self'"
    )
}


@router.get("/mail")
async def mailbox(request: Request, campus: HeldCampus, to: str = "") -> HTMLResponse:
    """Newest first, as a person looks for it; `n` counts from the oldest, so that an address stays good."""
    mails = [(n, mail) for n, mail in enumerate(campus.mail.received, 1) if to.casefold() in mail.to.casefold()]
    return render(request, "mailbox.html", mails=mails[::-1], to=to)


@router.get("/mail/{n}")
async def one_mail(request: Request, campus: HeldCampus, n: int) -> HTMLResponse:
    return render(request, "mail.html", n=n, mail=_mail(campus, n))


@router.get("/mail/{n}/html")
async def mail_html(campus: HeldCampus, n: int) -> HTMLResponse:
    return HTMLResponse(f'<base target="_blank">{_mail(campus, n).html}', headers=INERT)


def _mail(campus: Campus, n: int) -> Mail:
    if not 1 <= n <= len(campus.mail.received):
        raise HTTPException(404, "no such mail")
    return campus.mail.received[n - 1]
