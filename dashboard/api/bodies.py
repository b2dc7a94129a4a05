"""Bodies of requests: none larger than fits, refused before it is read whole."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from geo.errors import InputError

LARGEST = 8 * 2**20  # bytes; a thousand reports with long narratives are about two million


class TooLarge(InputError):
    """More than fits into one request."""

    http_status = 413


class LimitedRoute(APIRoute):
    """A route that reads at most LARGEST bytes of a body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler behind the check of its body's size."""
        handler = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if request.method in ("POST", "PUT", "PATCH"):
                await _read(request)
            return await handler(request)

        return checked


async def _read(request: Request) -> None:
    size, parts = 0, []
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            raise TooLarge(f"A request holds at most {LARGEST // 2**20} MB: send fewer items at once.")
        parts.append(part)
    request._body = b"".join(parts)  # what request.body() itself keeps, so that the handler need not read again
