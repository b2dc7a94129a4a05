"""The colours and type of every page and picture, in this one place; CSS gets them as variables."""

from dataclasses import asdict, dataclass

FONT = "'Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',system-ui,sans-serif"

# One hue each, light to dark: quantities that are neither good nor bad, and quantities that should be few.
QUANTITY = ("#e4f1f1", "#b5d9da", "#7fbcc0", "#46979f", "#1f6f7c", "#0f4857")
TROUBLE = ("#fbeadf", "#f6c9a9", "#ec9f6f", "#d97443", "#b34d24", "#7c2f12")
# The same on a dark ground: from nearly the ground's own colour to bright.
QUANTITY_DARK = ("#183038", "#1d4a54", "#246a76", "#348f9b", "#5cb9c2", "#a5e6ea")
TROUBLE_DARK = ("#33241d", "#5c3320", "#8f4a26", "#c56a35", "#ef9658", "#ffd2a3")
DARK_RAMPS: dict[tuple[str, ...], tuple[str, ...]] = {QUANTITY: QUANTITY_DARK, TROUBLE: TROUBLE_DARK}
# Density: from nothing through violet to yellow; even steps of lightness, so it survives grey and colour blindness.
HEAT = ("#2b1055", "#6a1f7a", "#b0336f", "#e4604e", "#f7a13d", "#fbe66b")


@dataclass(frozen=True)
class Palette:
    """One colour per role; text on `ground`, `surface` and `raised` keeps a contrast of at least 4.5 to 1."""

    ground: str
    surface: str
    raised: str
    ink: str
    muted: str
    line: str
    accent: str
    on_accent: str
    soft: str
    ok: str
    warn: str
    severity_1: str
    severity_2: str
    severity_3: str
    sea: str
    land: str
    park: str
    building: str
    road: str
    road_edge: str
    outline: str


LIGHT = Palette(
    ground="#f3f5f7", surface="#ffffff", raised="#f8fafb", ink="#16202b", muted="#566373", line="#dfe4ea",
    accent="#1b6a78", on_accent="#ffffff", soft="#e3f0f1", ok="#1b7a4b", warn="#a4500f",
    severity_1="#2569b0", severity_2="#d99a06", severity_3="#c23b22",
    sea="#cfe1ec", land="#f4f2ec", park="#dbe9d0", building="#e7e3da", road="#ffffff", road_edge="#d5d2ca",
    outline="#33475b",
)  # fmt: skip
DARK = Palette(
    ground="#0b1219", surface="#121c26", raised="#182430", ink="#e9f0f6", muted="#a3b3c3", line="#263544",
    accent="#5cc3cf", on_accent="#062027", soft="#16323a", ok="#5fd39a", warn="#ffb066",
    severity_1="#6cb0f5", severity_2="#f4c550", severity_3="#ff7d66",
    sea="#0a1c2b", land="#17212b", park="#1a2f28", building="#1d2934", road="#2c3b49", road_edge="#1a2632",
    outline="#b9c9d8",
)  # fmt: skip
PALETTES = {"light": LIGHT, "dark": DARK}


def palette(theme: str) -> Palette:
    """The colours of "light" or "dark"."""
    return PALETTES.get(theme, LIGHT)


def css(theme: str) -> str:
    """The palette as CSS custom properties: `severity_1` becomes `--severity-1`."""
    pairs = asdict(palette(theme)).items()
    heat = f"--heat:linear-gradient(90deg,{','.join(HEAT)});"
    return "".join(f"--{name.replace('_', '-')}:{colour};" for name, colour in pairs) + heat + f"--font:{FONT};"


def ramp(colours: tuple[str, ...], theme: str) -> tuple[str, ...]:
    """The ramp as it suits the theme's ground."""
    return DARK_RAMPS.get(colours, colours) if theme == "dark" else colours


def scale(colours: tuple[str, ...]) -> list[list[float | str]]:
    """Colours as an even Plotly colour scale."""
    last = len(colours) - 1
    return [[i / last, colour] for i, colour in enumerate(colours)]


def plain_layout(theme: str) -> dict[str, object]:
    """What every chart shares: no frame, quiet grid, our type and colours."""
    colours = palette(theme)
    axis = {"gridcolor": colours.line, "linecolor": colours.line, "zeroline": False, "tickfont": {"size": 11}}
    return {
        "font": {"family": FONT, "size": 12, "color": colours.muted},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 36, "r": 8, "t": 6, "b": 24},
        "xaxis": {**axis, "showgrid": False},
        "yaxis": axis,
        "showlegend": False,
        "hoverlabel": {
            "bgcolor": colours.surface,
            "bordercolor": colours.line,
            "font": {"family": FONT, "color": colours.ink, "size": 13},
        },
        "modebar": {"remove": ["all"]},
    }
