"""What each count is called when its rows are listed, in both languages. Data."""

from collections.abc import Mapping
from types import MappingProxyType

from grids.levels import LEVEL_NAMES, Name

COUNT_NAMES: Mapping[str, Name] = MappingProxyType(
    {
        "reports": Name("警情", "reports"),
        "matters": Name("事项", "matters"),
        "closings": Name("办结", "closings"),
        "diversions": Name("分流", "diversions"),
        "first": Name("首次警情", "first reports"),
        "duplicates": Name("重复上报（同一事件未处置完又报）", "duplicate reports"),
        "repeats": Name("重复警情（处置后再报）", "repeat reports"),
        "contained": Name("化解在层级内", "contained"),
        "escaped": Name("越级", "escaped"),
        "pending": Name("在办", "pending"),
        "settled_on_spot": Name("现场化解", "settled on the spot"),
        "settled": Name("已化解", "settled"),
        "mediated_settled": Name("调解成功", "mediated and settled"),
        "mediated": Name("经过调解", "mediated"),
        "closed": Name("已办结", "closed"),
        "registered": Name("期内受理", "registered in the period"),
        "closed_on_time": Name("按期办结", "closed on time"),
        "due": Name("期内到期", "due in the period"),
        "satisfied": Name("评价满意", "satisfied"),
        "answered": Name("有评价", "with an answer"),
        "revisited": Name("已回访", "revisited"),
        "revisit_due": Name("应回访", "due for a revisit"),
        "held": Name("化解稳固", "settlement held"),
        "closed_long_ago": Name("办结满30天", "closed at least 30 days"),
        "diverted": Name("分流", "diverted"),
        "diverted_accepted": Name("分流已接收", "diversion accepted"),
        "diverted_bounced": Name("分流被退回", "diversion bounced"),
        "diverted_done": Name("分流已办结", "diversion done"),
        "diverted_kept": Name("分流后仍由首接单位办理", "diversion kept by the first receiver"),
        "diverted_open": Name("分流待答复", "diversion unanswered"),
        "settled_by_mediators": Name("驻所调解员化解", "settled by mediators"),
        "non_police": Name("非警务警情", "non-police calls"),
        "regraded": Name("改过级", "regraded"),
        "grade_fixed": Name("期内定级", "graded in the period"),
        "left_beat_in_street": Name("出警格未出街道", "left the beat, stayed in the street"),
        "left_beat": Name("出了警格", "left the beat"),
        "community_calls": Name("来自警情最多的社区", "calls from the community with most"),
        "calls": Name("全部警情", "all calls"),
        "crimes": Name("刑事治安", "crimes"),
        "fires": Name("火情", "fires"),
        "complaints": Name("投诉", "complaints"),
        "reopened": Name("办结后重新打开", "reopened"),
        "turned_to_crime": Name("民转刑风险", "at risk of turning to crime"),
        "open": Name("期末未办结", "open at the period's end"),
        "overdue": Name("期末超期未办结", "overdue at the period's end"),
        "unplaced": Name("未落格警情", "reports in no cell"),
        "closed_in_period": Name("期内办结的事项", "matters closed in the period"),
    }
)
ENDS: Mapping[str, Name] = MappingProxyType(
    {level: LEVEL_NAMES[level] for level in LEVEL_NAMES}
    | {"closed": Name("办结", "closed"), "open": Name("仍未办结", "still open")}
)


def joined(counts: tuple[str, ...]) -> Name:
    """Several counts that add up."""
    return Name("＋".join(COUNT_NAMES[name].zh for name in counts), " + ".join(COUNT_NAMES[name].en for name in counts))


def remaining(below: tuple[str, ...], above: tuple[str, ...]) -> Name:
    """Those below the line that are not above it."""
    whole, part = joined(below), joined(above)
    return Name(f"{whole.zh}，但不属于“{part.zh}”", f"{whole.en}, but not {part.en}")


def moved(source: str, target: str) -> Name:
    """A step of the flow."""
    one, other = ENDS[source], ENDS[target]
    return Name(f"由{one.zh}到{other.zh}", f"from {one.en} to {other.en}")
