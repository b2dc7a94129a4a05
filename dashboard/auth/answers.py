"""What the guard answers when it lets a request not through: a readable page to people, JSON to programmes."""

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, RedirectResponse, Response

from dashboard.language import one_of, speaker
from dashboard.pages.missing import language_of, sorry, ways_home
from dashboard.problems import body, status
from dashboard.refusals import in_words
from geo.errors import BeatgridError
from grids.rights import RIGHT_NAMES

if TYPE_CHECKING:
    from dashboard.auth.current import Visitor
    from dashboard.auth.middleware import Asked

PROGRAMMES = ("/api/", "/_dash", "/assets/", "/metrics", "/healthz")


def for_people(asked: "Asked") -> bool:
    """Whether a page is the right answer."""
    return not asked.path.startswith(PROGRAMMES)


def nobody(asked: "Asked") -> Response:
    """Sign in first: 303 to where that is done, or 401."""
    if for_people(asked) and not asked.token:
        return RedirectResponse(f"/sign-in?next={asked.next}", 303)
    said = {"error": "signed_out", "message": "Sign in first, or send a token that is in use."}
    return JSONResponse(said, 401, {"WWW-Authenticate": 'Bearer realm="beatgrid"'})


def denied(asked: "Asked", visitor: "Visitor", need: str) -> Response:
    """403, saying which right is missing and whom to ask."""
    named = RIGHT_NAMES.get(need)  # type: ignore[call-overload]
    lang = language_of(asked.connection)
    say = speaker(lang)
    right = one_of(lang, named.zh, named.en) if named else say("个人账号")
    if for_people(asked):
        text = say("账号 {name} 没有“{right}”的权限，如确需使用请联系管理员。", name=visitor.who.name, right=right)
        return sorry(lang, say("没有权限"), text, [*ways_home(say), ("/account", say("账号"))], 403)
    english = named.en if named else "use this, which needs an account of a person"
    message = f"{visitor.who.name} may not {english}: ask an administrator for a role that may."
    return JSONResponse({"error": "denied", "message": message}, 403)


def foreign() -> Response:
    """403: another site's page sent this in the visitor's name."""
    said = {"error": "denied", "message": "This came from another site's page: open it here and try again."}
    return JSONResponse(said, 403)


def change_first(asked: "Asked") -> Response:
    """The password that somebody else gave must be changed before anything else."""
    if for_people(asked):
        return RedirectResponse("/account", 303)
    said = {"error": "denied", "message": "Change your password first, at /account."}
    return JSONResponse(said, 403)


def nowhere(asked: "Asked") -> Response:
    """404: the policy table does not list it, so nobody may."""
    if not for_people(asked):
        return JSONResponse({"error": "not_found", "message": f"There is nothing at {asked.path}."}, 404)
    lang = language_of(asked.connection)
    say = speaker(lang)
    return sorry(
        lang, say("没有这个页面"), say("地址 /{path} 不存在。", path=asked.path.lstrip("/")), ways_home(say), 404
    )


def unavailable(asked: "Asked", error: BeatgridError) -> Response:
    """503: who asks cannot be checked just now."""
    if not for_people(asked):
        return JSONResponse(body(error), status(error))
    lang = language_of(asked.connection)
    say = speaker(lang)
    return sorry(lang, say("暂时读不到数据"), in_words(error, lang), [("/", say("总览"))], error.http_status)
