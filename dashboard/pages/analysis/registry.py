"""Every analysis page by its address; a page's module is read when it is first asked for."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import MappingProxyType

from dashboard.pages.analysis.changes import changes_panel
from dashboard.pages.analysis.panel import Page
from geo.errors import NotFound

# Name in the address: the module dashboard.pages.analysis.NAME, which has a PAGE.
PAGES = ("containment", "workload", "hotspots", "diversion", "repeats", "trends", "scorecards")
PATHS = tuple(f"/{code}" for code in PAGES)


@cache
def page(code: str) -> Page:
    """The page of that name, with the strip of changes before its own panels; NotFound lists the names there are."""
    if code not in PAGES:
        raise NotFound(f"There is no analysis page {code!r}: open one of {', '.join(PATHS)}.")
    found: Page = import_module(f"dashboard.pages.analysis.{code}").PAGE
    strip = (changes_panel(found.compared),) if found.compared else ()
    return replace(found, panels=(*strip, *found.panels))


def pages() -> Mapping[str, Page]:
    """Every page by its name."""
    return MappingProxyType({code: page(code) for code in PAGES})
