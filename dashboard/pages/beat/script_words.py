"""What the phone page's script is told: its words in the reader's language, and what each move of a case asks for."""

from collections.abc import Iterable
from typing import Any

from dashboard.language import Say, one_of
from db.tables.work import VISIT_KINDS
from grids.grading import SEVERITIES
from grids.levels import LEVEL_NAMES, Name
from grids.move_fields import COMMON, Field
from grids.moves import MOVES
from grids.steps import STEP_KINDS

# What an officer does most, in the order in which the sheet offers it; all else lies behind "more".
FIRST = ("verify", "take_lead", "receive", "respond", "revisit", "handle", "mediate", "settle", "close")
SHOWN_COMMON = ("minutes", "note")  # unit and officer are those of whoever holds the phone


def script_words(say: Say) -> dict[str, str]:
    """Every sentence that the script may show, by its name there."""
    return {
        "waiting": say("待发送"), "sent": say("已发送"), "returned": say("被退回"), "offline": say("离线"),
        "queued": say("已记下，联网后自动发送"), "done": say("已发送，已记入"), "again": say("再发一次"),
        "now": say("按现在再发"), "drop": say("删除这条"), "mend": say("改后再发"),
        "sign_in": say("登录后继续发送，内容都在这部手机上"), "go": say("去登录"), "steps": say("处置经过"),
        "no_steps": say("还没有处置记录"), "more": say("更多"), "confirm": say("确认"),
        "back": say("返回"), "close": say("关闭"), "required": say("请先填：{what}"), "yes": say("是"), "no": say("否"),
        "stable": say("回访：正常"), "trouble": say("回访：有问题"), "none": say("您现在没有可办的动作"),
        "reading": say("正在读取…"), "not_here": say("这件事项的经过要联网才能看"), "metres": say("直线 {n} 米"),
        "from_you": say("从您的位置"), "from_centre": say("从警格中心"), "locating": say("正在定位…"),
        "no_place": say("手机没有给出位置：请在浏览器设置里允许定位，或到室外再试。距离先从警格中心算起。"),
        "no_secure": say("定位和离线需要 HTTPS：请用 https:// 打开本页。"), "off_map": say("这个位置不在任何网格内"),
        "in_cell": say("您在 {cell}"), "own": say("本警格"), "other": say("属 {beat}"),
        "call": say("呼叫"), "rough": say("离线判断，仅供参考"), "since": say("上次查看（{at}）后新增 {n} 件"),
        "new": say("新"), "row_bad": say("第 {n} 行：{why}"), "no_where": say("请填门牌或选网格"),
        "no_count": say("次数应是1以上的整数"), "future": say("日期不能晚于今天"), "no_rows": say("还没有填写任何一行"),
        "rows": say("走访 {n} 行"), "others": say("这部手机上还有另一位账号的 {n} 条，须由本人登录后发送。"),
        "nothing": say("没有待发送的内容"), "retry": say("暂时发不出去，稍后自动再试"),
        "choose": say("请选择"), "empty_door": say("没有可上门的地点"),
        "old": say("这是 {at} 保存的页面，联网后自动更新"), "accuracy": say("定位误差约 {n} 米"), "off": say("不在班"),
    }  # fmt: skip


def moves(lang: str) -> dict[str, Any]:
    """Every move that the phone may offer: its name and the fields that its form shows."""
    common = [field for field in COMMON if field.name in SHOWN_COMMON]
    return {
        code: {
            "name": one_of(lang, move.zh, _capital(move.en)),
            "fields": [_field(field, lang) for field in (*move.fields, *common)],
        }
        for code, move in MOVES.items()
        if code != "register"
    }


def step_names(lang: str) -> dict[str, str]:
    """The name of every kind of step."""
    return {code: one_of(lang, kind.zh, _capital(kind.en)) for code, kind in STEP_KINDS.items()}


def visit_kinds(say: Say) -> dict[str, str]:
    """The name of every kind of visit."""
    named = {
        "household": say("入户"), "venue": say("场所"), "firm": say("企业"), "school": say("学校"),
        "patrol": say("巡逻"), "mediation": say("调解"), "publicity": say("宣传"), "care": say("关爱"),
        "other": say("其他"),
    }  # fmt: skip
    return {kind: named[kind] for kind in VISIT_KINDS}


def _field(field: Field, lang: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": field.name, "kind": field.kind, "label": one_of(lang, field.zh, _capital(field.en)),
        "required": field.required,
    }  # fmt: skip
    choices = field.choices.items() if field.choices else _choices(field)
    return told | ({"choices": {code: one_of(lang, each.zh, each.en) for code, each in choices}} if choices else {})


def _choices(field: Field) -> Iterable[tuple[str, Name]]:
    if field.kind == "level":
        return [(str(level), name) for level, name in LEVEL_NAMES.items()]
    if field.kind == "grade":
        return [(str(code), Name(grade.zh, grade.en)) for code, grade in SEVERITIES.items()]
    return []


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
