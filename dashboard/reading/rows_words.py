"""What columns and codes of listed rows are called by people."""

from zoneinfo import ZoneInfo

import pandas as pd

from dashboard.language import Say, one_of
from dashboard.reading.rows import Found
from grids.grading import SEVERITIES
from grids.levels import LEVEL_NAMES, Level

HEADINGS = {
    "number": "事项编号", "opened": "受理时间", "channel": "渠道", "category": "类别编码",
    "category_name": "类别", "severity": "定级", "severity_now": "现级", "cell": "网格编码",
    "cell_name": "网格", "beat": "警格编码", "beat_name": "警格", "community": "社区编码", "street": "街道编码",
    "station": "派出所编码", "levels": "到过的层级", "state": "化解状态", "lead_level": "牵头层级",
    "lead_unit": "牵头单位编码", "due": "办结期限", "closed": "办结时间", "minutes": "工作量（分钟）",
    "reports": "警情数", "report": "警情编号", "reported": "报警时间", "kind": "首报或重复",
    "report_channel": "报警渠道", "report_category": "报警类别编码", "report_cell": "报警网格编码",
    "report_beat": "报警警格编码", "closing": "本次办结", "reopened": "重新打开", "sent": "分流时间",
    "from_unit": "分出单位编码", "to_unit": "接收单位编码", "accepted": "接收时间", "bounced": "退回时间",
    "done": "分流办结", "officer": "人员编码", "role": "角色", "began": "开始时间", "own_minutes": "本人分钟",
    "lon": "经度", "lat": "纬度", "point": "点位来源",
}  # fmt: skip
STATE_WORDS = {"contained": "化解", "escaped": "越级", "pending": "在办"}
KIND_WORDS = {"first": "首次", "duplicate": "重复上报", "repeat": "重复警情"}
POINT_WORDS = {"placed": "落点", "centroid": "网格中心", "none": "无"}
UNITS = {"matter": "事项", "report": "警情", "closing": "办结", "diversion": "分流", "charge": "人员与事项"}


def title(found: Found, lang: str) -> str:
    """What the figure is called."""
    return one_of(lang, found.figure.name.zh, found.figure.name.en)


def in_words(frame: pd.DataFrame, say: Say, lang: str, zone: ZoneInfo) -> pd.DataFrame:
    """The frame of db.drill.told as people read it: codes as words, instants as naive times of the city."""
    shown = frame.copy()
    for name, words in (("state", STATE_WORDS), ("kind", KIND_WORDS), ("point", POINT_WORDS)):
        if name in shown:
            shown[name] = [say(words[code]) if code else None for code in shown[name]]
    for name in ("severity", "severity_now"):
        shown[name] = [grade(code, lang) for code in shown[name]]
    shown["levels"] = [_levels(code, lang) for code in shown["levels"]]
    shown["lead_level"] = [_levels(code, lang) for code in shown["lead_level"]]
    for name in map(str, shown.select_dtypes("datetimetz")):
        shown[name] = shown[name].dt.tz_convert(zone).dt.tz_localize(None)
    return shown


def headings(columns: list[str], say: Say) -> list[str]:
    """What columns are called."""
    return [say(HEADINGS[name]) for name in columns]


def grade(code: object, lang: str) -> str | None:
    """A grade's name; None for none."""
    if code is None or pd.isna(code) or int(code) not in SEVERITIES:  # type: ignore[call-overload]
        return None
    grade = SEVERITIES[int(code)]  # type: ignore[call-overload]
    return one_of(lang, grade.zh, grade.en)


def _levels(codes: str | None, lang: str) -> str | None:
    if not codes:
        return None
    names: list[Level] = codes.split(";")  # type: ignore[assignment]
    return " → ".join(one_of(lang, LEVEL_NAMES[name].zh, LEVEL_NAMES[name].en) for name in names)
