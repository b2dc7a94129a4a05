"""Figures of a made-up station, made by hand: no database, the same every time."""

import random

import shapely

from dashboard.bulletin.figures import Figures
from dashboard.bulletin.key_figures import count_row, share_row
from dashboard.bulletin.maps import draw_shapes, share_class
from grids.containment import wilson

COUNTS = ("reports", "matters")
SHARES = {
    "contained": (1180, 1262, 1090, 1190),
    "stayed_in_street": (49, 58, 51, 60),
    "on_spot": (1020, 1190, 1001, 1175),
    "mediation": (195, 215, 190, 214),
    "closing": (1255, 1360, 1240, 1350),
    "on_time": (1101, 1180, 980, 1160),
    "satisfaction": (402, 431, 399, 430),
    "revisit": (300, 352, 290, 350),
    "held": (880, 960, 861, 955),
    "repeat": (112, 1523, 190, 1480),
    "accepted": (77, 88, 70, 85),
    "done": (60, 88, 59, 85),
    "one_community": (310, 1523, 300, 1480),
    "regraded": (22, 1290, 25, 1280),
}
ABOUT = {
    "place": "station:PS01",
    "place_kind": "station",
    "place_name": "海云路派出所",
    "city": "演示市",
    "zone": "Asia/Shanghai",
    "synthetic": True,
    "kind": "month",
    "first": "2026-05-01",
    "last": "2026-05-31",
    "before_first": "2026-04-01",
    "before_last": "2026-04-30",
    "year_first": "2025-05-01",
    "year_last": "2025-05-31",
    "policy": "QD",
    "panel": "2down1up",
    "small": 5,
    "as_of": "2026-05-31T16:00:00+00:00",
    "today": "2026-06-01",
    "through": "2026-05-31T15:58:00+00:00",
    "reports_city": 15023,
    "unplaced": 31,
    "by": "beat",
    "demand_classes": [0.0, 300.0, 700.0, 1200.0, 1600.0],
}


