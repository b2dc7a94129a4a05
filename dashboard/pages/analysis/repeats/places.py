"""Where reports come again: addresses, for who may look at cases, and the one community of each station."""

from dash import html

from dashboard.figures.intervals import intervals
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn
from dashboard.reading.records import rows
from dashboard.reporting.outcomes import one_community_table
from dashboard.reporting.places import addresses_table

MOST = 50
FEW = 9  # stations that a low card has room for


def community(told: Asking) -> Drawn:
    """One dot a station: the share of the community that calls most."""
    say, found = told.say, one_community_table(told)
    found = found.assign(label=[f"{row.label}：{row.community_label or '–'}" for row in rows(found)])
    found = found.sort_values("share", ascending=False, ignore_index=True)
    hrefs = [told.rows("one_community.numerator", station=key) for key in found["key"]]
    shown = found.rename(columns={"community_calls": "numerator", "calls": "denominator"})
    columns = {
        "label": say("派出所与社区"), "share": say("占比"), "community_calls": say("该社区警情"),
        "calls": say("全所警情"), "low": say("区间下限"), "high": say("区间上限"),
    }  # fmt: skip
    leads = {"community_calls": "one_community.numerator", "calls": "one_community.denominator"}
    figure = intervals(shown[shown["share"].notna()], hrefs, say, told.theme, shown=FEW)
    return Drawn(figure, found, columns, leads, {"station": "key"})


def doors(told: Asking) -> Drawn:
    """The addresses with most reports; nothing of them for who may not look at cases."""
    say = told.say
    pareto = told.measure("pareto of addresses", boundaries=told.boundaries).iloc[0]
    share = pareto["fewest_calls"] / max(pareto["all_calls"], 1)
    counts = {"n": pareto["doors"], "few": pareto["fewest"], "k": pareto["fewest_calls"], "all": pareto["all_calls"]}
    told_of = {name: f"{value:,}" for name, value in counts.items()}
    line = say("{n} 个地址中的 {few} 个占了 {share} 的警情（{k}/{all}）。", share=f"{share:.0%}", **told_of)
    notes = (line,) if pareto["fewest"] else ()
    if not told.desk.who().may("cases"):
        body = html.P(say("地址只给能看事项的人看；这里只说有多集中。"), className="quiet")
        return Drawn(body, addresses_table(told, 1).head(0), {}, notes=notes)
    found = addresses_table(told, MOST)
    found = found.assign(load=found["running_share"], label=[_where(told, code) for code in found["beat"]])
    columns = {"rank": say("序"), "door": say("地址"), "label": say("警格"), "calls": say("警情"), "share": say("占比"),
               "load": say("累计占比")}  # fmt: skip
    return Drawn(None, found, columns, {"calls": "doors"}, {"door": "key"}, notes)


def _where(told: Asking, beat: object) -> str:
    return told.facts.name(f"beat:{beat}") if isinstance(beat, str) else "–"
