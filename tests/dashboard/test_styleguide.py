"""The styleguide shows every part in every theme and both languages, and asks nobody for anything."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dashboard.pages.styleguide import samples
from dashboard.pages.styleguide.render import THEMES, guide

LANGUAGES = ("zh", "en")
SHOWN = ("number", "spark", "change", "proportion", "gauge", "severity-badge", "legend", "skeleton", "stale", "live")
MORE = ("chip-on", "choice", "table-box", "time-slider", "scale-bar", "attribution", "note", "stencil", "bone")
VOID = {"meta", "link", "input", "br", "img"}


class Reader(HTMLParser):
    """Every element with its attributes; what is not closed stays in `open`."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(lang: str, theme: str | None = None) -> Reader:
    reader = Reader()
    reader.feed(guide(lang, theme))
    return reader


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_stands_in_every_theme(lang: str) -> None:
    assert [theme for _, told in read(lang).elements if (theme := told.get("data-theme"))][1:] == list(THEMES)
    for theme in THEMES:
        classes = {name for _, told in read(lang, theme).elements for name in (told.get("class") or "").split()}
        assert set(SHOWN + MORE) <= classes


def test_every_module_of_parts_has_a_sample() -> None:
    tree = ast.parse(Path(samples.__file__).read_text("utf-8"))
    used = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    for name in ("changes", "chips", "datatable", "gauge", "legend", "mapframe", "numbers", "proportion", "states"):
        assert f"dashboard.components.{name}" in used


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_whole_and_fetches_nothing(lang: str) -> None:
    reader = read(lang)
    assert reader.open == []
    assert not [tag for tag, _ in reader.elements if tag in ("script", "iframe", "img")]
    fetched = re.findall(r"""(?:src=|url\(|@import)["']?([^"')]{0,40})""", guide(lang, None))
    assert [address for address in fetched if not address.startswith(("data:", "&quot;data:", "&#x27;data:"))] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pictures_and_controls_have_names(lang: str) -> None:
    for tag, told in read(lang).elements:
        if told.get("role") in ("img", "region") or tag == "button":
            assert told.get("aria-label"), (tag, told)


def test_no_chinese_is_left_in_the_english_page() -> None:
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", guide("en", None), flags=re.S)
    assert set(re.findall("[\u4e00-\u9fff]+", text)) <= {"警格通", "中文"}
