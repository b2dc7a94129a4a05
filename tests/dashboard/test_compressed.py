"""Files of the programme arrive squeezed and whole, from a cache that notices when they change."""

import pytest
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from dashboard.compressed import Compressed

BODY = b"function wall() {}\n" * 500


class Files:
    """An application of one file."""

    def __init__(self) -> None:
        self.body, self.etag, self.kind, self.asked = BODY, b"one", b"text/javascript", 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        known = dict(scope["headers"]).get(b"if-none-match") == self.etag
        headers = [(b"content-type", self.kind), (b"etag", self.etag), (b"x-mark", b"kept")]
        await send({"type": "http.response.start", "status": 304 if known else 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if known else self.body})


@pytest.fixture
def files() -> Files:
    return Files()


def fetched(files: Files, path: str = "/assets/a.js", **headers: str):
    return TestClient(Compressed(files)).get(path, headers={name.replace("_", "-"): v for name, v in headers.items()})


@pytest.mark.parametrize(("accepts", "told"), [("gzip, deflate, br", "br"), ("gzip", "gzip")])
def test_a_file_comes_in_the_best_way_that_the_browser_unpacks(files: Files, accepts: str, told: str) -> None:
    answer = fetched(files, accept_encoding=accepts)
    assert answer.headers["content-encoding"] == told
    assert answer.headers["x-mark"] == "kept"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.content == BODY
    assert int(answer.headers["content-length"]) < len(BODY) / 10


def test_who_unpacks_nothing_gets_it_as_it_is(files: Files) -> None:
    answer = fetched(files, accept_encoding="identity")
    assert "content-encoding" not in answer.headers
    assert answer.content == BODY


def test_a_changed_file_is_squeezed_anew(files: Files) -> None:
    client = TestClient(Compressed(files))
    assert client.get("/assets/a.js").content == BODY
    files.body, files.etag = BODY + b"// more", b"two"
    assert client.get("/assets/a.js").content == BODY + b"// more"


def test_what_the_browser_has_is_not_sent_again(files: Files) -> None:
    answer = fetched(files, accept_encoding="gzip", if_none_match="one")
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "kind", "size"),
    [
        ("/api/v1/wall", b"text/javascript", 9500),
        ("/assets/a.png", b"image/png", 9500),
        ("/assets/a.js", b"text/css", 20),
    ],
)
def test_figures_pictures_and_small_files_pass_through(files: Files, path: str, kind: bytes, size: int) -> None:
    files.kind, files.body = kind, BODY[:size]
    answer = fetched(files, path, accept_encoding="gzip")
    assert "content-encoding" not in answer.headers
    assert answer.content == BODY[:size]
