"""Cookies that only this host, and over TLS, can set: the `__Host-` prefix, except where development runs on HTTP."""

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.responses import Response


@dataclass(frozen=True)
class CookieJar:
    """`insecure` drops prefix and Secure, since browsers treat Secure cookies over plain HTTP each in their own way."""

    service: str
    insecure: bool = False

    def name(self, what: str) -> str:
        prefix = "" if self.insecure else "__Host-"
        return f"{prefix}cpt-{what}-{self.service}"

    def put(self, headers: MutableHeaders, what: str, value: str, seconds: int | None = None) -> None:
        """Without `seconds` the cookie ends with the browser; 0 removes it."""
        carrier = Response()
        carrier.set_cookie(
            self.name(what), value, max_age=seconds, secure=not self.insecure, httponly=True, samesite="lax"
        )
        headers.append("set-cookie", carrier.headers["set-cookie"])

    def remove(self, headers: MutableHeaders, what: str) -> None:
        self.put(headers, what, "", 0)
