"""Who may do what: the one table of roles and rights, and one person (or programme) who acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from geo.errors import Denied, InputError
from grids.levels import Name

Right = Literal[
    "figures", "cases", "work", "people", "unmask", "approve_grade", "supervise", "roster",
    "plan", "approve_plan", "load", "export", "push", "changes", "accounts", "audit", "settings", "sign_in",
]  # fmt: skip
RIGHTS: tuple[Right, ...] = get_args(Right)

RIGHT_NAMES: Mapping[Right, Name] = MappingProxyType(
    {
        "figures": Name("看统计数字", "see figures"),
        "cases": Name("看事项", "see cases"),
        "work": Name("办理事项", "work on cases"),
        "people": Name("看人员与联系方式", "see staff and their contacts"),
        "unmask": Name("看未遮盖的个人信息", "see personal data unmasked"),
        "approve_grade": Name("审批定级", "approve a grade"),
        "supervise": Name("督办", "supervise"),
        "roster": Name("排班", "keep the roster"),
        "plan": Name("编制调整方案", "draft plans"),
        "approve_plan": Name("审批调整方案", "approve plans"),
        "load": Name("导入数据", "load data"),
        "export": Name("导出数据", "export rows"),
        "push": Name("推送警情", "push incidents of one channel"),
        "changes": Name("读取本渠道反馈", "read what became of one channel's reports"),
        "accounts": Name("管理账号", "manage accounts"),
        "audit": Name("查看审计", "read the audit"),
        "settings": Name("修改设置", "change settings"),
        "sign_in": Name("核对口令", "check who signs in"),
    }
)


@dataclass(frozen=True)
class Role:
    """A role: its names and what it may do."""

    zh: str
    en: str
    rights: frozenset[Right]


def _role(zh: str, en: str, *rights: Right) -> Role:
    return Role(zh, en, frozenset(rights))


# The last two are for programmes: a feed pushes one channel, the door checks passwords and sessions.
ROLES: Mapping[str, Role] = MappingProxyType(
    {
        "wall": _role("大屏", "wall", "figures"),
        "officer": _role("民警", "officer", "figures", "cases", "work", "people", "unmask"),
        "grid_worker": _role("网格员", "grid worker", "figures", "cases", "work", "people"),
        "planner": _role("规划员", "planner", "figures", "cases", "people", "plan", "roster", "export"),
        "approver": _role(
            "审批人", "approver",
            "figures", "cases", "people", "unmask", "approve_grade", "supervise", "approve_plan", "roster", "export",
        ),
        "analyst": _role("分析员", "analyst", "figures", "cases", "export"),
        "loader": _role("数据员", "loader", "figures", "cases", "load"),
        "admin": _role("管理员", "admin", "figures", "people", "accounts", "audit", "settings"),
        "feed": _role("推送接口", "feed", "push", "changes"),
        "door": _role("门卫", "door", "sign_in"),
        "operator": _role("主机操作", "operator", *(right for right in RIGHTS if right != "sign_in")),
    }
)  # fmt: skip
PERSONS = ("officer", "grid_worker", "planner", "approver", "analyst", "loader", "admin")
EVERYWHERE = "*"
SCOPE_KINDS = ("district", "street", "community", "station", "beat", "cell", "unit")


@dataclass(frozen=True)
class Who:
    """Who acts: `name` is what the record and the audit keep, `places` bound what is seen and done.

    places: "*" or KIND:CODE of SCOPE_KINDS. officer: code of the member of staff behind an account. channel: the one
    channel of a feed. Raises InputError for an unknown role or a place that is not written so.
    """

    name: str
    roles: tuple[str, ...]
    places: tuple[str, ...] = (EVERYWHERE,)
    officer: str | None = None
    channel: str | None = None

    def __post_init__(self) -> None:
        for role in self.roles:
            if role not in ROLES:
                raise InputError(f"There is no role {role!r}: use one of {', '.join(ROLES)}.")
        for place in self.places:
            kind, _, code = place.partition(":")
            if place != EVERYWHERE and (kind not in SCOPE_KINDS or not code or "," in code):
                raise InputError(f"Write a place as KIND:CODE with one of {', '.join(SCOPE_KINDS)}, not {place!r}.")

    @property
    def rights(self) -> frozenset[Right]:
        """Everything that any of the roles may do."""
        return frozenset[Right]().union(*(ROLES[role].rights for role in self.roles))

    def may(self, right: Right) -> bool:
        """Whether one of the roles holds the right."""
        return right in self.rights

    def demand(self, right: Right) -> None:
        """Raise Denied, saying what is missing, unless one of the roles holds the right."""
        if not self.may(right):
            named = RIGHT_NAMES[right]
            raise Denied(f"{self.name} may not {named.en} ({named.zh}): ask an administrator for a role that may.")


def operator(name: str) -> Who:
    """Whoever runs a command on the host itself: holds the keys and the database anyway, so may do everything."""
    return Who(name, ("operator",))
