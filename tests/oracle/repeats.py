"""Linking by looking at every pair: slow, plain, and with geodesics instead of our own metres."""

from datetime import timedelta
from itertools import combinations
from math import floor

from pyproj import Geod

from grids.repeats.rooms import rooms_of

GEOD = Geod(ellps="WGS84")
STRENGTH = ("join", "room", "reporter")


def has_point(report):
    return report["lon"] == report["lon"] and report["lat"] == report["lat"]


def metres(a, b):
    """Geodesic metres, None where a point is missing."""
    if not (has_point(a) and has_point(b)):
        return None
    return GEOD.inv(a["lon"], a["lat"], b["lon"], b["lat"])[2]


def place(report):
    if has_point(report):
        return ("square", floor(report["lon"] / 0.005), floor(report["lat"] / 0.005))
    return ("building", rooms_of([report["address"]])[0].building)


def shared(reports, rules):
    """Phones with too many places or groups inside some window, and those named so."""
    found = set(rules.shared_phones)
    for last in reports:
        window = [
            r for r in reports
            if r["phone"] is not None and r["phone"] == last["phone"]
            and timedelta(0) <= last["at"] - r["at"] <= timedelta(days=rules.days)
        ]  # fmt: skip
        groups = {r["group"] for r in window}
        places = {place(r) for r in window} - {("building", "")}
        if len(groups) > rules.shared_groups or len(places) > rules.shared_places:
            found.add(last["phone"])
    return found


def rules_between(a, b, rules, shared_phones):
    """The rules that link two reports."""
    if a["group"] is None or a["group"] != b["group"] or abs(b["at"] - a["at"]) > timedelta(days=rules.days):
        return []
    far, found = metres(a, b), []
    one, other = rooms_of([a["address"], b["address"]])
    districts_agree = not (one.district and other.district) or one.district == other.district
    if one.room and one.room == other.room and districts_agree and (far is None or far <= rules.room_apart_m):
        found.append("room")
    same_phone = a["phone"] is not None and a["phone"] == b["phone"] and a["phone"] not in shared_phones
    if same_phone and far is not None and far <= rules.within_m:
        found.append("reporter")
    return found


def matters(reports, decisions, rules):
    """Report → matter, both by key: links strongest first, unless one would bring together what is split."""
    by_key = {r["key"]: r for r in reports}
    ordered = sorted(reports, key=lambda r: (r["at"], r["key"]))
    place_of = {r["key"]: n for n, r in enumerate(ordered)}
    shared_phones = shared(reports, rules)
    links = []
    for a, b in combinations(ordered, 2):
        said = decisions.get((a["key"], b["key"]), decisions.get((b["key"], a["key"])))
        for rule in (["join"] if said is True else []) + rules_between(a, b, rules, shared_phones):
            order = (STRENGTH.index(rule), b["at"] - a["at"], place_of[a["key"]], place_of[b["key"]])
            links.append((order, a["key"], b["key"]))
    group = {key: {key} for key in by_key}
    splits = [pair for pair, same in decisions.items() if same is False and set(pair) <= by_key.keys()]
    for _, a, b in sorted(links):
        union = group[a] | group[b]
        if not any(set(pair) <= union for pair in splits):
            for key in union:
                group[key] = union
    return {key: min(group[key], key=place_of.get) for key in by_key}


def kinds(reports, matter):
    """Report → first, duplicate or repeat."""
    found = {}
    for report in reports:
        own = [r for r in reports if matter[r["key"]] == matter[report["key"]]]
        ends = [r["ended_at"] for r in own if r["ended_at"] is not None]
        if matter[report["key"]] == report["key"]:
            found[report["key"]] = "first"
        else:
            found[report["key"]] = "duplicate" if not ends or report["at"] < min(ends) else "repeat"
    return found
