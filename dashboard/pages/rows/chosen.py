"""What the rows are filtered by, as chips that take a filter away."""

from dataclasses import replace

from dash.development.base_component import Component

from dashboard.components.chips import chips
from dashboard.language import Say
from dashboard.reading.desk import Desk
from dashboard.reading.rows import Found, Wanted
from dashboard.reading.rows_about import keys_in_words
from dashboard.reading.view import View


def chosen(found: Found, desk: Desk, say: Say) -> Component:
    """A chip for each key, place, category and channel."""
    wanted, facts = found.wanted, desk.facts()
    view, names = wanted.view, facts.channel_names(wanted.view.lang)
    told = [
        (what, value, replace(wanted, keys=(*wanted.keys[:n], *wanted.keys[n + 1 :])).link())
        for n, (what, value) in enumerate(keys_in_words(found, desk, say, view.lang))
    ]
    if view.place:
        told.append((say("地点"), facts.name(view.place), _without(wanted, place=None)))
    told += [(say("类别"), each, _without(wanted, groups=_others(view.groups, each))) for each in view.groups]
    told += [
        (say("类别"), each, _without(wanted, categories=_others(view.categories, each))) for each in view.categories
    ]
    told += [
        (say("渠道"), names.get(each, each), _without(wanted, channels=_others(view.channels, each)))
        for each in view.channels
    ]
    clear = replace(wanted, keys=(), view=replace(view, place=None, groups=(), categories=(), channels=()))
    return chips(told, clear.link(), say)


def _others(chosen: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(each for each in chosen if each != one)


def _without(wanted: Wanted, **changed: object) -> str:
    view: View = replace(wanted.view, **changed)  # type: ignore[arg-type]
    return replace(wanted, view=view).link()
