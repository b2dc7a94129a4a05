"""Every table of the record, by subject."""

from db.tables.accounts import Account, Audit, RoleRight, Session, Token
from db.tables.addresses import StandardAddress
from db.tables.base import Base
from db.tables.bulletins import Bulletin
from db.tables.cases import (
    Closure,
    Diversion,
    Incident,
    IncidentCandidate,
    IncidentPersonal,
    Matter,
    MatterUnit,
    SourceKey,
    Step,
    Whistle,
)
from db.tables.catalogue import Category, Channel, Holiday
from db.tables.changes import MatterChange
from db.tables.links import MatterDecision, SharedPhone
from db.tables.loads import LoadRun, RejectedRow
from db.tables.people import Officer, Posting, Unit
from db.tables.places import Area, Backdrop, Beat, BeatCell, Cell, CellLineage, City, LadderRung
from db.tables.plans import CellLink, Notice, Plan, PlanEdit, PlanEvent, PlanSearch
from db.tables.work import Absence, Meeting, MeetingMatter, Plate, RegisterCount, Shift, Visit

__all__ = [
    "Absence", "Account", "Area", "Audit", "Backdrop", "Base", "Beat", "BeatCell", "Bulletin", "Category", "Cell",
    "CellLineage", "CellLink", "Channel", "City", "Closure", "Diversion", "Holiday", "Incident", "IncidentCandidate",
    "IncidentPersonal", "LadderRung", "LoadRun", "Matter", "MatterChange", "MatterDecision", "MatterUnit", "Meeting",
    "MeetingMatter", "Notice", "Officer", "Plan", "PlanEdit", "PlanEvent", "PlanSearch", "Plate", "Posting",
    "RegisterCount", "RejectedRow", "RoleRight", "Session", "SharedPhone", "Shift", "SourceKey", "StandardAddress",
    "Step", "Token", "Unit", "Visit", "Whistle",
]  # fmt: skip
