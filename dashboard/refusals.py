"""What beatgrid refuses, in the reader's language: errors speak English; here stands what they say in Chinese."""

import re
from functools import cache

from babel.messages.pofile import read_po

from dashboard.language import FOLDER
from grids.planning.life import STATE_NAMES

TABLE = FOLDER / "zh" / "refusals.po"  # English with {} for each value → Chinese with {0} {1} … for them
# Said in both languages where it is raised: English alone, then all of it in Chinese. A value in brackets is less.
OWN_CHINESE = re.compile(r"[^\u4e00-\u9fff]+? \(([^()]*[\u4e00-\u9fff]{3}[^()]*)\)\.?")
WORDS = {name.en: name.zh for name in STATE_NAMES.values()}  # values that are words themselves


def in_words(sentence: object, lang: str) -> str:
    """A sentence of an error for a reader of `lang`: in Chinese where it has been translated, else as it is."""
    told = str(sentence)
    return chinese(told) or told if lang == "zh" else told


def chinese(sentence: str) -> str | None:
    """A sentence of an error in Chinese; None where there is none."""
    for pattern, words in _table():
        if found := pattern.fullmatch(sentence):
            return words.format(*(_word(value) for value in found.groups()))
    own = OWN_CHINESE.fullmatch(sentence)
    return f"{own[1].rstrip('。')}。" if own else None


def _word(value: str) -> str:
    """A value as it stands in a sentence: without Python's quotes, words that have a Chinese name by that name."""
    bare = value.strip("'\"")
    return WORDS.get(bare, bare)


def pattern_of(template: str) -> re.Pattern[str]:
    """Matches every sentence of a template; its groups are the values."""
    return re.compile("(.+?)".join(map(re.escape, template.split("{}"))), re.DOTALL)


def templates() -> dict[str, str]:
    """The whole table."""
    with TABLE.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file, locale="zh") if entry.id}


@cache
def _table() -> list[tuple[re.Pattern[str], str]]:
    """Those that say most first, so that a sentence with few words of its own never takes another's."""
    rows = sorted(templates().items(), key=lambda row: -len(row[0].replace("{}", "")))
    return [(pattern_of(english), words) for english, words in rows]
