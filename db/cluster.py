"""The private PostgreSQL + PostGIS cluster under BEATGRID_HOME: start, stop, status, healed after a crash."""

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.packages import postgres_bin
from geo.errors import Unavailable

PORT = 5432
SOCKET_PATH_LIMIT = 90  # bytes; the kernel allows 107 for the folder, the file name and its zero
START_PATIENCE_S = 60
SYSTEM_HOME = Path("/var/lib/beatgrid")
OWNER, APP, DATABASE, SUPERUSER = "beatgrid_owner", "beatgrid_app", "beatgrid", "postgres"

CONFIG = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
port = {port}
timezone = 'UTC'
log_timezone = 'UTC'
max_connections = 60
shared_buffers = '{buffers}MB'
work_mem = '48MB'
maintenance_work_mem = '192MB'
max_wal_size = '2GB'
random_page_cost = 1.1
jit = off
log_min_duration_statement = '5s'
"""


@dataclass(frozen=True)
class Status:
    """What `manage.py db status` tells: pid is None when the cluster is not running."""

    home: Path
    data: Path
    socket: Path
    created: bool
    pid: int | None
    version: str | None


class Cluster:
    """A private cluster; safe to start twice, from several processes, as root or not."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.tag = hashlib.sha256(str(home).encode()).hexdigest()[:12]
        self.user = _database_user()
        self.base = self._base()
        self.data = self.base / "data"
        self.socket = self._socket()

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        """SQLAlchemy URL of `role` over the unix socket."""
        return f"postgresql+psycopg2://{role}@/{database}?host={self.socket}&port={PORT}"

    def start(self) -> bool:
        """Start the cluster, making it when there is none; False when it was already running."""
        with self._locked():
            if self.running():
                return False
            binaries = postgres_bin()
            self._make(binaries)
            self._heal()
            self._launch(binaries)
            return True

    def stop(self) -> bool:
        """Stop the cluster; False when it was not running."""
        with self._locked():
            if not self.running():
                return False
            self._run([str(postgres_bin() / "pg_ctl"), "stop", "-D", str(self.data), "-m", "fast", "-w"])
            return True

    def running(self) -> bool:
        """Whether a server of this very data folder answers on its socket."""
        pid = self._pid()
        return pid is not None and self._is_ours(pid) and (self.socket / f".s.PGSQL.{PORT}").exists()

    def status(self) -> Status:
        """Where the cluster is and whether it runs."""
        version = self.data / "PG_VERSION"
        created = version.exists()
        return Status(
            home=self.home,
            data=self.data,
            socket=self.socket,
            created=created,
            pid=self._pid() if self.running() else None,
            version=version.read_text().strip() if created else None,
        )

    def destroy(self) -> None:
        """Stop the cluster and delete its data folder."""
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)
        shutil.rmtree(self.socket, ignore_errors=True)

    # -- where it lives

    def _base(self) -> Path:
        inside = self.home / "pg"
        if self.user is None or (inside.exists() and self._reachable(inside)):
            return inside
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(self.home.stat().st_mode | 0o011)
        return inside if self._reachable(self.home) else SYSTEM_HOME / self.tag

    def _reachable(self, folder: Path) -> bool:
        test = subprocess.run(["test", "-x", str(folder)], check=False, cwd="/", **self._as_user())
        return test.returncode == 0

    def _socket(self) -> Path:
        inside = self.base / "socket"
        if len(str(inside).encode()) <= SOCKET_PATH_LIMIT:
            return inside
        return Path(tempfile.gettempdir()) / f"beatgrid-{self.tag}"

    # -- making and starting

    def _make(self, binaries: Path) -> None:
        for folder in (self.base, self.socket):
            self._own(folder)
        if (self.data / "PG_VERSION").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        words = ["-D", str(self.data), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        self._run([str(binaries / "initdb"), *words])
        buffers = max(128, min(1024, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 // 8))
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(CONFIG.format(socket=self.socket, port=PORT, buffers=buffers))

    def _own(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        owner = os.geteuid() if self.user is None else self.user.pw_uid
        if self.user is not None:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid, follow_symlinks=False)
        # Somebody may have put a link there, to have root give away what it points to.
        if folder.is_symlink() or folder.stat().st_uid != owner:
            raise Unavailable(f"{folder} belongs to somebody else: remove it or set BEATGRID_HOME to another folder.")
        folder.chmod(0o700)

    def _heal(self) -> None:
        """Take away lock files that name no server of ours: it is gone, and its number may be another program's now."""
        pid = self._pid()
        if pid is None or not self._is_ours(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            (self.socket / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _launch(self, binaries: Path) -> None:
        log = self.base / "log"
        words = [
            str(binaries / "pg_ctl"),
            "start",
            "-D",
            str(self.data),
            "-l",
            str(log),
            "-w",
            "-t",
            str(START_PATIENCE_S),
        ]
        deadline = time.monotonic() + START_PATIENCE_S
        while True:
            # Backends that outlive a killed server hold its shared memory for a moment: try again until they are gone.
            done = subprocess.run(words, cwd="/", capture_output=True, text=True, check=False, **self._as_user())
            if done.returncode == 0:
                return
            if time.monotonic() > deadline or "shared memory" not in _tail(log):
                raise Unavailable(f"PostgreSQL did not start; its log {log} ends: {_tail(log, 1).strip()}")
            time.sleep(0.5)

    # -- small parts

    def _pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def _is_ours(self, pid: int) -> bool:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return str(self.data).encode() in words

    def _run(self, words: list[str]) -> None:
        done = subprocess.run(words, cwd="/", capture_output=True, text=True, check=False, **self._as_user())
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
            raise Unavailable(f"{Path(words[0]).name} failed: {said[-1]}")

    def _as_user(self) -> dict[str, Any]:
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "cluster.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _database_user() -> pwd.struct_passwd | None:
    """The account that PostgreSQL runs as: ours, or `postgres` when we are root (initdb refuses root)."""
    if os.geteuid() != 0:
        return None
    postgres_bin()
    return pwd.getpwnam("postgres")


def _tail(log: Path, lines: int = 12) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
