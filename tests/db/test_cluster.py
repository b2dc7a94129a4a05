"""The private cluster: started twice, stopped twice, killed, misled by pid files, far down in the tree, not as root."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from db import cluster as module
from db import packages
from db.cluster import SUPERUSER, Cluster
from geo.errors import Unavailable

ROOT = Path(module.__file__).parent.parent
as_root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as somebody else")


def house(name="home"):
    """A folder that everybody may pass, as users' folders are; not under pytest's own, which is closed."""
    folder = Path(tempfile.mkdtemp(prefix="beatgrid-house-"))
    folder.chmod(0o755)
    return folder / name


@pytest.fixture(scope="module")
def own():
    """A cluster of this module's own, which its tests kill and mislead."""
    home = house()
    made = Cluster(home)
    made.start()
    yield made
    made.destroy()
    shutil.rmtree(home.parent)


def answers(cluster):
    engine = create_engine(cluster.url(SUPERUSER, "postgres"), poolclass=NullPool)
    with engine.connect() as conn:
        return conn.execute(text("SELECT 1")).scalar_one() == 1


def kill_9(cluster):
    """Kill the postmaster the hard way and wait until it is gone."""
    pid = cluster.status().pid
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}").exists() and b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes():
        time.sleep(0.01)
    return pid


def write_pid_file(cluster, pid):
    path = cluster.data / "postmaster.pid"
    path.write_text(f"{pid}\n{cluster.data}\n{int(time.time())}\n5432\n{cluster.socket}\n\n  5432001 0\nready\n")
    return path


def test_start_and_stop_may_be_said_twice_and_status_tells(own):
    own.start()
    assert own.start() is False
    told = own.status()
    assert (told.created, told.version, told.home) == (True, "15", own.home) or int(told.version) > 15
    assert Path(f"/proc/{told.pid}").exists()
    assert answers(own)
    assert own.stop() is True
    assert own.stop() is False
    assert own.status().pid is None
    assert own.status().created
    with pytest.raises(OperationalError):
        answers(own)
    assert own.start() is True


def test_a_second_object_and_a_second_process_see_the_same_cluster(own):
    own.start()
    assert Cluster(own.home).status() == own.status()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: Cluster(own.home).start(), range(4))) == [False] * 4


def test_of_several_starters_one_starts(own):
    own.stop()
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: Cluster(own.home).start(), range(4))) == [False, False, False, True]
    assert answers(own)


def test_only_its_own_account_reaches_data_and_socket(own):
    assert oct(own.data.stat().st_mode & 0o777) == "0o700"
    assert oct(own.socket.stat().st_mode & 0o777) == "0o700"


def test_it_listens_on_no_network(own):
    own.start()
    engine = create_engine(own.url(SUPERUSER, "postgres"), poolclass=NullPool)
    with engine.connect() as conn:
        assert conn.execute(text("SHOW listen_addresses")).scalar_one() == ""


def test_it_starts_again_with_its_data_after_kill_9(own):
    own.start()
    engine = create_engine(own.url(SUPERUSER, "postgres"), poolclass=NullPool)
    with engine.begin() as conn:
        conn.execute(text("CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS n"))
    kill_9(own)
    assert own.running() is False
    assert own.status().pid is None
    assert own.start() is True
    with engine.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM kept")).scalar_one() == 1


def test_it_starts_again_after_kill_9_under_an_open_session(own):
    own.start()
    engine = create_engine(own.url(SUPERUSER, "postgres"), poolclass=NullPool)
    with suppress(OperationalError), engine.connect() as conn:  # closing it, the driver finds its server gone
        conn.execute(text("SELECT 1"))
        kill_9(own)
        assert own.start() is True
    assert answers(own)


def test_stop_after_kill_9_says_that_it_was_not_running(own):
    own.start()
    kill_9(own)
    assert own.stop() is False
    assert own.start() is True


@pytest.mark.parametrize("account", ["ours", pytest.param("theirs", marks=as_root_only)])
def test_a_stale_pid_that_now_belongs_to_another_program_is_not_taken_for_the_server(own, account):
    own.start()
    kill_9(own)
    user = {} if account == "ours" else {"user": own.user.pw_uid, "group": own.user.pw_gid}
    other = subprocess.Popen(["sleep", "60"], cwd="/", **user)
    try:
        write_pid_file(own, other.pid)
        assert (own.socket / f".s.PGSQL.{module.PORT}").exists(), "kill -9 leaves the socket behind"
        assert own.running() is False
        assert own.stop() is False
        assert own.start() is True
        assert other.poll() is None, "the other program lives on"
        assert answers(own)
    finally:
        other.kill()
        other.wait()


def test_a_stale_pid_of_a_dead_child_that_nobody_waited_for_does_not_mislead(own):
    own.stop()
    child = subprocess.Popen(["true"])
    while Path(f"/proc/{child.pid}/stat").read_text().split()[2] != "Z":
        time.sleep(0.01)
    write_pid_file(own, child.pid)
    assert own.start() is True
    child.wait()


@pytest.mark.parametrize("content", ["", "not a number\n", "-1\n", "0\n", "99999999999\n"])
def test_a_garbled_pid_file_does_not_mislead(own, content):
    own.stop()
    (own.data / "postmaster.pid").write_text(content)
    assert own.running() is False
    assert own.start() is True
    assert answers(own)


def test_a_half_made_data_folder_is_made_anew():
    home = house()
    made = Cluster(home)
    try:
        made.data.mkdir(parents=True)
        (made.data / "base").mkdir()
        assert made.start() is True
        assert answers(made)
        made.destroy()
        assert not made.data.exists()
        assert made.status().created is False
    finally:
        made.destroy()
        shutil.rmtree(home.parent)


