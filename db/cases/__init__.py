"""Casework: one function a use-case; each asks grids.moves whether it may, then adds a step and what follows."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from db.cases.acting import MOVING
from db.cases.listing import STATES, CaseFilter, listing
from db.cases.places import acts_for
from db.cases.reading import Case, read
from db.cases.registering import Report, register

__all__ = ["STATES", "USE_CASES", "Case", "CaseFilter", "Report", "acts_for", "listing", "read", "register"]

# Name → function; all but register take (conn, keys, who, number, *, version, at, **fields).
USE_CASES: Mapping[str, Any] = MappingProxyType({"register": register, **MOVING})
