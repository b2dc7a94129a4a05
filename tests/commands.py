"""Runs manage.py as a user does, with its exit code and what it said: here, or as a process of its own."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import manage as program
from db.settings import ROOT, Settings


def environment(settings: Settings) -> dict[str, str]:
    """The environment that reaches a test database."""
    return os.environ | {
        "BEATGRID_HOME": str(settings.home),
        "BEATGRID_DATABASE_URL": str(settings.database_url),
        "BEATGRID_APP_DATABASE_URL": str(settings.app_database_url),
        "BEATGRID_KEYS": str(settings.keys_file),
        "BEATGRID_ACTOR": settings.actor,
    }


def manage(settings: Settings, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """One command, to its end, from the same `main` that a process of its own begins with: two seconds sooner."""
    typed, out, err = ["manage.py", *map(str, words)], io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environment(settings)), patch.object(sys, "argv", typed),
        redirect_stdout(out), redirect_stderr(err),
    ):  # fmt: skip
        try:
            program.main()
        except SystemExit as end:
            return subprocess.CompletedProcess(typed, int(end.code or 0), out.getvalue(), err.getvalue())
    return subprocess.CompletedProcess(typed, 0, out.getvalue(), err.getvalue())


def words_of(settings: Settings) -> Callable[..., tuple[int, str, str]]:
    """Types the words of a command: (exit code, stdout, stderr); by: somebody else than the actor of the settings."""

    def typed(*words: str | Path, by: str | None = None) -> tuple[int, str, str]:
        ended = manage(replace(settings, actor=by) if by else settings, *words)
        return ended.returncode, ended.stdout, ended.stderr

    return typed


def alone(settings: Settings, *words: str | Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """One command as a process of its own, to its end."""
    return subprocess.run(
        command(words),
        env=environment(settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def start(settings: Settings, *words: str | Path) -> "subprocess.Popen[str]":
    """One command, left running."""
    return subprocess.Popen(
        command(words), env=environment(settings), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def command(words: Sequence[str | Path]) -> list[str]:
    """The words that run manage.py with this Python."""
    return [sys.executable, str(ROOT / "manage.py"), *map(str, words)]
