"""Attributes for readers who listen to a page, typed loosely because Dash takes any that begins with aria-."""

from typing import Any

HIDDEN: dict[str, Any] = {"aria-hidden": "true"}


def named(text: str) -> dict[str, Any]:
    """What a picture says when it cannot be seen."""
    return {"role": "img", "aria-label": text}
