"""Reads one sheet of an Excel workbook; rows keep the number that Excel shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import InputError
from loaders.readers.frames import as_text, text_frame
from loaders.readers.records import fitted
from loaders.readers.source import CHUNK_ROWS, Source
from loaders.readers.titles import column_titles, refuse_empty

Row = tuple[int, list[str | None]]


@dataclass(kw_only=True)
class SheetSource(Source):
    """One sheet, held in memory as the workbook reader gives it."""

    rows: list[Row] = field(repr=False)

    def chunks(self, size: int = CHUNK_ROWS, start: int = 0) -> Iterator[pd.DataFrame]:
        """See Source.chunks."""
        rows = islice(self.rows, start, None)
        while batch := list(islice(rows, size)):
            values = list(zip(*(cells for _, cells in batch), strict=True))
            yield text_frame(self.columns, [number for number, _ in batch], values)


def open_sheet(path: Path, sheet: str | None = None) -> SheetSource:
    """Open the named sheet, or the only one with content; titles are its first row with two or more cells
    filled.

    Raises InputError for a workbook that is damaged or has a password, a sheet that is not there, or a
    choice to make (listing the sheets).
    """
    book = _workbook(path)
    name = _choose(book, path, sheet)
    rows = [(at, cells) for at, cells in _rows(book, name) if any(cells)]
    if not rows:
        raise InputError(f"Sheet {name!r} of {path.name} is empty: name another with --sheet.")
    top = next((at for at, (_, cells) in enumerate(rows) if sum(map(bool, cells)) > 1), 0)
    columns = column_titles(rows[top][1], f"{path.name} ({name})")
    body = [(number, _cut(cells, len(columns), number, name)) for number, cells in rows[top + 1 :]]
    refuse_empty(len(body), f"{path.name} ({name})")
    return SheetSource(path=path, format="xlsx", columns=columns, total=len(body), part=name, rows=body)


def _workbook(path: Path) -> Any:
    import python_calamine as calamine

    try:
        return calamine.CalamineWorkbook.from_path(path)
    except calamine.PasswordError:
        raise InputError(_locked(path)) from None
    except Exception:
        if _encrypted(path):
            raise InputError(_locked(path)) from None
        raise InputError(f"{path.name} is not a complete Excel workbook (cut off or damaged): save it again.") from None


def _locked(path: Path) -> str:
    return f"{path.name} is protected by a password: open it in Excel, remove the password and save it."


def _encrypted(path: Path) -> bool:
    """An encrypted workbook is an OLE file with a stream of this name (MS-OFFCRYPTO 2.3.4.4)."""
    with path.open("rb") as stream:
        return "EncryptedPackage".encode("utf-16-le") in stream.read(1 << 20)


def _choose(book: Any, path: Path, sheet: str | None) -> str:
    names: list[str] = list(book.sheet_names)
    if sheet is not None:
        if sheet not in names:
            raise InputError(f"{path.name} has no sheet {sheet!r}: it has {_listed(names)}.")
        return sheet
    filled = [name for name in names if _has_cells(book, name)]
    if len(filled) > 1:
        raise InputError(f"{path.name} has {len(filled)} sheets with content: choose {_listed(filled)} with --sheet.")
    return filled[0] if filled else names[0]


def _listed(names: list[str]) -> str:
    return " or ".join(repr(name) for name in names)


def _has_cells(book: Any, name: str) -> bool:
    try:
        return bool(book.get_sheet_by_name(name).total_height > 0)
    except Exception:  # a chart sheet has no cells
        return False


def _rows(book: Any, name: str) -> Iterator[Row]:
    try:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except Exception as error:
        raise InputError(f"Sheet {name!r} cannot be read ({error}): save the workbook again.") from None
    for number, cells in enumerate(rows, start=1):
        yield number, [as_text(cell) for cell in cells]


def _cut(cells: list[str | None], width: int, number: int, name: str) -> list[str | None]:
    texts = fitted([cell or "" for cell in cells], width)
    if len(texts) > width:
        raise InputError(f"Sheet {name!r} has a value right of the last title in row {number}: give it a title.")
    return [cell or None for cell in texts] + [None] * (width - len(texts))
