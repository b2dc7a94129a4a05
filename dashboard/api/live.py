"""WEBSOCKET /api/v1/live: tells a screen the newest stamp, at most twice a second; figures are fetched, not pushed."""

import asyncio
from contextlib import suppress

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from dashboard.live.pulse import LEAST_S, Ear, Pulse

ALIVE_S = 5.0  # a screen that hears nothing for three times as long looks for another way
MOST = 500  # screens of one process
TRY_LATER = 1013


def router(pulse: Pulse) -> APIRouter:
    """The one socket."""
    routes = APIRouter(prefix="/api/v1", tags=["figures"])

    @routes.websocket("/live")
    async def live(socket: WebSocket) -> None:
        """Sends {"stamp": text}; null while the database cannot be reached."""
        if len(pulse) >= MOST:
            await socket.close(TRY_LATER)
            return
        await socket.accept()
        with pulse.ear() as ear:
            gone = asyncio.create_task(until_gone(socket, ear))
            try:
                await tell(socket, ear, gone)
            finally:
                gone.cancel()

    return routes


async def tell(socket: WebSocket, ear: Ear, gone: "asyncio.Task[None]") -> None:
    """Every new stamp, and the old one again as a sign of life, until the screen is gone."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await ear.news(ALIVE_S)
        while not gone.done():
            await socket.send_json({"stamp": ear.stamp})
            await asyncio.sleep(LEAST_S)
            await ear.news(ALIVE_S)


async def until_gone(socket: WebSocket, ear: Ear) -> None:
    """Return when the screen has closed its end; whatever it says is not listened to."""
    with suppress(WebSocketDisconnect):
        while True:
            await socket.receive_text()
    ear.tell(ear.stamp)
