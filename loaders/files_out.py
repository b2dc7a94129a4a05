"""Writes a table to a file that people open in a spreadsheet."""

from pathlib import Path

import pandas as pd
from openpyxl.utils.exceptions import IllegalCharacterError

from geo.errors import InputError

ENDINGS = (".csv", ".xlsx")


def check_out(out: Path | None) -> None:
    """Raise InputError, before any work is done, when a table cannot be written to `out`."""
    if out is None:
        return
    if out.suffix.lower() not in ENDINGS:
        raise InputError(f"--out {out}: a table is written as {' or '.join(ENDINGS)}, so give the file that ending.")
    if not out.resolve().parent.is_dir():
        raise InputError(f"--out {out}: there is no folder {out.parent}, so make it first or choose another.")


def write_table(frame: pd.DataFrame, out: Path) -> None:
    """Write CSV (UTF-8 with BOM, as Excel wants it) or XLSX, readable by its owner only since rows may name people.

    Raises InputError when the file cannot be written.
    """
    check_out(out)
    try:
        out.touch(mode=0o600)
        if out.suffix.lower() == ".xlsx":
            _write_sheet(frame, out)
        else:
            frame.to_csv(out, index=False, encoding="utf-8-sig")
    except IllegalCharacterError:
        raise InputError(f"{out}: a row holds characters that Excel cannot: write a .csv instead.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{out} cannot be written ({reason}): close it where it is open or choose another.") from None


def _write_sheet(frame: pd.DataFrame, out: Path) -> None:
    with pd.ExcelWriter(out, engine="openpyxl") as book:
        frame.to_excel(book, index=False)
        for row in book.sheets["Sheet1"].iter_rows():
            for cell in row:
                if cell.data_type == "f":  # text that begins with "=" is text, never a formula to be run
                    cell.data_type = "s"
