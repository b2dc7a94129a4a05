"""Every way into the application, read from the application itself: routes, Dash callbacks, WebSockets."""

from collections.abc import Iterator
from typing import Any

from starlette.routing import Mount, WebSocketRoute

from dashboard.auth.rules import WEBSOCKET


def server_of(app: Any) -> Any:
    """The FastAPI server inside the guard."""
    while hasattr(app, "app") and not hasattr(app, "state"):
        app = app.app
    return app


def routes(app: Any) -> Iterator[tuple[str, str]]:
    """(method, path template) of every route, those of included routers too; a mount has {file:path} at its end."""
    for route in _flat(server_of(app).routes):
        if isinstance(route, Mount):
            yield "GET", f"{route.path}/{{file:path}}"
        elif isinstance(route, WebSocketRoute):
            yield WEBSOCKET, route.path
        else:
            yield from ((method, route.path) for method in sorted(route.methods - {"HEAD"}))


def _flat(found: Any) -> Iterator[Any]:
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from _flat(inner.routes)


def callbacks(app: Any, values: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(outputs, body of the request) of every callback that the server answers.

    values: what "id.property" of an input or state holds in the browser; all else holds nothing.
    """
    for outputs, about in server_of(app).state.dash.callback_map.items():
        if "callback" in about:
            yield outputs, _body(outputs, about, values)


def _body(outputs: str, about: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    def held(part: dict[str, str]) -> dict[str, Any]:
        return part | {"value": values.get(f"{part['id']}.{part['property']}")}

    def named(part: str) -> dict[str, str]:
        name, _, prop = part.rpartition(".")
        return {"id": name, "property": prop}

    several = outputs.startswith("..")
    told: Any = [named(part) for part in outputs.strip(".").split("...")] if several else named(outputs)
    first = about["inputs"][0]
    return {
        "output": outputs,
        "outputs": told,
        "inputs": [held(part) for part in about["inputs"]],
        "state": [held(part) for part in about["state"]],
        "changedPropIds": [f"{first['id']}.{first['property']}"],
    }
