"""A base map by settings: its tiles come through our own server, darkened by night; without one, our own backdrop."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from dashboard.api import tiles
from dashboard.app import create_app
from dashboard.figures.basemap import BaseMap
from dashboard.figures.ground import style_document
from geo.errors import InputError
from tests.signing import signed_in

PICTURE = b"\x89PNG\r\n\x1a\nnot really"


class Tiles(BaseHTTPRequestHandler):
    """Answers /1/… with a picture that names its address, /2/… with words, and nothing else."""

    def do_GET(self) -> None:
        kind = {"1": "image/png", "2": "text/html"}.get(self.path.split("/")[1])
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", kind or "text/plain")
        self.end_headers()
        self.wfile.write(PICTURE + self.path.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def owner() -> Iterator[str]:
    """Somebody else's server of tiles."""
    server = HTTPServer(("127.0.0.1", 0), Tiles)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def client(record, settings, owner):
    tiles.fetched.cache_clear()
    layers = f"{owner}/1/{{z}}/{{x}}/{{y}}?s={{0-7}} {owner}/2/{{z}}/{{x}}/{{y}} {owner}/3/{{z}}/{{x}}/{{y}}"
    mapped = replace(settings, base_map=layers, base_map_by="© somebody")
    return signed_in(create_app(mapped, record.engine), record.engine, "analyst")


def test_a_tile_comes_through_our_own_server(client):
    answer = client.get("/api/v1/tiles/0/3/4/5")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.content == PICTURE + b"/1/3/4/5?s=1"


@pytest.mark.parametrize(("path", "status"), [("2/3/4/5", 404), ("1/3/4/5", 503), ("0/3/9/5", 404), ("9/3/4/5", 404)])
def test_what_is_no_tile_is_said_to_be_none(client, path, status):
    assert client.get(f"/api/v1/tiles/{path}").status_code == status


def test_the_style_names_the_tiles_and_their_owner_and_no_other_host(client):
    style = client.get("/api/v1/style/7/wall.json?label=20").json()
    assert style["sources"]["tiles-0"]["attribution"] == "© somebody"
    assert [layer["id"] for layer in style["layers"]][:4] == ["land", "tiles-0", "tiles-1", "tiles-2"]
    assert "http" not in str(style)


def test_without_a_base_map_the_ground_is_our_own():
    layers = [layer["id"] for layer in style_document("7", "light")["layers"]]
    assert "sea" in layers
    assert "tiles-0" not in layers


@pytest.mark.parametrize("told", ["ftp://x/{z}/{x}/{y}", "https://x/{z}/{x}", "nonsense"])
def test_an_address_that_is_none_of_tiles_is_refused_with_an_example(told):
    with pytest.raises(InputError, match=r"such as https://tiles\.example"):
        BaseMap.told(told, None)
