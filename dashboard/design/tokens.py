"""Every colour, size and duration of every page and picture, each written once, here. Longer than other files: data.

dashboard.design.css makes CSS variables of it, .mantine Mantine's theme, dashboard.figures.theme Plotly's templates.
"""

from dataclasses import dataclass

FONT = "'Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',system-ui,sans-serif"
MONO = "ui-monospace,'Noto Sans Mono',monospace"
WHITE = "#ffffff"
CLEAR = "rgba(0,0,0,0)"
# Our own hue, and night's greys from text to ground: ten steps each, as Mantine counts them.
TEAL = ("#e6f3f4", "#cde6e8", "#a3d0d4", "#75b8be", "#4a9ea7", "#2f8590", "#1b6a78", "#155663", "#10444f", "#0a323b")
NIGHT = ("#d5dee7", "#b6c4d1", "#a3b3c3", "#5f7183", "#33475a", "#263544", "#182430", "#121c26", "#0d161f", "#0b1219")
# Light to dark: quantities that are neither good nor bad, and quantities that should be few; then the same by night.
QUANTITY = ("#e4f1f1", "#b5d9da", "#7fbcc0", "#46979f", "#1f6f7c", "#0f4857")
TROUBLE = ("#fbeadf", "#f6c9a9", "#ec9f6f", "#d97443", "#b34d24", "#7c2f12")
QUANTITY_DARK = ("#183038", "#1d4a54", "#246a76", "#348f9b", "#5cb9c2", "#a5e6ea")
TROUBLE_DARK = ("#33241d", "#5c3320", "#8f4a26", "#c56a35", "#ef9658", "#ffd2a3")
DARK_RAMPS: dict[tuple[str, ...], tuple[str, ...]] = {QUANTITY: QUANTITY_DARK, TROUBLE: TROUBLE_DARK}
# Density: from nothing through violet to yellow; even steps of lightness, so it survives grey and colour blindness.
HEAT = ("#2b1055", "#6a1f7a", "#b0336f", "#e4604e", "#f7a13d", "#fbe66b")
TINTS = (TEAL[5], "#8a9ba8", "#c9a24b", "#6f8fbf")  # neighbours on a beat's map, told apart by name too
# Beats on a planner's map: enough that no two neighbours need be alike.
BEAT_TINTS = (*TINTS, "#a8708f", "#7fa352", "#c67b5c", "#5a6a9c")


@dataclass(frozen=True)
class Palette:
    """One colour per role. TEXT_PAIRS and SHAPE_PAIRS say which must stand out from which; a test measures them."""

    ground: str
    surface: str
    raised: str
    ink: str
    muted: str
    line: str
    edge: str  # around what can be pressed or typed into
    accent: str
    on_accent: str
    soft: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    on_warn: str
    warn_line: str
    bad: str
    bad_soft: str
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
    shade: str


