"""Compiled loops are kept on disk, and compiled anew when a part of them in another file has changed."""

import importlib
import sys

import pytest
from numba import int64

from geo.compiling import Compiled

PART = "from geo.compiling import inlined\n\nSTEP = {step}\n\n@inlined\ndef grow(n):\n    return n {sign} STEP\n"
LOOP = "from loop_part import grow\n\ndef loop(n):\n    return grow(n)\n"


@pytest.fixture
def loop(tmp_path, monkeypatch):
    """Writes both files with this part and imports them anew: the loop, not yet loaded."""
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "whole_loop.py").write_text(LOOP)

    def written(**part):
        (tmp_path / "loop_part.py").write_text(PART.format(**part))
        importlib.invalidate_caches()
        for name in ("loop_part", "whole_loop"):
            sys.modules.pop(name, None)
        return Compiled(importlib.import_module("whole_loop").loop, (int64,))

    yield written
    for name in ("loop_part", "whole_loop"):
        sys.modules.pop(name, None)


def test_a_kept_loop_is_used_again_until_a_part_in_another_file_changes(loop):
    first = loop(step=3, sign="+")
    assert not first.is_quick()
    assert first(10) == 13
    again = loop(step=3, sign="+")
    assert again.is_quick()
    assert again(10) == 13
    for part, wanted in (({"step": 40, "sign": "+"}, 50), ({"step": 40, "sign": "-"}, -30)):
        changed = loop(**part)
        assert not changed.is_quick()
        assert changed(10) == wanted
