"""The fields of every kind of file that beatgrid loads; the one place where files and words meet."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from geo.errors import NotFound
from loaders import field_words as words
from loaders.field_types import Field, FieldType

_LEVELS = ("cell", "beat", "community", "street", "district", "city")
_PEOPLE = (
    "police", "auxiliary", "grid_lead", "grid_worker", "mediator", "lawyer", "counsellor", "volunteer",
)  # fmt: skip
LONGEST_CODE = 200  # characters; two such codes together still fit an index row of PostgreSQL (2,704 bytes)
_FREE_TEXT = ("name", "address", "result", "matter", "lead_department")
_UNIT_KINDS = ("station", "street_centre", "department", "mediation_room", "court", "industry")
_AREAL = ("Polygon", "MultiPolygon")
_ANY_SHAPE = ("Polygon", "MultiPolygon", "LineString", "MultiLineString")


def _field(name: str, type: FieldType = "text", titles: str = "", required: bool = False, **more: Any) -> Field:
    choices = more.get("choices", ())
    if type == "text" and not more.get("personal") and name not in _FREE_TEXT:
        more.setdefault("longest", LONGEST_CODE)
    more["words"] = MappingProxyType({**words.own_names(choices), **more.get("words", {})})
    return Field(name, type, required, aliases=tuple(titles.split()), **more)


def _code(titles: str, required: bool = True) -> Field:
    return _field("code", "text", titles + " 编号 编码 代码 id", required)


def _name(titles: str, required: bool = True, personal: bool = False) -> Field:
    return _field("name", "text", titles + " 名称", required, personal=personal)


def _shape(required: bool, choices: tuple[str, ...] = _AREAL) -> Field:
    return _field("geometry", "geometry", "geom wkt wkb the_geom shape 几何 边界 图形", required, choices=choices)


def _valid_from(required: bool = False) -> Field:
    return _field("valid_from", "time", "start_date from 生效日期 启用日期 开始日期 起始日期", required)


_LON = _field("lon", "float", "longitude lng long x 经度 东经 坐标x x坐标", unit="degrees, or metres by CRS")
_LAT = _field("lat", "float", "latitude y 纬度 北纬 坐标y y坐标", unit="degrees, or metres by CRS")
_PHONE = _field("phone", "text", "tel telephone mobile 电话 联系电话 手机 手机号 联系方式 报警电话", personal=True)
_CHANNEL = _field("channel", "text", "source 渠道 来源 来源渠道 报警渠道 数据来源", True, words=words.CHANNELS)
_SOURCE_NO = _field(
    "source_no", "text",
    "incident_id case_number case_no 警情编号 接警编号 接警单编号 工单编号 工单号 事件编号 案件编号 编号 "
        "id", True,
)  # fmt: skip
_MINUTES = _field("minutes", "float", "duration 分钟 时长 用时 处置时长 处置分钟", unit="minutes", low=0, high=525_600)


def _severity(name: str, titles: str) -> Field:
    return _field(name, "int", titles, low=1, high=3, words=words.SEVERITIES)


FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType({
    "areas": (
        _field("level", "choice", "admin_level 层级 级别 区划级别", True,
               choices=("city", "district", "street", "community"), words=words.LEVELS),
        _code("area_code division_code adcode 区划代码 行政区划代码 社区编号 街道编号"),
        _name("area_name 区划名称 社区名称 街道名称"),
        _field("parent", "text", "parent_code 上级 上级代码 上级编号 上级编码 所属区划"),
        _shape(required=True), _valid_from(),
    ),
    "cells": (
        _code("cell_code cell 网格编号 网格代码 网格编码 网格号"), _name("cell_name 网格名称 网格"),
        _field("beat", "text", "beat_code 警格编号 警格代码 警格编码 警格 所属警格"),
        _field("community", "text", "community_code 社区编号 社区代码 社区 所属社区 社区名称"),
        _field("kind", "choice", "cell_kind 网格类型 类型", choices=("basic", "dedicated"),
            words=words.CELL_KINDS),
        _field("households", "int", "户数 住户数 家庭户数", low=0, high=10_000_000, unit="households"),
        _field("residents", "int", "population 人口 人口数 常住人口 居民数", low=0, high=100_000_000,
            unit="people"),
        _shape(required=True), _valid_from(),
    ),
    "beats": (
        _code("beat_code beat 警格编号 警格代码 警格编码"), _name("beat_name 警格名称 警格"),
        _field("station", "text", "station_code 派出所编号 派出所代码 派出所 所属派出所"),
        _field("community", "text", "community_code 社区编号 社区代码 社区 所属社区"), _valid_from(),
    ),
    "units": (
        _code("unit_code 单位编号 单位代码 单位编码 机构代码"), _name("unit_name 单位名称 机构名称 单位"),
        _field("level", "choice", "层级 级别", True, choices=_LEVELS, words=words.LEVELS),
        _field("kind", "choice", "unit_kind 单位类型 机构类型 类型", True, choices=_UNIT_KINDS,
            words=words.UNIT_KINDS),
        _field("area", "text", "area_code 辖区 辖区代码 所属区划 区划代码"),
        _field("lead_for", "list", "主责类别 牵头类别 牵头事项"), _LON, _LAT, _PHONE, _valid_from(),
        _shape(required=False, choices=("Point",)),
    ),
    "officers": (
        _code("officer_code officer 人员编号 警号 工号"), _name("officer_name 姓名 人员姓名", personal=True),
        _field("kind", "choice", "officer_kind 人员类型 类型 身份", True, choices=_PEOPLE,
            words=words.PEOPLE),
        _field("unit", "text", "unit_code 单位编号 单位代码 所属单位 单位"), _PHONE,
    ),
    "postings": (
        _field("officer", "text", "officer_code 人员编号 警号 工号", True),
        _field("role", "choice", "角色 职务 岗位", True, choices=("beat_lead", *_PEOPLE), words=words.ROLES),
        _field("beat", "text", "beat_code 警格编号 警格代码 警格"),
        _field("cell", "text", "cell_code 网格编号 网格代码 网格"),
        _field("unit", "text", "unit_code 单位编号 单位代码 单位"),
        _field("weekly_hours", "float", "hours 周工时 每周工时 每周小时", low=0, high=168, unit="hours"),
        _valid_from(required=True),
        _field("valid_to", "time", "end_date to 失效日期 结束日期 终止日期 截止日期"),
    ),
    "catalogue": (
        _code("category category_code 类别编号 类别代码"), _name("category_name 类别名称 类别"),
        _field("group", "text", "category_group 大类 类别组 上级类别"),
        _field("police", "bool", "是否警务 警务 是否警情", words=words.BOOLEANS),
        _field("containable", "bool", "是否可化解 可化解 计入化解", words=words.BOOLEANS),
        _field("first_answer", "choice", "首接 首接人 先期处置", choices=("case_team", "community_police"),
               words=words.FIRST_ANSWERS),
        _field("lead_department", "text", "主责部门 牵头部门 责任部门"),
        _severity("default_severity", "默认等级 等级 severity"), _MINUTES,
        _field("deadline_hours", "float", "时限 办结时限 时限小时", low=0, high=87_600, unit="hours"),
    ),
    "addresses": (
        _field("address", "text", "standard_address 地址 标准地址 详细地址 门牌地址", True), _LON, _LAT,
        _field("name", "text", "poi 名称 兴趣点 小区名称"),
        _field("district", "text", "county 区县 所属区县 行政区"),
        _field("street", "text", "town street_level 街道 镇街 所属街道 街镇"),
        _field("community", "text", "社区 村居 所属社区"),
        _shape(required=False, choices=("Point",)),
    ),
    "incidents": (
        _CHANNEL, _SOURCE_NO,
        _field("reported_at", "time", "reported date datetime time 报警时间 接警时间 上报时间 受理时间 "
            "登记时间 发生时间 时间",
               True, past=True),
        _field("category", "text", "type category_code 类别 警情类别 类别代码 事项类别 报警类别"), _LON, _LAT,
        _field("address", "text", "location 地址 警情地址 事发地址 发生地址 详细地址 地点"),
        _field("cell_label", "text", "cell cell_code 网格编号 网格代码 网格"),
        _field("beat_label", "text", "beat beat_code 警格编号 警格代码 警格"),
        _field("reporter", "text", "caller 报警人 报警人姓名 上报人 联系人", personal=True), _PHONE,
        _field("narrative", "text", "description content 警情内容 报警内容 事件描述 简要警情 内容 描述",
            personal=True),
        _severity("severity", "grade 等级 警情等级 风险等级"),
        _field("matter", "text", "matter_no 事项编号 关联编号 首次编号"),
        _field("radius_m", "float", "radius accuracy 误差 误差半径 定位精度", low=0, high=100_000,
            unit="metres"),
        _shape(required=False, choices=("Point",)),
    ),
    "steps": (
        _CHANNEL, _SOURCE_NO,
        _field("step_no", "int", "no 序号 步骤 步骤号 流转序号", True, low=0, high=2_000_000_000),
        _field("at", "time", "time datetime 时间 处置时间 操作时间 流转时间", True, past=True),
        _field("kind", "choice", "step_kind action 环节 操作 流转类型 处置类型", True,
               choices=tuple(dict.fromkeys(words.STEP_KINDS.values())), words=words.STEP_KINDS),
        _field("level", "choice", "层级 处置层级", choices=_LEVELS, words=words.LEVELS),
        _field("unit", "text", "unit_code 单位编号 单位代码 处置单位 单位"),
        _field("officer", "text", "officer_code 人员编号 警号 处置人编号 工号"),
        _field("role", "choice", "角色", choices=("lead", "assist", "mediate", "respond"),
            words=words.STEP_ROLES),
        _severity("severity", "grade 等级 核定等级"), _MINUTES,
        _field("result", "text", "outcome 结果 处置结果"),
        _field("note", "text", "remark comment 备注 说明 处置情况", personal=True),
    ),
    "backdrop": (
        _field("kind", "choice", "类型", True, choices=("sea", "water", "road", "park", "building"),
               words=words.BACKDROPS),
        _name("", required=False), _field("rank", "int", "等级 级别", low=1, high=3),
        _shape(required=True, choices=_ANY_SHAPE),
    ),
})  # fmt: skip

KINDS = tuple(FIELDS)

# The fields that number a row: rows of one file with the same number and other content contradict each other.
# Cells are missing on purpose: several rows may be the parts of one.
NUMBERS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "areas": ("level", "code"), "beats": ("code",), "units": ("code",), "officers": ("code",), "catalogue": ("code",),
    "addresses": ("address",), "incidents": ("channel", "source_no"), "steps": ("channel", "source_no", "step_no"),
})  # fmt: skip


def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of a kind of file; raises NotFound listing the kinds."""
    if kind not in FIELDS:
        raise NotFound(f"There is no kind of file {kind!r}: it is one of {', '.join(KINDS)}.")
    return FIELDS[kind]
