"""The faults a campus can have; routes ask for the mode, `PUT /demo/faults` sets it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

SpireMode = Literal["ok", "down", "slow", "empty_snapshot", "half_snapshot", "truncated_snapshot", "wrong"]
HandshakeMode = Literal["ok", "down", "limited", "wrong"]
MailMode = Literal["ok", "refuse", "busy", "down", "tarpit", "cut"]


class SpireFault(BaseModel):
    mode: SpireMode


class HandshakeFault(BaseModel):
    mode: HandshakeMode


class MailFault(BaseModel):
    mode: MailMode


class Faults(BaseModel):
    """A part that is absent from a request stays as it is."""

    model_config = ConfigDict(extra="forbid")

    spire: SpireFault | None = None
    mail: MailFault | None = None
    handshake: HandshakeFault | None = None
