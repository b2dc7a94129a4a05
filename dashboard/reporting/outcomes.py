"""Tables of containment and outcomes for commands, the API and the bulletin: named, shares beside their counts."""

import pandas as pd

from dashboard.reporting.measured import Reading
from grids.containment import with_shares
from grids.outcomes.formulas import FORMULAS, outcome

SHARE = ["share", "low", "high"]
CONTAINED = ["key", "label", "contained", "decided", *SHARE, "escaped", "pending"]


def containment_table(told: Reading, by: str | None, dating: str = "decided") -> pd.DataFrame:
    """[key, label, contained, decided, share, low, high, escaped, pending], one row a `by`."""

    def ask(by: str | None) -> pd.DataFrame:
        options = {"policy": told.policy, "dating": dating, "as_of": told.as_of, "boundaries": told.boundaries}
        return with_shares(told.measure("containment", by=by, **options))[CONTAINED]

    return told.hidden(ask, by, ("contained", "decided"), ("escaped", "pending"))


def policies_table(told: Reading, by: str | None, dating: str = "decided") -> pd.DataFrame:
    """policy and the columns of `containment_table`: the same matters judged by each of the three promises."""

    def ask(by: str | None) -> pd.DataFrame:
        options = {"dating": dating, "as_of": told.as_of, "boundaries": told.boundaries}
        return with_shares(told.measure("three policies", by=by, **options))[["policy", *CONTAINED]]

    return told.hidden(ask, by, ("contained", "decided"), ("escaped", "pending"), ("policy",))


def outcomes_table(told: Reading, by: str | None, codes: tuple[str, ...] = ()) -> pd.DataFrame:
    """[outcome, name, key, label, numerator, denominator, share, low, high]; no codes: all formulas."""

    def ask(by: str | None) -> pd.DataFrame:
        options = {"policy": told.policy, "as_of": told.as_of, "boundaries": told.boundaries}
        return told.measure("outcomes", by=by, codes=codes, **options)

    found = told.hidden(ask, by, within=("outcome",))
    found.insert(1, "name", [FORMULAS[code].name.zh for code in found["outcome"]])
    return found


def diversion_table(told: Reading, by: str | None) -> pd.DataFrame:
    """[key, label, sent, accepted, bounced, done, kept, open, share_accepted, share_bounced, share_done]."""

    def ask(by: str | None) -> pd.DataFrame:
        found = told.measure("diversions", by=by, as_of=told.as_of, boundaries=told.boundaries)
        shares = {f"share_{code}": outcome(found, code)["share"] for code in ("accepted", "bounced", "done")}
        plain = {name: str(name).removeprefix("diverted_") for name in found} | {"diverted": "sent"}
        return found.rename(columns=plain).assign(**shares)

    return told.hidden(ask, by, ("done", "sent"), ("accepted", "bounced", "kept", "open"))


def repeats_table(told: Reading, by: str | None) -> pd.DataFrame:
    """[key, label, reports, first, duplicates, repeats, share, low, high]: the share is that of repeats."""

    def ask(by: str | None) -> pd.DataFrame:
        found = told.measure("reports", by=by, boundaries=told.boundaries)
        return found.join(outcome(found, "repeat")[SHARE])

    return told.hidden(ask, by, ("repeats", "reports"), ("first", "duplicates"))


def one_community_table(told: Reading) -> pd.DataFrame:
    """[key, label (a station), community, community_label, community_calls, calls, share, low, high]."""

    def ask(_by: str | None) -> pd.DataFrame:
        found = told.measure("one community", boundaries=told.boundaries)
        return found.join(outcome(found, "one_community")[SHARE])

    return told.hidden(ask, None, ("community_calls", "calls"))


def chains_table(told: Reading, by: str | None) -> pd.DataFrame:
    """[key, label, reports (5: and more), numerator, denominator, share, low, high]."""

    def ask(by: str | None) -> pd.DataFrame:
        return told.measure("chains", by=by, boundaries=told.boundaries)

    return told.hidden(ask, by, within=("reports",))


def flow_table(told: Reading, by: str | None) -> pd.DataFrame:
    """[key, label, source, target, numerator, denominator, share, low, high]."""

    def ask(by: str | None) -> pd.DataFrame:
        return told.measure("flow", by=by, as_of=told.as_of, boundaries=told.boundaries)

    return told.hidden(ask, by, within=("source",))


def regrades_table(told: Reading, by: str | None) -> pd.DataFrame:
    """[key, label, severity, severity_now, numerator, denominator, share, low, high]."""

    def ask(by: str | None) -> pd.DataFrame:
        return told.measure("regrades", by=by, as_of=told.as_of, boundaries=told.boundaries)

    return told.hidden(ask, by, within=("severity",))
