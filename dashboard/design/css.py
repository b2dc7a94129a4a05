"""Tokens as CSS custom properties: `severity_1` becomes `--severity-1`, type size `body` becomes `--type-body`."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache

from dashboard.design import tokens
from dashboard.design.tokens import LIGHT, PALETTES, Palette

SIZES: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "type": tokens.TYPE, "space": tokens.SPACE, "radius": tokens.RADIUS, "size": tokens.SIZE,
}  # fmt: skip


def palette(theme: str) -> Palette:
    """The colours of "light", "dark" or "wall"."""
    return PALETTES.get(theme, LIGHT)


def css(theme: str) -> str:
    """Everything of a theme but its sizes' selector: colours, type, sizes, shadows, durations."""
    return _colours(theme) + _sizes(theme) + _others(theme)


@cache
def sheet() -> str:
    """All themes as one style: the document's own, and any part of a page that says data-theme."""
    dark = "color-scheme:dark;"
    return (
        f":root,[data-theme=light]{{color-scheme:light;{css('light')}}}"
        f"[data-theme=dark]{{{dark}{css('dark')}}}[data-theme=wall]{{{dark}{css('wall')}}}"
    )


@cache
def by_device() -> str:
    """Light, and dark on a screen whose owner likes it so: for pages that have no switch of their own."""
    dark = f"color-scheme:dark;{_colours('dark')}{_others('dark')}"
    return f":root{{color-scheme:light;{css('light')}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _colours(theme: str) -> str:
    pairs = asdict(palette(theme)).items()
    tints = "".join(f"--tint-{i}:{colour};" for i, colour in enumerate(tokens.TINTS))
    deep = f"--deep:{tokens.TEAL[8]};--deep-line:{tokens.TEAL[5]};--deep-fill:{tokens.TEAL[6]};"
    bright = f"--deep-edge:{tokens.TEAL[3]};--spot:{tokens.HEAT[4]};--white:{tokens.WHITE};"
    paper = "".join(f"--paper-{name}:{colour};" for name, colour in tokens.PAPER.items())
    heat = f"--heat:linear-gradient(90deg,{','.join(tokens.HEAT)});"
    return "".join(f"--{_css(name)}:{colour};" for name, colour in pairs) + tints + deep + bright + heat + paper


def _sizes(theme: str) -> str:
    unit = f"--wall-unit:calc({tokens.WALL_UNIT});" if theme == "wall" else ""
    return unit + "".join(
        f"--{kind}-{name}:{_size(*pair, theme)};" for kind, sizes in SIZES.items() for name, pair in sizes.items()
    )


def _size(desk: float, wall: float, theme: str) -> str:
    return f"calc({wall:g}*var(--wall-unit))" if theme == "wall" else f"{desk:g}px"


def _others(theme: str) -> str:
    shade = palette(theme).shade
    shadows = {name: how if how == "none" else f"{how} {shade}" for name, how in tokens.ELEVATION.items()}
    named = {
        **{f"shadow-{name}": how for name, how in shadows.items()},
        **{f"motion-{name}": how for name, how in tokens.MOTION.items()},
        **{f"leading-{name}": f"{how:g}" for name, how in tokens.LINE_HEIGHT.items()},
        "font": tokens.FONT,
        "mono": tokens.MONO,
    }
    return "".join(f"--{name}:{value};" for name, value in named.items())


def _css(name: str) -> str:
    return name.replace("_", "-")