LIGHT = Palette(
    ground="#f3f5f7", surface=WHITE, raised="#f8fafb", ink="#16202b", muted="#566373", line="#dfe4ea", edge="#7d8fa0",
    accent=TEAL[6], on_accent=WHITE, soft="#e3f0f1", ok="#1b7a4b", ok_soft="#dff2e6",
    warn="#a4500f", warn_soft="#fff3d6", on_warn="#5f4300", warn_line="#e9cf8f", bad="#9c2a14", bad_soft="#fde5df",
    severity_1="#1f63b5", severity_2="#b68200", severity_3="#a31621",
    sea="#cfe1ec", land="#f4f2ec", park="#dbe9d0", building="#e7e3da", road=WHITE, road_edge="#d5d2ca",
    outline="#33475b", shade="rgba(16,32,48,.16)",
)  # fmt: skip
DARK = Palette(
    ground=NIGHT[9], surface=NIGHT[7], raised=NIGHT[6], ink="#e9f0f6", muted=NIGHT[2], line=NIGHT[5], edge="#6d8196",
    accent="#5cc3cf", on_accent="#062027", soft="#16323a", ok="#5fd39a", ok_soft="#12352a",
    warn="#ffb066", warn_soft="#3a2c14", on_warn="#ffdf9e", warn_line="#6b5424", bad="#ff9d8a", bad_soft="#43201b",
    severity_1="#6cb0f5", severity_2="#ffd75e", severity_3="#f2614f",
    sea="#0a1c2b", land="#17212b", park="#1a2f28", building="#1d2934", road="#2c3b49", road_edge="#1a2632",
    outline="#b9c9d8", shade="rgba(0,0,0,.5)",
)  # fmt: skip
# For a lit control room and four metres: nearer to black and white than a desk's night, which is looked at for hours.
WALL = Palette(
    ground="#050a0f", surface="#0c151d", raised="#132029", ink="#f4f8fb", muted="#bccad7", line="#24333f",
    edge="#7a8fa3", accent="#67d3df", on_accent="#04181d", soft="#12313a", ok="#6fe0a8", ok_soft="#0f3225",
    warn="#ffb974", warn_soft="#38290f", on_warn="#ffe2a8", warn_line="#745a24", bad="#ffa695", bad_soft="#451e18",
    severity_1="#5aa9ff", severity_2="#ffdc66", severity_3="#f0554a",
    sea="#071724", land="#101a23", park="#13261f", building="#16222c", road="#253441", road_edge="#131e28",
    outline="#c4d3e1", shade="rgba(0,0,0,.7)",
)  # fmt: skip
PALETTES = {"light": LIGHT, "dark": DARK, "wall": WALL}
GROUNDS = ("ground", "surface", "raised")
# (text, what it stands on): 4.5 to 1, and 7 to 1 on the wall; (shape, ground): 3 to 1.
TEXT_PAIRS = (
    *((text, ground) for text in ("ink", "muted", "accent", "warn", "ok", "bad") for ground in GROUNDS),
    *(("ink", "soft"), ("accent", "soft"), ("muted", "soft"), ("on_accent", "accent"), ("on_warn", "warn_soft")),
    *(
        ("ok", "ok_soft"),
        ("bad", "bad_soft"),
        ("warn", "warn_soft"),
        ("ink", "land"),
        ("ink", "sea"),
        ("muted", "land"),
    ),
)
SHAPE_PAIRS = (
    *((f"severity_{grade}", ground) for grade in (1, 2, 3) for ground in GROUNDS),
    *((shape, ground) for shape in ("edge", "accent", "outline") for ground in GROUNDS),
)

# Sizes: (desk in pixels, wall in wall units). A wall unit is 1/67.5 of the screen's height, or 1/120 of its width where
# that is less: 16 px of 1080, 32 px of 2160, and no larger on 32:9. NEAREST is the least text that a wall may show.
TYPE = {
    "tiny": (12, 1.4), "small": (13, 1.4), "body": (14, 1.6), "title": (16, 1.9), "figure": (20, 2.6),
    "number": (28, 3.4), "hero": (40, 6.4),
}  # fmt: skip
SPACE = {"1": (4, 0.3), "2": (8, 0.6), "3": (12, 0.9), "4": (16, 1.2), "5": (24, 1.8), "6": (40, 3.0)}
RADIUS = {"s": (6, 0.4), "m": (10, 0.8), "l": (16, 1.2)}
SIZE = {"bar": (9, 0.9), "mark": (13, 1.5), "touch": (36, 3.0), "ring": (2, 0.2), "spark": (28, 2.6)}
ELEVATION = {"flat": "none", "raised": "0 1px 3px", "floating": "0 6px 24px"}
MOTION = {"quick": "120ms", "calm": "280ms", "pulse": "1600ms"}
LINE_HEIGHT = {"tight": 1.15, "text": 1.45}
WALL_UNIT = "min(100vw/120,100vh/67.5)"
# Printed bulletins and lists: the red head of an official paper, rules and tints that a laser printer still shows.
PAPER = {
    "red": "#b3261e",
    "rule": "#8a949f",
    "row": "#f6f8f9",
    "tile": "#f3f6f8",
    "hair": "#e6eaee",
    "faint": "#eef1f4",
    "few": "#fdf3ec",
    "good": "#14633c",
    "bad": "#9a2f1b",
    "desk": "#e9edf1",
    "edge": "#9aa5b0",
    "quiet": "#7a8694",
    "line": "#c9d0d8",
    "shadow": "#0003",
}
