"""Run the web application with uvicorn until it is told to stop."""

import socket

import uvicorn
from sqlalchemy import Engine

from dashboard.app import create_app
from db.settings import Settings
from geo.errors import Unavailable


def url_of(host: str, port: int) -> str:
    """The address to type into a browser on this machine."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://{shown}:{port}/"


def check_free(host: str, port: int) -> None:
    """Raise Unavailable when something else listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(f"Port {port} on {host} cannot be used: choose another with --port.") from error


def run(settings: Settings, engine: Engine, host: str, port: int) -> None:
    """Serve until Ctrl-C."""
    uvicorn.run(create_app(settings, engine), host=host, port=port, log_level="warning", proxy_headers=False)
