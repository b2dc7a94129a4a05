"""Boundaries as an option says them: as they were, as they are, or a draft from a file."""

from collections.abc import Mapping
from pathlib import Path

from geo.errors import InputError
from loaders.readers.opening import open_source

PLAN = "plan:"


def boundaries_of(text: str) -> str | Mapping[str, str]:
    """ "then", "now", or for plan:FILE the draft in it: cell code → beat code. InputError says what to type."""
    if text in ("then", "now"):
        return text
    if not text.startswith(PLAN):
        raise InputError(f"--boundaries is then, now or plan:FILE.csv, not {text!r}.")
    return draft_of(Path(text.removeprefix(PLAN)))


def draft_of(path: Path) -> dict[str, str]:
    """The draft in a table of columns cell and beat (CSV, Excel …); InputError names what is missing or there twice."""
    draft: dict[str, str] = {}
    with open_source(path) as source:
        if not {"cell", "beat"} <= set(source.columns):
            raise InputError(
                f"{path.name}: a draft has the columns cell and beat, this file {', '.join(source.columns)}."
            )
        for chunk in source.chunks():
            for line, cell, beat in zip(chunk.index, chunk["cell"], chunk["beat"], strict=True):
                if not cell or not beat:
                    raise InputError(f"{path.name}, line {line}: name both a cell and a beat.")
                if draft.get(cell, beat) != beat:
                    raise InputError(
                        f"{path.name}, line {line}: cell {cell} is in {draft[cell]} already: name it once."
                    )
                draft[cell] = beat
    return draft
