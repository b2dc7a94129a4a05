"""Plants defects of known kind, place and size into a sound map of cells, each with its cells to itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from shapely.affinity import scale, translate
from shapely.ops import linemerge, substring

from geo.codes import number_cells
from tests.geo.shapes import wavy_coverage

METRES_A_DEGREE = 111_320.0


@dataclass(frozen=True)
class Planted:
    """One defect: what it must be called, the codes of which at least one must be named, where (degrees), m²."""

    kind: str
    sort: str
    codes: frozenset[str]
    place: shapely.Geometry
    area_m2: float | None = None


@dataclass
class Garden:
    """A sound map: cells (code, beat, community, geometry in WGS-84) and communities (code, geometry), and what has
    been planted in it. Shapes are worked on in metres around the middle of the map."""

    cells: pd.DataFrame
    communities: pd.DataFrame
    dice: np.random.Generator
    planted: list[Planted] = field(default_factory=list)

    def __post_init__(self) -> None:
        shapes = self.cells["geometry"].to_numpy()
        west, south, east, north = shapely.total_bounds(shapes)
        self.middle = np.array([(west + east) / 2, (south + north) / 2])
        self.factor = METRES_A_DEGREE * np.array([np.cos(np.radians(self.middle[1])), 1.0])
        self.cells = self.cells.reset_index(drop=True)
        self.rows = self.cells.drop(columns="geometry").to_dict("records")
        self.shapes = list(shapely.transform(shapes, lambda xy: (xy - self.middle) * self.factor))
        self.raw: dict[int, str] = {}
        self.tree = shapely.STRtree(self.shapes)
        self.original = list(self.shapes)
        self.beside = self._neighbours()
        self.outer = shapely.boundary(shapely.coverage_union_all(self.shapes))
        self.free = set(range(len(self.shapes)))
        self.gone: set[int] = set()

    def _neighbours(self) -> dict[int, set[int]]:
        one, other = self.tree.query(self.shapes, predicate="intersects")
        beside: dict[int, set[int]] = {row: set() for row in range(len(self.shapes))}
        for row, near in zip(one.tolist(), other.tolist(), strict=True):
            beside[row].add(near)
        return beside

    def degrees(self, shape: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(shape, lambda xy: xy / self.factor + self.middle)

    def borders(self) -> Iterator[tuple[int, int, shapely.LineString]]:
        """Free neighbours in random order with the longest run of their common border."""
        for one in self.dice.permutation(sorted(self.free)).tolist():
            for other in self.dice.permutation(sorted(self.beside[one] & self.free - {one})).tolist():
                shared = shapely.intersection(self.original[one], self.original[other])
                lines = [part for part in shapely.get_parts(shared) if part.geom_type == "LineString"]
                merged = linemerge(lines) if lines else shapely.LineString()
                run = max(shapely.get_parts(merged), key=lambda part: part.length, default=None)
                if run is not None and run.length > 60 and not run.is_ring:
                    yield one, other, run

    def only(self, ground: shapely.Geometry, *rows: int) -> bool:
        """True when a piece of ground, with room around it, touches these cells and no other, nor the outer edge."""
        near = ground.buffer(3)
        met = set(self.tree.query(near, predicate="intersects").tolist())
        return met <= set(rows) and not near.intersects(self.outer)

    def reserve(self, *rows: int) -> None:
        for row in rows:
            for near in self.beside[row]:
                self.free -= {near, *self.beside[near]}

    def add_row(self, like: int, shape: shapely.Geometry, **changes: object) -> int:
        self.rows.append(self.rows[like] | changes)
        self.shapes.append(shape)
        return len(self.shapes) - 1

    def new_code(self, like: int) -> str:
        community = str(self.rows[like]["code"])[:12]
        used = [int(str(row["code"])[12:]) for row in self.rows if str(row["code"])[:12] == community]
        return f"{community}{max(used) + 1:03d}"

    def note(self, kind: str, sort: str, rows: tuple[int, ...], place: shapely.Geometry, area: float | None) -> None:
        codes = frozenset(str(self.rows[row]["code"]) for row in rows)
        self.planted.append(Planted(kind, sort, codes, self.degrees(place), area))
        self.reserve(*(row for row in rows if row < len(self.original)))

    def harmed(self) -> pd.DataFrame:
        """The map as it is now."""
        kept = [row for row in range(len(self.shapes)) if row not in self.gone]
        frame = pd.DataFrame([self.rows[row] for row in kept])
        frame["geometry"] = [self.raw.get(row) or self._drawn(row) for row in kept]
        return frame

    def _drawn(self, row: int) -> shapely.Geometry:
        """The shape in degrees; a changed one on a lattice of 0.1 mm, since rounding may cross its edges otherwise."""
        shape = self.degrees(self.shapes[row])
        changed = row >= len(self.original) or self.shapes[row] is not self.original[row]
        if not changed or not self.shapes[row].is_valid:
            return shape
        try:
            return shapely.set_precision(shape, 1e-9)
        except shapely.errors.GEOSException:
            parts = shapely.get_parts(shapely.make_valid(shape))
            return shapely.set_precision(max(parts, key=shapely.area), 1e-9)


def half_disc(garden: Garden, run: shapely.LineString, inside: int, least: float, most: float) -> shapely.Geometry:
    """The part of a disc around a point of a border that lies inside one of the cells."""
    centre = run.interpolate(garden.dice.uniform(0.35, 0.65), normalized=True)
    return centre.buffer(garden.dice.uniform(least, most)).intersection(garden.original[inside])


def strip(garden: Garden, run: shapely.LineString, inside: int, least: float, most: float) -> shapely.Geometry:
    """A strip along the middle of a border, inside one of the cells."""
    part = substring(run, 0.3, 0.7, normalized=True)
    return part.buffer(garden.dice.uniform(least, most), cap_style="flat", join_style="mitre").intersection(
        garden.original[inside]
    )


def _plain(ground: shapely.Geometry) -> bool:
    return ground.geom_type == "Polygon" and not ground.interiors and ground.area > 0


def _thickness(ground: shapely.Geometry) -> float:
    return 2 * ground.area / ground.length


def _chip(garden: Garden, kind: str, sort: str, cut: Callable, sizes: tuple[float, float], band: tuple[float, float],
          *, grow: bool) -> bool:  # fmt: skip
    """Cut ground of one cell out at a border (a gap), or give it to the neighbour too (an overlap)."""
    for one, other, run in garden.borders():
        ground = cut(garden, run, one, *sizes)
        if not (_plain(ground) and garden.only(ground, one, other) and band[0] <= _thickness(ground) < band[1]):
            continue
        if ground.area > 0.2 * min(garden.original[one].area, garden.original[other].area):
            continue
        target, shape = (other, garden.shapes[other].union(ground)) if grow else (one, garden.shapes[one] - ground)
        if shape.geom_type == "Polygon" and shape.is_valid:
            garden.shapes[target] = shape
            garden.note(kind, sort, (one, other), ground, ground.area)
            return True
    return False


def gap(garden: Garden) -> bool:
    return _chip(garden, "gap", "gap", half_disc, (8, 28), (3, 99), grow=False)


def overlap(garden: Garden) -> bool:
    return _chip(garden, "overlap", "overlap", half_disc, (8, 28), (3, 99), grow=True)


def sliver_gap(garden: Garden) -> bool:
    return _chip(garden, "sliver", "sliver gap", strip, (0.5, 1.8), (0.35, 1.9), grow=False)


def sliver_overlap(garden: Garden) -> bool:
    return _chip(garden, "sliver", "sliver overlap", strip, (0.5, 1.8), (0.35, 1.9), grow=True)


def open_strip(garden: Garden) -> bool:
    """A narrow gap that opens to the outside of the map."""
    for one, other, run in garden.borders():
        ends = [end for end in (0.0, run.length) if run.interpolate(end).distance(garden.outer) < 0.01]
        if len(ends) != 1:
            continue
        part = substring(run, 0, 45) if ends[0] == 0.0 else substring(run, run.length - 45, run.length)
        ground = part.buffer(garden.dice.uniform(0.5, 1.5), cap_style="flat", join_style="mitre")
        ground = ground.intersection(garden.original[one])
        near = set(garden.tree.query(ground.buffer(5), predicate="intersects").tolist())
        shape = garden.shapes[one] - ground
        alone = near <= {one, other} and part.length > 40 and part.simplify(0.5).length > 40
        thick = _plain(ground) and 0.35 <= _thickness(ground) < 1.9
        if alone and thick and shape.geom_type == "Polygon" and ground.distance(garden.outer) == 0:
            garden.shapes[one] = shape
            garden.note("sliver", "sliver open to the outside", (one, other), ground, None)
            return True
    return False


def sliver_cell(garden: Garden) -> bool:
    for one, other, run in garden.borders():
        ground = strip(garden, run, one, 2.5, 4.5)
        rest = garden.shapes[one] - ground
        if _plain(ground) and garden.only(ground, one, other) and _thickness(ground) < 4.8 and _plain(rest):
            garden.shapes[one] = rest
            row = garden.add_row(one, ground, code=garden.new_code(one))
            garden.note("sliver", "sliver cell", (row,), ground, ground.area)
            garden.reserve(one, other)
            return True
    return False


def near(garden: Garden) -> bool:
    """A vertex beside the neighbour's line: a new corner in the middle of an edge, a hand's breadth off."""
    for one, other, run in garden.borders():
        at = int(garden.dice.integers(0, len(run.coords) - 1))
        start, end = np.array(run.coords[at]), np.array(run.coords[at + 1])
        length = float(np.hypot(*(end - start)))
        if length < 8:
            continue
        normal = np.array([-(end - start)[1], (end - start)[0]]) / length
        corner = (start + end) / 2 + normal * garden.dice.choice([-1, 1]) * garden.dice.uniform(0.06, 0.4)
        ground = shapely.Polygon([start, corner, end])
        shape = _with_corner(garden.shapes[one], start, end, corner)
        if shape is not None and shape.is_valid and garden.only(ground, one, other):
            garden.shapes[one] = shape
            garden.note("near", "near", (one, other), ground, ground.area)
            return True
    return False


def _with_corner(shape, start, end, corner):
    if shape.geom_type != "Polygon":
        return None
    ring = [tuple(point) for point in shape.exterior.coords]
    for at in range(len(ring) - 1):
        if {ring[at], ring[at + 1]} == {tuple(start), tuple(end)}:
            return shapely.Polygon([*ring[: at + 1], tuple(corner), *ring[at + 1 :]], shape.interiors)
    return None


def across(garden: Garden) -> bool:
    """A cell takes ground of a neighbour in another community; the two still fit."""
    for one, other, run in garden.borders():
        if str(garden.rows[one]["code"])[:12] == str(garden.rows[other]["code"])[:12]:
            continue
        ground = half_disc(garden, run, other, 15, 50)
        if not (_plain(ground) and garden.only(ground, one, other) and _thickness(ground) > 3):
            continue
        grown, rest = garden.shapes[one].union(ground), garden.shapes[other] - ground
        if ground.area < 0.2 * garden.original[other].area and _plain(grown) and _plain(rest):
            garden.shapes[one], garden.shapes[other] = grown, rest
            garden.note("across", "across", (one,), ground, ground.area)
            garden.reserve(other)
            return True
    return False


def _inner_disc(garden: Garden, row: int) -> shapely.Geometry | None:
    ground = garden.original[row].representative_point().buffer(garden.dice.uniform(4, 20))
    fits = garden.shapes[row].geom_type == "Polygon" and garden.original[row].buffer(-6).contains(ground)
    return ground if fits else None


def hole_in_cell(garden: Garden) -> bool:
    for row in garden.dice.permutation(sorted(garden.free)).tolist():
        ground = _inner_disc(garden, row)
        if ground is not None:
            garden.shapes[row] = garden.shapes[row] - ground
            garden.note("hole", "hole in a cell", (row,), ground, ground.area)
            return True
    return False


def missing_cell(garden: Garden) -> bool:
    for row in garden.dice.permutation(sorted(garden.free)).tolist():
        shape = garden.original[row]
        around = [near for near in garden.beside[row] - {row}
                  if shapely.length(shapely.intersection(garden.original[near], shape)) > 1]  # fmt: skip
        inner = not shape.buffer(20).intersects(garden.outer)
        if inner and len(around) > 1 and shape.area > 0.7 * min(garden.original[near].area for near in around):
            garden.gone.add(row)
            garden.note("hole", "missing cell", tuple(around), shape, shape.area)
            garden.reserve(row)
            return True
    return False


def detached_part(garden: Garden) -> bool:
    """A chip in the middle of a cell that belongs to its neighbour."""
    for one, other, _ in garden.borders():
        ground = _inner_disc(garden, other)
        same = str(garden.rows[one]["code"])[:12] == str(garden.rows[other]["code"])[:12]
        if ground is not None and same:
            garden.shapes[other] = garden.shapes[other] - ground
            garden.shapes[one] = garden.shapes[one].union(ground)
            garden.note("island", "detached part", (one,), ground, ground.area)
            garden.reserve(other)
            return True
    return False


def island(garden: Garden) -> bool:
    """A cell of its own, off the map."""
    like = int(garden.dice.choice(sorted(garden.free)))
    _, south, east, north = shapely.total_bounds(garden.shapes)
    side = garden.dice.uniform(60, 300)
    shape = shapely.box(0, 0, side, side)
    shape = translate(shape, east + 500, garden.dice.uniform(south, north))
    row = garden.add_row(like, shape, code=garden.new_code(like))
    garden.note("island", "island", (row,), shape, shape.area)
    return True


def same_shape(garden: Garden) -> bool:
    row = int(garden.dice.choice(sorted(garden.free)))
    shape = garden.shapes[row]
    if garden.dice.random() < 0.3:
        shape = translate(shape, 0.05, -0.05)  # drawn again by hand
    twin = garden.add_row(row, shape, code=garden.new_code(row))
    garden.note("duplicate", "same shape", (row, twin), garden.shapes[row], garden.shapes[row].area)
    return True


def same_row(garden: Garden) -> bool:
    row = int(garden.dice.choice(sorted(garden.free)))
    twin = garden.add_row(row, garden.shapes[row])
    garden.note("duplicate", "same row", (row, twin), garden.shapes[row], garden.shapes[row].area)
    return True


def same_code(garden: Garden) -> bool:
    for row in garden.dice.permutation(sorted(garden.free)).tolist():
        community = str(garden.rows[row]["code"])[:12]
        for other in sorted(garden.free - garden.beside[row]):
            if str(garden.rows[other]["code"])[:12] == community:
                garden.rows[other] = garden.rows[other] | {"code": garden.rows[row]["code"]}
                garden.note(
                    "duplicate", "same code", (row, other), garden.shapes[row].union(garden.shapes[other]), None
                )
                return True
    return False


def invalid_ring(garden: Garden) -> bool:
    """Two neighbouring vertices of an outline exchanged, so that it crosses itself; or a spike, out and back."""
    for row in garden.dice.permutation(sorted(garden.free)).tolist():
        if garden.shapes[row].geom_type != "Polygon":
            continue
        ring = np.array(garden.shapes[row].exterior.coords)
        at = int(garden.dice.integers(1, len(ring) - 3))
        if garden.dice.random() < 0.5:
            ring[[at, at + 1]] = ring[[at + 1, at]]
        else:
            ring = np.insert(ring, at, [ring[at], ring[at] + (30, 20)], axis=0)
        shape = shapely.Polygon(ring, garden.shapes[row].interiors)
        if not shape.is_valid:
            garden.shapes[row] = shape
            garden.note("invalid", "invalid ring", (row,), garden.original[row], None)
            return True
    return False


def unclosed_ring(garden: Garden) -> bool:
    for row in garden.dice.permutation(sorted(garden.free)).tolist():
        shape = garden.degrees(garden.shapes[row])
        if shape.geom_type != "Polygon" or shape.interiors:
            continue
        points = np.array(shape.exterior.coords)[:-1].astype("<f8")
        header = b"\x01" + np.array([3, 1, len(points)], dtype="<u4").tobytes()
        garden.raw[row] = (header + points.tobytes()).hex()
        garden.note("unclosed", "unclosed ring", (row,), garden.original[row], None)
        return True
    return False


def wrong_code(garden: Garden) -> bool:
    row = int(garden.dice.choice(sorted(garden.free)))
    code = str(garden.rows[row]["code"])
    others = [str(each) for each in garden.communities["code"] if str(each) != code[:12]]
    elsewhere = str(garden.dice.choice(others)) + f"{900 + len(garden.planted) % 99:03d}"
    wrong = [code[:14], code[:12] + "000", code[:11] + "O" + code[12:], elsewhere, code + "1"]
    garden.rows[row] = garden.rows[row] | {"code": wrong[int(garden.dice.integers(len(wrong)))]}
    garden.note("code", "wrong code", (row,), garden.original[row], None)
    return True


def no_beat(garden: Garden) -> bool:
    row = int(garden.dice.choice(sorted(garden.free)))
    garden.rows[row] = garden.rows[row] | {"beat": None}
    garden.note("beatless", "no beat", (row,), garden.original[row], None)
    return True


SORTS: tuple[Callable[[Garden], bool], ...] = (
    gap, overlap, sliver_gap, sliver_overlap, open_strip, sliver_cell, near, across, hole_in_cell, missing_cell,
    detached_part, island, same_shape, same_row, same_code, invalid_ring, unclosed_ring, wrong_code, no_beat,
)  # fmt: skip


def wavy_town(side: int = 7, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cells and communities of a small made-up town: side × side crooked cells, two communities, three cells a beat."""
    shapes = wavy_coverage(side, seed)
    rows = []
    for at, shape in enumerate(shapes):
        community = f"37020200100{1 + (at % side >= side // 2)}"
        rows.append({"community": community, "beat": f"J{at // 3:02d}", "geometry": shape})
    cells = pd.DataFrame(rows)
    cells["code"] = number_cells(cells)
    return cells.drop(columns="community"), communities_of(cells)


