"""Find PostgreSQL with PostGIS on this machine; install Debian's packages when root, name the command when not."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from geo.errors import Unavailable

DEBIAN_ROOT = Path("/usr/lib/postgresql")
DEFAULT_PACKAGE = "postgresql-15-postgis-3"


def postgres_bin() -> Path:
    """Folder of initdb and pg_ctl of the newest PostgreSQL that has PostGIS; installs it when root.

    Raises Unavailable with the one command to type when it is missing and cannot be installed from here.
    """
    found = _installed()
    if found is None:
        _install()
        found = _installed()
    if found is None:
        raise Unavailable("PostgreSQL with PostGIS was installed but its programs are not under /usr/lib/postgresql.")
    return found


def _installed() -> Path | None:
    versions = sorted(DEBIAN_ROOT.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True)
    for program in versions:
        version = program.parts[-3]
        if Path(f"/usr/share/postgresql/{version}/extension/postgis.control").exists():
            return program.parent
    return _on_path()


def _on_path() -> Path | None:
    config = shutil.which("pg_config")
    if config is None:
        return None
    answer = subprocess.run([config, "--bindir", "--sharedir"], capture_output=True, text=True, check=False)
    lines = answer.stdout.split()
    if len(lines) != 2 or not Path(lines[1], "extension", "postgis.control").exists():
        return None
    return Path(lines[0]) if Path(lines[0], "initdb").exists() else None


def _install() -> None:
    command = f"apt-get install -y {DEFAULT_PACKAGE}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Unavailable(f"PostgreSQL with PostGIS is missing: type `sudo {command}` once, then run this again.")
    _apt("update")
    package = _candidate()
    if _apt("install", "-y", "--no-install-recommends", package).returncode != 0:
        raise Unavailable(f"Installing {package} failed: type `{command}` to see why.")


def _candidate() -> str:
    listed = subprocess.run(
        ["apt-cache", "search", "--names-only", r"^postgresql-[0-9]+-postgis-3$"],
        capture_output=True,
        text=True,
        check=False,
    )
    found: list[str] = re.findall(r"^postgresql-\d+-postgis-3", listed.stdout, re.MULTILINE)
    return max(found, key=lambda name: int(name.split("-")[1]), default=DEFAULT_PACKAGE)


def _apt(*words: str) -> subprocess.CompletedProcess[bytes]:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(["apt-get", "-q", *words], env=env, stdout=subprocess.DEVNULL, check=False)
