"""The OpenAPI 3.0 document of the features alone: map programmes look in it for the largest page they may ask for."""

from typing import Any

from dashboard.api.features_words import GEOJSON, JSON, TITLES


def document(base: str, most: int) -> dict[str, Any]:
    """The document of the service at `base`; most: features that one page may hold."""
    paths = {
        "/": _get("landing", "Landing page"),
        "/conformance": _get("conformance", "Conformance classes"),
        "/collections": _get("collections", "The collections"),
    }
    for name, (title, _) in TITLES.items():
        paths[f"/collections/{name}"] = _get(f"describe_{name}", title)
        paths[f"/collections/{name}/items"] = _get(f"items_{name}", title, GEOJSON, _filters(most))
        one = [_parameter("featureId", "path", {"type": "string"}, required=True), _DATETIME]
        paths[f"/collections/{name}/items/{{featureId}}"] = _get(f"item_{name}", title, GEOJSON, one)
    return {
        "openapi": "3.0.3",
        "info": {"title": "beatgrid: areas, beats and cells", "version": "1"},
        "servers": [{"url": base}],
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "paths": paths,
    }


def _get(name: str, summary: str, kind: str = JSON, parameters: list[Any] | None = None) -> dict[str, Any]:
    answer = {"description": summary, "content": {kind: {"schema": {"type": "object"}}}}
    return {
        "get": {
            "operationId": name, "summary": summary, "parameters": parameters or [], "responses": {"200": answer},
        }
    }  # fmt: skip


def _parameter(name: str, place: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema} | (
        {"style": "form", "explode": False} if place == "query" else {}
    )


_DATETIME = _parameter("datetime", "query", {"type": "string"})


def _filters(most: int) -> list[dict[str, Any]]:
    box = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    whole = {"type": "integer", "minimum": 0, "default": 0}
    limit = {"type": "integer", "minimum": 1, "maximum": most, "default": 1_000}
    return [
        _parameter("bbox", "query", box), _DATETIME, _parameter("limit", "query", limit),
        _parameter("offset", "query", whole),
    ]  # fmt: skip
