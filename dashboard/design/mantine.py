"""Mantine's theme from the tokens, so that its controls look like ours."""

from typing import Any

from dashboard.design import tokens

STEPS = {"xs": "tiny", "sm": "small", "md": "body", "lg": "title", "xl": "figure"}  # Mantine's sizes → ours
GAPS = {"xs": "1", "sm": "2", "md": "3", "lg": "4", "xl": "5"}


def theme() -> dict[str, Any]:
    """The object that MantineProvider takes."""
    return {
        "fontFamily": tokens.FONT,
        "fontFamilyMonospace": tokens.MONO,
        "headings": {"fontFamily": tokens.FONT},
        "primaryColor": "teal",
        "primaryShade": {"light": 6, "dark": 4},
        "colors": {"teal": list(tokens.TEAL), "dark": list(tokens.NIGHT)},
        "white": tokens.WHITE,
        "black": tokens.LIGHT.ink,
        "fontSizes": {name: f"{tokens.TYPE[ours][0]}px" for name, ours in STEPS.items()},
        "spacing": {name: f"{tokens.SPACE[ours][0]}px" for name, ours in GAPS.items()},
        "radius": {"sm": f"{tokens.RADIUS['s'][0]}px", "md": f"{tokens.RADIUS['m'][0]}px"},
        "defaultRadius": "sm",
        "focusRing": "auto",
        "respectReducedMotion": True,
    }
