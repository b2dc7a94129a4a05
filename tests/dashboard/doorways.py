"""Every way into the application, read from the application itself: routes, Dash callbacks, WebSockets."""

from collections.abc import Iterator, Sequence
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


def callbacks(
    app: Any, values: dict[str, Any], matched: Sequence[dict[str, str]] = ()
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(outputs, body of the request) of every callback that the server answers.

    values: what "id.property" of an input or state holds in the browser; all else holds nothing. matched: the parts
    for which callbacks that match their parts are asked, each by its whole id.
    """
    for outputs, about in list(server_of(app).state.dash.callback_map.items()):
        if "callback" in about and '["MATCH"]' not in outputs:
            yield outputs, _body(outputs, about, values)
        elif "callback" in about:
            for part in matched:
                yield f"{part['page']} {part['name']}", _of_part(outputs, about, values, part)


def _of_part(outputs: str, about: dict[str, Any], values: dict[str, Any], part: dict[str, str]) -> dict[str, Any]:
    """The request for one part of a matching callback; its state is the part's own id."""
    body = _body(outputs, about, values)
    own = {"id": part, "property": "id", "value": part}
    return body | {"outputs": {"id": part, "property": outputs.rpartition(".")[2]}, "state": [own]}


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
