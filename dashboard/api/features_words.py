"""The documents of OGC API Features as plain data: landing page, collections, pages of items and their links."""

from typing import Any

from starlette.datastructures import URL
from starlette.requests import Request

from db.features import Box, Page

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
JSON, GEOJSON = "application/json", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CONFORMS = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
)
TITLES = {
    "areas": ("行政区划 areas", "City, districts, streets and communities in force at an instant."),
    "beats": ("警格 beats", "Police beats: each the union of the cells that it held at an instant."),
    "cells": ("网格 cells", "Grid cells in force at an instant, with the beat that held each."),
}


def link(href: str | URL, rel: str, kind: str, title: str) -> dict[str, str]:
    """One link."""
    return {"href": str(href), "rel": rel, "type": kind, "title": title}


def landing(base: str, city: str) -> dict[str, Any]:
    """The landing page of the service at `base`."""
    return {
        "title": f"beatgrid: {city}",
        "description": "Areas, police beats and grid cells, with their boundaries as of any instant.",
        "links": [
            link(base, "self", JSON, "this page"),
            link(f"{base}/api", "service-desc", OPENAPI, "the service as OpenAPI"),
            link(f"{base}/conformance", "conformance", JSON, "what of the standard is there"),
            link(f"{base}/collections", "data", JSON, "the collections"),
        ],
    }


def collection(base: str, name: str, box: Box | None) -> dict[str, Any]:
    """One collection; box: west, south, east, north of all cells."""
    title, description = TITLES[name]
    spatial = {"bbox": [list(box or (-180.0, -90.0, 180.0, 90.0))], "crs": CRS84}
    return {
        "id": name,
        "title": title,
        "description": description,
        "itemType": "feature",
        "extent": {"spatial": spatial, "temporal": {"interval": [[None, None]], "trs": GREGORIAN}},
        "crs": [CRS84],
        "storageCrs": CRS84,
        "links": [
            link(f"{base}/collections/{name}", "self", JSON, title),
            link(f"{base}/collections/{name}/items", "items", GEOJSON, title),
        ],
    }


def page(request: Request, found: Page, limit: int, offset: int, base: str, name: str) -> dict[str, Any]:
    """A page of features with the links to itself, its neighbours and its collection."""
    links = [
        link(request.url, "self", GEOJSON, "this page"),
        link(f"{base}/collections/{name}", "collection", JSON, TITLES[name][0]),
    ]
    if offset + len(found.features) < found.matched and found.features:
        following = request.url.include_query_params(offset=offset + len(found.features), limit=limit)
        links.append(link(following, "next", GEOJSON, "next page"))
    if offset:
        before = request.url.include_query_params(offset=max(offset - limit, 0), limit=limit)
        links.append(link(before, "prev", GEOJSON, "page before"))
    return {
        "type": "FeatureCollection",
        "features": found.features,
        "numberMatched": found.matched,
        "numberReturned": len(found.features),
        "links": links,
    }


def item_links(request: Request, base: str, name: str) -> list[dict[str, str]]:
    """The links of one feature."""
    return [
        link(request.url, "self", GEOJSON, "this feature"),
        link(f"{base}/collections/{name}", "collection", JSON, TITLES[name][0]),
    ]
