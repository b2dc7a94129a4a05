"""Decides which column of a file feeds which field: the profile first, titles that we know next, `--map` on
top.
"""

import difflib
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from geo.errors import InputError
from loaders.field_types import Field, plain, without_brackets
from loaders.fields import fields_of
from loaders.profiles import Profile, Section
from loaders.readers.source import GEOMETRY


@dataclass(frozen=True)
class Mapping:
    """Where each field of a kind comes from.

    `columns`: field → column. `fallbacks`: field → further columns, used where the first one is empty.
    `constants`: field → fixed value. `origins`: field → "profile", "title" or "--map". `unknown_columns`
    feed nothing.
    """

    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    fallbacks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)


def parse_overrides(texts: Sequence[str]) -> dict[str, str]:
    """field → column from "FIELD=COLUMN" texts; raises InputError for another form or a field named twice."""
    overrides: dict[str, str] = {}
    for text in texts:
        name, equals, column = (part.strip() for part in text.partition("="))
        if not (name and equals and column):
            raise InputError(f"--map {text!r} is not FIELD=COLUMN: write, for example, --map code=BEAT_NUM.")
        if name in overrides:
            raise InputError(f"--map names the field {name!r} twice: keep one.")
        overrides[name] = column
    return overrides


def plan_mapping(
    columns: Sequence[str],
    kind: str,
    profile: Profile,
    overrides: Table[str, str],
    has_geometry: bool = False,
    spared: Collection[str] = (),
) -> Mapping:
    """The mapping of a file with these `columns` (its geometry not among them) to the fields of `kind`.

    `spared`: fields that the kind needs and this reader can do without. Raises InputError naming every other required
    field without a column together with the columns there are, and, with near matches, a field or column of `--map`
    that does not exist.
    """
    fields = fields_of(kind)
    file = [*columns, GEOMETRY] if has_geometry and GEOMETRY not in columns else list(columns)
    plan = Mapping({})
    _take_overrides(plan, overrides, fields, kind, file)
    _take_profile(plan, profile.section(kind), columns)
    # A table with a column of just this name is a layer's rejected rows coming back, under any profile.
    has_geometry |= GEOMETRY in columns and not {"lon", "lat"} & plan.columns.keys()
    if has_geometry and GEOMETRY in {each.name for each in fields} and GEOMETRY not in plan.columns:
        plan.columns[GEOMETRY] = GEOMETRY
    if profile.section(kind).auto:
        _take_titles(plan, fields, columns)
    _refuse_missing(plan, [each for each in fields if each.name not in spared], kind, file)
    used = set(plan.columns.values()) | {column for more in plan.fallbacks.values() for column in more}
    plan.unknown_columns.extend(column for column in columns if column not in used)
    return plan


def _take_overrides(
    plan: Mapping, overrides: Table[str, str], fields: Sequence[Field], kind: str, columns: Sequence[str]
) -> None:
    names = [each.name for each in fields]
    for name, wanted in overrides.items():
        if name not in names:
            raise InputError(f"--map: {kind} have no field {name!r}{_near(name, names)}")
        column = _find(wanted, columns)
        if column is None:
            raise InputError(f"--map {name}={wanted}: the file has no such column{_near(wanted, columns)}")
        plan.columns[name] = column
        plan.origins[name] = "--map"


def _take_profile(plan: Mapping, section: Section, columns: Sequence[str]) -> None:
    for name, wanted in section.columns.items():
        present = [found for column in wanted if (found := _find(column, columns)) is not None]
        if name in plan.columns:
            continue
        if present:
            plan.columns[name], plan.origins[name] = present[0], "profile"
        if len(present) > 1:
            plan.fallbacks[name] = tuple(present[1:])
        if not present and name not in section.constants:
            plan.warnings.append(f"The profile expects the column {' or '.join(wanted)} for {name}; the file has none.")
    plan.constants.update({name: value for name, value in section.constants.items() if name not in plan.columns})


def _take_titles(plan: Mapping, fields: Sequence[Field], columns: Sequence[str]) -> None:
    """Own field names of all fields first, so that an alias never takes the column that another field is
    called.
    """
    # Where a point geometry gives the place, columns called lon and lat are only a copy of it.
    settled = {"lon", "lat"} if GEOMETRY in plan.columns else set()
    for names_of in (lambda each: (each.name,), lambda each: each.aliases):
        for each in fields:
            if each.name not in {*plan.columns, *plan.constants, *settled}:
                _take_title(plan, each.name, names_of(each), columns)


def _take_title(plan: Mapping, name: str, titles: Sequence[str], columns: Sequence[str]) -> None:
    taken = set(plan.columns.values())
    free = [column for column in columns if column not in taken]
    found = [column for title in titles for column in free if plain(title) in (plain(column), without_brackets(column))]
    found = list(dict.fromkeys(found))
    if not found:
        return
    plan.columns[name], plan.origins[name] = found[0], "title"
    if len(found) > 1:
        others = ", ".join(repr(column) for column in found[1:])
        plan.warnings.append(f"{name} is read from {found[0]!r}; {others} could be it too (choose with --map).")


def _refuse_missing(plan: Mapping, fields: Sequence[Field], kind: str, columns: Sequence[str]) -> None:
    missing = [each for each in fields if each.required and not {each.name} & {*plan.columns, *plan.constants}]
    if not missing:
        return
    named = ", ".join(each.name + (f" ({_chinese(each)})" if _chinese(each) else "") for each in missing)
    raise InputError(
        f"{kind} need {named}, and no column gives {'it' if len(missing) == 1 else 'them'}:"
        f" the file has the columns {', '.join(columns)}; name the right ones with --map FIELD=COLUMN,"
        " or fix a value for all rows in a profile (docs/loading.md)."
    )


def _chinese(each: Field) -> str | None:
    return next((alias for alias in each.aliases if not alias.isascii()), None)


def _find(wanted: str, columns: Sequence[str]) -> str | None:
    if wanted in columns:
        return wanted
    return next((column for column in columns if plain(column) == plain(wanted)), None)


def _near(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return f"; did you mean {' or '.join(map(repr, near))}?"
    return f"; it is one of {', '.join(known)}."