def communities_of(cells: pd.DataFrame) -> pd.DataFrame:
    """The unions of the cells of each community."""
    unions = [
        (code, shapely.coverage_union_all(part["geometry"].to_numpy())) for code, part in cells.groupby("community")
    ]
    return pd.DataFrame(unions, columns=["code", "geometry"])


def plant(garden: Garden, sorts: Sequence[Callable[[Garden], bool]], most: int) -> int:
    """Plant sorts in turn while there is room; the number planted."""
    before = len(garden.planted)
    for sort in sorts:
        if len(garden.planted) - before < most and garden.free:
            sort(garden)
    return len(garden.planted) - before


def judged(planted: list[Planted], findings: list, metres_a_degree: float = METRES_A_DEGREE):
    """Planted defects that no finding names, and findings that name none: a finding answers a defect of its kind that
    shares a cell, lies at its place and has its size (within a tenth, or 1 m²). One finding answers one defect."""
    left = list(findings)
    missed = []
    for defect in planted:
        answer = next((finding for finding in left if _answers(finding, defect, metres_a_degree)), None)
        if answer is None:
            missed.append(defect)
        else:
            left.remove(answer)
    return missed, left


def _answers(finding, defect: Planted, metres_a_degree: float) -> bool:
    if finding.kind != defect.kind or not defect.codes & set(finding.cells):
        return False
    lat = np.cos(np.radians(finding.lat))
    place = scale(defect.place, lat, 1, origin=(0, 0))
    off_m = place.distance(shapely.Point(finding.lon * lat, finding.lat)) * metres_a_degree
    sized = defect.area_m2 is None or abs(finding.area_m2 - defect.area_m2) <= max(0.1 * defect.area_m2, 1.0)
    return off_m < 5 and sized
