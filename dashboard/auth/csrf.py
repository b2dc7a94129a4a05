"""Requests that another site makes in a visitor's name: the cookie is not sent along, and these checks say no twice."""

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from db.keys import Keys
from geo.errors import Denied

FORM_COOKIE = "beatgrid_form"
FORM_FIELD = "form_token"
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
STALE = "This form has lain too long or comes from elsewhere: open the page again and send it from there."


def from_here(headers: Mapping[str, str], public_url: str | None = None) -> bool:
    """Whether a request comes from a page of ours, as far as its headers tell; who is no browser says neither."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return True
    allowed = {headers.get("host", "")} | ({urlsplit(public_url).netloc} if public_url else set())
    return urlsplit(origin).netloc in allowed


def new_seed() -> str:
    """A value for FORM_COOKIE of somebody who is not signed in."""
    return secrets.token_urlsafe(16)


def form_token(keys: Keys, seed: str) -> str:
    """What our forms carry back. seed: "session:ID" of who is signed in, else the value of FORM_COOKIE."""
    return keys.digest(f"form:{seed}").hex()


def check_form(given: str | None, expected: str | None) -> None:
    """Raise Denied unless a form brought back what it was given."""
    if not given or not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Denied(STALE)
