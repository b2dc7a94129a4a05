"""Every measure counted in plain loops over raw rows (tests.db.figures.City): slow, and without looking at db."""

from datetime import timedelta

from tests.db import figures
from tests.oracle import outcomes
from tests.oracle.casework import in_order, replay_rows, travel_rows
from tests.oracle.containment import RANKS, state_at


class Told:
    """The matters of a city with everything that follows from their steps and reports, and its reports."""

    def __init__(self, city):
        self.city = city
        units = {row["id"]: row["code"] for row in city.tables["unit"]}
        kinds = {row["code"]: row["kind"] for row in city.tables["officer"]}
        police = {row["code"]: row["police"] for row in city.tables["category"]}
        self.matters = []
        for matter in city.matters:
            steps = in_order([row | {"unit": units.get(row["unit_id"])} for row in matter["steps"]])
            state = replay_rows(steps, matter["initial"])
            told = matter | {
                "steps": steps,
                "state": state,
                "travel": travel_rows(steps),
                "severity": state["severity"],
            }
            told |= {"police": police[matter["category"]], "ranks": city.ranks(matter["station_id"], matter["at"])}
            told["settlement"] = outcomes.settlement([step["kind"] for step in steps])
            told["settled_at"] = next((step["at"] for step in steps if step["kind"] in ("settle", "close")), None)
            mediating = [step for step in steps if step["role"] in ("lead", "mediate") and step["officer"]]
            told["mediators_at"] = first_of_role(steps, mediating, kinds)
            self.matters.append(told)
        self.reports = self._reports()

    def _reports(self):
        owners = {matter["matter"]: matter for matter in self.matters}
        first = {}
        for row in self.city.incidents:
            key = (row["reported_at"], row["channel"], row["source_no"])
            first[row["matter_id"]] = min(first.get(row["matter_id"], key), key)
        found = []
        for row in self.city.incidents:
            key, owner = (row["reported_at"], row["channel"], row["source_no"]), owners[row["matter_id"]]
            settled = owner["settled_at"]
            late = "repeat" if settled is not None and row["at"] >= settled else "duplicate"
            kind = "first" if key == first[row["matter_id"]] else late
            found.append(row | {"kind": kind, "severity": owner["severity"]})
        return found

    def chosen(self, flt):
        return list(figures.chosen(self.matters, flt))

    def troubles(self, matter, kinds):
        """Instants of repeats, bad and good revisits of a matter."""
        found = [row["at"] for row in self.reports if row["matter_id"] == matter["matter"] and row["kind"] == "repeat"]
        found = found if "repeat" in kinds else []
        for step in matter["steps"]:
            if step["kind"] == "revisit" and ("bad" if is_bad(step) else "good") in kinds:
                found.append(step["at"])
        return [{"matter": matter["matter"], "at": at} for at in found]


def is_bad(step):
    detail = step["detail"] or {}
    return detail.get("kept") is False or detail.get("grievance") is True or detail.get("new_dispute") is True


def first_of_role(steps, mediating, kinds):
    """When a mediator's share of the work began: the first step of a role in which one of them is named."""
    mine = [step["role"] for step in mediating if kinds[step["officer"]] == "mediator"]
    return min((step["at"] for step in steps if step["role"] in mine), default=None)


def standing(matter, at):
    """The closing that stands at an instant, or None."""
    return next(
        (c for c, again in matter["state"]["closures"] if c <= at and (again is None or again > at)),
        None,
    )


def inside(at, flt, late=timedelta(0)):
    return at is not None and flt.start <= at + late < flt.end


def by_at(at, told):
    return at is not None and at <= told


def left(matter, ceiling):
    """When the lead was first held above a level, by the ladder of the matter's station."""
    above = [
        matter["state"][f"reached_{level}"] for level in RANKS if matter["ranks"][level] > matter["ranks"][ceiling]
    ]
    return min((at for at in above if at is not None), default=None)


