"""What a move says beside who and when: its fields as data, and reading them from text or JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from geo.errors import InputError
from grids.grading import SEVERITIES
from grids.levels import LEVEL_NAMES, Name

Kind = Literal["text", "unit", "units", "officer", "officers", "level", "grade", "flag", "instant", "score", "minutes"]
LONGEST_TEXT = 4_000

TAGS: Mapping[str, Name] = MappingProxyType(
    {
        "bone": Name("骨头案", "hard bone"),
        "nail": Name("钉子案", "stuck like a nail"),
        "backflow": Name("回流", "came back"),
        "civil_to_criminal": Name("民转刑风险", "may turn criminal"),
        "found_first": Name("未报先处", "found before reported"),
    }
)
WAYS: Mapping[str, Name] = MappingProxyType(
    {
        "people": Name("人民调解", "people's"),
        "administrative": Name("行政调解", "administrative"),
        "judicial": Name("司法调解", "judicial"),
    }
)
PLACES: Mapping[str, Name] = MappingProxyType(
    {"home": Name("上门", "at home"), "community": Name("社区", "in the community"), "law": Name("法庭", "at law")}
)
ENDS: Mapping[str, Name] = MappingProxyType(
    {
        "settled": Name("化解", "settled"),
        "handed_over": Name("移送", "handed over"),
        "withdrawn": Name("撤回", "withdrawn"),
        "dismissed": Name("不属实", "dismissed"),
        "duplicate": Name("重复", "duplicate"),
    }
)
CARES: Mapping[str, Name] = MappingProxyType(
    {
        "assessment": Name("评估", "assessment"),
        "treatment": Name("救治", "treatment"),
        "benefits": Name("救助", "benefits"),
    }
)
VISIT_WAYS: Mapping[str, Name] = MappingProxyType({"visit": Name("上门", "visit"), "phone": Name("电话", "phone")})
_CHOICES = {
    "level": {str(level): name for level, name in LEVEL_NAMES.items()},
    "grade": {str(code): Name(each.zh, each.en) for code, each in SEVERITIES.items()},
}


@dataclass(frozen=True)
class Field:
    """One thing that a move says, one of `choices` if there are any; `column`: it has its own column in the step."""

    name: str
    zh: str
    en: str
    kind: Kind = "text"
    required: bool = False
    choices: Mapping[str, Name] | None = None
    column: bool = False

    def read(self, told: Any) -> Any:
        """The value of what was told as text or JSON; InputError says what would do."""
        choices = self.choices or _CHOICES.get(self.kind)
        if choices is not None and str(told) not in choices:
            raise InputError(f"Give {self.name} ({self.zh}) as one of {', '.join(choices)}, not {told!r}.")
        try:
            return _READERS[self.kind](told)
        except (ValueError, TypeError):
            raise InputError(f"Give {self.name} ({self.zh}) as {_WANTED[self.kind]}, not {told!r}.") from None


# What every move may say.
COMMON = (
    Field("unit", "单位", "unit that acts", "unit", column=True),
    Field("officer", "经办人", "officer who acts", "officer", column=True),
    Field("minutes", "用时（分钟）", "minutes it took", "minutes", column=True),
    Field("result", "结果", "result", column=True),
    Field("note", "备注", "note, sealed", column=True),
)


def read_fields(fields: Sequence[Field], told: Mapping[str, Any]) -> dict[str, Any]:
    """The values of what was told, without empty ones.

    Raises InputError for a field that the move does not have, a value that cannot be read, a required one missing.
    """
    known = {field.name: field for field in (*fields, *COMMON)}
    unknown = sorted(set(told) - set(known))
    if unknown:
        raise InputError(f"There is no field {', '.join(unknown)} here: use {', '.join(known)}.")
    said = {name: value for name, value in told.items() if value is not None and value != "" and value != []}
    missing = [f"{field.name} ({field.zh})" for field in fields if field.required and field.name not in said]
    if missing:
        raise InputError(f"Say also: {', '.join(missing)}.")
    return {name: known[name].read(value) for name, value in said.items()}


def _text(told: Any) -> str:
    if not isinstance(told, str) or not told.strip() or len(told) > LONGEST_TEXT or "\x00" in told:
        raise ValueError
    return told.strip()


def _texts(told: Any) -> list[str]:
    parts = told.replace("，", ",").split(",") if isinstance(told, str) else list(told)
    found = list(dict.fromkeys(_text(part) for part in parts))
    if not found:
        raise ValueError
    return found


def _flag(told: Any) -> bool:
    if isinstance(told, bool):
        return told
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[_word(told)]


def _word(told: Any) -> str:
    word = str(told).lower()
    if word not in ("true", "yes", "1", "false", "no", "0"):
        raise ValueError
    return word


def _instant(told: Any) -> datetime:
    at = told if isinstance(told, datetime) else datetime.fromisoformat(_text(told))
    if at.utcoffset() is None:
        raise ValueError
    return at


def _whole(told: Any, low: int, high: int) -> int:
    if isinstance(told, bool) or float(told) != int(told) or not low <= int(told) <= high:
        raise ValueError
    return int(told)


def _minutes(told: Any) -> float:
    if isinstance(told, bool) or not 0 <= float(told) <= 60 * 24 * 31:
        raise ValueError
    return float(told)


_READERS: Mapping[str, Any] = {
    "text": _text, "unit": _text, "officer": _text, "level": _text, "units": _texts, "officers": _texts, "flag": _flag,
    "instant": _instant, "grade": lambda told: _whole(told, 1, 3), "score": lambda told: _whole(told, 1, 5),
    "minutes": _minutes,
}  # fmt: skip
_WANTED: Mapping[str, str] = {
    "text": f"a text of at most {LONGEST_TEXT:,} characters", "unit": "the code of a unit",
    "officer": "the code of an officer", "level": "a level", "units": "codes of units, comma between",
    "officers": "codes of officers, comma between", "flag": "true or false",
    "instant": "a time with its zone (2026-03-01T09:00+08:00)", "grade": "1, 2 or 3",
    "score": "a whole number from 1 to 5", "minutes": "minutes between 0 and 44,640",
}  # fmt: skip
