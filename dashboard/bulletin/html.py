"""The bulletin as one HTML text: nothing is fetched from anywhere, and a printer breaks it into A4 pages."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboard.bulletin import pictures, sections
from dashboard.bulletin.figures import Figures
from dashboard.bulletin.notes import notes
from dashboard.bulletin.summary import summary
from dashboard.bulletin.words import Words, words
from dashboard.design.tokens import LIGHT, PAPER
from dashboard.language import HTML_LANG

FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Issue:
    """What issuing adds to figures: number in its year, who issued it and when (ISO), checksum, what it replaces."""

    year: int
    no: int
    issued_by: str
    issued_at: str
    digest: str
    replaces: tuple[int, int] | None = None


@cache
def environment() -> Environment:
    """The templates, which escape whatever comes from the record and refuse unknown names."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def bulletin_html(figures: Figures, lang: str = "zh", issue: Issue | None = None) -> str:
    """The bulletin's page; without an issue it is a draft. InputError for an unknown language."""
    say = words(lang)
    return environment().get_template("bulletin.html").render(
        **common(say), about=figures.about, figures=figures, issue=issue, head=head(figures, say, issue),
        summary=summary(figures, lang), sections=sections, notes=notes, pictures=pictures,
    )  # fmt: skip


def common(say: Words) -> dict[str, Any]:
    """What every page needs: words, language, style."""
    css = coloured((FOLDER / "print.css").read_text("utf-8"))
    # Inside quotes of a style sheet: the words of the page's foot.
    for name in ("page", "page_of", "page_end"):
        css = css.replace(f"%{name}%", say(name))
    return {"say": say, "html_lang": HTML_LANG[say.lang], "style": Markup(css)}


def coloured(text: str) -> str:
    """A style with its colours in place of their variables, which the margins of a printed page do not know."""
    paper = {f"paper_{name}": colour for name, colour in PAPER.items()}
    for name, colour in (vars(LIGHT) | paper).items():
        text = text.replace(f"var(--{name.replace('_', '-')})", colour)
    return text


def head(figures: Figures, say: Words, issue: Issue | None) -> dict[str, str]:
    """Number, dates, signature and marks of the title block."""
    about = figures.about
    days = say.days(about["first"], about["last"])
    period = say("period_days", days=days)
    if about["kind"] != "days":
        period = say("period", period=say.period(about["kind"], about["first"], about["last"]), days=days)
    return {
        "number": number(say, issue, about),
        "date": say("issued_on", day=say.day(issue.issued_at))
        if issue
        else say("drawn_up_on", day=say.day(about["today"])),
        "signature": issue.issued_by if issue else "",
        "period": period,
        "replaces": _replaces(say, issue),
        "code": issue.digest[:12] if issue else "",
    }


def number(say: Words, issue: Issue | None, about: dict[str, Any]) -> str:
    """〔2026〕第3号, or the same with room for a number."""
    if issue is None:
        return say("number_draft", year=about["today"][:4])
    return say("number", year=issue.year, no=issue.no)


def _replaces(say: Words, issue: Issue | None) -> str:
    if issue is None or issue.replaces is None:
        return ""
    return say("replaces", number=say("number", year=issue.replaces[0], no=issue.replaces[1]))
