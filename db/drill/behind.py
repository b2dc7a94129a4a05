"""The rows behind one figure under one key."""

from dataclasses import replace
from typing import Any

import numpy as np

from db.drill.figures import Figure
from db.measures.question import Question
from db.readmodel.asking import Asked


def behind(asked: Question, figure: Figure, key: str | None = None) -> Asked:
    """The rows that `figure` counts under `key`, as many as the measure shows there; all of them without a grouping.

    key: as the measure writes it, in words ("B1", "2", "2026-05-01"); None under a grouping: what has no key, such as
    what lies in no cell. A figure with a grouping of its own (Figure.by) is asked by that. Without a grouping there is
    no key, and one that is asked for finds nothing.
    """
    found = figure.rows(replace(asked, by=None) if figure.by else asked)
    if key is None and (figure.by or not asked.by):
        return found
    wanted = [code for code, (name, _) in enumerate(found.names) if _text(name) == key]
    return found.where(np.isin(found.key, wanted))


def _text(key: Any) -> str | None:
    return None if key is None or key != key else str(key)
