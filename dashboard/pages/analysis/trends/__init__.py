"""/trends: any figure over time, against the year before, in several places, and what really changed."""

from dashboard.pages.analysis.panel import Page, Panel
from dashboard.pages.analysis.trends.panels import three_down, two_down
from dashboard.pages.analysis.trends.pictures import one, several
from dashboard.pages.analysis.trends.verdicts import verdicts

PAGE = Page(
    path="/trends",
    title="趋势",
    question="这个指标在变好还是变差？是真的变了，还是偶然起伏？",
    panels=(
        Panel(
            "course", "走势", "色带为 95% 区间；空心点为不足整月、整周、整日的一步，计数不连线；点线为去年同期",
            one, width=12, choices=("code", "grain"),
        ),
        Panel(
            "two-down", "两降一升", "重复警情率降、万人发案降、按期办结升；超过 z = ±3 才算达到",
            two_down, width=6, height="own", alone=True,
        ),
        Panel(
            "three-down", "三降一升", "再加人均处置量降；没有排班的时段算不出人均",
            three_down, width=6, height="own", alone=True,
        ),
        Panel(
            "places", "各地走势", "同一指标、同一刻度；先列最多的地点",
            several, width=12, height="own", choices=("among", "code", "grain"), alone=True,
        ),
        Panel(
            "verdicts", "哪些指标变了", "本期对上一期、对去年同期；超过 z = ±3 才点名，每段期间各判到自己的期末",
            verdicts, width=12, height="own", alone=True,
        ),
    ),
    compared=("reports", "matters", "repeat", "containment", "closing", "on_time"),
)  # fmt: skip
