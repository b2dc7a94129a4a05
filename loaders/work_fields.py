"""The fields of files about people and beats at work: calendar, roster, visits, registers, plates, meetings."""

from collections.abc import Mapping
from types import MappingProxyType

from db.tables.work import ABSENCE_KINDS, REGISTERS, SHIFT_KINDS, VISIT_KINDS
from loaders import field_words as words
from loaders.field_parts import LAT, LON, MINUTES, code_field, made, shape_field, since_field
from loaders.field_types import Field

_OFFICER = made("officer", "text", "officer_code 人员编号 警号 工号", True)
_CELL = made("cell", "text", "cell_code 网格编号 网格代码 网格编码 网格")
_NEEDED_CELL = made("cell", "text", "cell_code 网格编号 网格代码 网格编码 网格", True)
_DAY = made("day", "day", "date 日期 统计日期", True)
_ADDRESS = made("address", "text", "location 地址 走访地址 地点")
_POINT = shape_field(required=False, choices=("Point",))


def _from_to(start: str, end: str) -> tuple[Field, Field]:
    """The two ends of a time, both needed."""
    return made("start", "time", start, True), made("end", "time", end, True)


WORK_FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType({
    "holidays": (
        _DAY, made("kind", "choice", "类型 安排", True, choices=("off", "work"), words=words.DAY_KINDS),
        made("name", "text", "holiday 名称 节日"),
    ),
    "roster": (
        _OFFICER, made("kind", "choice", "shift 班次 值班类型 班别", choices=SHIFT_KINDS, words=words.SHIFTS),
        *_from_to("from begin 开始时间 上班时间 值班开始", "to until 结束时间 下班时间 值班结束"),
    ),
    "absences": (
        _OFFICER, made("kind", "choice", "absence 类型 请假类型", choices=ABSENCE_KINDS, words=words.ABSENCES),
        *_from_to("from begin 开始时间 请假开始", "to until 结束时间 请假结束"),
        made("cover", "text", "cover_code 代班人 代管人 顶岗人"),
    ),
    "visits": (
        made("source", "text", "channel 来源 来源系统 数据来源", True),
        made("source_no", "text", "visit_no no 走访编号 记录编号 编号 id", True),
        made("at", "time", "time date datetime 走访时间 时间", True, past=True),
        _OFFICER, _CELL, LON, LAT, _ADDRESS,
        made("kind", "choice", "visit_kind 走访类型 类型", True, choices=VISIT_KINDS, words=words.VISITS),
        made("count", "int", "visits 走访次数 户次 次数 数量", low=1, high=10_000, unit="visits"),
        made("records", "int", "采集条数 登记条数 完善条数", low=0, high=100_000, unit="records"),
        MINUTES, made("note", "text", "remark comment 备注 说明 走访情况", personal=True),
        made("matter", "text", "matter_no 事项编号 关联编号"), _POINT,
    ),
    "registers": (
        _NEEDED_CELL,
        made("kind", "choice", "register 登记类型 类型", True, choices=REGISTERS, words=words.REGISTERS),
        _DAY, made("count", "int", "number 数量 条数", True, low=0, high=100_000_000, unit="entries"),
    ),
    "households": (
        _NEEDED_CELL,
        made("households", "int", "户数 住户数 家庭户数", low=0, high=10_000_000, unit="households"),
        made("residents", "int", "population 人口 人口数 常住人口 居民数", low=0, high=100_000_000, unit="people"),
    ),
    "plates": (
        code_field("plate plate_code 门牌编号 门牌代码 二维码编号"),
        made("address", "text", "location 地址 门牌地址 标准地址", True), LON, LAT, _CELL, since_field(), _POINT,
    ),
    "meetings": (
        code_field("meeting meeting_code 会议编号 例会编号"),
        made("at", "time", "time date datetime 会议时间 时间", True, past=True),
        made("beat", "text", "beat_code 警格编号 警格代码 警格编码 警格", True),
        made("place", "text", "location 地点 会议地点"),
        made("attendees", "int", "people 参会人数 人数", low=0, high=10_000, unit="people"),
        made("matters", "list", "matter_nos 研判事项 事项编号"), made("decisions", "text", "议定事项 决定 处理意见"),
        made("note", "text", "remark minutes 备注 会议纪要 纪要", personal=True),
    ),
})  # fmt: skip

WORK_NUMBERS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "holidays": ("day",), "roster": ("officer", "start"), "absences": ("officer", "start"),
    "visits": ("source", "source_no"), "registers": ("cell", "kind", "day"), "households": ("cell",),
    "plates": ("code",), "meetings": ("code",),
})  # fmt: skip
