"""Pages for people: templates, their filters and the headers each page carries."""

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from infra.campus.clock import amherst

HERE = Path(__file__).parent
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'self'; "
        # browsers apply form-action to the redirect after sign-in too: it leads to a service on another port
        "form-action 'self' http://127.0.0.1:* http://localhost:*"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

_templates = Jinja2Templates(HERE / "templates")
_templates.env.filters["amherst"] = amherst
_templates.env.trim_blocks = _templates.env.lstrip_blocks = True


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    values |= {"links": request.app.state.campus.settings.console_links}
    return _templates.TemplateResponse(request, template, values, status_code=status, headers=SECURITY)
