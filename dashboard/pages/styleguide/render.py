"""The styleguide as one HTML page: each theme's section holds the same parts."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from dashboard.components.markup import markup
from dashboard.components.panel import panel
from dashboard.design.css import sheet
from dashboard.design.tokens import PALETTES
from dashboard.language import HTML_LANG, Say, speaker
from dashboard.pages.styleguide import ground, samples

HERE = Path(__file__).parent
ASSETS = HERE.parents[1] / "assets"
STYLES = (ASSETS / "base.css", ASSETS / "components.css", HERE / "guide.css", ASSETS / "large.css")
THEMES = {"light": "浅色", "dark": "深色", "wall": "大屏"}


@cache
def guide(lang: str, theme: str | None) -> str:
    """The page; theme: one of tokens.PALETTES, None for all three below each other."""
    say = speaker(lang)
    shown = [theme] if theme in PALETTES else list(THEMES)
    sections = [{"theme": each, "name": say(THEMES[each]), "parts": _parts(each, lang, say)} for each in shown]
    return str(
        _template().render(
            say=say,
            lang=lang,
            html_lang=HTML_LANG[lang],
            other="zh" if lang == "en" else "en",
            shown=theme if theme in PALETTES else "",
            themes=[("", say("所有")), *((code, say(name)) for code, name in THEMES.items())],
            sections=sections,
            style=Markup(sheet() + "".join(path.read_text("utf-8") for path in STYLES)),
        )
    )


def _parts(theme: str, lang: str, say: Say) -> list[Markup]:
    """Every panel of a section, in the order of the page."""
    groups: list[tuple[str, str, list[Any]]] = [
        ("颜色与对比度", "wide", [ground.colours(theme)]),
        ("等级：色觉差异下所见", "half", [ground.grades(theme, lang, say)]),
        ("字号", "half", [ground.letters(say)]),
        ("数字", "wide row", samples.numbers(say)),
        ("比例", "half stack", samples.shares(say)),
        (
            "变化、仪表、走势与标记",
            "half stack",
            [*samples.changes(say), *samples.gauges(say), *samples.small(lang, say)],
        ),
        ("图例", "half stack", samples.legends(theme, lang, say)),
        ("表格与地图边框", "half stack", samples.tables(theme, lang, say)),
        ("筛选与时间", "half stack", samples.controls(say)),
        ("间距、圆角与层次", "half", [ground.measures()]),
        ("数据新旧、读取、空白与出错", "wide stack", samples.states(say)),
    ]
    return [markup(panel(say(title), parts, name=f"guide-panel {look}")) for title, look, parts in groups]


@cache
def _template() -> Any:
    found = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return found.get_template("guide.html")
