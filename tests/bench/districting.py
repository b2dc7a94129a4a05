"""Redrawing Chicago's districts from its beats, a station, and a city of 10,000 cells: ours beside peers, in one run.

BEATGRID_BENCH_SECONDS: time for each point of the front and for each peer (10 by default; the bars are set for 60, and
that takes some 23 minutes in all).
BEATGRID_REALDATA: folder of the public data, for Chicago.
"""

import os
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.adjacency import neighbours
from geo.locate import CellIndex
from grids.districting import kernels
from grids.districting.bounds import cv_bound, peak_bound
from grids.districting.exact import solve
from grids.districting.few_moves import limit
from grids.districting.first import grown
from grids.districting.front import front
from grids.districting.graph import make_graph
from grids.districting.objective import Weights, measure
from grids.districting.problem import Problem, make_problem
from grids.districting.rules import broken
from grids.workload import fairness
from tests.bench import districting_peers as peers
from tests.bench.irregular import irregular_cells

BARS = {10: 0.22, 20: 0.145, 40: 0.020, 84: 0.006, 121: 0.003}
PEERS = (
    ("single moves", peers.single_moves),
    ("plain annealing ½", peers.plain_annealing),
    ("GerryChain ReCom", peers.gerrychain_recom),
    ("spopt SKATER", peers.spopt_skater),
)


def main(seconds: float | None = None) -> None:
    """Print all three, each beside its bar."""
    seconds = seconds or float(os.environ.get("BEATGRID_BENCH_SECONDS", 10))
    began = time.perf_counter()
    kernels.prepare()
    print(f"districting: {seconds:g} s a point; compiled loop ready after {time.perf_counter() - began:.2f} s")
    named = os.environ.get("BEATGRID_REALDATA")
    if not named:
        print("  Chicago: set BEATGRID_REALDATA to the folder of the public data, then run again")
    if named:
        _chicago(Path(named), seconds, corners=True)
    _stations(seconds)
    _city(seconds)
    if named:
        _chicago(Path(named), seconds, corners=False)
    print(f"\n  all of it in {(time.perf_counter() - began) / 60:.1f} minutes")


def chicago(folder: Path, corners: bool) -> Problem:
    """Beats as cells, districts as beats, incidents as demand; `corners`: beats that meet in one are linked."""
    beats = gpd.read_file(f"zip://{folder}/chicago/police_beats.zip").dissolve("BEAT_NUM").reset_index()
    shapes = beats.geometry.to_numpy()
    incidents = pd.read_csv(folder / "chicago/incidents_2019_50k.csv.gz").dropna(subset=["longitude", "latitude"])
    inside = CellIndex(shapes).locate(incidents["longitude"].to_numpy(), incidents["latitude"].to_numpy())
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    links = zip(left[left < right].tolist(), right[left < right].tolist(), strict=True) if corners else ()
    places = beats.to_crs(26971).geometry.centroid
    return make_problem(
        make_graph(neighbours(shapes), links),
        np.bincount(inside[inside >= 0], minlength=len(beats)),
        np.unique(beats["DISTRICT"].astype(str), return_inverse=True)[1],
        xy=np.column_stack([places.x, places.y]),
    )


