"""What every answer tells the browser: fetch nothing from other hosts, keep nothing, be framed by nobody."""

from starlette.datastructures import MutableHeaders

COMMON = (
    "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; "
)
# Dash writes its start into the page, its tables compile expressions, its maps run workers out of blobs.
SCRIPTED = COMMON + "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; child-src blob:"
PLAIN = COMMON + "script-src 'none'"
# The officer's page: its own small scripts and its service worker, nothing written into the page.
PHONE = COMMON + "script-src 'self'; worker-src 'self'; manifest-src 'self'"
PLAIN_PATHS = ("/sign-in", "/sign-out", "/first-run", "/account", "/wall/enter", "/styleguide")
KEPT = ("/assets/", "/_dash-component-suites/")  # files of the programme, the same for everybody
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
}


def secured(path: str, headers: MutableHeaders, *, https: bool) -> None:
    """Add to an answer's headers what is not said in them yet."""
    headers.setdefault("Content-Security-Policy", policy(path))
    for name, value in FIXED.items():
        headers.setdefault(name, value)
    if https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if not path.startswith(KEPT):
        headers.setdefault("Cache-Control", "no-store")


def policy(path: str) -> str:
    """Which scripts a page may run: none at all, its own files, or what Dash and its maps need."""
    if path in PLAIN_PATHS or path.startswith("/account/"):
        return PLAIN
    if path != "/beat" and not path.startswith("/beat/"):
        return SCRIPTED
    # The map to take away carries Leaflet inside it; the sheet of paper runs nothing.
    return SCRIPTED if path.endswith("/map.html") else PLAIN if path.endswith("/print") else PHONE
