"""When reports come, whether one brings the next, and how few addresses most of them come from."""

import pandas as pd
from dash import html

from dashboard.figures.clock import WEEKDAYS
from dashboard.figures.ratios import ratios
from dashboard.figures.weekclock import week_clock
from dashboard.pages.analysis.asking import Asking
from dashboard.pages.analysis.panel import Drawn
from dashboard.reporting.places import clock_table, near_repeat_table


def clock(told: Asking) -> Drawn:
    """Seven days by twenty-four hours."""
    say, found = told.say, clock_table(told)
    found = found.assign(day=[say(WEEKDAYS[day - 1]) for day in found["weekday"]])
    hrefs = [told.rows("clock", hour=f"{row.weekday}-{row.hour}") for row in found.itertuples()]
    columns = {
        "day": say("星期"),
        "hour": say("时"),
        "reports": say("警情"),
        "hours": say("小时数"),
        "rate": say("起/小时"),
    }
    empty = not found["reports"].fillna(1).any()
    figure = week_clock(found, hrefs, say, told.theme)
    leads = {"reports": "clock"}
    return Drawn(figure, found.head(0) if empty else found, columns, leads, {"weekday": "weekday", "hour": "hour"})


def near(told: Asking) -> Drawn:
    """Bands of metres by bands of days: how many times as many pairs as by chance."""
    say, found = told.say, near_repeat_table(told)
    if not len(found) or pd.isna(found["observed"]).all():
        return Drawn(None, found.head(0), {"metres": say("米")})
    columns = {
        "metres": say("相距（米）"), "days": say("相隔（天）"), "ratio": say("观察÷期望"), "observed": say("观察"),
        "expected": say("期望"), "p": "p",
    }  # fmt: skip
    used = int(found["reports"].iloc[0])
    note = say("用了期间内最后 {n} 起首次警情。", n=f"{used:,}")
    hrefs = [told.rows("near", metres=row.metres, days=row.days) for row in found.itertuples()]
    figure = ratios(found.assign(href=hrefs), (say("相隔（天）"), say("相距（米）")), told.theme)
    sure = say("* 为 p ≤ 0.05；点一格即看成对的警情。")
    notes, keys = (note, sure) if used else (), {"metres": "metres", "days": "days"}
    return Drawn(figure, found, columns, {"observed": "near"}, keys, notes)


def pareto(told: Asking) -> Drawn:
    """How few addresses give half of all reports: counts only, no address."""
    say = told.say
    found = told.measure("pareto of addresses", boundaries=told.boundaries)
    row = found.iloc[0]
    columns = {
        "fewest": say("地址"), "fewest_calls": say("其警情"), "doors": say("全部地址"), "calls": say("有地址的警情"),
        "all_calls": say("全部警情"),
    }  # fmt: skip
    known, whole = f"{row['calls']:,}", f"{row['all_calls']:,}"
    if not row["fewest"]:
        words = say("有地址的警情不到一半（{k}/{n}），说不出集中在哪里。", k=known, n=whole)
        return Drawn(html.P(words, className="quiet"), found.head(0), columns)
    share, given = row["fewest_calls"] / row["all_calls"], f"{row['fewest_calls']:,}"
    few = html.B(f"{row['fewest']:,}", className="big-number")
    lines = [
        html.P([few, f" / {row['doors']:,} ", say("个地址")]),
        html.P(say("占全部警情的 {share}（{k}/{n}）。", share=f"{share:.0%}", k=given, n=whole)),
        html.A(say("看是哪些地址"), href=told.asked.link("/repeats"), className="to-rows"),
    ]
    return Drawn(html.Div(lines), found, columns)
