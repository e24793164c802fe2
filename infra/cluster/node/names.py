"""Answers the names of Services, over UDP: what a cluster's DNS is asked for here."""

import asyncio
import struct
from ipaddress import IPv4Address
from typing import cast

DOMAIN = "svc.cluster.local"
_A, _IN = 1, 1
_ANSWER, _NO_SUCH_NAME = 0x8580, 3
_SECONDS = 1


def answer(question: bytes, services: dict[str, str]) -> bytes:
    """The address of `<service>.<namespace>.svc.cluster.local`, nothing for another kind of record, else: no such name."""
    number = question[:2]
    name, end = _name(question)
    kind = int.from_bytes(question[end : end + 2], "big")
    asked = question[12 : end + 4]
    address = services.get(name.lower().removesuffix(f".{DOMAIN}")) if name.lower().endswith(f".{DOMAIN}") else None
    flags = _ANSWER | (0 if address else _NO_SUCH_NAME)
    found = address is not None and kind == _A
    head = number + struct.pack(">5H", flags, 1, int(found), 0, 0)
    if not found or address is None:
        return head + asked
    record = struct.pack(">3HIH", 0xC00C, _A, _IN, _SECONDS, 4) + IPv4Address(address).packed
    return head + asked + record


def _name(question: bytes) -> tuple[str, int]:
    """And where its kind begins."""
    labels, at = [], 12
    while length := question[at]:
        labels.append(question[at + 1 : at + 1 + length].decode("ascii", "replace"))
        at += 1 + length
    return ".".join(labels), at + 1


class Names(asyncio.DatagramProtocol):
    """`services` may be replaced at any time."""

    def __init__(self) -> None:
        self.services: dict[str, str] = {}
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        assert self._transport is not None
        self._transport.sendto(answer(data, self.services), addr)
