"""Profiles: short TOML files that say how one source names, writes and codes its fields."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from geo.errors import InputError, NotFound
from loaders.fields import FIELDS
from loaders.profiles.content import SECTION_KEYS, TABLES, TOP_KEYS, refuse_unknown, table_of

DEFAULT = "beatgrid"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Section:
    """What a profile says about one kind of file.

    `columns`: field → columns, the later ones used where the earlier are empty. `constants`: field → value.
    `values`: field → {source's value: ours}. `formats`: field → strptime pattern. `pad`: field → width with
    leading zeros. `prefix`: field → text put in front of a value that lacks it. `auto`: whether fields that
    the profile does not name are sought by column title.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    pad: Mapping[str, int] = field(default_factory=dict)
    prefix: Mapping[str, str] = field(default_factory=dict)
    auto: bool = True


@dataclass(frozen=True)
class Profile:
    """How to read one source. `missing`: texts that stand for "no value". `extent`: west, south, east,
    north in degrees around the source's place, to tell swapped coordinates by.
    """

    name: str
    title: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    crs: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    layer: str | None = None
    missing: frozenset[str] = frozenset({"NULL", "null", "\\N", "N/A", "#N/A"})
    extent: tuple[float, float, float, float] | None = None
    sections: Mapping[str, Section] = field(default_factory=dict)

    def section(self, kind: str) -> Section:
        """What it says about `kind`: nothing, and all by title, when it does not name that kind."""
        return self.sections.get(kind, Section())


def names() -> list[str]:
    """The shipped profiles, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load_profile(name: str | Path = DEFAULT) -> Profile:
    """A shipped profile by name, or one of the user's own by the path of its .toml file.

    Raises NotFound listing the shipped ones, or InputError for a file that is no profile, naming the faulty
    key.
    """
    path = profile_path(name)
    try:
        return _profile(path.stem, tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise NotFound(f"The profile {path} cannot be read ({error.strerror}): check its name.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"The profile {path} is not valid TOML ({error}): mend it.") from None


def profile_path(name: str | Path) -> Path:
    """The file of a shipped profile, or `name` itself when it is a .toml file; raises NotFound for another name."""
    if Path(name).suffix == ".toml":
        return Path(name)
    if str(name) not in names():
        raise NotFound(f"There is no profile {str(name)!r}: choose {', '.join(names())}, or give a .toml file.")
    return _FOLDER / f"{name}.toml"


def _profile(name: str, data: dict[str, Any]) -> Profile:
    refuse_unknown(name, data, {*TOP_KEYS, *FIELDS}, "")
    given: dict[str, Any] = {key: data[key] for key in ("title", "crs", "encoding", "sheet", "layer") if key in data}
    if "zone" in data:
        given["zone"] = _zone(name, data["zone"])
    if "missing" in data:
        given["missing"] = frozenset(map(str, data["missing"]))
    if "extent" in data:
        given["extent"] = _extent(name, data["extent"])
    sections = {kind: _section(name, kind, data[kind]) for kind in FIELDS if kind in data}
    return Profile(name=name, sections=sections, **given)


def _section(name: str, kind: str, data: dict[str, Any]) -> Section:
    refuse_unknown(name, data, SECTION_KEYS, kind)
    known = {each.name for each in FIELDS[kind]}
    tables = {key: table_of(name, kind, key, data.get(key, {}), known) for key in TABLES}
    return Section(
        columns={key: (value,) if isinstance(value, str) else tuple(value)
                 for key, value in tables["columns"].items()},
        constants={key: str(value) for key, value in tables["constants"].items()},
        values={key: {str(k): str(v) for k, v in table.items()} for key, table in tables["values"].items()},
        formats=tables["formats"], pad=tables["pad"], prefix=tables["prefix"], auto=bool(data.get("auto", True)),
    )  # fmt: skip


def _zone(name: str, zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise InputError(f"The profile {name} names no time zone {zone!r}: write one like Asia/Shanghai.") from None


def _extent(name: str, extent: Any) -> tuple[float, float, float, float]:
    if not (isinstance(extent, list) and len(extent) == 4 and all(isinstance(x, int | float) for x in extent)):
        raise InputError(f"The profile {name}: extent is [west, south, east, north] in degrees.")
    west, south, east, north = map(float, extent)
    return west, south, east, north
