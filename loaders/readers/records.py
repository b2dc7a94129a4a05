"""Splits delimited text into records with exact line numbers; what cannot be split says why."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

FIELD_LIMIT = 1 << 24
NEVER_CLOSED = "is never closed"
_BLOCK_LINES = 1_000


@dataclass
class Batch:
    """Records in a row: the line each begins on, all their fields one after the other, and the broken ones.

    `broken`: position in the batch → (reason, text of the record); its fields are empty.
    """

    width: int
    lines: list[int] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    broken: dict[int, tuple[str, str]] = field(default_factory=dict)

    def columns(self) -> list[list[str]]:
        """The fields column by column."""
        return [self.fields[place :: self.width] for place in range(self.width)]


def batches(
    lines: Iterable[str], delimiter: str, width: int, size: int, skip: int = 0, damaged: bool = False
) -> Iterator[Batch]:
    """All records with content after the first `skip`, `width` fields each, at most `size` in a batch.

    `damaged`: look for bytes that could not be decoded (lone surrogates) in every record.
    """
    csv.field_size_limit(FIELD_LIMIT)
    splitter = _Splitter(lines, delimiter, width, damaged)
    for _ in range(skip):
        splitter.fill(Batch(width), 1)
    while True:
        batch = Batch(width)
        splitter.fill(batch, size)
        if not batch.lines:
            return
        yield batch


class _Splitter:
    """A csv.reader that knows on which line each record begins and goes on after one that it cannot split."""

    def __init__(self, lines: Iterable[str], delimiter: str, width: int, damaged: bool) -> None:
        self._tape = _Tape(lines)
        self._reader = csv.reader(self._tape.lines(), delimiter=delimiter, strict=True)
        self._width = width
        self._damaged = damaged

    def fill(self, batch: Batch, size: int) -> None:
        """Append records until the batch holds `size` or the text ends."""
        more = True
        while more and len(batch.lines) < size:
            try:
                more = self._plain(batch, size)
            except csv.Error as error:
                self._odd(batch, [], _cause(error, self._tape.begin))

    def _plain(self, batch: Batch, size: int) -> bool:
        """The loop that all good records take; gives False at the end of the text, True to be called again."""
        width, closer = self._width, self._damaged
        for record in self._reader:
            if closer or len(record) != width or not record[0] or record[0].isspace():
                self._odd(batch, record, None)
                return True
            batch.lines.append(self._tape.begin)
            # One flat list: a list kept for every record would keep the garbage collector busy.
            batch.fields.extend(record)
            self._tape.begin = self._reader.line_num + 1
            if len(batch.lines) >= size:
                return True
        return False

    def _odd(self, batch: Batch, record: list[str], reason: str | None) -> None:
        """A record that needs a closer look: empty (left out), good after all, or broken."""
        first, last = self._tape.begin, self._reader.line_num
        if reason is not None or any(value.strip() for value in record):
            _add(batch, first, record, reason, self._tape.text(first, last), self._damaged)
        self._tape.begin = last + 1


def _add(batch: Batch, line: int, record: list[str], reason: str | None, text: str, damaged: bool) -> None:
    record = fitted(record, batch.width)
    if reason is None and len(record) != batch.width:
        reason = f"{len(record)} fields where the titles have {batch.width}"
    if reason is None and damaged and not _decoded(text):
        reason = "bytes that do not follow the file's encoding"
    if reason is not None:
        batch.broken[len(batch.lines)] = (reason, text.encode("utf-8", "backslashreplace").decode().rstrip("\r\n"))
        record = [""] * batch.width
    batch.lines.append(line)
    batch.fields.extend(record)


def fitted(fields: list[str], width: int) -> list[str]:
    """The fields without empty ones past the last title."""
    return fields[:width] if not any(field.strip() for field in fields[width:]) else fields


class _Tape:
    """Hands out lines and remembers those since `begin`, so that a broken record can be shown as it was."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.begin = 1
        self._source = iter(lines)
        self._kept: list[str] = []
        self._first = 1  # number of the first line kept

    def lines(self) -> Iterator[str]:
        """The lines; read in blocks, so that no Python code runs for a single one."""
        return chain.from_iterable(self._blocks())

    def _blocks(self) -> Iterator[list[str]]:
        while block := list(islice(self._source, _BLOCK_LINES)):
            self._kept = self._kept[self.begin - self._first :] + block
            self._first = self.begin
            yield block

    def text(self, first: int, last: int) -> str:
        """The lines from `first` to `last`, both included."""
        return "".join(self._kept[first - self._first : last - self._first + 1])


def _decoded(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _cause(error: csv.Error, line: int) -> str:
    if "unexpected end" in str(error) or "field limit" in str(error):
        return f"the quote that opens in line {line} {NEVER_CLOSED}"
    return "a quote inside a quoted field is not doubled"
