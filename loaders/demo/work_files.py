"""The demo city's files about people and beats at work, in several formats."""

from pathlib import Path

import numpy as np
import pandas as pd

from loaders.demo.calendar import holiday_paths
from loaders.demo.exports import staffed, timed
from loaders.demo.files import DemoFile
from loaders.demo.write import write_big_csv, write_text, write_xlsx


def duty_files(folder: Path, shifts: pd.DataFrame, absences: pd.DataFrame, officers: np.ndarray) -> list[DemoFile]:
    """Holidays, shifts, and absences as a workbook."""
    write_big_csv(timed(staffed(shifts, officers, "officer"), "start", "end"), folder / "roster.csv")
    away = timed(staffed(absences, officers, "officer", "cover"), "start", "end")
    write_xlsx(away, folder / "absences.xlsx", "absences")
    holidays = [DemoFile("holidays", path) for path in holiday_paths(folder)]
    return [*holidays, DemoFile("roster", folder / "roster.csv"), DemoFile("absences", folder / "absences.xlsx")]


def count_files(
    folder: Path, registers: pd.DataFrame, households: pd.DataFrame, plates: pd.DataFrame
) -> list[DemoFile]:
    """Registers, households and door plates."""
    write_big_csv(registers, folder / "registers.csv")
    write_text(households, folder / "households.csv", encoding="gb18030")
    write_big_csv(plates, folder / "plates.csv")
    return [DemoFile(name, folder / f"{name}.csv") for name in ("registers", "households", "plates")]


def work_files(folder: Path, visits: pd.DataFrame, meetings: pd.DataFrame) -> list[DemoFile]:
    """Visits and joint meetings."""
    write_big_csv(visits, folder / "visits.csv")
    write_text(meetings, folder / "meetings.csv")
    return [DemoFile("visits", folder / "visits.csv"), DemoFile("meetings", folder / "meetings.csv")]
