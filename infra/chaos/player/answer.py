"""What came back to a client, and what the log keeps of what was sent and answered."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any

    @property
    def code(self) -> str:
        """Of a refusal."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


def digest(body: Any) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def body_of(answer: httpx2.Response) -> Any:
    try:
        return answer.json() if answer.content else None
    except ValueError:
        return None


def shown(more: Mapping[str, Any]) -> Any:
    """A document by its hash, all else as it is."""
    if "content" in more:
        return {"sha256": hashlib.sha256(more["content"]).hexdigest()}
    return more.get("json")
