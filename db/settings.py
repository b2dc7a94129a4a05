"""Everything beatgrid reads from the environment, read in this one place."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from geo.errors import InputError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Where the record lives and who is acting.

    home: folder of the private cluster, keys and caches.
    database_url: owner's URL of an external server, or None for the private cluster.
    app_database_url: the application's own URL there; without it the owner's URL under role beatgrid_app.
    keys_file: Fernet and hash keys, kept outside the database.
    actor: the name written beside every change.
    session_idle, session_lasts: after how long a signed-in person must sign in again, unused or in any case.
    public_url: where browsers find the dashboard when something stands before it, such as https://beat.example.
    base_map, base_map_by: addresses of a base map's tiles, and whose map it is; none by default.
    """

    home: Path = ROOT / ".beatgrid"
    database_url: str | None = None
    app_database_url: str | None = None
    keys_file: Path = ROOT / ".beatgrid" / "keys"
    actor: str = "system"
    session_idle: timedelta = timedelta(minutes=30)
    session_lasts: timedelta = timedelta(hours=12)
    public_url: str | None = None
    base_map: str | None = None
    base_map_by: str | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Read BEATGRID_HOME, _DATABASE_URL, _APP_DATABASE_URL, _KEYS, _ACTOR, _IDLE_MINUTES, _SESSION_HOURS,
        _PUBLIC_URL, _BASE_MAP and _BASE_MAP_BY.

        Raises InputError for a time that is not a number of minutes or hours above nought.
        """
        home = Path(env.get("BEATGRID_HOME") or ROOT / ".beatgrid").expanduser().resolve()
        return cls(
            home=home,
            database_url=env.get("BEATGRID_DATABASE_URL") or None,
            app_database_url=env.get("BEATGRID_APP_DATABASE_URL") or None,
            keys_file=Path(env.get("BEATGRID_KEYS") or home / "keys"),
            actor=env.get("BEATGRID_ACTOR") or getpass.getuser(),
            session_idle=timedelta(minutes=_number(env, "BEATGRID_IDLE_MINUTES", 30)),
            session_lasts=timedelta(hours=_number(env, "BEATGRID_SESSION_HOURS", 12)),
            public_url=env.get("BEATGRID_PUBLIC_URL") or None,
            base_map=env.get("BEATGRID_BASE_MAP") or None,
            base_map_by=env.get("BEATGRID_BASE_MAP_BY") or None,
        )


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    told = env.get(name) or str(default)
    try:
        found = float(told)
    except ValueError:
        found = 0.0
    if not 0 < found < 10_000:
        raise InputError(f"{name} must be a number above 0, not {told!r}.")
    return found
