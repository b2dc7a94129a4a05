"""What the use-cases of plans are told."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dashboard.api.texts import Code, Line

Cells = Annotated[list[Code], Field(max_length=50_000)]
After = Annotated[
    int | None,
    Field(
        ge=0, le=2**31 - 1,
        description="The last edit that you have seen: 409 when somebody else has changed one of the cells since.",
    ),
]  # fmt: skip
Share = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


def _shown(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class Begun(BaseModel):
    """A new draft. place: KIND:CODE; none: the whole city. since: the day whose boundaries it begins from."""

    model_config = _shown({"name": "望潮所警力均衡", "place": "station:PS01", "allow_outside": False})

    name: Line
    place: Code | None = None
    since: Annotated[date | None, Field(ge=date(1990, 1, 1), le=date(2199, 1, 1))] = None
    allow_outside: bool = False


class Edited(BaseModel):
    """One thing done to a draft: cells go to a beat, or cells or a beat are locked or unlocked."""

    model_config = _shown({"kind": "assign", "cells": ["990201001001001"], "beat": "J101", "after": 3})

    kind: Literal["assign", "lock", "unlock"]
    cells: Cells = []
    beat: Code | None = None
    reason: Line | None = None
    after: After = None


class Said(BaseModel):
    """A comment on a plan or on one of its cells."""

    model_config = _shown({"note": "此网格有在建学校", "cell": "990201001001001"})

    note: Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"^[^\x00]*$")]
    cell: Code | None = None


class Sought(BaseModel):
    """What the optimiser shall seek: for each number of moved cells the best plan, by the planner's sliders."""

    model_config = _shown({"moves": [0, 5, 10, 20], "seconds": 3, "seed": 1, "balance": 100, "few_moves": 0})

    moves: Annotated[list[Annotated[int, Field(ge=0, le=100_000)]], Field(min_length=1, max_length=12)] = [0, 5, 10, 20]
    seconds: Annotated[float, Field(ge=0.1, le=120, allow_inf_nan=False)] = 5.0
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    balance: Share = 100.0
    few_moves: Share = 0.0
    compactness: Share = 0.0
    travel: Share = 0.0


class Taken(BaseModel):
    """The point of the front that shall become the draft."""

    model_config = _shown({"moves": 10})

    moves: Annotated[int, Field(ge=0, le=100_000)]
    after: After = None


class Noted(BaseModel):
    """A word to go with a step."""

    model_config = _shown({"note": "请在本周内审批"})

    note: Line | None = None


class Dated(BaseModel):
    """The first local day on which a published plan holds."""

    model_config = _shown({"day": "2026-12-01"})

    day: Annotated[date, Field(ge=date(1990, 1, 1), le=date(2199, 1, 1))]
