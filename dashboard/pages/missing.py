"""What an address that leads nowhere answers: a plain page with the way home, or JSON under /api."""

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.requests import HTTPConnection

from dashboard.figures.theme import css
from dashboard.language import HTML_LANG, Say, known, speaker

YEAR_S = 365 * 24 * 3600
PAGE = """<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} · beatgrid</title>
<link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root{{{colours}}}body{{font:16px/1.6 var(--font);background:var(--ground);color:var(--ink);display:grid;
place-content:center;min-height:100vh;margin:0;padding:24px;text-align:center}}a{{color:var(--accent);
padding:12px;display:inline-block}}h1{{font-size:24px;margin:0}}p{{color:var(--muted);margin:8px 0 12px}}</style></head>
<body><main><h1>{title}</h1><p>{text}</p>{links}</main></body></html>"""


def language_of(request: HTTPConnection) -> str:
    """The reader's language: the address first, then the cookie, then Chinese."""
    return known(request.query_params.get("lang") or request.cookies.get("beatgrid_lang"))


def remember(request: Request, answer: Response) -> Response:
    """A language asked for in the address is kept for the next page."""
    if "lang" in request.query_params:
        answer.set_cookie("beatgrid_lang", language_of(request), max_age=YEAR_S, samesite="lax")
    return answer


def sorry(lang: str, title: str, text: str, links: list[tuple[str, str]], status: int) -> HTMLResponse:
    """A short page that says what is wrong and where to go; links: (address, words)."""
    anchors = " ".join(f'<a href="{escape(href)}">{escape(words)}</a>' for href, words in links)
    html = PAGE.format(
        lang=HTML_LANG[lang], title=escape(title), text=escape(text), links=anchors, colours=css("light")
    )
    return HTMLResponse(html, status)


def ways_home(say: Say) -> list[tuple[str, str]]:
    """The pages there are."""
    return [("/", say("总览")), ("/wall", say("大屏")), ("/beat", say("警格"))]


def router() -> APIRouter:
    """The last route: whatever no other has taken."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/{path:path}")
    def nowhere(path: str, request: Request) -> Response:
        if path.startswith("api/"):
            return JSONResponse({"error": "not_found", "message": f"There is nothing at /{path}."}, 404)
        lang = language_of(request)
        say = speaker(lang)
        return sorry(lang, say("没有这个页面"), say("地址 /{path} 不存在。", path=path), ways_home(say), 404)

    return routes
