"""Workbooks: titles, row numbers, values as people see them, and the choice of a sheet."""

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from geo.errors import InputError
from loaders.readers import open_source


def workbook(path: Path, **sheets: Any) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_values_read_as_a_person_sees_them(tmp_path: Path) -> None:
    moment = datetime(2026, 3, 4, 5, 6)  # noqa: DTZ001 - a cell of a sheet has no zone
    rows = [
        ["编号", "时间", "分钟", "是否"],
        [370202001001001, moment, 12.5, True],
        ["007", None, 3, " x "],
    ]
    with open_source(workbook(tmp_path / "t.xlsx", 警情=rows)) as source:
        frame = next(source.chunks())
    assert frame.index.tolist() == [2, 3]
    assert frame.iloc[0].tolist() == ["370202001001001", "2026-03-04 05:06:00", "12.5", "true"]
    assert frame.iloc[1].tolist() == ["007", None, "3", "x"]


def test_a_heading_above_the_titles_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    rows = [["某所警情登记表"], [], ["编号", "名称"], ["1", "甲"], [None, None], ["2", "乙"]]
    with open_source(workbook(tmp_path / "t.xlsx", a=rows)) as source:
        frame = next(source.chunks())
        assert source.columns == ["编号", "名称"]
    assert frame.index.tolist() == [4, 6]


def test_rows_from_a_start_on_keep_their_numbers(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", a=[["a", "b"], *[[number, number] for number in range(9)]])
    with open_source(path) as source:
        chunks = list(source.chunks(4, start=3))
    assert [chunk.index.tolist() for chunk in chunks] == [[5, 6, 7, 8], [9, 10]]


def test_the_only_sheet_with_content_needs_no_name(tmp_path: Path) -> None:
    with open_source(workbook(tmp_path / "t.xlsx", 说明=[], 数据=[["a", "b"], [1, 2]])) as source:
        assert source.part == "数据"


def test_several_sheets_ask_which_and_a_wrong_one_lists_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", 一月=[["a", "b"], [1, 2]], 二月=[["a", "b"], [3, 4]])
    with pytest.raises(InputError, match="'一月' or '二月' with --sheet"):
        open_source(path)
    with pytest.raises(InputError, match="no sheet '三月': it has '一月' or '二月'"):
        open_source(path, sheet="三月")
    with open_source(path, sheet="二月") as source:
        assert next(source.chunks())["a"].tolist() == ["3"]


def test_a_value_right_of_the_titles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 3"):
        open_source(workbook(tmp_path / "t.xlsx", a=[["a", "b"], [1, 2], [1, 2, 3]]))
