"""Run the web application with uvicorn until it is told to stop."""

import socket

import uvicorn
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.auth.first_run import FirstRun
from dashboard.reading.figures import Figures
from dashboard.tls import Served
from db.accounts import has_accounts
from db.demo_accounts import DEMO_PASSWORD, demo_accounts
from db.engine import begin
from db.sessions import DOOR
from db.settings import Settings
from geo.errors import Unavailable


def url_of(host: str, port: int, *, tls: bool = False) -> str:
    """The address to type into a browser on this machine."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http{'s' if tls else ''}://{shown}:{port}/"


def how_to_trust(tls: Served, port: int) -> str:
    """Lines that say under which addresses phones reach this host, and how they come to trust it."""
    hosts = [f"[{name}]" if ":" in name else name for name in tls.names]
    outside = [host for host in hosts if host not in ("localhost", "127.0.0.1", "[::1]")] or hosts
    addresses = ", ".join(f"https://{host}:{port}/" for host in outside)
    return (
        f"Phones reach it at {addresses}\n"
        f"They trust it once they have installed {tls.authority} as a certificate authority: download it at"
        f" https://{outside[0]}:{port}/ca.crt or copy the file (docs/beat.md says how, phone by phone)."
    )


def check_free(host: str, port: int) -> None:
    """Raise Unavailable when something else listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(f"Port {port} on {host} cannot be used: choose another with --port.") from error


def how_to_enter(engine: Engine, url: str) -> tuple[str, FirstRun]:
    """A line that says how to sign in on this record, and the first administrator's code when nobody can yet."""
    with begin(engine, DOOR) as conn:
        demo, anybody = demo_accounts(conn), has_accounts(conn)
    if not anybody:
        first = FirstRun.made()
        return f"Nobody has an account yet: open {url}first-run and type the code {first.code}", first
    if demo:
        names = ", ".join(account.name for account in demo)
        return f"Sign in at {url}sign-in as one of {names}; the password is {DEMO_PASSWORD}", FirstRun()
    return f"Sign in at {url}sign-in; `manage.py user add` makes accounts.", FirstRun()


def run(
    settings: Settings,
    engine: Engine,
    host: str,
    port: int,
    first_run: FirstRun | None = None,
    tls: Served | None = None,
) -> None:
    """Serve until Ctrl-C, keeping the read model up to the record meanwhile; with `tls` over HTTPS."""
    figures = Figures(settings, engine)
    app = create_app(settings, engine, first_run=first_run, figures=figures)
    with figures.followed():
        uvicorn.run(
            app,
            host=host,
            port=port,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
