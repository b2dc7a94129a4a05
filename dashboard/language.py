"""Which words a reader sees: Chinese as written in the source, any other language through its gettext catalogue."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = {"zh": "中文", "en": "English"}
HTML_LANG = {"zh": "zh-CN", "en": "en"}
FOLDER = Path(__file__).parent / "translations"

Say = Callable[..., str]


def known(lang: str | None) -> str:
    """`lang` when there is a catalogue for it, else Chinese."""
    return lang if lang in LANGUAGES else "zh"


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Every translated sentence of a language, by its Chinese original."""
    return {} if lang == "zh" else dict(pair for file in catalogue_files(lang) for pair in sentences(file, lang))


def catalogue_files(lang: str) -> list[Path]:
    """A language's catalogues: one a page, and common.po."""
    return sorted((FOLDER / lang).glob("*.po"))


def sentences(file: Path, lang: str) -> list[tuple[str, str]]:
    """[(Chinese, translated)] of one catalogue."""
    with file.open("rb") as opened:
        return [(str(m.id), str(m.string)) for m in read_po(opened, locale=lang) if m.id and m.string]


@cache
def speaker(lang: str) -> Say:
    """A function `say(text, **values)` that translates `text` and fills its {names}."""
    words = catalogue(known(lang))

    def say(text: str, **values: object) -> str:
        found = words.get(text, text)
        return found.format(**values) if values else found

    return say


def one_of(lang: str, zh: str, en: str) -> str:
    """The name in the reader's language of a thing that carries both."""
    return en if lang == "en" and en else zh
