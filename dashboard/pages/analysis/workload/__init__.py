"""/workload: who carries how much, where is nobody, and is the work spread fairly?"""

from dashboard.pages.analysis.panel import Page, Panel
from dashboard.pages.analysis.workload.people import fairness, people
from dashboard.pages.analysis.workload.places import months, places, unstaffed
from dashboard.pages.analysis.workload.staffed import gaps, shapes

NEEDS = ("cells", "incidents", "postings")

PAGE = Page(
    path="/workload",
    title="工作负荷",
    question="哪里没有人，哪里、谁的活太多，分得匀不匀？",
    panels=(
        Panel(
            "unstaffed", "哪里无人任职", "有事项而没有人任职的地点；没有人不等于没有负荷",
            unstaffed, width=4, height="own", choices=("by",), needs=NEEDS,
        ),
        Panel(
            "gaps", "岗位缺口", "期末当时：缺牵头人的警格、缺网格员的网格、无人在岗、请假无人顶班",
            gaps, width=4, height="own", needs=NEEDS,
        ),
        Panel(
            "fairness", "所内是否均衡", "最高 ÷ 平均：1 为最匀；离散系数：0 为最匀",
            fairness, width=4, height="own", choices=("over",), needs=NEEDS,
        ),
        Panel(
            "places", "各地负荷", "处置分钟数 ÷ 任职人员的可用分钟数；虚线为 100%",
            places, width=6, height="tall", choices=("by",), needs=NEEDS,
        ),
        Panel(
            "people", "各人负荷", "处置、走访、回访、调解、会议的分钟数 ÷ 本人可用分钟数",
            people, width=6, height="tall", needs=NEEDS,
        ),
        Panel(
            "months", "逐月负荷", "每月的处置分钟数 ÷ 当月可用分钟数",
            months, width=6, choices=("by",), needs=NEEDS,
        ),
        Panel(
            "shapes", "队伍编成", "按 1+1+N、4+N、1+2 各应有几人、现有几人；人均居民与人均工作量",
            shapes, width=6, height="own", choices=("shape",), needs=NEEDS,
        ),
    ),
    compared=("reports", "matters", "closings"),
)  # fmt: skip
