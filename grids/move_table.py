"""The moves of casework as data: what each is called, says and needs, and the rules that may forbid it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from grids.move_fields import CARES, ENDS, PLACES, TAGS, VISIT_WAYS, WAYS, Field
from grids.rights import Right

Seat = Literal["lead", "offered", "sent", "in_hand", "called", "first", "own"]
ALWAYS = ("own_unit", "in_order", "not_ahead")
NOT_YET = ("verify", "dismiss", "register")


@dataclass(frozen=True)
class Move:
    """One thing that may be done to a matter; it adds one step of the kind of the same name.

    rights: any of them will do. seat: for which unit it is made when the move does not say. rules: names in RULES, in
    the order in which they are looked at.
    """

    code: str
    zh: str
    en: str
    rights: tuple[Right, ...]
    fields: tuple[Field, ...]
    rules: tuple[str, ...]
    seat: Seat


def _move(
    code: str, zh: str, en: str, rules: str, *fields: Field, seat: Seat = "own", rights: tuple[Right, ...] = ("work",)
) -> Move:
    first = () if code in NOT_YET else ("verified_first",)
    return Move(code, zh, en, rights, fields, (*ALWAYS, *first, *rules.split()), seat)


_TO = Field("to", "送往单位", "unit it goes to", "unit")
_LEVEL = Field("level", "层级", "level", "level", column=True)
_WHY = Field("reason", "理由", "reason")
_REASON = replace(_WHY, required=True)
_SATISFACTION = Field("satisfaction", "满意度", "satisfaction 1 to 5", "score")
_GRADE = Field("severity", "等级", "grade", "grade", column=True)
_TAG = Field("tag", "标记", "tag", required=True, choices=TAGS)

_ALL = (
    _move(
        "register",
        "登记",
        "register",
        "",
        Field("channel", "渠道", "channel", required=True),
        Field("category", "类别", "category", required=True),
        Field("danger", "有危险", "people are in danger", "flag"),
        Field("found_first", "未报先处", "found before reported", "flag"),
    ),
    _move("verify", "核查属实", "verify an alert", "open alert unverified"),
    _move("dismiss", "核查不实", "dismiss an alert", "open alert unverified", _WHY),
    _move(
        "grade_ask",
        "申请定级",
        "ask for a grade",
        "open no_grade_asked another_grade",
        replace(_GRADE, required=True),
        _WHY,
    ),
    _move(
        "grade",
        "批准定级",
        "approve a grade",
        "open grade_asked another_person as_asked",
        _GRADE,
        rights=("approve_grade",),
    ),
    _move(
        "grade_refuse", "退回定级", "refuse a grade", "open grade_asked another_person", _WHY, rights=("approve_grade",)
    ),
    _move("dispatch", "派单", "dispatch", "open nobody_leads somebody_named level_of_receiver", _TO, _LEVEL),
    _move("receive", "签收", "receive", "open"),
    _move("respond", "先期处置", "respond first", "open", Field("danger", "有危险", "people are in danger", "flag")),
    _move(
        "take_lead",
        "接办",
        "take the lead",
        "open not_a_diversion lead_is_free offered_level true_level",
        _LEVEL,
        seat="offered",
    ),
    _move("handle", "办理", "handle", "open leads", seat="lead"),
    _move("assist", "协办", "assist", "open"),
    _move(
        "transfer",
        "移交",
        "transfer the lead",
        "open leads unanswered facts_first somewhere_else not_upwards level_of_receiver",
        replace(_TO, required=True),
        _LEVEL,
        _WHY,
        seat="lead",
    ),
    _move(
        "escalate",
        "上报",
        "escalate",
        "open leads unanswered facts_first somewhere_else upwards level_of_receiver",
        _TO,
        _LEVEL,
        _WHY,
        seat="lead",
    ),
    _move(
        "whistle",
        "吹哨",
        "whistle",
        "open leads report_in_ahead",
        Field("departments", "被吹哨单位", "departments called", "units", required=True),
        Field("report_by", "报到时限", "time by which they report in", "instant", required=True),
        seat="lead",
    ),
    _move("attend", "报到", "report in", "open called", seat="called"),
    _move(
        "mediate",
        "调解",
        "mediate",
        "open somebody_leads",
        Field("way", "调解方式", "way", required=True, choices=WAYS),
        Field("place", "调解地点", "place", required=True, choices=PLACES),
        Field("agreement", "达成协议", "whether an agreement was reached", "flag", required=True),
        Field("room", "调解室", "room"),
        Field("mediators", "调解员", "mediators", "officers"),
        Field("outcome", "调解结果", "outcome"),
        _LEVEL,
    ),
    _move(
        "divert",
        "分流",
        "divert",
        "open leads unanswered facts_first another_unit police_first level_of_receiver",
        replace(_TO, required=True),
        _LEVEL,
        _WHY,
        Field("danger", "有危险", "people are in danger", "flag"),
        seat="lead",
    ),
    _move(
        "divert_accept",
        "接收分流",
        "accept a diversion",
        "open sent_to_you offered_level true_level",
        _LEVEL,
        seat="sent",
    ),
    _move("divert_bounce", "退回分流", "bounce a diversion", "open sent_to_you", _REASON, seat="sent"),
    _move(
        "divert_done",
        "分流办结",
        "report a diversion done",
        "open in_your_hand",
        Field("outcome", "办理结果", "outcome"),
        seat="in_hand",
    ),
    _move(
        "keep",
        "首接兜底",
        "keep what nobody accepts",
        "open nobody_accepted first_receiver true_level",
        _LEVEL,
        seat="first",
    ),
    _move(
        "refer",
        "关爱转介",
        "refer to care",
        "open",
        _TO,
        Field("care", "关爱类型", "kind of care", required=True, choices=CARES),
    ),
    _move("supervise", "督办", "supervise", "open", _WHY, rights=("supervise",)),
    _move("urge", "催办", "urge", "open", rights=("work", "supervise")),
    _move(
        "meet",
        "例会研判",
        "speak of it in a meeting",
        "",
        Field("meeting", "例会编号", "code of the meeting"),
        Field("decision", "研判意见", "decision"),
        rights=("work", "supervise"),
    ),
    _move("tag", "标记", "tag", "tag_is_new", _TAG, rights=("work", "supervise")),
    _move("untag", "取消标记", "take a tag off", "tag_stands", _TAG, rights=("work", "supervise")),
    _move(
        "settle",
        "化解",
        "settle",
        "open leads unanswered not_settled",
        Field("on_the_spot", "当场化解", "on the spot", "flag"),
        seat="lead",
    ),
    _move(
        "confirm",
        "司法确认",
        "have the court confirm",
        "open agreed",
        Field("court", "法院", "court", "unit", required=True),
        Field("no", "确认书编号", "number", required=True),
    ),
    _move(
        "close",
        "办结",
        "close",
        "open unanswered settled_or_else may_close",
        Field("how", "办结方式", "how it ended", choices=ENDS),
        _SATISFACTION,
        seat="lead",
    ),
    _move(
        "revisit",
        "回访",
        "revisit",
        "settled",
        Field("way", "回访方式", "way", required=True, choices=VISIT_WAYS),
        Field("kept", "协议已履行", "agreement kept", "flag", required=True),
        Field("grievance", "仍有怨气", "a grievance is left", "flag", required=True),
        Field("new_dispute", "有新纠纷", "a new dispute", "flag", required=True),
        _SATISFACTION,
    ),
    _move("reopen", "重办", "reopen", "closed", _REASON),
)
MOVES: Mapping[str, Move] = MappingProxyType({move.code: move for move in _ALL})
