"""Checks text, lists, coded values and yes/no."""

import json
import re
from typing import Any

import numpy as np
import pandas as pd

from loaders.checks.findings import Findings, shown
from loaders.checks.values import Texts
from loaders.field_types import Field, plain

_SEPARATORS = re.compile(r"\s*[;；、]\s*")


def text(field: Field, values: Texts, findings: Findings, label: str) -> list[str | None]:
    """The text as it is, or our own word for it.

    A NUL, which the database cannot hold, and a code that is too long for its indexes are findings.
    """
    if "\x00" in "".join(filter(None, values)):
        holding = [at for at, value in enumerate(values) if value and "\x00" in value]
        findings.add(holding, f"{label} holds a NUL byte: remove it")
    limit = field.longest
    if limit is not None and max(map(len, filter(None, values)), default=0) > limit:
        long = [at for at, value in enumerate(values) if value and len(value) > limit]
        findings.add(long, lambda at: f"{label} has {len(values[at] or ''):,} characters: at most {limit} fit")
    if not field.words:
        return values
    known = {value: field.words.get(plain(value), value) for value in set(values) if value is not None}
    return [None if value is None else known[value] for value in values]


def items(values: Texts) -> list[str | None]:
    """A list written with ; or 、 as our own: items trimmed and joined by ";"."""
    return [value and ";".join(filter(None, _SEPARATORS.split(value.strip()))) for value in values]


def json_object(values: Texts, findings: Findings, label: str) -> list[str | None]:
    """The text of a JSON object with its keys in order; anything else, and what jsonb cannot hold, is a finding."""
    known = {value: _plain_object(value) for value in set(values) if value is not None}
    found = [None if value is None else known[value] for value in values]
    findings.add(
        [at for at, value in enumerate(values) if value is not None and found[at] is None],
        lambda at: f'{label} {shown(values[at])} is no JSON object: write {{"to": "CODE"}}',
    )
    return found


def _plain_object(value: str) -> str | None:
    try:
        read: Any = json.loads(value, parse_constant=_refused)
        written = json.dumps(read, ensure_ascii=False, sort_keys=True, allow_nan=False)
        written.encode()
    except (ValueError, RecursionError):
        return None
    return written if isinstance(read, dict) and "\\u0000" not in written else None


def _refused(word: str) -> None:
    raise ValueError(word)


def choice(field: Field, values: Texts, findings: Findings, label: str) -> list[str | None]:
    """Our own code for each value; anything that is none of the choices is a finding that lists them."""
    known = {value: field.words.get(plain(value)) for value in set(values) if value is not None}
    found = [None if value is None else known[value] for value in values]
    findings.add(
        [at for at, value in enumerate(values) if value is not None and found[at] is None],
        lambda at: f"{label} {shown(values[at])} is none of {', '.join(field.choices)}",
    )
    return found


def yes_no(field: Field, values: Texts, findings: Findings, label: str) -> pd.arrays.BooleanArray:
    """True, False or missing; a word for neither is a finding."""
    words = choice(field, values, Findings(), label)
    findings.add(
        [at for at, value in enumerate(values) if value is not None and words[at] is None],
        lambda at: f"{label} {shown(values[at])} is neither yes nor no (write true or false)",
    )
    flags = np.array([word == "true" for word in words], dtype=bool)
    return pd.arrays.BooleanArray(flags, np.array([word is None for word in words], dtype=bool))
