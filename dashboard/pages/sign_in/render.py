"""The HTML of signing in and of one's own account."""

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from dashboard.auth.current import Visitor
from dashboard.components.places import KIND_NAMES
from dashboard.design.css import by_device
from dashboard.language import HTML_LANG, Say, one_of, speaker
from dashboard.live.stamp import local
from dashboard.reading.records import rows
from db.city import City
from db.demo_accounts import DEMO_PASSWORD, DemoAccount
from grids.rights import EVERYWHERE, RIGHT_NAMES, ROLES

FOLDER = Path(__file__).parent
# What a browser calls itself → what people call it; the first that is found counts.
BROWSERS = {"Edg/": "Edge", "Firefox/": "Firefox", "MicroMessenger": "WeChat", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS", "Linux": "Linux",
}  # fmt: skip


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def page(template: str, lang: str, /, **values: Any) -> str:
    """A template of this folder with what every one needs: words, colours, style."""
    common = {
        "say": speaker(lang),
        "lang": lang,
        "html_lang": HTML_LANG[lang],
        "other": "zh" if lang == "en" else "en",
        "keep": "",
        "colours": Markup(by_device()),
        "style": Markup((FOLDER / "forms.css").read_text("utf-8")),
    }
    return _templates().get_template(template).render(**(common | values))


def sign_in_html(city: City, demo: list[DemoAccount], lang: str, **values: Any) -> str:
    """The sign-in page; values: form_token, next, keep, name, said."""
    listed = [{"name": each.name, "role": role_name(each.role, lang), "place": place_name(each, lang)} for each in demo]
    return page("sign_in.html", lang, city=city, demo=listed, demo_password=DEMO_PASSWORD, **values)


def role_name(role: str, lang: str) -> str:
    """A role in the reader's language."""
    return one_of(lang, ROLES[role].zh, ROLES[role].en.capitalize())


def place_name(account: DemoAccount, lang: str) -> str:
    """Where a demo account may look."""
    return speaker(lang)("全市") if account.place == EVERYWHERE else account.place_name or account.place


def account_html(
    visitor: Visitor, city: City, names: dict[str, str], sessions: pd.DataFrame, lang: str, **values: Any
) -> str:
    """One's own account. names: name of each of the visitor's places; values: said, good."""
    say, who = speaker(lang), visitor.who
    return page(
        "account.html",
        lang,
        city=city,
        name=who.name,
        must_change=visitor.must_change,
        form_token=visitor.form_token,
        roles=[role_name(role, lang) for role in who.roles],
        places=[_place(place, names, say) for place in who.places],
        rights=[one_of(lang, name.zh, name.en) for right, name in RIGHT_NAMES.items() if who.may(right)],
        sessions=[_session(row, visitor, city, say) for row in rows(sessions)],
        **values,
    )


def _place(place: str, names: dict[str, str], say: Say) -> str:
    if place == EVERYWHERE:
        return say("全市")
    kind, _, code = place.partition(":")
    return f"{say(KIND_NAMES.get(kind, kind))} {names.get(place, code)}"


def _session(row: Any, visitor: Visitor, city: City, say: Say) -> dict[str, Any]:
    return {
        "id": row.id,
        "current": row.id == visitor.session,
        "agent": device(row.agent or "", say),
        "address": row.address or "–",
        "created": local(row.created_at, city.zone, "%m-%d %H:%M"),
        "seen": local(row.seen_at, city.zone, "%m-%d %H:%M"),
    }


def device(agent: str, say: Say) -> str:
    """Browser and system in what a browser says of itself."""
    found = [next((name for mark, name in known.items() if mark in agent), None) for known in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in found if name) or say("其他程序")
