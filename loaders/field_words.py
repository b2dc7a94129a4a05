"""The wordings of coded values in Chinese and English files, each with the code that it means."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from loaders.field_types import plain


def wordings(**codes: str) -> Mapping[str, str]:
    """Plain wording → code, from code = "wording wording …"; a leading underscore lets a code begin with a
    digit.
    """
    pairs = ((plain(word), code.lstrip("_")) for code, words in codes.items() for word in words.split())
    return MappingProxyType(dict(pairs))


def own_names(codes: Iterable[str]) -> Mapping[str, str]:
    """Every code under its own plain wording, so that "Beat Lead" means beat_lead."""
    return MappingProxyType({plain(code): code for code in codes})


LEVELS = wordings(
    cell="网格 网格级 单元网格", beat="警格 警格级", community="社区 村 社区级 村居",
        street="街道 镇 乡 街道级 镇街",
    district="区 县 区县 区级 县级", city="市 市级 城市",
)  # fmt: skip
CELL_KINDS = wordings(basic="基础 基础网格", dedicated="专属 专属网格 专属单元")
UNIT_KINDS = wordings(
    station="派出所", street_centre="综治中心 街道综治中心", department="部门 职能部门",
    mediation_room="调解室 联调室 联合调解室", court="法院 法庭 人民法庭", industry="行业 行业部门",
)  # fmt: skip
PEOPLE = wordings(
    police="民警 社区民警", auxiliary="辅警", grid_lead="网格长", grid_worker="网格员", mediator="调解员",
    lawyer="律师", counsellor="心理咨询师 咨询师", volunteer="志愿者",
)  # fmt: skip
ROLES = MappingProxyType({**PEOPLE, **wordings(beat_lead="警格长")})
FIRST_ANSWERS = wordings(case_team="办案队 案件组 刑侦", community_police="社区民警 社区警务")
CHANNELS = wordings(
    _110="110报警 报警", _12345="12345热线 市民热线", myt110="民意110 民意通", nuansu="暖南诉办",
        mediation="矛调平台 矛调",
    petition="信访", window="服务窗口 窗口", patrol="巡逻走访 巡逻 走访", gridapp="网格员上报 网格上报",
    qr="门牌扫码 扫码", sensor="感知预警 感知",
)  # fmt: skip
SEVERITIES = wordings(
    _1="一般 蓝 蓝色 低 低风险 blue low", _2="复杂 黄 黄色 中 中风险 yellow middle",
    _3="疑难 红 红色 高 高风险 red high",
)  # fmt: skip
STEP_KINDS = wordings(
    register="登记", grade="定级", dispatch="派单", receive="签收", respond="先期处置", take_lead="接办",
        handle="办理",
    assist="协办", whistle="吹哨", attend="报到", mediate="调解", divert="分流", divert_accept="接收分流",
    divert_bounce="退回", supervise="督办", urge="催办", settle="化解", close="办结", revisit="回访",
        reopen="重办",
    verify="核查属实 核实", dismiss="核查不实 不属实", grade_ask="申请定级", grade_refuse="定级退回",
    transfer="移交 移送", escalate="上报 提级", divert_done="分流办结", keep="首接兜底 兜底", refer="关爱转介 转介",
    meet="例会研判 例会", tag="标记", untag="取消标记", confirm="司法确认",
)  # fmt: skip
TAGS = MappingProxyType({
    **own_names(("bone", "nail", "backflow", "civil_to_criminal", "found_first")),
    **wordings(
        bone="骨头案 骨头", nail="钉子案 钉子", backflow="回流", civil_to_criminal="民转刑", found_first="未报先处",
    ),
})  # fmt: skip
STEP_ROLES = wordings(lead="主办 牵头", assist="协办 协助", mediate="调解", respond="先期处置 处警")
DEADLINE_CLOCKS = wordings(clock="自然时 自然日", working="工作时 工作日")
DAY_KINDS = wordings(off="放假 休息 休 假日", work="上班 补班 调休上班 班 工作日")
SHIFTS = wordings(day="白班 日班", night="夜班 晚班", standby="备勤 备班 待命")
ABSENCES = wordings(leave="请假 休假 年假 事假", sick="病假", training="培训 学习", other="其他 公差 出差")
VISITS = wordings(
    household="入户 入户走访", venue="场所 场所检查 九小场所", firm="企业 走访企业", school="学校", patrol="巡逻",
    mediation="调解", publicity="宣传 防范宣传", care="关爱 帮扶", other="其他",
)  # fmt: skip
REGISTERS = wordings(
    addresses="地址 标准地址", people="人口 实有人口", households="户数 实有户", houses="房屋 实有房屋",
    units="单位 实有单位", small_venues="九小场所 小场所", firms="企业", malls="商场 大型商场", schools="学校",
)  # fmt: skip
BACKDROPS = wordings(sea="海", water="水 水系", road="路 道路", park="公园 绿地", building="建筑 建筑物 楼")
BOOLEANS = wordings(
    true="1 yes y t true 是 对 有 √ ✓ 警务 涉警", false="0 no n f false 否 错 无 × 非警务 非警情"
)  # fmt: skip
