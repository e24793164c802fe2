"""A person's browser in front of the pages of one service, as a proxy that ends TLS would hand its requests on."""

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urljoin

import httpx2

from infra.demo.office import Unexpected

MOST_STEPS = 10


@dataclass
class Browser:
    """`outer` is the address that the person types, `inner` where it leads."""

    http: httpx2.AsyncClient
    outer: str
    inner: str
    _kept: dict[str, str] = field(default_factory=dict)

    async def sign_in(self, who: str, roles: list[str]) -> None:
        """By the code flow, at whatever issuer the service leads to. Raises Unexpected."""
        at = await self._leads_to("GET", f"{self.outer}/signin")
        chosen = await self.http.request("POST", at, data={"sub": who, "roles": roles})
        back = chosen.headers.get("location", "")
        if not back.startswith(self.outer):
            raise Unexpected(f"the issuer answered {chosen.status_code} and leads to {back!r}")
        await self._leads_to("GET", back)

    async def sees(self, path: str) -> bool:
        """Whether the page is shown, and not the way to sign in."""
        return (await self._ask("GET", f"{self.outer}{path}")).status_code == 200

    async def _leads_to(self, method: str, address: str) -> str:
        answer = await self._ask(method, address)
        if answer.status_code not in (302, 303, 307):
            raise Unexpected(f"{address} answered {answer.status_code}: {answer.text[:300]}")
        return urljoin(address, answer.headers["location"])

    async def _ask(self, method: str, address: str) -> httpx2.Response:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._kept.items()), "Connection": "close"}
        answer: httpx2.Response = await self.http.request(
            method, address.replace(self.outer, self.inner, 1), headers=headers
        )
        for line in answer.headers.get_list("set-cookie"):
            for name, cookie in SimpleCookie(line).items():
                self._kept[name] = cookie.value
        return answer
