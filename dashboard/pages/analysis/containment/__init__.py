"""/containment: did matters stay within their level, where not, and by whose promise?"""

from dashboard.pages.analysis.containment.followed import borders, outcomes, year
from dashboard.pages.analysis.containment.shares import datings, overall, places, policies
from dashboard.pages.analysis.containment.travelled import escapes, flow, regrades
from dashboard.pages.analysis.panel import Page, Panel

NEEDS = ("cells", "incidents", "catalogue", "steps")

PAGE = Page(
    path="/containment",
    title="层级化解",
    question="事项有没有化解在应止的层级之内？哪一级、哪一处、按哪种口径没有？",
    panels=(
        Panel(
            "overall", "层级内化解率", "化解在层级内 ÷ 已定案（化解＋越级）；按办结或首次越级的时间计入期间",
            overall, width=4, choices=("dating",), needs=NEEDS,
        ),
        Panel(
            "policies", "三种口径并列", "同一批事项，按三地的应止层级各判一次",
            policies, width=4, choices=("dating",), needs=NEEDS, alone=True,
        ),
        Panel(
            "datings", "期间定案与期间新立", "定案：期间内办结或越级的事项；新立：期间内立的事项，判到期末",
            datings, width=4, needs=NEEDS,
        ),
        Panel(
            "places", "各地化解率", "点为化解率，横线为 95% 区间，虚线为全部；化解率低的在上",
            places, width=7, height="tall", choices=("by", "dating"), needs=NEEDS,
        ),
        Panel(
            "escapes", "越级在哪里", "越级最多的地点；点一条即看这些事项",
            escapes, width=5, height="tall", choices=("by",), needs=NEEDS,
        ),
        Panel(
            "flow", "层级流转", "期间内立的事项，从哪一级到哪一级，在哪一级办结或仍在办",
            flow, width=8, height="tall", needs=NEEDS,
        ),
        Panel(
            "outcomes", "化解之外", "各率各有分母，见指标定义；稳固率只看办结满30天的事项",
            outcomes, width=4, height="own", needs=NEEDS,
        ),
        Panel("year", "一年来的化解率", "逐月，各月判到月末；色带为 95% 区间，空心点为不足整月", year, needs=NEEDS),
        Panel("regrades", "改级", "行为计入的等级，列为现在的等级；改级不改其他数字", regrades, needs=NEEDS),
        Panel(
            "borders", "两种边界下不同的地点", "按当时与现行边界（选了方案则按现行与方案）各算一次，只列数字有变的地点",
            borders, width=12, height="own", choices=("by",), needs=NEEDS, alone=True,
        ),
    ),
    compared=("containment", "escaped", "closing", "on_time", "held", "stayed_in_street"),
)  # fmt: skip
