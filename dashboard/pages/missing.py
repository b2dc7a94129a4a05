"""What an address that leads nowhere answers: a plain page with the way home, or JSON under /api."""

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.requests import HTTPConnection

from dashboard.design.css import by_device, css
from dashboard.language import HTML_LANG, Say, known, speaker
from dashboard.reading.view import THEMES

YEAR_S = 365 * 24 * 3600
PAGE = """<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} · beatgrid</title>
<link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{colours}*{{box-sizing:border-box}}body{{font:1rem/1.6 var(--font);background:var(--ground);color:var(--ink);
display:grid;place-items:center;min-height:100vh;margin:0;padding:1.5rem;text-align:center}}
main{{width:100%;max-width:34rem;padding:2rem 1.5rem;background:var(--surface);border:1px solid var(--line);
border-radius:.75rem}}i{{display:inline-grid;place-content:center;width:3rem;height:3rem;border-radius:50%;
background:var(--warn-soft);color:var(--warn);font:700 1.5rem/1 var(--font)}}h1{{font-size:1.5rem;margin:.75rem 0 0}}
p{{color:var(--muted);margin:.5rem 0 1rem;overflow-wrap:anywhere}}nav{{display:flex;flex-wrap:wrap;gap:.5rem;
justify-content:center}}a{{display:inline-grid;place-content:center;min-height:2.75rem;padding:0 1.25rem;
border:1px solid var(--edge);border-radius:.5rem;color:var(--accent);text-decoration:none;font-weight:600}}
a:focus-visible{{outline:3px solid var(--accent);outline-offset:2px}}</style></head>
<body><main><i aria-hidden="true">!</i><h1>{title}</h1><p>{text}</p>{links}</main></body></html>"""
# From afar: twice as large as on a desk.
ON_WALL = f":root{{color-scheme:dark;{css('wall')}}}html{{font-size:calc(2*var(--wall-unit))}}"


def language_of(request: HTTPConnection) -> str:
    """The reader's language: the address first, then the cookie, then Chinese."""
    return known(request.query_params.get("lang") or request.cookies.get("beatgrid_lang"))


def theme_of(request: HTTPConnection) -> str:
    """The colours that a reader chose on a desk page: the address first, then the cookie, then light."""
    asked = request.query_params.get("theme") or request.cookies.get("beatgrid_theme")
    return asked if asked in THEMES else "light"


def remember(request: Request, answer: Response) -> Response:
    """A language or theme asked for in the address is kept for the next page."""
    for name, kept in (("lang", language_of), ("theme", theme_of)):
        if name in request.query_params:
            answer.set_cookie(f"beatgrid_{name}", kept(request), max_age=YEAR_S, samesite="lax")
    return answer


def sorry(
    lang: str, title: str, text: str, links: list[tuple[str, str]], status: int, *, wall: bool = False
) -> HTMLResponse:
    """A short page that says what is wrong and where to go; links: (address, words). wall: to be read from afar."""
    anchors = " ".join(f'<a href="{escape(href)}">{escape(words)}</a>' for href, words in links)
    html = PAGE.format(
        lang=HTML_LANG[lang], title=escape(title), text=escape(text),
        links=f"<nav>{anchors}</nav>" if anchors else "", colours=ON_WALL if wall else by_device(),
    )  # fmt: skip
    return HTMLResponse(html, status)


def ways_home(say: Say) -> list[tuple[str, str]]:
    """The pages there are."""
    return [("/", say("总览")), ("/wall", say("大屏")), ("/beat", say("警格"))]


def router() -> APIRouter:
    """The last routes: the icon that browsers ask for unasked, and whatever no other has taken."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/favicon.ico")
    def icon() -> Response:
        return RedirectResponse("/assets/favicon.svg", 308)

    @routes.get("/{path:path}")
    def nowhere(path: str, request: Request) -> Response:
        if path.startswith("api/"):
            return JSONResponse({"error": "not_found", "message": f"There is nothing at /{path}."}, 404)
        lang = language_of(request)
        say = speaker(lang)
        return sorry(lang, say("没有这个页面"), say("地址 /{path} 不存在。", path=path), ways_home(say), 404)

    return routes
