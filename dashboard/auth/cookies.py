"""The cookies of signing in: hidden from scripts, never sent from other sites, over HTTPS only where there is it."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

SESSION_COOKIE = "beatgrid_session"
YEAR_S = 365 * 24 * 3600


def is_secure(request: HTTPConnection, public_url: str | None) -> bool:
    """Whether the visitor's browser speaks HTTPS, to us or to what stands before us."""
    return request.url.scheme in ("https", "wss") or (public_url or "").startswith("https://")


def keep(answer: Response, name: str, value: str, *, secure: bool, lasting: bool = False) -> None:
    """Set a cookie; lasting: over the browser's end, for screens that nobody touches."""
    age = YEAR_S if lasting else None
    answer.set_cookie(name, value, max_age=age, httponly=True, samesite="strict", secure=secure, path="/")


def forget(answer: Response, name: str) -> None:
    """Take a cookie away."""
    answer.delete_cookie(name, path="/", httponly=True, samesite="strict")
