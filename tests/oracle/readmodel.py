"""What every table of the read model must hold, told row by row from the raw rows of a record, in plain loops."""

from grids.moves import is_bad_revisit
from grids.steps import STEP_KINDS, Step
from tests.oracle.workload import handler_rows, pair_minutes, pairs_of

PASSED_ON = {"transfer", "escalate", "divert", "whistle", "mediate"}
LEVELS = ("cell", "beat", "community", "street", "district", "city")
ROLES = ("lead", "assist", "mediate", "respond")
KINDS = list(STEP_KINDS)


def steps_of(city, matter):
    """Steps of a matter in their order."""
    found = [row for row in city.tables["step"] if row["matter_id"] == matter]
    return sorted(found, key=lambda row: (row["at"], row["no"], KINDS.index(row["kind"])))


def settled_at(steps):
    return next((row["at"] for row in steps if row["kind"] in ("settle", "close")), None)


def flags(steps):
    """on the spot 1, mediated 2, mediated and settled 4."""
    kinds = [row["kind"] for row in steps]
    found = 0
    ended = next((n for n, kind in enumerate(kinds) if kind in ("settle", "close")), None)
    if ended is not None and not PASSED_ON & set(kinds[:ended]):
        found |= 1
    if "mediate" in kinds:
        found |= 2 | (4 if "settle" in kinds[kinds.index("mediate") :] else 0)
    return found


def place(city, cell_id, at):
    """(cell, beat) codes."""
    told = city.places(cell_id, at)
    return told["cell"], told["beat"]


def matters(city):
    for row in city.tables["matter"]:
        steps = steps_of(city, row["id"])
        category = city.row("category", row["category_id"])
        closures = [c for c in city.tables["closure"] if c["matter_id"] == row["id"]]
        first = min(closures, key=lambda c: c["closed_at"], default={"closed_at": None, "reopened_at": None})
        opener = city.row("incident", row["incident_id"])
        yield {
            "id": row["id"],
            "opened": row["opened_at"],
            "spot": place(city, row["cell_id"], row["opened_at"]),
            "now": opener["cell_now"] if opener else None,
            "category": category["code"],
            "channel": row["channel"],
            "grades": (row["severity_initial"], row["severity"], row["severity_now"]),
            "severity_at": row["severity_at"],
            **{f"reached_{level}": row[f"reached_{level}"] for level in LEVELS},
            "due": row["due_at"],
            "closed": first["closed_at"],
            "reopened": first["reopened_at"],
            "settled": settled_at(steps),
            "flags": flags(steps),
            "satisfaction": row["satisfaction"],
            "minutes": category["minutes"] if row["recorded_minutes"] is None else row["recorded_minutes"],
            "reports": sum(1 for i in city.tables["incident"] if i["matter_id"] == row["id"]),
        }


def closings(city):
    for row in city.tables["closure"]:
        yield {"matter": row["matter_id"], "closed": row["closed_at"], "reopened": row["reopened_at"]}


def reports(city):
    openers = {row["incident_id"] for row in city.tables["matter"]}
    for row in city.tables["incident"]:
        ended = settled_at(steps_of(city, row["matter_id"]))
        later = 2 if ended is not None and row["reported_at"] >= ended else 1
        yield {
            "id": row["id"],
            "at": row["reported_at"],
            "matter": row["matter_id"],
            "spot": place(city, row["cell_then"], row["reported_at"]),
            "now": row["cell_now"],
            "category": city.row("category", row["category_id"])["code"],
            "channel": row["channel"],
            "kind": 0 if row["id"] in openers else later,
            "lon": row["lon"],
            "lat": row["lat"],
            "door": row["building"],
        }


def diversions(city):
    for row in city.tables["diversion"]:
        told = {name: row[f"{name}_at"] for name in ("sent", "accepted", "bounced", "done")}
        units = {"from_unit": row["from_unit_id"] or 0, "to_unit": row["to_unit_id"] or 0}
        yield told | units | {"matter": row["matter_id"], "kept": row["kept"]}


def followups(city):
    for row in reports(city):
        if row["kind"] == 2:
            yield {"matter": row["matter"], "at": row["at"], "kind": 0, "officer": 0, "minutes": float("nan")}
    for row in city.tables["step"]:
        if row["kind"] == "revisit":
            detail = row["detail"] if isinstance(row["detail"], dict) else {}
            bad = is_bad_revisit(Step(row["at"], row["no"], "revisit", detail=detail))
            minutes = float("nan") if row["minutes"] is None else row["minutes"]
            told = {"officer": row["officer_id"] or 0, "minutes": minutes}
            yield told | {"matter": row["matter_id"], "at": row["at"], "kind": 2 if bad else 1}


def charges(city):
    for row in city.tables["matter"]:
        minutes = city.row("category", row["category_id"])["minutes"]
        steps = [step | {"officer": step["officer_id"]} for step in steps_of(city, row["id"])]
        handled = handler_rows([{"matter": row["id"], "minutes": minutes, "steps": steps}])
        for (matter, role), rows in pairs_of(handled).items():
            began = min(each["at"] for each in handled if each["role"] == role)
            officers = sorted({each["officer"] for each in rows})
            recorded = any(each["recorded_minutes"] is not None for each in rows)
            for officer in officers:
                own = sum(each["recorded_minutes"] or 0 for each in rows if each["officer"] == officer)
                told = {"matter": matter, "role": ROLES.index(role), "officer": officer, "began": began}
                yield told | {"minutes": float(own if recorded else pair_minutes(rows) / len(officers))}


TABLES = {
    "matter": matters, "closing": closings, "report": reports, "diversion": diversions, "followup": followups,
    "charge": charges,
}  # fmt: skip
