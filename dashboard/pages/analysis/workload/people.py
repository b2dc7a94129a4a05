"""Load of people, and how evenly it is spread inside each station. Who they are is told by right only."""

import pandas as pd

from dashboard.figures.loads import loads
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn
from dashboard.reporting.work import OFFICER, fairness_table, workload_table

KINDS = ("handling", "visits", "revisits", "mediation", "meetings")


def people(told: Asking) -> Drawn:
    """A bar a person, the heaviest first: by code for who may see staff, else by number."""
    say, known = told.say, told.desk.who().may("people")
    found = workload_table(told, OFFICER).astype({"load": "float64"})
    order = found.assign(alone=found["load"].isna() & (found["minutes"] > 0))
    found = order.sort_values(["alone", "load", "minutes"], ascending=False, ignore_index=True)
    if not known:
        names = [say("人员 {n}", n=n + 1) for n in range(len(found))]
        found = found.assign(key=None, label=names)
    hrefs = [told.rows("workload.people", officer=key) if known else None for key in found["key"]]
    columns = {
        "label": say("人员"), "load": say("负荷"), "minutes": say("工作分钟"), "available": say("可用分钟"),
        "matters": say("事项"), "handling": say("处置"), "visits": say("走访"), "revisits": say("回访"),
        "mediation": say("调解"), "meetings": say("会议"),
    }  # fmt: skip
    leads = {"matters": "workload.people"} if known else {}
    notes = () if known else (say("您没有看人员的权限，这里只按负荷排号，不写是谁。"),)
    figure = loads(found, hrefs, say, told.theme)
    return Drawn(figure, _worked(found), columns, leads, {"officer": "key"}, notes)


def _worked(found: pd.DataFrame) -> pd.DataFrame:
    """Without those who neither worked nor have minutes."""
    return found[(found["minutes"] > 0) | found["available"].notna()].reset_index(drop=True)


def fairness(told: Asking) -> Drawn:
    """One row a station."""
    say, over = told.say, told.asked.chosen("over")
    found = fairness_table(told, over)
    found = found.sort_values("cv", ascending=False, na_position="last", ignore_index=True)
    found = found.assign(load=found["mean"].astype("float64"), top=found["largest"].astype("float64"))
    columns = {
        "label": say("派出所"), "max_over_mean": say("最高÷平均"), "cv": say("离散系数"), "load": say("平均负荷"),
        "n": say("计入"), "unstaffed": say("无人或无可用时间"),
    }  # fmt: skip
    return Drawn(None, found, columns)