def test_a_path_too_long_for_a_socket_puts_the_socket_elsewhere():
    home = house("/".join(["a-rather-long-folder-name"] * 5))
    made = Cluster(home)
    try:
        assert len(str(made.socket)) < module.SOCKET_PATH_LIMIT < len(str(made.data))
        made.start()
        assert answers(made)
        assert oct(made.socket.stat().st_mode & 0o777) == "0o700"
    finally:
        made.destroy()
        assert not made.socket.exists()
        shutil.rmtree(home.parents[4])


@as_root_only
def test_a_home_that_postgres_cannot_reach_puts_the_data_elsewhere(tmp_path, monkeypatch):
    elsewhere = house("var")
    monkeypatch.setattr(module, "SYSTEM_HOME", elsewhere)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert Cluster(closed / "home").base.parent == elsewhere
    shutil.rmtree(elsewhere.parent)


@as_root_only
def test_a_link_planted_in_place_of_a_folder_is_refused_and_its_target_left_alone(tmp_path):
    target = tmp_path / "target"
    target.mkdir(mode=0o750)
    home = house()
    made = Cluster(home)
    made.base.mkdir(parents=True)
    made.socket.symlink_to(target)
    with pytest.raises(Unavailable, match="belongs to somebody else"):
        made.start()
    assert (target.stat().st_uid, oct(target.stat().st_mode & 0o777)) == (os.getuid(), "0o750")
    shutil.rmtree(home.parent)


def test_a_server_that_cannot_start_says_what_its_log_says(own):
    own.stop()
    config = own.data / "postgresql.conf"
    good = config.read_text()
    config.write_text(good + "shared_buffers = 'nonsense'\n")
    with pytest.raises(Unavailable, match=r"did not start; its log .* ends: .*"):
        own.start()
    config.write_text(good)
    assert own.start() is True


@as_root_only
def test_it_runs_for_a_user_who_is_not_root():
    python = next((path for path in (sys.executable, "/usr/bin/python3") if runs_for_nobody(path)), None)
    if python is None:
        pytest.skip("nobody may run a Python here, or read this folder")
    home = house()
    home.mkdir()
    os.chown(home, 65534, 65534)
    script = f"""if True:
        from pathlib import Path
        from db.cluster import Cluster
        made = Cluster(Path({str(home)!r}))
        print(made.start(), made.start(), made.status().pid is not None, made.stop(), made.stop(), made.start())
        data = made.data / "postmaster.pid"
        lines = data.read_text().split("\\n", 1)
        import os, signal, time
        os.kill(int(lines[0]), signal.SIGKILL)
        time.sleep(0.3)
        data.write_text("1\\n" + lines[1])
        print(made.running(), made.start())
        made.destroy()
        print(made.data.exists())"""
    done = as_nobody(python, script)
    shutil.rmtree(home.parent)
    assert done.stdout.split("\n")[:3] == ["True False True True False True", "False True", "False"], done.stderr


def as_nobody(python, script):
    env = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]}
    nobody = {"user": 65534, "group": 65534, "extra_groups": [], "cwd": "/", "env": env}
    return subprocess.run([python, "-c", script], check=False, capture_output=True, text=True, **nobody)


def runs_for_nobody(python):
    try:
        return as_nobody(python, "import db.cluster").returncode == 0
    except PermissionError:
        return False


def test_missing_packages_are_named_with_the_one_command_to_type(monkeypatch):
    monkeypatch.setattr(packages, "_installed", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    sentence = "missing: type `sudo apt-get install -y postgresql-15-postgis-3` once, then run this again"
    with pytest.raises(Unavailable, match=sentence):
        packages.postgres_bin()


def test_root_without_apt_is_told_the_same(monkeypatch):
    monkeypatch.setattr(packages, "_installed", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(packages.shutil, "which", lambda name: None)
    with pytest.raises(Unavailable, match="type `sudo apt-get install"):
        packages.postgres_bin()


def test_root_installs_the_newest_package_that_the_archive_has(monkeypatch):
    said = []
    monkeypatch.setattr(packages, "_installed", lambda: Path("/made/bin") if said else None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    listed = "postgresql-9-postgis-3 - x\npostgresql-17-postgis-3 - y\npostgresql-15-postgis-3-scripts - z\n"
    monkeypatch.setattr(packages.subprocess, "run", lambda words, **_: answer(words, said, listed))
    assert packages.postgres_bin() == Path("/made/bin")
    assert [words for words in said if words[0] == "apt-get"][-1][-1] == "postgresql-17-postgis-3"


def test_an_installation_that_fails_names_the_command_that_shows_why(monkeypatch):
    monkeypatch.setattr(packages, "_installed", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(packages.subprocess, "run", lambda words, **_: answer(words, [], "", failing="install"))
    with pytest.raises(Unavailable, match="Installing postgresql-15-postgis-3 failed: type `apt-get install"):
        packages.postgres_bin()


def answer(words, said, listed, failing=None):
    """What a made-up apt answers, noting what it was asked."""
    said.append(words)
    return subprocess.CompletedProcess(words, 1 if failing in words else 0, stdout=listed, stderr="")


def test_the_newest_version_that_has_postgis_is_chosen(tmp_path, monkeypatch):
    for version in ("9", "15", "17"):
        program = tmp_path / version / "bin" / "initdb"
        program.parent.mkdir(parents=True)
        program.touch()
    with_postgis = ("/usr/share/postgresql/9/extension", "/usr/share/postgresql/15/extension")
    monkeypatch.setattr(packages, "DEBIAN_ROOT", tmp_path)
    monkeypatch.setattr(packages, "Path", lambda told: tmp_path if told.startswith(with_postgis) else tmp_path / "none")
    assert packages.postgres_bin() == tmp_path / "15" / "bin"
