"""/diversion: who was sent what, who took it, who sent it back, and how much it took off the police."""

from dashboard.pages.analysis.diversion.ledger import categories, ledger, rates, units
from dashboard.pages.analysis.diversion.waiting import reasons, relief, waits
from dashboard.pages.analysis.panel import Page, Panel

NEEDS = ("cells", "incidents", "steps")

PAGE = Page(
    path="/diversion",
    title="分流",
    question="分出去的事项，谁接了、谁退了、办了没有？为警务减下来多少？",
    panels=(
        Panel(
            "rates", "接收、退回、办结与减负", "前三项的分母是期间分出的条数；减负的分母是非警务警情",
            rates, width=4, height="own", needs=NEEDS,
        ),
        Panel(
            "units", "各单位办得怎样", "每条分流只在一段：办结、退回、留办或在途",
            units, width=8, choices=("unit",), needs=NEEDS,
        ),
        Panel("ledger", "分流台账", "点数字看这些事项；等待为从分出到接收的小时数", ledger,
              width=12, height="own", choices=("unit",), needs=NEEDS),
        Panel("waits", "多久接收", "从分出到接收，按小时分段；尚未接收的不在其中", waits, width=4, needs=NEEDS),
        Panel("reasons", "为何退回", "退回时写下的原因", reasons, width=4, needs=NEEDS),
        Panel("categories", "分流的是什么", "分出最多的类别", categories, width=4, needs=NEEDS),
        Panel(
            "relief", "一年来为警务减下的非警务警情", "逐月；化解于驻所调解或分流接收的，占非警务警情",
            relief, width=12, needs=NEEDS,
        ),
    ),
    compared=("diversions", "accepted", "bounced", "done", "relieved"),
)  # fmt: skip
