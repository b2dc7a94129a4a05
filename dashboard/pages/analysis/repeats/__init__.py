"""/repeats: who has to call again, from where, and how often?"""

from dashboard.pages.analysis.panel import Page, Panel
from dashboard.pages.analysis.repeats.again import chains, kinds, rates, whole
from dashboard.pages.analysis.repeats.places import community, doors

PAGE = Page(
    path="/repeats",
    title="重复",
    question="同一件事报了几次，哪里、哪个渠道重复多，是不是少数地址占了多数？",
    panels=(
        Panel(
            "whole", "重复警情率", "处置结束后又报的警情 ÷ 全部警情；处置中又报的另计为重复上报",
            whole, width=4, height="own",
        ),
        Panel("chains", "同一事项报了几次", "期间内立的事项，按整个库里的警情数", chains, width=4),
        Panel("community", "单一社区占比", "各所警情最多的社区 ÷ 全所警情", community, width=4),
        Panel(
            "rates", "各地重复警情率", "点为重复率，横线为 95% 区间，虚线为全部；重复率高的在上",
            rates, width=6, height="tall", choices=("by",),
        ),
        Panel(
            "channels", "各渠道", "同一件事从几个渠道来：首次、处置中又报、处置后再报",
            kinds, width=6, height="tall", choices=("through",),
        ),
        Panel("doors", "重复地址", "报警最多的楼栋（不含房号）与累计占比", doors, width=12, height="own"),
    ),
    compared=("reports", "repeats", "repeat"),
)  # fmt: skip
