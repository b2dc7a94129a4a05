"""From the largest figure of a table to what it counted: as many rows as it says, in the file too, and again."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Watched

pytestmark = pytest.mark.e2e
PERIOD = "period=custom&from=2026-05-01&to=2026-05-14"
HEAD = 2  # lines of the file before its rows: what they are, and the columns' names


def test_a_figure_leads_to_as_many_rows_as_it_says_in_the_file_too_and_from_its_link_again(screen: Watched) -> None:
    page = screen.page
    page.goto(f"{screen.host}/repeats?{PERIOD}")
    expect(page.locator("main .skeleton")).to_have_count(0, timeout=60_000)  # a panel drawn later takes the focus along
    table = page.locator("#panel-rates .twin")
    table.locator("summary").click()
    table.locator("button.sorts", has_text="警情").first.press("Enter")
    expect(table.locator("th[aria-sort=descending]")).to_have_text("警情")
    counts = [int(text.replace(",", "")) for text in table.locator("td:nth-child(2)").all_inner_texts()]
    figure = table.locator("td:nth-child(2) a.to-rows").first
    said = int(figure.inner_text().replace(",", ""))
    assert said == max(counts)
    assert counts == sorted(counts, reverse=True)
    figure.click()
    expect(page).to_have_url(re.compile("/rows.*figure=reports"))
    expect(page.locator(".rows-head h1 b")).to_have_text(f"{said:,}")
    csv_link = page.locator(".rows-files a").first.get_attribute("href")
    answer = page.request.get(f"{screen.host}{csv_link}")
    assert len(list(csv.reader(io.StringIO(answer.text())))) - HEAD == said
    first = page.locator(".rows-box tbody th").first.inner_text()
    page.goto(page.url)
    expect(page.locator(".rows-head h1 b")).to_have_text(f"{said:,}")
    expect(page.locator(".rows-box tbody th").first).to_have_text(first)
    assert page.request.get(f"{screen.host}{csv_link}").body() == answer.body()
