"""Files of the programme, squeezed once as hard as pays and kept: what the browser fetches first is most of a page."""

import asyncio
import gzip
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PLACES = ("/assets/", "/_dash-component-suites/")
KINDS = ("text/", "application/javascript", "application/json", "image/svg+xml")
SMALLEST, MOST_BYTES = 1_000, 64_000_000  # of a file; of all that is kept
PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=9),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}


@dataclass(frozen=True)
class Packed:
    """A file's headers and its squeezed body."""

    headers: list[tuple[bytes, bytes]]
    body: bytes


class Compressed:
    """Answers for files under PLACES with what the browser unpacks best; everything else passes through.

    A file is squeezed when it is first asked for, beside the event loop, and kept by its address and its ETag, so
    that a changed file is squeezed anew.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[tuple[str, bytes, str], Packed] = {}
        self._size = 0
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(PLACES):
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        packer = next((name for name in PACKERS if name in asked.get("accept-encoding", "")), None)
        if packer is None or "range" in asked:
            await self.app(scope, receive, send)
            return
        start, body = await _whole(self.app, scope, receive)
        if not start:  # whoever asked has left
            return
        packed = await asyncio.to_thread(self._packed, scope["path"], packer, start, body)
        if packed is not None:
            start, body = {**start, "headers": packed.headers}, packed.body
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def _packed(self, path: str, packer: str, start: Message, body: bytes) -> Packed | None:
        headers = Headers(raw=start["headers"])
        if start["status"] != 200 or len(body) < SMALLEST or "content-encoding" in headers:
            return None
        if not headers.get("content-type", "").startswith(KINDS):
            return None
        # Files come without an ETag from some places: their length stands in for it.
        mark = headers.get("etag", str(len(body))).encode()
        with self._lock:
            found = self._kept.get((path, mark, packer))
            if found is None:
                found = _pack(packer, start, body)
                self._keep((path, mark, packer), found)
        return found

    def _keep(self, key: tuple[str, bytes, str], found: Packed) -> None:
        if self._size + len(found.body) > MOST_BYTES:
            self._kept.clear()
            self._size = 0
        self._kept[key] = found
        self._size += len(found.body)


def _pack(packer: str, start: Message, body: bytes) -> Packed:
    packed = PACKERS[packer](body)
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["Content-Encoding"], headers["Content-Length"] = packer, str(len(packed))
    headers.add_vary_header("Accept-Encoding")
    return Packed(headers.raw, packed)


async def _whole(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """The answer of `app` to the same request from one who unpacks nothing: its start, and its body in one piece."""
    plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    start: Message = {}
    parts: list[bytes] = []

    async def taken(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        else:
            parts.append(message.get("body", b""))

    await app({**scope, "headers": plain}, receive, taken)
    return start, b"".join(parts)
