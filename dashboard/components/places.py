"""Places to choose from, as a list and as a tree: thousands of them, so fetched when somebody looks for one."""

from typing import Any

from dashboard.language import Say
from dashboard.reading.facts import Facts

KIND_NAMES = {
    "district": "区", "street": "街道", "station": "派出所", "community": "社区", "beat": "警格", "cell": "网格",
}  # fmt: skip
SHOWN = 60


def chosen(place: str | None, facts: Facts) -> list[dict[str, Any]]:
    """The one place that is chosen, for a list that has not been opened yet."""
    return [{"value": place, "label": facts.name(place)}] if place else []


def options(facts: Facts, say: Say) -> list[dict[str, Any]]:
    """Every place under its kind, with its code, for the search box."""
    found = []
    for kind, rows in facts.places.groupby("kind", sort=False):
        items = [
            {"value": f"{kind}:{code}", "label": f"{name}　{code}"}
            for code, name in zip(rows["code"], rows["name"], strict=True)
        ]
        found.append({"group": say(KIND_NAMES.get(str(kind), str(kind))), "items": items})
    return found


def tree(facts: Facts) -> list[dict[str, Any]]:
    """Places under places; a place whose parent is unknown stands at the top."""
    below: dict[str | None, list[str]] = {}
    for key, parent in facts.parents.items():
        below.setdefault(parent if parent in facts.names else None, []).append(key)

    def node(key: str) -> dict[str, Any]:
        children = [node(child) for child in below.get(key, [])]
        return {"value": key, "label": facts.names[key], **({"children": children} if children else {})}

    return [node(key) for key in below.get(None, [])]
