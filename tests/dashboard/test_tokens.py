"""No colour is written twice: each stands once in the tokens, and nowhere else in the dashboard."""

import re
from collections import Counter
from pathlib import Path

import dashboard
from dashboard.design import tokens
from dashboard.design.css import css

ROOT = Path(dashboard.__file__).parent
TOKENS = Path(tokens.__file__)
ICON = ROOT / "assets" / "favicon.svg"  # a file of its own, which no variable reaches
COLOUR = re.compile(r"(?<!&)#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b|\b(?:rgb|hsl)a?\([^)]*\)")
KINDS = {".py", ".css", ".js", ".html", ".svg"}
USED = re.compile(r"var\(--([a-z0-9-]+)")


def sources() -> list[Path]:
    return [path for path in ROOT.rglob("*") if path.suffix in KINDS and path not in (TOKENS, ICON)]


def test_no_colour_stands_outside_the_tokens() -> None:
    found = {str(path.relative_to(ROOT)): COLOUR.findall(path.read_text("utf-8")) for path in sources()}
    assert {path: colours for path, colours in found.items() if colours} == {}


def test_no_colour_stands_twice_in_the_tokens() -> None:
    counts = Counter(colour.lower() for colour in COLOUR.findall(TOKENS.read_text("utf-8")))
    assert [colour for colour, times in counts.items() if times > 1] == []


def test_the_icon_wears_our_colours() -> None:
    own = {tokens.LIGHT.accent, tokens.WHITE, "#fff", *tokens.TEAL, tokens.DARK.severity_2}
    assert set(COLOUR.findall(ICON.read_text("utf-8"))) <= own


def test_every_variable_that_a_style_uses_is_a_token() -> None:
    known = {part.split(":")[0][2:] for part in css("wall").split(";") if part}
    own = {"columns", "thin"}  # a scroll timeline; a line of the interval, set where it is used
    used = {name for path in sources() for name in USED.findall(path.read_text("utf-8"))}
    missing = {name for name in used if name not in known | own and not name.startswith(("mantine-", "severity-"))}
    assert {name for name in missing if not name.endswith("-")} == set()
