"""Reads CSV and other delimited text, packed with gzip or not, by exact lines."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO, cast

import pandas as pd

from geo.errors import InputError
from loaders.readers.delimiter import sniff
from loaders.readers.encoding import Encoding, declared, detect
from loaders.readers.frames import text_frame, trimmed
from loaders.readers.records import FIELD_LIMIT, NEVER_CLOSED, batches
from loaders.readers.source import CHUNK_ROWS, Source
from loaders.readers.titles import column_titles, refuse_empty

SNIFFED_LINES = 200


@dataclass(kw_only=True)
class TextSource(Source):
    """A delimited text file."""

    delimiter: str
    damaged: bool = False

    def chunks(self, size: int = CHUNK_ROWS, start: int = 0) -> Iterator[pd.DataFrame]:
        """See Source.chunks."""
        with _lines(self.file, Encoding(self.encoding or "utf-8", self.damaged)) as lines:
            for batch in batches(lines, self.delimiter, len(self.columns), size, 1 + start, self.damaged):
                columns = [trimmed(column) for column in batch.columns()]
                yield text_frame(self.columns, batch.lines, columns, batch.broken)


def open_text(path: Path, encoding: str | None = None) -> TextSource:
    """Open a CSV, TSV or gzip of one: its encoding, delimiter, titles and number of records are found by
    reading it through once. Raises InputError for a wrong encoding, a cut-off file, an open quote, no
    titles or no rows.
    """
    with _whole(path):
        found = _encoding(path, encoding)
        with _lines(path, found) as lines:
            sample = list(islice(lines, SNIFFED_LINES))
        delimiter = sniff(sample, first="\t" if ".tsv" in path.suffixes or ".tab" in path.suffixes else ",")
        columns = _titles(path, found, delimiter)
        total = _count(path, found, delimiter, len(columns))
    refuse_empty(total, path.name)
    return TextSource(
        path=path, format="tsv" if delimiter == "\t" else "csv", columns=columns, total=total,
        encoding=found.name,
        damaged=found.damaged, delimiter=delimiter,
    )  # fmt: skip


def _encoding(path: Path, encoding: str | None) -> Encoding:
    if encoding:
        return declared(lambda: _bytes(path), encoding, path.name)
    return detect(lambda: _bytes(path), path.name)


def _titles(path: Path, encoding: Encoding, delimiter: str) -> list[str]:
    csv.field_size_limit(FIELD_LIMIT)
    with _lines(path, encoding) as lines:
        try:
            fields = next((row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))), [])
        except csv.Error:
            raise InputError(f"{path.name}: the quotes in its title line cannot be read: check them.") from None
    return column_titles(fields, path.name)


def _count(path: Path, encoding: Encoding, delimiter: str, width: int) -> int:
    """Records below the titles; a quote left open would swallow the rest of the file, so it refuses the
    file.
    """
    count = 0
    with _lines(path, encoding) as lines:
        for batch in batches(lines, delimiter, width, CHUNK_ROWS, 1, encoding.damaged):
            count += len(batch.lines)
            for reason, _ in batch.broken.values():
                if NEVER_CLOSED in reason:
                    raise InputError(f"{path.name}: {reason}: close it with a second quote in that line.")
    return count


def _bytes(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


@contextmanager
def _lines(path: Path, encoding: Encoding) -> Iterator[TextIO]:
    errors = "surrogateescape" if encoding.damaged else "strict"
    with _whole(path), io.TextIOWrapper(_bytes(path), encoding.name, errors, newline="") as lines:
        yield lines


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Turns the many ways in which a stream can break off into one sentence."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise InputError(f"{path.name} is cut off or damaged in the middle: copy it again.") from None
    except UnicodeError:
        raise InputError(f"{path.name} has changed while it was read: start again.") from None
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror or error}): check the disk and copy it again."
        ) from None
