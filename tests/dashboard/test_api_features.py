"""OGC API Features, read as QGIS reads it: by owslib from a live server, following nothing but links."""

import json
import socket
import threading
import time

import pytest
import requests
import shapely
import uvicorn
from fastapi.testclient import TestClient
from owslib.ogcapi.features import Features
from sqlalchemy import text

from dashboard.app import create_app
from db.engine import begin
from db.tokens import make_token
from grids.rights import Who, operator
from tests.conftest import LoadedDatabase
from tests.dashboard.doors import api
from tests.factories import SIDE, day, make_area, make_cell, square

WALL = Who("a wall", ("wall",))


@pytest.fixture(scope="module")
def given(demo_db: LoadedDatabase) -> dict[str, str]:
    """What a map programme sends along: a wall's token."""
    me = operator("test")
    with begin(demo_db.engine, me) as conn:
        token = make_token(conn, demo_db.record.keys, me, "wall", "a map programme")
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def base(demo_db: LoadedDatabase):
    """Address of the features on a server that really listens, guard and all."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create_app(demo_db.settings, demo_db.engine)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/api/v1/features"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def client(base, given) -> Features:
    return Features(base, headers=dict(given))


@pytest.fixture(scope="module")
def get(given):
    """GET an address with the token."""
    return lambda address: requests.get(address, headers=given, timeout=30)


def count(demo_db, query):
    with begin(demo_db.engine, "test") as conn:
        return conn.execute(text(query)).scalar_one()


def walked(get, client, name, limit, **more):
    """All features of a collection, page by page along the links `next`."""
    page = client.collection_items(name, limit=limit, **more)
    found = list(page["features"])
    while following := [link["href"] for link in page["links"] if link["rel"] == "next"]:
        page = get(following[0]).json()
        found += page["features"]
    return found


def test_nobody_reads_without_a_token(base):
    answer = requests.get(base, timeout=30)
    assert (answer.status_code, answer.json()["error"]) == (401, "signed_out")


def test_the_landing_page_leads_to_everything(get, client):
    rels = {link["rel"]: link["href"] for link in client.links}
    assert rels.keys() >= {"self", "data", "conformance", "service-desc"}
    assert all(get(href).ok for href in rels.values())
    assert any(name.endswith("conf/core") for name in client.conformance()["conformsTo"])
    described = client.api()
    assert described["openapi"].startswith("3.0")
    limit = described["paths"]["/collections/cells/items"]["get"]["parameters"][2]
    assert limit["schema"]["maximum"] == 10_000


def test_the_collections_are_areas_beats_and_cells_in_crs84(client, demo_db):
    assert client.feature_collections() == ["areas", "beats", "cells"]
    for name in client.feature_collections():
        about = client.collection(name)
        assert about["crs"] == ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]
        west, south, east, north = about["extent"]["spatial"]["bbox"][0]
        assert -180 <= west < east <= 180
        assert 0 < south < north < 90


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("areas", "SELECT count(*) FROM area WHERE valid @> now()"),
        ("cells", "SELECT count(*) FROM cell WHERE valid @> now()"),
        ("beats", "SELECT count(DISTINCT beat_id) FROM beat_cell WHERE valid @> now()"),
    ],
)
def test_the_pages_together_are_the_whole_once_each(get, client, demo_db, name, query):
    wanted = count(demo_db, query)
    found = walked(get, client, name, limit=max(wanted // 3, 1))
    assert len(found) == len({feature["id"] for feature in found}) == wanted
    assert all(shapely.from_geojson(json.dumps(feature["geometry"])).is_valid for feature in found)
    assert client.collection_items(name, limit=1)["numberMatched"] == wanted
    beyond = client.collection_items(name, limit=5, offset=wanted + 100)
    assert (beyond["numberReturned"], beyond["numberMatched"]) == (0, wanted)


@pytest.mark.parametrize("name", ["areas", "beats", "cells"])
def test_a_box_gives_what_touches_it_and_nothing_else(get, client, name):
    every = walked(get, client, name, limit=10_000)
    shapes = {feature["id"]: shapely.from_geojson(json.dumps(feature["geometry"])) for feature in every}
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    box = [west + (east - west) * 0.4, south + (north - south) * 0.4, (west + east) / 2, (south + north) / 2]
    told = {feature["id"] for feature in walked(get, client, name, limit=50, bbox=box)}
    # Coordinates come with seven decimals: what is nearer to the box's edge than a centimetre may count either way.
    outer, inner = (shapely.buffer(shapely.box(*box), size) for size in (1e-7, -1e-7))
    assert {code for code, shape in shapes.items() if shape.intersects(inner)} <= told
    assert told <= {code for code, shape in shapes.items() if shape.intersects(outer)}
    assert 0 < len(told) < len(shapes)


def test_one_feature_by_its_id_and_none_by_another(get, client):
    first = client.collection_items("cells", limit=1)["features"][0]
    assert client.collection_item("cells", first["id"])["properties"] == first["properties"]
    for path in ("collections/cells/items/none", "collections/none/items", "collections/none"):
        assert get(f"{client.url}{path}").status_code == 404


def test_boundaries_are_those_of_the_time_asked_for(settings, record):
    with begin(record.engine, "test") as conn:
        make_area(conn)
        make_cell(conn, "G1", 0, 0, valid_from=day(0))
        make_cell(conn, "G1", geometry=square(0, 0, 2, 1), valid_from=day(10))
    client = TestClient(api(settings, record, WALL))

    def width(name, at):
        answer = client.get(f"/api/v1/features/collections/{name}/items", params={"datetime": at}).json()
        return [round(shapely.from_geojson(json.dumps(f["geometry"])).area / SIDE**2) for f in answer["features"]]

    before, after = day(5).isoformat(), day(15).isoformat()
    for name in ("cells", "beats"):
        assert (width(name, before), width(name, after)) == ([1], [2])
        assert width(name, f"{before}/{after}") == width(name, f"{before}/..") == [2]
        assert width(name, day(-5).isoformat()) == []


@pytest.mark.parametrize("query", ["bbox=1,2", "bbox=a,b,c,d", "limit=0", "offset=-1", "datetime=soon", "limit=x"])
def test_what_cannot_be_read_is_refused_in_a_sentence(get, base, query):
    answer = get(f"{base}/collections/cells/items?{query}")
    assert (answer.status_code, answer.json()["error"]) == (422, "input")


def test_a_page_larger_than_the_largest_is_cut_to_it(get, base):
    answer = get(f"{base}/collections/cells/items?limit=1000000")
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.json()["numberReturned"] > 0
