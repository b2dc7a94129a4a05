"""The OpenAPI document: what it says of the whole API beside its routes."""

from typing import Any

from fastapi import FastAPI

ABOUT = (
    "Reports in, results out: push incidents, steps and visits of a channel, poll what became of them, work on cases,"
    " read figures, and open areas, beats and cells in any programme that speaks OGC API Features. A programme sends"
    " its token as `Authorization: Bearer …`; people are signed in by their session. Every problem is answered in one"
    " form: `error`, a word for programmes, and `message`, a sentence that says what to do."
)
WAYS_IN = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token that `manage.py token` made."},
    "session": {"type": "apiKey", "in": "cookie", "name": "beatgrid_session", "description": "Who is signed in."},
}


def describe(server: FastAPI) -> None:
    """Add to the document of `server` what it is and how one says who asks."""
    written = server.openapi

    def described() -> dict[str, Any]:
        document = written()
        document["info"] |= {"description": ABOUT}
        document.setdefault("components", {})["securitySchemes"] = WAYS_IN
        document["security"] = [{name: []} for name in WAYS_IN]
        return document

    server.openapi = described  # type: ignore[method-assign]