def station(inside: bool, seed: int = 1) -> Problem:
    """65 irregular cells, 18 beats, six communities of three beats; `inside`: beats keep to their communities."""
    dice, cells = np.random.default_rng(seed), np.arange(65)
    graph = make_graph(neighbours(irregular_cells(9, 2, seed)[:65]))
    community = np.minimum(cells // 9 // 4, 1) * 3 + cells % 9 // 3
    demand = dice.gamma(4, 30, 65).round() + 5
    today = grown(graph, np.ones(65), 18, community, np.arange(18) // 3, seed)
    groups = {"cell_group": community, "beat_group": np.arange(18) // 3} if inside else {}
    return make_problem(graph, demand, today, **groups)


def city(side: int = 100, beats: int = 1000, seed: int = 1) -> Problem:
    """side² irregular cells, regions grown at random as beats, demand of a gamma distribution."""
    graph = make_graph(neighbours(irregular_cells(side, 2, seed)))
    demand = np.random.default_rng(seed).gamma(2, 30, side**2).round() + 1
    return make_problem(graph, demand, grown(graph, demand, beats, None, None, seed))


def _chicago(folder: Path, seconds: float, corners: bool) -> None:
    problem, marks = chicago(folder, corners), list(BARS)
    today = measure(problem, problem.current)
    print(f"\n  Chicago, 275 beats in 23 districts, {problem.demand.sum():,.0f} incidents; corners "
          f"{'count' if corners else 'do not count'}: max/mean {today.max_over_mean:.2f}, CV {today.cv:.3f}, "
          f"no plan below max/mean {peak_bound(problem):.4f}")  # fmt: skip
    _row("moved", [f"≤ {mark}" for mark in marks])
    _row("bar CV", [f"{bar:.3f}" for bar in BARS.values()])
    points = front(problem, marks, seconds).points
    assert not any(broken(problem.graph, problem.rules, problem.current, point.assignment) for point in points)
    _row("ours CV", [f"{point.figures.cv:.4f}" for point in points])
    _row("  verdict", [
        "PASS" if point.figures.cv <= bar else "FAIL" for point, bar in zip(points, BARS.values(), strict=True)
    ])  # fmt: skip
    _row("  moved", [str(len(point.moved)) for point in points])
    _row("  max/mean", [f"{point.figures.max_over_mean:.3f}" for point in points])
    _row("  its bound", [f"{point.peak_bound:.3f}" for point in points])
    _row("  bound of CV", [f"{cv_bound(problem, mark):.4f}" for mark in marks])
    for name, peer in PEERS if corners else ():
        _beside(problem, marks, name, peer, seconds)


def _beside(problem: Problem, marks: list[int], name: str, peer: object, seconds: float) -> None:
    try:
        found = peer(problem, marks, seconds)  # type: ignore[operator]
    except ImportError as missing:
        print(f"    {name:<18}not installed: {missing.name}")
        return
    texts = [f"{measure(problem, found[mark]).cv:.4f}" if mark in found else "–" for mark in marks]
    last, whole = "", found.get(problem.cells)
    if whole is not None:
        fair = fairness(np.bincount(whole, problem.demand)[np.unique(whole)])
        last = f"  {fair.cv:.4f} of {fair.n} districts at {(whole != problem.current).sum()} moved"
    _row(name, texts, last)


def _stations(seconds: float) -> None:
    print("\n  Station, 65 cells, 18 beats; exact")
    for seed in (1, 2, 3):
        for inside, most in ((True, 10.0), (False, min(60.0, 6 * seconds))):
            proof = solve(station(inside, seed), most)
            bar = "" if not inside else f"   bar 10 s: {'PASS' if proof.optimal and proof.seconds < 10 else 'FAIL'}"
            where = "in their communities" if inside else "free in the station"
            print(f"    beats {where:<22}{'proven optimal' if proof.optimal else f'gap {proof.gap:.1%}':<16}"
                  f"CV {proof.figures.cv:.4f}  max/mean {proof.figures.max_over_mean:.4f}  "
                  f"{proof.columns:,} possible beats  {proof.seconds:.1f} s{bar}", flush=True)  # fmt: skip
        _few(station(True, seed))


def _few(problem: Problem) -> None:
    """The points of a front inside communities, proven by program."""
    for point in front(problem, [5, 10], 2.0).points:
        found = limit(problem, point.moves, point.assignment, 30.0)
        how = "proven optimal" if found.proven else f"no CV below {found.cv_bound:.4f}"
        sought = point.figures.cv
        print(f"      {point.moves:>3} moves: CV {found.cv:.4f} (search: {sought:.4f}), {how}, {found.seconds:.1f} s")


def _city(seconds: float) -> None:
    problem = city()
    bound, limit = peak_bound(problem), min(60.0, 6 * seconds)
    began = time.perf_counter()
    point = front(problem, [problem.cells], limit, weights=Weights(0.0, peak=1.0, ceiling=1.014 * bound)).points[-1]
    ratio = point.figures.max_over_mean / bound
    print(f"\n  City, 10,000 cells, 1,000 beats: max/mean {point.figures.max_over_mean:.4f}, bound {bound:.4f}, "
          f"{ratio - 1:.2%} above (bar 2 %: {'PASS' if ratio <= 1.02 else 'FAIL'}), CV {point.figures.cv:.4f}, "
          f"{time.perf_counter() - began:.0f} s")  # fmt: skip


def _row(name: str, texts: list[str], last: str = "") -> None:
    print(f"    {name:<18}" + "".join(f"{text:>10}" for text in texts) + last, flush=True)
