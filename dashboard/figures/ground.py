"""The map's style: our own backdrop or a base map, cell lines, beat outlines, beat names, all from our own host."""

from typing import Any

from dashboard.figures.basemap import BaseMap
from dashboard.figures.theme import Palette, palette

FIRST_ABOVE_VALUES = "beats"  # values and heat are drawn below this layer
LABEL_FONT = ["Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, sans-serif"]


def sources(version: str) -> dict[str, Any]:
    """Where the geometry lies; the address carries the version, so a browser keeps it for good."""
    base = f"/api/v1/boundaries/{version}"
    return {name: {"type": "geojson", "data": f"{base}/{name}.geojson"} for name in ("backdrop", "cells", "beats")}


def style(version: str, theme: str, *, label_size: float = 12) -> str:
    """Where the style of a map lies: a browser fetches it once a version, theme and size of its letters."""
    return f"/api/v1/style/{version}/{theme}.json?label={label_size:.0f}"


def style_document(version: str, theme: str, label_size: float = 12, base_map: BaseMap | None = None) -> dict[str, Any]:
    """A MapLibre style object; it names no glyphs, so that letters are drawn with the reader's own fonts."""
    colours, base = palette(theme), base_map or BaseMap()
    ground = _tiles(base, theme) if base.layers else _backdrop(colours)
    return {
        "version": 8,
        "sources": sources(version) | _tile_sources(base),
        "layers": [_land(colours), *ground, _cells(colours), *_lines(colours), _names(colours, label_size)],
    }


def _tile_sources(base: BaseMap) -> dict[str, Any]:
    return {
        f"tiles-{n}": {
            "type": "raster",
            "tiles": [f"/api/v1/tiles/{n}/{{z}}/{{x}}/{{y}}"],
            "tileSize": 256,
            "maxzoom": 18,
            "attribution": base.by,
        }
        for n in range(len(base.layers))
    }


def _tiles(base: BaseMap, theme: str) -> list[dict[str, Any]]:
    """By night a base map made for the day is darkened, so that figures still stand out."""
    paint = {"raster-opacity": 0.85} if theme == "light" else {"raster-brightness-max": 0.4, "raster-saturation": -0.6}
    return [
        {"id": f"tiles-{n}", "type": "raster", "source": f"tiles-{n}", "paint": paint} for n in range(len(base.layers))
    ]


def _land(colours: Palette) -> dict[str, Any]:
    return {"id": "land", "type": "background", "paint": {"background-color": colours.land}}


def _backdrop(colours: Palette) -> list[dict[str, Any]]:
    return [
        _area("sea", colours.sea),
        _area("park", colours.park),
        _area("water", colours.sea),
        _area("building", colours.building, minzoom=14),
        _road("road-edge", colours.road_edge, 1.6),
        _road("road", colours.road, 1.0),
    ]


def _cells(colours: Palette) -> dict[str, Any]:
    return {
        "id": "cells",
        "type": "line",
        "source": "cells",
        "paint": {"line-color": colours.outline, "line-opacity": _near(0.04, 0.22), "line-width": 0.6},
    }


def _area(kind: str, colour: str, **more: Any) -> dict[str, Any]:
    return {
        "id": kind,
        "type": "fill",
        "source": "backdrop",
        "filter": ["==", ["get", "kind"], kind],
        "paint": {"fill-color": colour},
        **more,
    }


def _road(name: str, colour: str, wider: float) -> dict[str, Any]:
    """Roads of three ranks: the lesser the rank the thinner, growing with the zoom."""
    by_rank = ["match", ["get", "rank"], 1, 3.2, 2, 2.0, 1.2]
    width = ["interpolate", ["exponential", 1.6], ["zoom"]]
    stops = [11, ["*", 0.5 * wider, by_rank], 14, ["*", wider, by_rank], 17, ["*", 4 * wider, by_rank]]
    return {
        "id": name,
        "type": "line",
        "source": "backdrop",
        "filter": ["==", ["get", "kind"], "road"],
        "layout": {"line-cap": "round", "line-join": "round"},
        "paint": {"line-color": colour, "line-width": [*width, *stops]},
    }


def _lines(colours: Palette) -> list[dict[str, Any]]:
    return [
        {
            "id": FIRST_ABOVE_VALUES,
            "type": "line",
            "source": "beats",
            "layout": {"line-join": "round"},
            "paint": {
                "line-color": colours.outline,
                "line-opacity": _near(0.2, 0.75),
                "line-width": ["interpolate", ["linear"], ["zoom"], 11, 0.8, 15, 2.2],
            },
        }
    ]


def _near(far: float, near: float) -> list[Any]:
    """One value for a whole city of a thousand beats, which lines and names would fill, another for a district."""
    return ["interpolate", ["linear"], ["zoom"], 9, far, 11, near]


def _names(colours: Palette, size: float) -> dict[str, Any]:
    return {
        "id": "beat-names",
        "type": "symbol",
        "source": "beats",
        "layout": {
            "text-field": ["get", "name"],
            "text-font": LABEL_FONT,
            "text-size": size,
            "text-max-width": 7,
            "text-padding": _near(36, 6),
        },
        "paint": {"text-color": colours.ink, "text-halo-color": colours.surface, "text-halo-width": 1.6},
    }
