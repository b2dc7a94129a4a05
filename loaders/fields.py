"""The fields of every kind of file that beatgrid loads; the one place where files and words meet."""

from collections.abc import Mapping
from types import MappingProxyType

from geo.errors import NotFound
from loaders import field_words as words
from loaders.field_parts import (
    ANY_SHAPE,
    CHANNEL,
    LAT,
    LEVELS,
    LON,
    MINUTES,
    PEOPLE,
    PHONE,
    SOURCE_NO,
    UNIT_KINDS,
    code_field,
    made,
    name_field,
    severity_field,
    shape_field,
    since_field,
)
from loaders.field_types import Field
from loaders.work_fields import WORK_FIELDS, WORK_NUMBERS

FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType({
    "areas": (
        made("level", "choice", "admin_level 层级 级别 区划级别", True,
               choices=("city", "district", "street", "community"), words=words.LEVELS),
        code_field("area_code division_code adcode 区划代码 行政区划代码 社区编号 街道编号"),
        name_field("area_name 区划名称 社区名称 街道名称"),
        made("parent", "text", "parent_code 上级 上级代码 上级编号 上级编码 所属区划"),
        shape_field(required=True), since_field(),
    ),
    "cells": (
        code_field("cell_code cell 网格编号 网格代码 网格编码 网格号"), name_field("cell_name 网格名称 网格"),
        made("beat", "text", "beat_code 警格编号 警格代码 警格编码 警格 所属警格"),
        made("community", "text", "community_code 社区编号 社区代码 社区 所属社区 社区名称"),
        made("kind", "choice", "cell_kind 网格类型 类型", choices=("basic", "dedicated"),
            words=words.CELL_KINDS),
        made("households", "int", "户数 住户数 家庭户数", low=0, high=10_000_000, unit="households"),
        made("residents", "int", "population 人口 人口数 常住人口 居民数", low=0, high=100_000_000,
            unit="people"),
        shape_field(required=True), since_field(),
    ),
    "beats": (
        code_field("beat_code beat 警格编号 警格代码 警格编码"), name_field("beat_name 警格名称 警格"),
        made("station", "text", "station_code 派出所编号 派出所代码 派出所 所属派出所"),
        made("community", "text", "community_code 社区编号 社区代码 社区 所属社区"), since_field(),
    ),
    "units": (
        code_field("unit_code 单位编号 单位代码 单位编码 机构代码"), name_field("unit_name 单位名称 机构名称 单位"),
        made("level", "choice", "层级 级别", True, choices=LEVELS, words=words.LEVELS),
        made("kind", "choice", "unit_kind 单位类型 机构类型 类型", True, choices=UNIT_KINDS,
            words=words.UNIT_KINDS),
        made("area", "text", "area_code 辖区 辖区代码 所属区划 区划代码"),
        made("lead_for", "list", "主责类别 牵头类别 牵头事项"), LON, LAT, PHONE, since_field(),
        shape_field(required=False, choices=("Point",)),
    ),
    "officers": (
        code_field("officer_code officer 人员编号 警号 工号"), name_field("officer_name 姓名 人员姓名", personal=True),
        made("kind", "choice", "officer_kind 人员类型 类型 身份", True, choices=PEOPLE,
            words=words.PEOPLE),
        made("unit", "text", "unit_code 单位编号 单位代码 所属单位 单位"), PHONE,
    ),
    "postings": (
        made("officer", "text", "officer_code 人员编号 警号 工号", True),
        made("role", "choice", "角色 职务 岗位", True, choices=("beat_lead", *PEOPLE), words=words.ROLES),
        made("beat", "text", "beat_code 警格编号 警格代码 警格"),
        made("cell", "text", "cell_code 网格编号 网格代码 网格"),
        made("unit", "text", "unit_code 单位编号 单位代码 单位"),
        made("weekly_hours", "float", "hours 周工时 每周工时 每周小时", low=0, high=168, unit="hours"),
        since_field(required=True),
        made("valid_to", "time", "end_date to 失效日期 结束日期 终止日期 截止日期"),
    ),
    "catalogue": (
        code_field("category category_code 类别编号 类别代码"), name_field("category_name 类别名称 类别"),
        made("group", "text", "category_group 大类 类别组 上级类别"),
        made("police", "bool", "是否警务 警务 是否警情", words=words.BOOLEANS),
        made("containable", "bool", "是否可化解 可化解 计入化解", words=words.BOOLEANS),
        made("first_answer", "choice", "首接 首接人 先期处置", choices=("case_team", "community_police"),
               words=words.FIRST_ANSWERS),
        made("lead_department", "text", "主责部门 牵头部门 责任部门"),
        severity_field("default_severity", "默认等级 等级 severity"), MINUTES,
        made("deadline_hours", "float", "时限 办结时限 时限小时", low=0, high=87_600, unit="hours"),
        made("deadline_clock", "choice", "计时方式 时限类型", choices=("clock", "working"),
             words=words.DEADLINE_CLOCKS),
    ),
    "addresses": (
        made("address", "text", "standard_address 地址 标准地址 详细地址 门牌地址", True), LON, LAT,
        made("name", "text", "poi 名称 兴趣点 小区名称"),
        made("district", "text", "county 区县 所属区县 行政区"),
        made("street", "text", "town street_level 街道 镇街 所属街道 街镇"),
        made("community", "text", "社区 村居 所属社区"),
        shape_field(required=False, choices=("Point",)),
    ),
    "incidents": (
        CHANNEL, SOURCE_NO,
        made("reported_at", "time", "reported date datetime time 报警时间 接警时间 上报时间 受理时间 "
            "登记时间 发生时间 时间",
               True, past=True),
        made("category", "text", "type category_code 类别 警情类别 类别代码 事项类别 报警类别"), LON, LAT,
        made("address", "text", "location 地址 警情地址 事发地址 发生地址 详细地址 地点"),
        made("cell_label", "text", "cell cell_code 网格编号 网格代码 网格"),
        made("beat_label", "text", "beat beat_code 警格编号 警格代码 警格"),
        made("reporter", "text", "caller 报警人 报警人姓名 上报人 联系人", personal=True), PHONE,
        made("narrative", "text", "description content 警情内容 报警内容 事件描述 简要警情 内容 描述",
            personal=True),
        severity_field("severity", "grade 等级 警情等级 风险等级"),
        made("matter", "text", "matter_no 事项编号 关联编号 首次编号"),
        made("radius_m", "float", "radius accuracy 误差 误差半径 定位精度", low=0, high=100_000,
            unit="metres"),
        shape_field(required=False, choices=("Point",)),
    ),
    "steps": (
        CHANNEL, SOURCE_NO,
        made("step_no", "int", "no 序号 步骤 步骤号 流转序号", True, low=0, high=2_000_000_000),
        made("at", "time", "time datetime 时间 处置时间 操作时间 流转时间", True, past=True),
        made("kind", "choice", "step_kind action 环节 操作 流转类型 处置类型", True,
               choices=tuple(dict.fromkeys(words.STEP_KINDS.values())), words=words.STEP_KINDS),
        made("level", "choice", "层级 处置层级", choices=LEVELS, words=words.LEVELS),
        made("unit", "text", "unit_code 单位编号 单位代码 处置单位 单位"),
        made("to_unit", "text", "to 转往单位 接收单位 流向单位"),
        made("officer", "text", "officer_code 人员编号 警号 处置人编号 工号"),
        made("role", "choice", "角色", choices=("lead", "assist", "mediate", "respond"),
            words=words.STEP_ROLES),
        severity_field("severity", "grade 等级 核定等级"), MINUTES,
        made("result", "text", "outcome 结果 处置结果"),
        made("note", "text", "remark comment 备注 说明 处置情况", personal=True),
        made("detail", "object", "details json 明细 附加信息"),
    ),
    **WORK_FIELDS,
    "backdrop": (
        made("kind", "choice", "类型", True, choices=("sea", "water", "road", "park", "building"),
               words=words.BACKDROPS),
        name_field("", required=False), made("rank", "int", "等级 级别", low=1, high=3),
        shape_field(required=True, choices=ANY_SHAPE),
    ),
})  # fmt: skip

KINDS = tuple(FIELDS)

# The fields that number a row: rows of one file with the same number and other content contradict each other.
# Cells are missing on purpose: several rows may be the parts of one.
NUMBERS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "areas": ("level", "code"), "beats": ("code",), "units": ("code",), "officers": ("code",), "catalogue": ("code",),
    "addresses": ("address",), "incidents": ("channel", "source_no"), "steps": ("channel", "source_no", "step_no"),
    **WORK_NUMBERS,
})  # fmt: skip


def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of a kind of file; raises NotFound listing the kinds."""
    if kind not in FIELDS:
        raise NotFound(f"There is no kind of file {kind!r}: it is one of {', '.join(KINDS)}.")
    return FIELDS[kind]
