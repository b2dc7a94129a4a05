"""Every table of the record, by subject."""

from db.tables.addresses import StandardAddress
from db.tables.base import Base
from db.tables.cases import (
    Category,
    Channel,
    Closure,
    Incident,
    IncidentCandidate,
    IncidentPersonal,
    Matter,
    SourceKey,
    Step,
)
from db.tables.loads import LoadRun, RejectedRow
from db.tables.people import Officer, Posting, Unit
from db.tables.places import Area, Backdrop, Beat, BeatCell, Cell, CellLineage, City, LadderRung

__all__ = [
    "Area", "Backdrop", "Base", "Beat", "BeatCell", "Category", "Cell", "CellLineage", "Channel", "City", "Closure",
    "Incident", "IncidentCandidate", "IncidentPersonal",
    "LadderRung", "LoadRun", "Matter", "Officer", "Posting", "RejectedRow",
    "SourceKey", "StandardAddress", "Step", "Unit",
]  # fmt: skip
