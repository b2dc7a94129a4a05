"""What every reader hands over: a Source with named columns and chunks of text rows."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import pandas as pd
import shapely

GEOMETRY = "geometry"
BROKEN = "__broken__"
RECORD = "__record__"
CHUNK_ROWS = 20_000


@dataclass(kw_only=True)
class Source(ABC):
    """An opened file: its columns are known, its rows come with `chunks`.

    `crs` is what the file itself says ("EPSG:4326", WKT, or None when it says nothing), `total` the number
    of rows that `chunks` will give, `path` the file that the user
    named, `part` the sheet, layer or zip member that was chosen.
    """

    path: Path
    format: str
    columns: list[str]
    crs: str | None = None
    total: int | None = None
    encoding: str | None = None
    has_geometry: bool = False
    part: str | None = None
    inner: Path | None = field(default=None, repr=False)
    unpacked: TemporaryDirectory[str] | None = field(default=None, repr=False)

    @property
    def file(self) -> Path:
        """The file that is read: `path` itself, or what was unpacked from it."""
        return self.inner or self.path

    @abstractmethod
    def chunks(self, size: int = CHUNK_ROWS, start: int = 0) -> Iterator[pd.DataFrame]:
        """Frames of at most `size` rows, leaving out the first `start` rows (work already done).

        The index "line" holds the line of a text file (the record's first), the row of a sheet, or the
        feature's number from 1. Every attribute is an object column of trimmed str or None. `geometry`
        (when `has_geometry`) holds shapely objects in the file's CRS, or hex WKB text where no geometry can
        be built from it. A row that cannot be split has its reason in the column BROKEN and its text in
        RECORD; those two columns are there only in frames that have such rows. Rows without any content are
        no rows.
        Raises InputError when the file ends or breaks in the middle.
        """

    def raw(self, frame: pd.DataFrame, position: int) -> dict[str, str | None]:
        """The row at `position` of one of this source's frames, as text by column."""
        return raw_record(frame, position)

    def close(self) -> None:
        """Remove what was unpacked for reading; safe to call twice."""
        if self.unpacked is not None:
            self.unpacked.cleanup()
            self.unpacked = None

    def __enter__(self) -> "Source":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def raw_record(frame: pd.DataFrame, position: int) -> dict[str, str | None]:
    """One row as text by column, geometry as WKT; of a broken row only its text, under RECORD."""
    row = dict(zip(frame.columns, frame.iloc[position], strict=True))
    broken, record = row.pop(BROKEN, None), row.pop(RECORD, None)
    if broken is not None:
        return {RECORD: record}
    return {
        str(name): shapely.to_wkt(value, rounding_precision=9) if isinstance(value, shapely.Geometry) else value
        for name, value in row.items()
    }
