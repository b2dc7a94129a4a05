"""Long tables page by page: which rows are on one, what it says of them, and where the pages around it are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.language import Say

SIZE = 200  # rows of a page


@dataclass(frozen=True)
class Sheet:
    """A page of `count` rows; asked: its number from 1, one past the last is the last."""

    count: int
    asked: int = 1

    @property
    def pages(self) -> int:
        """How many pages there are: one even of nothing."""
        return max(1, -(-self.count // SIZE))

    @property
    def page(self) -> int:
        """The number of this one."""
        return min(self.asked, self.pages)

    @property
    def first(self) -> int:
        """Place of its first row, from 0."""
        return (self.page - 1) * SIZE

    @property
    def end(self) -> int:
        """The place behind its last row."""
        return min(self.first + SIZE, self.count)

    def words(self, say: Say) -> str:
        """Which rows these are of how many."""
        told = {"first": f"{self.first + 1:,}", "last": f"{self.end:,}", "n": f"{self.count:,}"}
        return say("第 {first}–{last} 条，共 {n} 条", **told)

    def ways(self, link: Callable[[int], str]) -> dict[str, Any]:
        """Addresses of the pages around this one, None where there is none; link: of a page by its number."""
        where = {"first": 1, "before": self.page - 1, "after": self.page + 1, "last": self.pages}
        there = {
            name: link(number) if 1 <= number <= self.pages and number != self.page else None
            for name, number in where.items()
        }
        return there | {"page": self.page, "pages": self.pages}


def page_number(text: str | None) -> int:
    """The page that an address asks for; what is no number is the first."""
    return max(1, int(text)) if text and text.isdigit() and len(text) < 8 else 1
