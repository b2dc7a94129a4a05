"""/hotspots: where and when do reports gather beyond chance?"""

from dashboard.pages.analysis.hotspots.maps import hot, moving, peaks
from dashboard.pages.analysis.hotspots.when import clock, near, pareto
from dashboard.pages.analysis.panel import Page, Panel

PAGE = Page(
    path="/hotspots",
    title="热点",
    question="警情在哪里、什么时候比偶然更集中，是不是一起接一起？",
    panels=(
        Panel(
            "map", "热点网格", "Getis–Ord Gi*，错误发现率 5%：红为显著偏多，蓝为显著偏少；按现行网格",
            hot, width=7, height="own", choices=("per",), alone=True,
        ),
        Panel("clock", "星期与时段", "每小时的警情数；点一格即看这些警情", clock, width=5, height="middle"),
        Panel(
            "moving", "随时间变化", "各网格每一段时间的警情；按播放或拖动",
            moving, width=7, height="own", choices=("frames",), alone=True,
        ),
        Panel(
            "peaks", "热力与高点", "热力为 σ 180 米的核密度；编号为 σ 300 米曲面上相距至少 300 米的高点",
            peaks, width=5, height="own", alone=True,
        ),
        Panel("near", "近重复", "首次警情两两相近：观察数 ÷ 偶然期望数，1 为偶然；p 由 99 次打乱得出", near, width=7),
        Panel("pareto", "集中在多少地址", "多少个地址占了一半的警情", pareto, width=5, height="own"),
    ),
    compared=("reports", "repeats"),
)  # fmt: skip
