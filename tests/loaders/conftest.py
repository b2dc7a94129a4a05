"""What tests of loading share: the words of manage.py run in this process."""

import sys
from pathlib import Path
from typing import Any

import pytest

import manage
from db.record import Record
from db.settings import Settings
from tests.commands import environment


@pytest.fixture
def command(
    settings: Settings, record: Record, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    """Runs manage.py's words in this process on the fresh database: (exit code, stdout, stderr)."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)

    def run(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["manage.py", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            manage.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run
