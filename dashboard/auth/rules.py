"""The one policy table: which right each address asks for. An address that is not listed is denied to everybody."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from grids.rights import Right

WEBSOCKET = "WEBSOCKET"
Need = Right | Literal["anyone", "somebody", "person"]


@dataclass(frozen=True)
class Rule:
    """Methods (a space between) and a path ({name}: one part, {name:path}: all the rest) ask for a right.

    need: a right of grids.rights; anyone: also nobody; somebody: whoever is known; person: an account, no token.
    """

    methods: str
    path: str
    need: Need

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The path as an expression for whole addresses."""
        parts = re.split(r"(\{[^}]*\})", self.path)
        return re.compile("".join(_part(part) for part in parts))

    def covers(self, method: str, path: str) -> bool:
        """Whether this rule speaks of the request; HEAD is asked for like GET."""
        asked = "GET" if method == "HEAD" else method
        return asked in self.methods.split() and self.pattern.fullmatch(path) is not None


def _part(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    return ".*" if part.endswith(":path}") else "[^/]+"


RULES: tuple[Rule, ...] = (
    # Signing in, and what whoever watches the host asks for.
    Rule("GET", "/healthz", "anyone"),
    Rule("GET", "/metrics", "anyone"),  # ages of channels only to whoever may see figures
    Rule("GET", "/assets/favicon.svg", "anyone"),
    Rule("GET", "/_favicon.ico", "anyone"),
    Rule("GET", "/favicon.ico", "anyone"),
    Rule("GET POST", "/sign-in", "anyone"),
    Rule("GET POST", "/first-run", "anyone"),
    Rule("GET", "/wall/enter", "anyone"),
    Rule("GET POST", "/sign-out", "somebody"),
    Rule("GET", "/account", "person"),
    Rule("GET", "/styleguide", "person"),  # made-up figures only
    Rule("POST", "/account/{what}", "person"),
    # Dash: its pages, files and callbacks. All of them show figures; db and row-level security bound what they read.
    Rule("GET", "/", "figures"),
    Rule("GET", "/wall", "figures"),
    # The analyst's pages, and the figures of their panels as files.
    Rule("GET", "/containment", "figures"),
    Rule("GET", "/workload", "figures"),
    Rule("GET", "/hotspots", "figures"),
    Rule("GET", "/repeats", "figures"),
    Rule("GET", "/scorecards", "figures"),
    Rule("GET", "/diversion", "figures"),
    Rule("GET", "/trends", "figures"),
    Rule("GET", "/figures/{page}/{file}", "figures"),
    Rule("GET", "/assets/{file:path}", "figures"),
    Rule("GET", "/_dash-component-suites/{file:path}", "figures"),
    Rule("GET", "/_dash-layout", "figures"),
    Rule("GET", "/_dash-dependencies", "figures"),
    Rule("POST", "/_dash-update-component", "figures"),
    # The officer's pages.
    Rule("GET", "/beat", "figures"),
    Rule("GET", "/beat/{code}", "cases"),
    Rule("GET", "/beat/{code}/map.html", "cases"),
    Rule("GET", "/beat/{code}/print", "cases"),
    Rule("GET", "/beat/{code}/print.pdf", "cases"),
    Rule("GET", "/sw.js", "anyone"),  # parts of the programme that a browser fetches without its cookies
    Rule("GET", "/manifest.webmanifest", "anyone"),
    Rule("GET", "/phone/{version}/{file:path}", "anyone"),
    Rule("GET", "/ca.crt", "anyone"),
    # Figures and shapes.
    Rule("GET", "/api/v1/openapi.json", "somebody"),
    Rule("GET", "/api/v1/boundaries/{version}/{layer}.geojson", "figures"),
    Rule("GET", "/api/v1/style/{version}/{theme}.json", "figures"),
    Rule("GET", "/api/v1/tiles/{layer}/{z}/{x}/{y}", "figures"),
    Rule("GET", "/api/v1/totals", "figures"),
    Rule("GET", "/api/v1/values", "figures"),
    Rule("GET", "/api/v1/containment", "figures"),
    Rule("GET", "/api/v1/workload", "figures"),
    Rule("GET", "/api/v1/outcomes", "figures"),
    Rule("GET", "/api/v1/rows", "cases"),  # files besides "export"
    Rule("GET", "/api/v1/heat.png", "figures"),
    Rule("GET", "/api/v1/freshness", "figures"),
    Rule("GET", "/api/v1/stamp", "figures"),
    Rule("GET", "/api/v1/wall", "figures"),
    Rule(WEBSOCKET, "/api/v1/live", "figures"),
    Rule("GET", "/rows", "cases"),
    Rule("GET", "/bulletins", "cases"),
    Rule("POST", "/bulletins/issue", "supervise"),
    Rule("GET", "/bulletins/{which}", "cases"),
    Rule("GET", "/rows/case/{number:path}", "cases"),
    # Feeds and reports.
    Rule("POST", "/api/v1/incidents", "push"),
    Rule("POST", "/api/v1/steps", "push"),
    Rule("POST", "/api/v1/visits", "push"),
    Rule("GET", "/api/v1/changes", "changes"),
    Rule("GET", "/api/v1/incidents", "cases"),
    Rule("GET", "/api/v1/incidents/{channel}/{number:path}", "cases"),
    # Cases: reading, the steps that people take, and who is on duty. Each use-case asks for its own right besides.
    Rule("GET POST", "/api/v1/cases", "cases"),
    Rule("GET POST", "/api/v1/cases/{number:path}", "cases"),
    Rule("GET", "/api/v1/roster/on-now", "people"),
    Rule("POST", "/api/v1/visits/own", "work"),
    Rule("GET", "/api/v1/where", "cases"),
    # Plans: row-level security shows them to who may plan or approve. What changes one asks for the one or the other.
    Rule("GET", "/plan", "cases"),
    Rule("GET", "/plan/{code}", "cases"),
    Rule("GET", "/plan/{code}/{sheet}", "cases"),
    Rule("GET", "/api/v1/plans", "cases"),
    Rule("GET", "/api/v1/plans/{code}/assignment", "export"),
    Rule("GET", "/api/v1/plans/{code}/leads", "plan"),
    Rule("GET", "/api/v1/plans/{rest:path}", "cases"),
    Rule("POST", "/api/v1/plans/{code}/comments", "cases"),
    Rule("POST", "/api/v1/plans/{code}/return", "approve_plan"),
    Rule("POST", "/api/v1/plans/{code}/approve", "approve_plan"),
    Rule("POST", "/api/v1/plans/{code}/publish", "approve_plan"),
    Rule("POST", "/api/v1/plans", "plan"),
    Rule("POST", "/api/v1/plans/{rest:path}", "plan"),
    # Shapes for map programmes.
    Rule("GET", "/api/v1/features", "figures"),
    Rule("GET", "/api/v1/features/{rest:path}", "figures"),
)


def rule_for(method: str, path: str) -> Rule | None:
    """The first rule that speaks of a request; None: nobody may."""
    return next((rule for rule in RULES if rule.covers(method, path)), None)
