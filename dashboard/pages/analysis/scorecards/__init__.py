"""/scorecards: 四型八零, 四目标 and the monthly star, each with the lines that say why."""

from dashboard.pages.analysis.panel import Page, Panel
from dashboard.pages.analysis.scorecards.cards import cards
from dashboard.pages.analysis.scorecards.lines import lines

PAGE = Page(
    path="/scorecards",
    title="评分与评星",
    question="哪些网格、警格达标，差在哪一条，为什么？",
    panels=(
        Panel(
            "cards", "评分卡", "展开一张即见每条的数字、要求与得分；数据不足的不评，也不算未达标",
            cards, width=8, height="own", choices=("card", "unit_of_card", "first"),
        ),
        Panel(
            "lines", "差在哪一条", "每一条规则：达标、未达标与数据不足的各有几处",
            lines, width=4, height="tall", choices=("card", "unit_of_card"),
        ),
    ),
)  # fmt: skip
