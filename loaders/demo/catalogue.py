"""The category catalogue of the demo city: 63 call types and 81 dispute types, parsed from the two lists."""

import pandas as pd

from loaders.demo.call_types import CASE_TEAM, COMMUNITY_POLICE
from loaders.demo.dispute_types import DISPUTES

COLUMNS = ["code", "name", "group", "police", "containable", "first_answer", "lead_department", "default_severity",
           "minutes", "deadline_hours", "deadline_clock"]  # fmt: skip
POLICE_LEAD = "区公安分局"


def make_catalogue() -> pd.DataFrame:
    """The 144 rows with COLUMNS: call types C01–C63, dispute types D01–D81."""
    calls = [*_rows(CASE_TEAM, "case_team"), *_rows(COMMUNITY_POLICE, "community_police")]
    disputes = _rows(DISPUTES, None)
    rows = [[f"C{i:02d}", *row] for i, row in enumerate(calls, 1)]
    rows += [[f"D{i:02d}", *row] for i, row in enumerate(disputes, 1)]
    return pd.DataFrame(rows, columns=COLUMNS)


def departments() -> list[str]:
    """Lead departments in order of the list of disputes, the police last."""
    leads = [line.split("|")[1].strip() for line in DISPUTES.strip().splitlines()]
    return [*leads, POLICE_LEAD]


def _rows(text: str, first_answer: str | None) -> list[list[object]]:
    """A line is `group | mark | types`; the mark is the lead department of disputes, else containable or not."""
    rows: list[list[object]] = []
    for line in text.strip().splitlines():
        group, mark, types = (part.strip() for part in line.split("|"))
        police, lead = first_answer is not None, mark if first_answer is None else POLICE_LEAD
        for name, severity, minutes, hours in (entry.split(":") for entry in types.split()):
            figures = [int(severity), int(minutes), int(hours)]
            rows.append([name, group, police, mark != "no", first_answer, lead, *figures, "clock"])
    return rows
