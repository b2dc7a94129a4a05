"""Everything beatgrid reads from the environment, read in this one place."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Where the record lives and who is acting.

    home: folder of the private cluster, keys and caches.
    database_url: owner's URL of an external server, or None for the private cluster.
    app_database_url: the application's own URL there; without it the owner's URL under role beatgrid_app.
    keys_file: Fernet and hash keys, kept outside the database.
    actor: the name written beside every change.
    """

    home: Path = ROOT / ".beatgrid"
    database_url: str | None = None
    app_database_url: str | None = None
    keys_file: Path = ROOT / ".beatgrid" / "keys"
    actor: str = "system"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Read BEATGRID_HOME, BEATGRID_DATABASE_URL, BEATGRID_APP_DATABASE_URL, BEATGRID_KEYS, BEATGRID_ACTOR."""
        home = Path(env.get("BEATGRID_HOME") or ROOT / ".beatgrid").expanduser().resolve()
        return cls(
            home=home,
            database_url=env.get("BEATGRID_DATABASE_URL") or None,
            app_database_url=env.get("BEATGRID_APP_DATABASE_URL") or None,
            keys_file=Path(env.get("BEATGRID_KEYS") or home / "keys"),
            actor=env.get("BEATGRID_ACTOR") or getpass.getuser(),
        )
