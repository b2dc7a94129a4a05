"""What a use-case is told, as types made from the moves of casework, so that a new move needs no line here."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from dashboard.api.texts import Code, Degrees, Grade, Instant, Key, Line
from grids import move_fields
from grids.levels import LEVELS
from grids.moves import MOVES, Move

TYPES: dict[str, Any] = {
    "text": Line, "unit": Code, "officer": Code, "units": list[Code], "officers": list[Code],
    "level": Literal[LEVELS], "grade": Grade, "flag": bool, "instant": Instant,
    "score": Annotated[int, Field(ge=1, le=5)],
    "minutes": Annotated[float, Field(ge=0, le=44_640, allow_inf_nan=False)],
}  # fmt: skip
SHOWN: dict[str, Any] = {
    "text": "双方同意各让一步", "unit": "PS01", "officer": "P017", "units": ["D01", "D02"], "officers": ["M01"],
    "level": "community", "grade": 2, "flag": True, "instant": "2026-03-05T09:00:00+08:00", "score": 4, "minutes": 30,
}  # fmt: skip


class Told(BaseModel):
    """What every use-case may be told beside its own fields."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(
        default=None, ge=0, le=2**31 - 1,
        description="The `version` that you have read: 409 when somebody has added a step since.",
    )  # fmt: skip
    at: Instant | None = Field(default=None, description="When it happened, with its zone; default: now.")
    key: Key | None = Field(
        default=None, description="Your own mark of this step: sent again with the same key it is taken once.",
    )  # fmt: skip


class Reported(BaseModel):
    """A report that somebody takes down. Where: lon and lat (WGS-84), a cell, or an address alone."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "channel": "window", "category": "邻里口角", "address": "示范路12号", "lon": 120.9, "lat": 35.91,
                    "reporter": "王某", "phone": "199-0000-0001", "narrative": "楼道堆物引起争执。",
                }
            ]
        },
    )  # fmt: skip

    channel: Code
    category: Code
    source_no: Code | None = None
    reported_at: Instant | None = None
    address: Line | None = None
    lon: Degrees | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    cell: Code | None = None
    severity: Grade | None = None
    reporter: Line | None = None
    phone: Code | None = None
    narrative: Line | None = None
    anonymous: bool = False
    matter: Code | None = None
    found_first: bool = False
    danger: bool = False


class Reason(BaseModel):
    """Why somebody must see personal data; the audit keeps it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "回访需要联系报警人"}]})

    reason: Line


def body_of(move: Move) -> type[Told]:
    """The body of one use-case: the fields of its move, those of every move, version and at."""
    fields: dict[str, Any] = {field.name: _field(field) for field in (*move.fields, *move_fields.COMMON)}
    shown = {"version": 3} | {field.name: _shown(field) for field in move.fields}
    name = "".join(part.capitalize() for part in move.code.split("_"))
    return create_model(
        f"{name}Told", __base__=Told, __doc__=f"{move.zh}: {move.en}.",
        __cls_kwargs__={"json_schema_extra": {"examples": [shown]}}, **fields,
    )  # fmt: skip


def _field(field: move_fields.Field) -> tuple[Any, Any]:
    said = Field(description=f"{field.zh}: {field.en}") if field.required else Field(
        default=None, description=f"{field.zh}: {field.en}"
    )  # fmt: skip
    kind = Literal[tuple(field.choices)] if field.choices else TYPES[field.kind]
    return (kind if field.required else kind | None), said


def _shown(field: move_fields.Field) -> Any:
    return next(iter(field.choices)) if field.choices else SHOWN[field.kind]


BODIES: dict[str, type[Told]] = {code: body_of(move) for code, move in MOVES.items() if code != "register"}