def rows_of(told, code, flt, at, policy):
    """(fact that says the key, counts below, counts above) of every case of a formula."""
    matters = told.chosen(flt)
    if code == "on_spot":
        for m in matters:
            if inside(m["settled_at"], flt) and m["settled_at"] <= at:
                yield m, 1, m["settlement"]["settled_on_spot"]
    if code == "mediation":
        for m in matters:
            if inside(m["at"], flt):
                yield m, m["settlement"]["mediated"], m["settlement"]["mediated_settled"]
    if code in ("closing", "on_time"):
        for m in matters:
            row = {"opened_at": m["at"], "closed_at": standing(m, at), "deadline_at": m["due_at"]}
            flags = outcomes.closing(row, flt.start, flt.end, at)
            names = ("registered", "closed") if code == "closing" else ("due", "closed_on_time")
            yield m, flags[names[0]], flags[names[1]]
    if code == "satisfaction":
        for m in matters:
            if inside(standing(m, at), flt):
                said = m["travel"]["satisfaction"]
                yield m, said is not None, said is not None and said >= 4
    if code in ("revisit", "held"):
        days = timedelta(days=14 if code == "revisit" else 30)
        for m in matters:
            # What is closed, reopened and closed within one instant is one closing.
            for closed, again in dict(m["state"]["closures"]).items():
                if inside(closed, flt, days):
                    yield m, *followed(told, code, m, closed, again, at, policy)
    if code in ("accepted", "bounced", "done"):
        for m in matters:
            for line in m["travel"]["diversions"]:
                if inside(line[0], flt) and line[0] <= at:
                    yield m, 1, by_at(line[{"accepted": 4, "bounced": 5, "done": 6}[code]], at)
    if code == "relieved":
        for m in matters:
            if inside(m["at"], flt) and not m["police"]:
                sent = any(by_at(line[4], at) and not by_at(line[5], at) for line in m["travel"]["diversions"])
                helped = by_at(m["mediators_at"], at) and by_at(m["settled_at"], at)
                yield m, 1, sent or helped
    if code == "regraded":
        for m in matters:
            if inside(m["state"]["severity_at"], flt) and m["state"]["severity_at"] <= at:
                yield m, 1, m["state"]["severity"] != m["state"]["severity_now"]
    if code == "stayed_in_street":
        for m in matters:
            if m["containable"] and inside(left(m, "beat"), flt) and left(m, "beat") <= at:
                yield m, 1, not by_at(left(m, "street"), at)
    if code == "repeat":
        for row in figures.within(told.reports, flt):
            yield row, 1, row["kind"] == "repeat"


def followed(told, code, matter, closed, again, at, policy):
    closing = {"matter": matter["matter"], "closed_at": closed, "reopened_at": again}
    if code == "revisit":
        asked = [each["at"] for each in told.troubles(matter, ("good", "bad")) if each["at"] <= at]
        return outcomes.revisited(closing, [{"matter": matter["matter"], "at": one} for one in asked], at)
    if not matter["containable"]:
        return False, False
    outcome, _ = state_at(matter["steps"], matter["initial"], policy.ceilings, at, matter["ranks"])
    closing["contained"] = outcome != "escaped"
    return outcomes.held(closing, told.troubles(matter, ("repeat", "bad")), at)


def shares(told, code, flt, by, as_of, policy):
    """key → (numerator, denominator), keys without a denominator left out."""
    found = {}
    for fact, below, above in rows_of(told, code, flt, as_of or flt.end, policy):
        key = fact[by] if by else None
        numerator, denominator = found.get(key, (0, 0))
        found[key] = (numerator + bool(above and below), denominator + bool(below))
    return {key: pair for key, pair in found.items() if pair[1]}


def cohort(told, flt, by, as_of, policy):
    """key → (contained, escaped, pending) of the matters opened in the period."""
    found = {}
    for m in told.chosen(flt):
        if m["containable"] and inside(m["at"], flt):
            outcome, _ = state_at(m["steps"], m["initial"], policy.ceilings, as_of or flt.end, m["ranks"])
            counts = found.setdefault(m[by] if by else None, dict.fromkeys(("contained", "escaped", "pending"), 0))
            counts[outcome] += 1
    return {key: tuple(counts.values()) for key, counts in found.items()}


def flow(told, flt, by, as_of):
    """(key, source, target) → matters."""
    at, found = as_of or flt.end, {}
    for m in told.chosen(flt):
        if inside(m["at"], flt):
            reached = {level: m["state"][f"reached_{level}"] for level in RANKS}
            row = {"reached": {level: since for level, since in reached.items() if since}, "closed_at": standing(m, at)}
            for pair, count in outcomes.flow([row], at).items():
                key = (m[by] if by else None, *pair)
                found[key] = found.get(key, 0) + count
    return found


def diversions(told, flt, by, as_of):
    """key → (sent, accepted, bounced, done, kept, open); by to_unit, from_unit or a key of the matter."""
    at, found = as_of or flt.end, {}
    for m in told.chosen(flt):
        for sent, _, sender, receiver, accepted, bounced, done, kept in m["travel"]["diversions"]:
            if inside(sent, flt) and sent <= at:
                line = {"from_unit": sender, "to_unit": receiver}
                key = (line[by] if by in line else m[by]) if by else None
                ended = by_at(bounced, at), by_at(done, at)
                stays = kept and not any(ended)
                told_of = (True, by_at(accepted, at), *ended, stays, not any(ended) and not stays)
                found[key] = tuple(n + flag for n, flag in zip(found.get(key, (0,) * 6), told_of, strict=True))
    return found


def reports(told, flt, by):
    """key → (reports, first, duplicates, repeats)."""
    found = {}
    for row in figures.within(told.reports, flt):
        counts = found.get(row[by] if by else None, (0, 0, 0, 0))
        flags = (True, *(row["kind"] == kind for kind in ("first", "duplicate", "repeat")))
        found[row[by] if by else None] = tuple(n + flag for n, flag in zip(counts, flags, strict=True))
    return found


def regrades(told, flt, as_of):
    """(grade that counts, grade now) → matters whose grade was fixed in the period."""
    found = {}
    for m in told.chosen(flt):
        at = m["state"]["severity_at"]
        if inside(at, flt) and at <= (as_of or flt.end):
            pair = (m["state"]["severity"], m["state"]["severity_now"])
            found[pair] = found.get(pair, 0) + 1
    return found
