"""A grade's mark: colour, shape and word together, so that no reader depends on colour."""

from dash import html
from dash.development.base_component import Component

from dashboard.components.aria import HIDDEN
from dashboard.language import one_of
from grids.grading import SEVERITIES

PATHS = {
    "circle": "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z",
    "triangle": "M8 1.2L15.4 14.4H.6z",
    "square": "M2 2h12v12H2z",
    "diamond": "M8 .8L15.2 8L8 15.2L.8 8z",
}


def word(severity: int, lang: str) -> str:
    """The grade's name."""
    grade = SEVERITIES[severity]
    return one_of(lang, grade.zh, grade.en)


def clip_path(severity: int) -> str:
    """CSS outline of the grade's shape."""
    return {
        "circle": "circle(46%)",
        "triangle": "polygon(50% 4%, 100% 94%, 0 94%)",
        "square": "inset(8%)",
        "diamond": "polygon(50% 0, 100% 50%, 50% 100%, 0 50%)",
    }[SEVERITIES[severity].shape]


def mark(severity: int, lang: str) -> Component:
    """Shape in the grade's colour, then its name."""
    shape = html.Span(
        className="severity-shape",
        style={"background": f"var(--severity-{severity})", "clipPath": clip_path(severity)},
        **HIDDEN,
    )
    return html.Span([shape, html.Span(word(severity, lang))], className="severity")


def badge(severity: int, lang: str) -> Component:
    """The same in a frame, for headings and rows; its shape and word say what its colour says."""
    return html.Span(mark(severity, lang), className=f"severity-badge severity-badge-{severity}")


def svg(severity: int, size: int = 16) -> str:
    """The same mark's shape as inline SVG, for pages without Dash."""
    path = PATHS[SEVERITIES[severity].shape]
    fill = f'fill="var(--severity-{severity})"'
    return f'<svg width="{size}" height="{size}" viewBox="0 0 16 16" aria-hidden="true"><path d="{path}" {fill}/></svg>'
