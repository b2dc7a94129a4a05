"""HTTPS on a closed network: an authority of this host's own, and a certificate of it for the names it is called by.

Phones give their position and install an app only over HTTPS. The authority is made once; whoever trusts it trusts
only what it signs for this host and for private networks, since its certificate itself says so.
"""

import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from dashboard.certificates import authority, fits, issue, permits
from geo.errors import Unavailable


@dataclass(frozen=True)
class Served:
    """Files that uvicorn serves with, the authority's certificate that phones trust, and the names it covers."""

    certificate: Path
    key: Path
    authority: Path
    names: tuple[str, ...]


def folder_of(home: Path) -> Path:
    """Where keys and certificates lie."""
    return home / "tls"


def authority_file(home: Path) -> Path:
    """The certificate that phones are asked to trust; it is there once HTTPS has been served."""
    return folder_of(home) / "ca.crt"


def served(home: Path, public_url: str | None = None, now: datetime | None = None) -> Served:
    """The certificate for this host, made anew when it is missing, nears its end or lacks a name.

    The authority is kept as long as it lasts, so that phones trust it once. Raises Unavailable when the folder cannot
    be written.
    """
    now, folder = now or datetime.now(UTC), folder_of(home)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        names = own_names(public_url)
        issuer, signing = authority(folder, names, now)
        covered = tuple(name for name in names if permits(issuer, name))
        if not fits(folder / "host.crt", covered, issuer, now):
            issue(folder, covered, issuer, signing, now)
    except OSError as error:
        raise Unavailable(f"HTTPS needs {folder} to be writable ({error.strerror}): correct its owner.") from error
    return Served(folder / "host.crt", folder / "host.key", authority_file(home), covered)


def own_names(public_url: str | None = None) -> tuple[str, ...]:
    """Names and addresses by which browsers may call this host, the outward address first."""
    host = socket.gethostname()
    found = [*_outward(), host, f"{host.partition('.')[0]}.local", "localhost", "127.0.0.1", "::1"]
    public = urlsplit(public_url).hostname if public_url else None
    with suppress(OSError):
        found += [str(each[4][0]).partition("%")[0] for each in socket.getaddrinfo(host, None)]
    return tuple(dict.fromkeys([public, *found] if public else found))


def _outward() -> list[str]:
    """The address of the network card that leads out. Connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return [str(probe.getsockname()[0])]
        except OSError:
            return []
