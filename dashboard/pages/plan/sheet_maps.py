"""The two maps of a plan on paper: beats before and after in the same tints, what moved in a red frame."""

from typing import Any, NamedTuple

from markupsafe import Markup

from dashboard.bulletin.maps import draw_shapes, place_map
from dashboard.design.tokens import BEAT_TINTS, WHITE
from dashboard.language import Say
from dashboard.planning.tinting import tints, touching
from db.planning.board import Sitting
from db.planning.sheet import Sheet
from grids.districting.graph import Ints

PALE = 0.55  # of white in a tint, so that names stand out on paper
WIDE_PT = 244.0


class Maps(NamedTuple):
    """before, after: SVG; labels: what stands on them for each beat."""

    before: Markup
    after: Markup
    labels: dict[str, str]


def maps(sheet: Sheet, backdrop: Any, say: Say) -> Maps:
    """Both maps of a plan, and what each beat is called on them."""
    sitting = sheet.sitting
    near = touching(sitting.board.land.graph, (sitting.before, sitting.after), len(sitting.board.beats))
    worn = [pale(BEAT_TINTS[tint]) for tint in tints(near, len(BEAT_TINTS))]
    before, labels = _drawn(sitting, sitting.before, worn, backdrop, "before", say("调整前"))
    after, _ = _drawn(sitting, sitting.after, worn, backdrop, "after", say("调整后"))
    return Maps(before, after, labels)


def _drawn(
    sitting: Sitting, held: Ints, worn: list[str], backdrop: Any, name: str, title: str
) -> tuple[Markup, dict[str, str]]:
    cells, beats = sitting.board.cells, sitting.board.beats
    codes = beats["code"].to_numpy(object)
    shapes = draw_shapes(
        list(zip(cells["code"], codes[held], cells["geometry"], strict=True)),
        dict(zip(beats["code"], beats["name"], strict=True)),
        backdrop,
    )
    fills = {code: worn[beat] for code, beat in zip(cells["code"], held.tolist(), strict=True)}
    moved = frozenset(sitting.draft.moves) if name == "after" else frozenset[str]()
    svg = place_map(shapes, name, title, fills, moved, WIDE_PT)
    return Markup(svg), {beat["code"]: beat["name"] for beat in shapes["beats"]}


def pale(colour: str) -> str:
    """A colour mixed with white."""
    parts = [(int(colour[i : i + 2], 16), int(WHITE[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(own * (1 - PALE) + white * PALE):02x}" for own, white in parts)
