"""A table of figures is HTML in one text: whatever a value says stays a text, and every link stays inside."""

from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.figuretable import figure_table, text
from dashboard.language import speaker

SAY = speaker("zh")
BAD = "<img src=x onerror=alert(1)>"
OURS = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "a", "button"}


class Read(HTMLParser):
    """Which elements, links and texts a browser finds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.hrefs: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.hrefs += [value or "" for name, value in attrs if name == "href"]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page_of(name: str, href: str | None = None) -> str:
    frame, columns = pd.DataFrame({"label": [name], "reports": [3]}), {"label": name, "reports": "警情"}
    made = figure_table(frame, columns, name, SAY, lambda row, column: href, lambda sort: "/")
    return str(made[0].children)


def test_a_category_named_like_an_element_stays_a_name() -> None:
    page = page_of(BAD, f"/rows?figure=reports&key=category:{BAD}\"'")
    found = Read(page)
    assert found.tags == OURS
    assert found.texts.count(BAD) >= 2, "head and cell say it as it is"
    assert BAD not in page


@given(st.text(alphabet=st.sampled_from("ab \n\r\t<>&\"'`![]()#*_|:/="), max_size=30))
def test_no_name_ends_the_html_or_adds_to_it(name: str) -> None:
    page = page_of(name, f"/rows?figure=reports&key=category:{name}")
    assert "\n" not in page, "behind an empty line Markdown would read the rest as its own signs"
    assert Read(page).tags == OURS


@pytest.mark.parametrize("href", ["https://elsewhere/", "//elsewhere/", "javascript:alert(1)", "data:text/html,x"])
def test_a_link_that_leads_away_is_none(href: str) -> None:
    assert Read(page_of("x", href)).hrefs == []
    assert Read(page_of("x", "/rows?figure=reports")).hrefs


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("share", 0.5, "50.0%"), ("cv", 0.657, "0.66"), ("p", 0.01, "0.01"), ("z", 3.14, "+3.1"), ("n", None, "–"),
     ("reports", 1234, "1,234"), ("minutes", 12.5, "12.5"), ("label", "", "–")],
)  # fmt: skip
def test_a_number_is_said_as_people_read_it(name: str, value: object, said: str) -> None:
    assert text(name, value) == said
