"""What an analysis page is made of: it names its panels; a panel draws what it is asked, with the figures behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

from dashboard.pages.analysis.asking import Asking
from dashboard.reading.view import View

Height = Literal["low", "middle", "tall", "own"]  # 280, 380 or 540 pixels; own: as high as what it shows


def always(_view: View) -> bool:
    """A panel that stands on its page whatever is looked at."""
    return True


@dataclass(frozen=True)
class Drawn:
    """What a panel shows of one asking.

    body: a Plotly figure (template of dashboard.figures.theme), title → figure for several small ones, any Dash
    component or list of them, or None: the table of `data`.
    data: the panel's figures, one row a mark; it is what is exported, and the table that stands in for the picture.
    columns: the columns of `data` that people see, in order, with their words (said already).
    leads: column → name of the figure whose rows stand behind its numbers (see the registry of the drill); a name
    may hold columns of the row: "{outcome}.numerator".
    keys: kind of key → column of `data` that holds it; a number of a row leads to the rows with these keys.
    notes: sentences under the picture (said already).
    """

    body: Any
    data: pd.DataFrame
    columns: Mapping[str, str]
    leads: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """One card of a page. `draw` is called once for each thing compared, in one reading transaction.

    name: part of addresses (a-z and -). title, hint: Chinese, said by the frame. width: of twelve columns. choices:
    names of dashboard.reading.choices (or "by") that its readers may choose. needs: kinds of
    dashboard.reading.gaps.KINDS without which it can say nothing. alone: it compares by itself, so it is drawn once.
    only: of which views it stands on the page at all.
    """

    name: str
    title: str
    hint: str
    draw: Callable[[Asking], Drawn]
    width: int = 6
    height: Height = "middle"
    choices: tuple[str, ...] = ()
    needs: tuple[str, ...] = ("cells", "incidents")
    alone: bool = False
    only: Callable[[View], bool] = always


@dataclass(frozen=True)
class Page:
    """An address with its panels. question: what the page answers, one sentence. compared: figures of
    db.measures.figures that its strip of changes tells when two periods or places are held against each other.
    """

    path: str
    title: str
    question: str
    panels: tuple[Panel, ...]
    compared: tuple[str, ...] = ()
    by_name: Mapping[str, Panel] = field(init=False, repr=False, hash=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", MappingProxyType({panel.name: panel for panel in self.panels}))

    @property
    def code(self) -> str:
        """The page's name in ids and addresses: its path without the slash."""
        return self.path.strip("/")
