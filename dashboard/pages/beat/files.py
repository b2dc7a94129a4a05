"""The files of the installed app: scripts, icons, manifest and the service worker, all from this host."""

import hashlib
import json
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from dashboard.design.tokens import LIGHT
from dashboard.pages.missing import language_of
from dashboard.tls import authority_file
from geo.errors import NotFound

FOLDER = Path(__file__).parent / "script"
KINDS = {".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png", ".html": "text/html"}
WORKER = "sw.js"
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}  # the address changes with the content


def _names() -> list[str]:
    return sorted(file.name for file in FOLDER.iterdir() if file.suffix in KINDS and file.name != WORKER)


def modules() -> list[str]:
    """The page's script files, all of which it needs at once."""
    return [name for name in _names() if name.endswith(".js")]


def _version() -> str:
    told = hashlib.sha256()
    for name in (*_names(), WORKER):
        told.update((FOLDER / name).read_bytes())
    return told.hexdigest()[:12]


VERSION = _version()


@cache
def worker() -> str:
    """The service worker's script, told which files there are and which version they have."""
    files = [f"/phone/{VERSION}/{name}" for name in _names()]
    told = f"const VERSION = {json.dumps(VERSION)};\nconst FILES = {json.dumps(files)};\n"
    return told + (FOLDER / WORKER).read_text("utf-8")


def manifest(lang: str) -> dict[str, object]:
    """The web app's manifest: its name, where it starts, its icons."""
    icons = f"/phone/{VERSION}"
    return {
        "name": "警格通", "short_name": "警格通", "id": "/beat", "start_url": "/beat", "scope": "/",
        "display": "standalone", "background_color": LIGHT.ground, "theme_color": LIGHT.accent, "lang": lang,
        "icons": [
            {"src": "/assets/favicon.svg", "sizes": "any", "type": "image/svg+xml"},
            {"src": f"{icons}/icon-192.png", "sizes": "192x192", "type": "image/png"},
            {"src": f"{icons}/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
        ],
    }  # fmt: skip


def router(home: Path) -> APIRouter:
    """The four addresses; nothing here is about anybody. home: where the certificate of HTTPS lies, if there is one."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/sw.js")
    def service_worker() -> Response:
        return Response(worker(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    @routes.get("/manifest.webmanifest")
    def app(request: Request) -> Response:
        return JSONResponse(manifest(language_of(request)), media_type="application/manifest+json")

    @routes.get("/ca.crt")
    def authority() -> Response:
        file = authority_file(home)
        if not file.exists():
            raise NotFound("This host does not serve HTTPS itself: start it with `make serve TLS=1`.")
        return FileResponse(file, media_type="application/x-x509-ca-cert", filename="beatgrid-ca.crt")

    @routes.get("/phone/{version}/{file:path}")
    def part(version: str, file: str) -> Response:
        if file not in _names() or version != VERSION:
            raise NotFound("There is no such file: load the page again.")
        return FileResponse(FOLDER / file, media_type=KINDS[Path(file).suffix], headers=FOR_GOOD)

    return routes