def sample(beats: int = 18, cells: int = 65) -> Figures:
    """A station with so many beats and cells, a month of about 1,500 reports."""
    rng = random.Random(5)
    names = {f"B{i:02}": f"海云{i}警格" for i in range(1, beats + 1)}
    rows, cell_rows = [beat_row(rng, code, name) for code, name in names.items()], []
    drawn = []
    side = round(cells**0.5 + 0.5)
    for i in range(cells):
        code, beat = f"G{i:03}", f"B{i * beats // cells + 1:02}"
        x, y = 120.30 + (i % side) * 0.004, 36.05 + (i // side) * 0.003
        drawn.append((code, beat, shapely.box(x, y, x + 0.004, y + 0.003)))
        decided = rng.randint(0, 40)
        small = 0 < decided < 5
        cell_rows.append(
            {
                "code": code,
                "name": f"海云{i}网格",
                "beat": names[beat],
                "reports": decided + 3,
                "minutes": decided * 47.0,
                "contained": None if small else decided - decided // 6,
                "decided": None if small else decided,
                "escaped": None if small else decided // 6,
                "demand_class": min(decided // 9, 4) if decided else -1,
                "share_class": share_class(decided - decided // 6, decided, 5),
                "z": 4.1 if i in (3, 4) else 0.2,
                "hot": "hot" if i in (3, 4) else "",
            }
        )
    tables = {
        "key": key_rows(),
        "severity": severity_rows(),
        "beats": rows,
        "cells": cell_rows,
        "escaped": [
            {"category": "邻里纠纷", "kinds": 1, "escaped": 31},
            {"category": "噪声扰民", "kinds": 1, "escaped": 24},
            {"category": "消费纠纷", "kinds": 1, "escaped": 18},
            {"category": None, "kinds": 4, "escaped": 9},
        ],
        "chains": [
            {
                "no": f"110:{i}",
                "category": "噪声扰民",
                "beat": "海云3警格",
                "reports": 9 - i,
                "first": "2026-05-02",
                "last": "2026-05-29",
                "open": i % 2 == 0,
            }
            for i in range(6)
        ],
        "communities": [{"name": f"海云{i}社区", "kinds": 1, "reports": 310 - 40 * i, "all": 1523} for i in range(5)]
        + [{"name": None, "kinds": 7, "reports": 373, "all": 1523}],
        "diversions": [
            {"unit": name, "kinds": 1, "sent": n, "accepted": n - 3, "bounced": 2, "done": n - 8, "kept": 1, "open": 5}
            for name, n in (("街道综治中心", 41), ("司法所", 27), ("市场监管所", 20))
        ],
        "fairness": [{"n": beats - 1, "max_over_mean": 1.42, "cv": 0.231, "most": "海云7警格", "load": 1.12}],
        "gaps": [
            {"code": "no_lead", "n": 1, "names": ["海云9警格"]},
            {"code": "no_worker", "n": 3, "names": []},
            {"code": "no_cover", "n": 0, "names": []},
            {"code": "unstaffed", "n": 1, "names": ["海云18警格"]},
        ],
        "clock": [
            {"weekday": d, "hour": h, "reports": max(0, int(14 - abs(h - 19) + rng.random() * 5))}
            for d in range(1, 8)
            for h in range(24)
        ],
        "trend": [trend_row(rng, i) for i in range(13)],
        "panel": [
            {
                "measure": "repeat_rate",
                "now": 112 / 1523,
                "now_numerator": 112,
                "now_denominator": 1523,
                "before": 190 / 1480,
                "before_numerator": 190,
                "before_denominator": 1480,
                "z": -5.0,
                "wanted": "down",
                "direction": "down",
                "reached": True,
            },
            {
                "measure": "incident_rate",
                "now": 7.1,
                "now_numerator": 1523,
                "now_denominator": 2145600,
                "before": 6.9,
                "before_numerator": 1480,
                "before_denominator": 2145600,
                "z": 0.8,
                "wanted": "down",
                "direction": "unchanged",
                "reached": False,
            },
            {
                "measure": "efficiency",
                "now": 1101 / 1180,
                "now_numerator": 1101,
                "now_denominator": 1180,
                "before": 980 / 1160,
                "before_numerator": 980,
                "before_denominator": 1160,
                "z": 6.6,
                "wanted": "up",
                "direction": "up",
                "reached": True,
            },
        ],
        "waiting": [
            {
                "no": f"12345:2026-{i:05}",
                "category": "物业纠纷",
                "severity": 1 + i % 3,
                "beat": "海云3警格",
                "cell": "海云11网格",
                "due": "2026-05-11",
                "days": 20 - i,
            }
            for i in range(8)
        ],
        "channels": [
            {"channel": "110", "name": "110", "name_en": "110", "through": "2026-05-31T15:58:00+00:00"},
            {
                "channel": "12345",
                "name": "12345热线",
                "name_en": "12345 hotline",
                "through": "2026-05-31T12:00:00+00:00",
            },
        ],
    }
    return Figures(dict(ABOUT), tables, draw_shapes(drawn, names))


def key_rows() -> list[dict]:
    """The key figures by the same formulas as the real ones."""
    counts = [
        count_row("reports", (1523, 31), (1480, 30), (1980, 31)),
        count_row("matters", (1360, 31), (1350, 30), (1640, 31)),
    ]
    shares = [share_row(code, (k, n), (k0, n0), (k0 - 9, n0)) for code, (k, n, k0, n0) in SHARES.items()]
    for row in shares:
        if row["code"] == "one_community":
            row["name"] = "海云2社区"
    return counts + shares


def severity_rows() -> list[dict]:
    found = []
    for grade, ceiling, k, lost, pending in (
        (1, "cell", 1020, 55, 60),
        (2, "beat", 130, 21, 24),
        (3, "street", 30, 6, 14),
    ):
        low, high = (float(end) for end in wilson(k, k + lost))
        found.append(
            {
                "severity": grade,
                "ceiling": ceiling,
                "contained": k,
                "escaped": lost,
                "pending": pending,
                "decided": k + lost,
                "low": low,
                "high": high,
            }
        )
    return found


def trend_row(rng: random.Random, i: int) -> dict:
    year, month = divmod(2025 * 12 + 4 + i, 12)
    n = 1700 - 20 * i + rng.randint(-90, 90)
    k = int(n * 0.8 * (0.88 + i * 0.004))
    low, high = (float(end) for end in wilson(k, int(n * 0.8)))
    return {
        "month": f"{year}-{month + 1:02}",
        "reports": n,
        "matters": int(n * 0.9),
        "contained": k,
        "decided": int(n * 0.8),
        "low": low,
        "high": high,
    }


def beat_row(rng: random.Random, code: str, name: str) -> dict:
    n = rng.randint(40, 110)
    lost = rng.randint(0, 12)
    low, high = (float(end) for end in wilson(n - lost, n))
    staffed = code != "B18"
    minutes, available = n * 55.0, rng.uniform(5000, 9000)
    load = minutes / available if staffed else None
    counts = {"reports": n + 15, "matters": n + 6, "contained": n - lost, "escaped": lost, "pending": rng.randint(0, 9)}
    parts = [
        ("settled_on_spot", "settled"),
        ("mediated_settled", "mediated"),
        ("closed", "registered"),
        ("closed_on_time", "due"),
        ("satisfied", "answered"),
        ("revisited", "revisit_due"),
        ("held", "closed_long_ago"),
    ]
    for above, below in parts:
        whole = rng.randint(8, n)
        counts |= {below: whole, above: whole - rng.randint(0, whole // 5)}
    counts |= {
        "duplicates": rng.randint(0, 9),
        "repeats": rng.randint(0, 12),
        "open": rng.randint(2, 14),
        "overdue": rng.randint(0, 4),
        "soon": rng.randint(0, 5),
        "revisit_waiting": rng.randint(0, 5),
    }
    return {
        "code": code,
        "name": name,
        **counts,
        "decided": n,
        "low": low,
        "high": high,
        "minutes": minutes,
        "available": available if staffed else None,
        "staff": 3 if staffed else 0,
        "load": load,
        "flag": "unstaffed" if load is None else ("over" if load > 1 else "within"),
    }
