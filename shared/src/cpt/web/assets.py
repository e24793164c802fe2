"""Style sheets and the like, at addresses that hold the hash of their content, so that browsers keep them for good."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cpt.web.problems import not_found

router = APIRouter(include_in_schema=False)

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    content: bytes
    media_type: str
    digest: str


class Assets:
    """Read once, at the start; a later folder's file replaces an earlier one's of the same name."""

    def __init__(self, *folders: Path) -> None:
        files = [file for folder in folders for file in sorted(folder.iterdir()) if file.suffix in _TYPES]
        self._assets = {file.name: _read(file) for file in files}

    def url(self, name: str) -> str:
        """Raises KeyError for a file that does not exist."""
        return f"/static/{self._assets[name].digest}/{name}"

    def find(self, name: str) -> Asset | None:
        return self._assets.get(name)


@router.api_route("/static/{digest}/{name}", methods=["GET", "HEAD"])
async def static_file(request: Request, digest: str, name: str) -> Response:
    """During a roll-out a page of the other version may ask here: it gets the file, but must not keep it."""
    assets: Assets = request.app.state.assets
    asset = assets.find(name)
    if asset is None:
        raise not_found()
    caching = _FOR_GOOD if digest == asset.digest else "no-cache"
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": caching})


def _read(file: Path) -> Asset:
    content = file.read_bytes()
    return Asset(content, _TYPES[file.suffix], hashlib.sha256(content).hexdigest()[:16])
