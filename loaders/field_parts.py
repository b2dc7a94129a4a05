"""The parts that fields of several kinds are made of."""

from types import MappingProxyType
from typing import Any

from loaders import field_words as words
from loaders.field_types import Field, FieldType

LEVELS = ("cell", "beat", "community", "street", "district", "city")
PEOPLE = (
    "police", "auxiliary", "grid_lead", "grid_worker", "mediator", "lawyer", "counsellor", "volunteer",
)  # fmt: skip
LONGEST_CODE = 200  # characters; two such codes together still fit an index row of PostgreSQL (2,704 bytes)
FREE_TEXT = ("name", "address", "result", "matter", "lead_department", "place", "decisions")
UNIT_KINDS = ("station", "street_centre", "department", "mediation_room", "court", "industry")
AREAL = ("Polygon", "MultiPolygon")
ANY_SHAPE = ("Polygon", "MultiPolygon", "LineString", "MultiLineString")


def made(name: str, type: FieldType = "text", titles: str = "", required: bool = False, **more: Any) -> Field:
    """A field whose titles are given with blanks between; its choices are words for themselves."""
    choices = more.get("choices", ())
    if type == "text" and not more.get("personal") and name not in FREE_TEXT:
        more.setdefault("longest", LONGEST_CODE)
    more["words"] = MappingProxyType({**words.own_names(choices), **more.get("words", {})})
    return Field(name, type, required, aliases=tuple(titles.split()), **more)


def code_field(titles: str, required: bool = True) -> Field:
    """The code that numbers a row."""
    return made("code", "text", titles + " 编号 编码 代码 id", required)


def name_field(titles: str, required: bool = True, personal: bool = False) -> Field:
    """The name of what a row is about."""
    return made("name", "text", titles + " 名称", required, personal=personal)


def shape_field(required: bool, choices: tuple[str, ...] = AREAL) -> Field:
    """The geometry, of one of these shapes."""
    return made("geometry", "geometry", "geom wkt wkb the_geom shape 几何 边界 图形", required, choices=choices)


def since_field(required: bool = False) -> Field:
    """The date from which a row is in force."""
    return made("valid_from", "time", "start_date from 生效日期 启用日期 开始日期 起始日期", required)


LON = made("lon", "float", "longitude lng long x 经度 东经 坐标x x坐标", unit="degrees, or metres by CRS")
LAT = made("lat", "float", "latitude y 纬度 北纬 坐标y y坐标", unit="degrees, or metres by CRS")
PHONE = made("phone", "text", "tel telephone mobile 电话 联系电话 手机 手机号 联系方式 报警电话", personal=True)
CHANNEL = made("channel", "text", "source 渠道 来源 来源渠道 报警渠道 数据来源", True, words=words.CHANNELS)
SOURCE_NO = made(
    "source_no", "text",
    "incident_id case_number case_no 警情编号 接警编号 接警单编号 工单编号 工单号 事件编号 案件编号 编号 "
        "id", True,
)  # fmt: skip
MINUTES = made("minutes", "float", "duration 分钟 时长 用时 处置时长 处置分钟", unit="minutes", low=0, high=525_600)


def severity_field(name: str, titles: str) -> Field:
    """A grade, 1 to 3, in numbers, words or colours."""
    return made(name, "int", titles, low=1, high=3, words=words.SEVERITIES)
