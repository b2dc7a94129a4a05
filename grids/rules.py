"""The rules of casework as data: each says in one sentence what it forbids, and looks at one situation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from grids.situations import SENSOR, Situation

AHEAD = timedelta(hours=1)  # clocks of other machines differ; more than that is a slip of the pen


@dataclass(frozen=True)
class Rule:
    """A rule: its sentence in both languages, and whether a situation keeps it.

    by_fields: it looks at what the move says, so it cannot tell beforehand whether the move will be allowed.
    """

    zh: str
    en: str
    keeps: Callable[[Situation], bool]
    by_fields: bool = False


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "own_unit": Rule(
            "只能以本单位名义办理",
            "You do not act for {unit}: act for your own unit.",
            lambda s: s.unit is None or s.may_act_for(s.unit) or s.unit == s.home,
        ),
        "in_order": Rule(
            "步骤按时间先后记录",
            "Steps are added in order of time, the last one is of {last}: give a later time.",
            lambda s: s.state.last_at is None or s.at >= s.state.last_at,
            by_fields=True,
        ),
        "not_ahead": Rule(
            "不能记录尚未发生的步骤",
            "A step that lies ahead is not recorded: add it when it has happened.",
            lambda s: s.at <= s.now + AHEAD,
            by_fields=True,
        ),
        "verified_first": Rule(
            "感知预警先核查",
            "A sensor alert is verified or dismissed before anything else.",
            lambda s: s.verified,
        ),
        "alert": Rule(
            "只有感知预警需要核查", "Only a sensor alert is verified or dismissed.", lambda s: s.channel == SENSOR
        ),
        "unverified": Rule(
            "预警已核查",
            "This alert has been verified or dismissed already.",
            lambda s: not any(step.kind in ("verify", "dismiss") for step in s.steps),
        ),
        "open": Rule(
            "已办结的事项须先重办",
            "A closed matter is not worked on: reopen it first.",
            lambda s: s.state.closed_at is None,
        ),
        "closed": Rule(
            "只有办结的事项可以重办",
            "Only a closed matter is reopened.",
            lambda s: s.state.closed_at is not None,
        ),
        "lead_is_free": Rule(
            "同一时间只有一个主办；须由主办移交",
            "One unit holds the lead at a time: {lead} has it, offered it is to {offered}; let the lead pass it on.",
            lambda s: s.lead_is_free,
        ),
        "not_a_diversion": Rule(
            "分流须由受理单位接收或退回",
            "A diversion is accepted or bounced by {receiver} or kept by its first receiver, not taken otherwise.",
            lambda s: s.waiting is None,
        ),
        "offered_level": Rule(
            "按移交的层级接办",
            "The lead is taken at the level at which it was offered.",
            lambda s: s.state.offered_level is None or s.level == s.state.offered_level,
            by_fields=True,
        ),
        "true_level": Rule(
            "单位不得以低于自身的层级主办（派出所、综治中心除外）",
            "A unit leads at its own level; only a station or street centre leads below it: give the true level.",
            lambda s: s.level is None or s.can_lead(s.unit, s.level),
            by_fields=True,
        ),
        "level_of_receiver": Rule(
            "受理单位不能在该层级主办",
            "The unit it goes to does not lead at that level: give its true level.",
            lambda s: s.level is None or s.can_lead(s.said.get("to"), s.level),
            by_fields=True,
        ),
        "leads": Rule(
            "只有主办单位可以",
            "Only whoever holds the lead may do this; {lead} holds it, you act for {unit}.",
            lambda s: s.holds_lead,
        ),
        "nobody_leads": Rule(
            "已有主办，不再派单",
            "{lead} holds the lead already: transfer or escalate instead of dispatching.",
            lambda s: s.state.lead_level is None,
        ),
        "somebody_leads": Rule(
            "先有主办",
            "Nobody holds the lead yet: let somebody take it first.",
            lambda s: s.state.lead_level is not None,
        ),
        "unanswered": Rule(
            "分流未答复前不再移送",
            "It waits for {receiver} to accept or bounce it: wait, or let the first receiver keep it.",
            lambda s: s.waiting is None,
        ),
        "upwards": Rule(
            "上报须逐级向上",
            "Escalating goes up the ladder from {lead}: name a higher level, or transfer instead.",
            lambda s: s.goes_up,
            by_fields=True,
        ),
        "not_upwards": Rule(
            "向上移送应当上报",
            "Passing on to a higher level is escalating: escalate instead.",
            lambda s: not s.goes_up,
            by_fields=True,
        ),
        "somebody_named": Rule(
            "写明派给哪个单位或层级",
            "Say whom it goes to: a unit (to) or a level.",
            lambda s: s.said.get("to") is not None or s.level is not None,
            by_fields=True,
        ),
        "somewhere_else": Rule(
            "不能移送给自己",
            "It is with that unit at that level already: name another one.",
            lambda s: s.said.get("to") is None or s.said.get("to") != s.unit or s.level != s.state.lead_level,
            by_fields=True,
        ),
        "another_unit": Rule(
            "不能分流给自己",
            "A unit does not divert to itself: name another one.",
            lambda s: s.said.get("to") != s.unit,
            by_fields=True,
        ),
        "facts_first": Rule(
            "移送前先登记身份和基本情况",
            "Before a matter is passed on its basic facts are recorded: add {missing}.",
            lambda s: not s.missing,
        ),
        "police_first": Rule(
            "危险先由公安处置",
            "Danger goes to the police first: let a station answer it before it is diverted.",
            lambda s: not s.danger or s.police_answered or s.goes_to_police,
            by_fields=True,
        ),
        "sent_to_you": Rule(
            "只有受理单位可以答复",
            "Only the unit that it was sent to may answer, and it was sent to {receiver}.",
            lambda s: s.waiting is not None and s.waiting.to_unit in (None, s.unit),
        ),
        "in_your_hand": Rule(
            "只有接收单位可以办结分流",
            "Only the unit that accepted a diversion reports it done, once.",
            lambda s: s.in_hand is not None,
        ),
        "nobody_accepted": Rule(
            "无人接收时首接兜底",
            "The first receiver keeps what nobody accepts: here no diversion is left unaccepted.",
            lambda s: s.unaccepted is not None,
        ),
        "first_receiver": Rule(
            "由首接单位兜底",
            "What nobody accepts stays with its first receiver: {first}.",
            lambda s: s.is_first_receiver,
        ),
        "called": Rule(
            "只有被吹哨单位报到",
            "Only a department that was called, and has not reported in yet, attends.",
            lambda s: any(call.unit == s.unit and call.attended_at is None for call in s.state.whistles),
        ),
        "report_in_ahead": Rule(
            "报到时限晚于吹哨时间",
            "The time to report in lies after the whistle.",
            lambda s: s.said.get("report_by") is None or s.said["report_by"] > s.at,
            by_fields=True,
        ),
        "agreed": Rule(
            "达成协议后方可司法确认",
            "The court confirms an agreement: mediate to an agreement first.",
            lambda s: s.agreed,
        ),
        "settled": Rule(
            "化解后方可回访",
            "A revisit follows a settling: settle first.",
            lambda s: s.state.settled_at is not None,
        ),
        "not_settled": Rule(
            "已化解", "It is settled already: close it, or reopen it.", lambda s: s.state.settled_at is None
        ),
        "settled_or_else": Rule(
            "办结前先化解（移送、撤回、不属实、重复除外）",
            "A matter is settled before it is closed, unless it was handed over, withdrawn, dismissed or a duplicate.",
            lambda s: s.state.settled_at is not None or s.said.get("how", "settled") != "settled",
            by_fields=True,
        ),
        "may_close": Rule(
            "由主办单位办结；分流办结后来源单位也可办结",
            "Whoever holds the lead closes it, or the sender of a diversion that is done; {lead} holds the lead.",
            lambda s: s.may_close,
            by_fields=True,
        ),
        "no_grade_asked": Rule(
            "已有定级申请待批",
            "Grade {asked} waits for approval already: let it be approved or refused first.",
            lambda s: s.state.grade_asked is None,
        ),
        "another_grade": Rule(
            "与现等级相同",
            "It has that grade already: ask for another one.",
            lambda s: s.said.get("severity") != s.state.severity_now,
            by_fields=True,
        ),
        "grade_asked": Rule(
            "先有申请方可审批",
            "A grade is approved or refused after somebody asked for it: ask first.",
            lambda s: s.state.grade_asked is not None,
        ),
        "another_person": Rule(
            "申请人不能审批自己的申请",
            "{asker} asked for this grade: another person approves or refuses it.",
            lambda s: s.asked_by != s.who.name,
        ),
        "as_asked": Rule(
            "按申请的等级审批",
            "Grade {asked} was asked for: approve or refuse that one.",
            lambda s: s.said.get("severity") in (None, s.state.grade_asked),
            by_fields=True,
        ),
        "tag_is_new": Rule(
            "已有该标记",
            "It has that tag already.",
            lambda s: s.said.get("tag") not in s.state.tags,
            by_fields=True,
        ),
        "tag_stands": Rule(
            "没有该标记",
            "It does not have that tag.",
            lambda s: s.said.get("tag") in s.state.tags,
            by_fields=True,
        ),
    }
)
