"""Cells on their way in: a map with errors is refused whole, before anything is written."""

from collections import Counter

import pandas as pd
import shapely
from sqlalchemy import Connection

from db.bulk import frame_of
from db.cells import write_cells
from db.outcome import Outcome
from geo.errors import InputError
from geo.topology import Finding, check_cells, errors
from loaders.boundaries import LIVE_CELLS, LIVE_COMMUNITIES
from loaders.checks import Checked
from loaders.options import LoadOptions
from loaders.writing import ReferenceWriter

NAMED = ["code", "name", "beat", "community", "geometry"]
# A row refused for itself leaves bare ground; that is said with the row, not again as a gap.
LEFT_BY_REJECTS = ("gap", "hole")


class CellWriter(ReferenceWriter):
    """Writes cells once the map that they would make has no errors, or the user insists with --force."""

    def __init__(self, options: LoadOptions) -> None:
        super().__init__(write_cells, options, moves_boundaries=True)
        self._force = options.force
        self._warned: Counter[str] = Counter()

    def examine(self, conn: Connection, checked: Checked) -> None:
        """Raise InputError for boundary errors that concern the file's cells; count its warnings."""
        found = [
            each for each in findings(conn, checked.rows) if not (checked.rejects and each.kind in LEFT_BY_REJECTS)
        ]
        wrong = errors(found)
        if wrong and not self._force:
            counted = ", ".join(f"{count} {kind}" for kind, count in Counter(each.kind for each in wrong).items())
            raise InputError(
                f"The map has boundary errors ({counted}), first: {wrong[0].sentence.rstrip('.')}; see all with"
                " `manage.py check boundaries FILE --out findings.geojson`, mend them, or load with --force."
            )
        self._warned = Counter(f"boundary {each.severity} ({each.kind}): manage.py check boundaries" for each in found)

    def write(self, conn: Connection, rows: pd.DataFrame, run_id: int) -> Outcome:
        """Write all rows of the file and pass the warnings on."""
        outcome = super().write(conn, rows, run_id)
        outcome.notes.update(self._warned)
        return outcome


def findings(conn: Connection, rows: pd.DataFrame) -> list[Finding]:
    """What is wrong with the map as it would be after the load, as far as it concerns `rows` (beats left aside)."""
    live = frame_of(conn, LIVE_CELLS)
    live["geometry"] = shapely.from_wkb([bytes(wkb) for wkb in live["geometry"]])
    kept = live[~live["code"].isin(rows["code"])]
    communities = frame_of(conn, LIVE_COMMUNITIES)
    communities["geometry"] = shapely.from_wkb([bytes(wkb) for wkb in communities["geometry"]])
    whole = pd.concat([rows[NAMED], kept[NAMED]], ignore_index=True).drop(columns="beat")
    found = check_cells(whole, communities if len(communities) else None)
    return [each for each in found if any(row < len(rows) for row in each.rows)]
