"""Text tables come back record by record, with the line on which each begins."""

import csv
import gzip
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from loaders.readers import BROKEN, RECORD, open_source

CELL = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=12)
ROWS = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12)


def frame_of(path: Path, size: int = 20_000, start: int = 0) -> pd.DataFrame:
    with open_source(path) as source:
        return pd.concat(list(source.chunks(size, start)))


def written(rows: list[list[str]], folder: str, delimiter: str = ",") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([["a", "b", "c"], *rows])
    path = Path(folder) / "table.csv"
    path.write_bytes(text.getvalue().encode())
    return path


def expected(rows: list[list[str]], delimiter: str = ",") -> list[tuple[int, list[str | None]]]:
    """Every row with content and its first line, by writing one row at a time and counting line ends."""
    line, found = 2, []
    for row in rows:
        if any(cell.strip() for cell in row):
            found.append((line, [cell.strip() or None for cell in row]))
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter).writerow(row)
        line += len(io.StringIO(text.getvalue(), newline="").readlines())
    return found


@settings(deadline=None)
@given(ROWS, st.sampled_from(",;\t|"))
def test_whatever_csv_writes_comes_back_row_by_row_with_its_line(rows: list[list[str]], delimiter: str) -> None:
    wanted = expected(rows, delimiter)
    with TemporaryDirectory() as folder:
        path = written(rows, folder, delimiter)
        if not wanted:
            with pytest.raises(InputError, match="not one row"):
                open_source(path)
            return
        frame = frame_of(path)
    assert list(zip(frame.index, frame[["a", "b", "c"]].to_numpy().tolist(), strict=True)) == wanted


@settings(deadline=None)
@given(ROWS, st.integers(1, 5), st.integers(0, 14))
def test_chunks_from_any_start_are_the_rest_of_the_whole(rows: list[list[str]], size: int, start: int) -> None:
    rows = [["x", *row[1:]] for row in rows]
    with TemporaryDirectory() as folder, open_source(written(rows, folder)) as source:
        whole = pd.concat(list(source.chunks()))
        rest = list(source.chunks(size, start))
        assert source.total == len(whole) == len(rows)
    assert all(len(chunk) <= size for chunk in rest)
    assert [line for chunk in rest for line in chunk.index] == whole.index.tolist()[start:]


def test_records_that_cannot_be_split_stay_as_broken_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a,b\n1,2\n1,2,3\n"x"y,2\n\n3\n4,5,,\n', "utf-8")
    frame = frame_of(path)
    assert frame.index.tolist() == [2, 3, 4, 6, 7]
    assert frame[BROKEN].tolist() == [
        None,
        "3 fields where the titles have 2",
        "a quote inside a quoted field is not doubled",
        "1 fields where the titles have 2",
        None,
    ]
    assert frame[RECORD].tolist()[1:4] == ["1,2,3", '"x"y,2', "3"]


def test_single_lines_with_bad_bytes_are_broken_rows_of_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    lines = [f"{number},金门路派出所".encode() for number in range(40)]
    lines[7] = b"7,\xff\xfe"
    path.write_bytes(b"\n".join([b"a,b", *lines]))
    frame = frame_of(path)
    assert frame.index[frame[BROKEN].notna()].tolist() == [9]
    assert frame.loc[9, RECORD] == "7,\\udcff\\udcfe"


def test_gzip_and_tab_separated_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv.gz"
    path.write_bytes(gzip.compress("编号\t名称\n1\t a,b \n".encode("gb18030")))
    with open_source(path) as source:
        assert (source.format, source.encoding, source.columns) == ("tsv", "gb18030", ["编号", "名称"])
        assert next(source.chunks()).iloc[0].tolist() == ["1", "a,b"]


def test_titles_without_text_at_the_end_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,,c,,\n1,2,3,,\n4,5,6\n", "utf-8")
    frame = frame_of(path)
    assert frame.columns.tolist() == ["a", "column 2", "c"]
    assert frame["c"].tolist() == ["3", "6"]


def test_old_line_ends_and_a_missing_last_one_are_fine(tmp_path: Path) -> None:
    for end in ("\r\n", "\r", "\n"):
        path = tmp_path / "t.csv"
        path.write_bytes(end.join(["a,b", "1,2", "3,4"]).encode())
        assert frame_of(path).index.tolist() == [2, 3]
