"""The bulletin's pictures, from its figures: bars in tables, two maps, the clock of the week, thirteen months."""

from typing import Any

from markupsafe import Markup

from dashboard.bulletin import charts, maps
from dashboard.bulletin.figures import Figures
from dashboard.bulletin.words import Words
from dashboard.design.tokens import PAPER, WHITE

Row = dict[str, Any]


def share_bar(row: Row, figures: Figures) -> Markup:
    """The bar of one row with contained, decided, low and high; dashed: the share of the whole place."""
    whole = figures.row("key", "contained")
    mean = whole["k"] / whole["n"] if whole and whole["n"] else None
    return Markup(charts.share_bar(_share(row), mean))


def load_bar(row: Row, figures: Figures) -> Markup:
    """The bar of one beat's load."""
    most = max((each["load"] or 0 for each in figures["beats"]), default=1)
    return Markup(charts.load_bar(row["load"], most))


def clock(figures: Figures, say: Words) -> Markup:
    """Reports by weekday and hour."""
    counts = [[0] * 24 for _ in range(7)]
    for row in figures["clock"]:
        counts[int(row["weekday"]) - 1][int(row["hour"])] = int(row["reports"])
    return Markup(charts.clock(counts, say("weekdays").split(), say("chart_clock")))


def trend(figures: Figures, say: Words) -> Markup:
    """Reports and the share contained, month by month."""
    rows = figures["trend"]
    titles = (say("chart_trend"), say("chart_trend_share"))
    months, counts = [row["month"] for row in rows], [row["reports"] for row in rows]
    return Markup(charts.trend(months, counts, [_share(row) for row in rows], titles))


def demand_map(figures: Figures, say: Words) -> Markup:
    """Cells by minutes of demand; hot ones with a heavy border."""
    classes = len(figures.about["demand_classes"])
    fills = {row["code"]: maps.quantity_fill(row["demand_class"], classes) for row in figures["cells"]}
    hot = frozenset(row["code"] for row in figures["cells"] if row.get("hot") == "hot")
    return Markup(maps.place_map(figures.shapes, "demand", say("chart_demand"), fills, hot))


def share_map(figures: Figures, say: Words) -> Markup:
    """Cells by the share contained; hatched where the counts are too small to be told."""
    fills = {row["code"]: maps.share_fill(row["share_class"]) for row in figures["cells"]}
    return Markup(maps.place_map(figures.shapes, "share", say("chart_share"), fills))


def demand_legend(figures: Figures, say: Words) -> list[tuple[Markup, str]]:
    """Swatch and words of each class of demand."""
    lower = figures.about["demand_classes"]
    ends = [*(say.count(low) for low in lower[1:]), ""]
    told = []
    for place, (low, end) in enumerate(zip(lower, ends, strict=False)):
        said = say("legend_from", low=say.count(low), high=end) if end else say("legend_at_least", low=say.count(low))
        told.append((swatch(maps.quantity_fill(place, len(lower))), said))
    return [*told, (swatch(maps.NOTHING), say("legend_none"))]


def share_legend(figures: Figures, say: Words) -> list[tuple[Markup, str]]:
    """Swatch and words of each class of containment."""
    per = [f"{low:.0%}" for low in maps.SHARES]
    said = [say("legend_at_least", low=per[0])]
    said += [say("legend_from", low=low, high=high) for low, high in zip(per[1:], per, strict=False)]
    told = [
        (swatch(colour), text)
        for colour, text in zip(maps.SHARE_COLOURS, [*said, say("legend_below", high=per[-1])], strict=True)
    ]
    small = figures.about["small"]
    told += [(swatch(maps.HATCHED), say("legend_small", k=small))] if small else []
    return [*told, (swatch(maps.NOTHING), say("legend_none"))]


def swatch(colour: str) -> Markup:
    """A small box of a colour, hatched where the map is."""
    fill = WHITE if colour == maps.HATCHED else colour
    lines = (
        f'<path d="M1 7.5L7.5 1M5 9L11 3" stroke="{PAPER["rule"]}" stroke-width="0.8"/>'
        if colour == maps.HATCHED
        else ""
    )
    edge = f'stroke="{PAPER["rule"]}" stroke-width="0.5"'
    box = f'<rect x="0.4" y="0.9" width="11.2" height="7.2" fill="{fill}" {edge}/>'
    return Markup(charts.svg(12, 9, box + lines))


def _share(row: Row) -> charts.Share | None:
    if not row.get("decided"):
        return None
    return row["contained"] / row["decided"], row["low"], row["high"]
