"""Addresses → places, offline, each with the radius that it deserves."""

from geo.gazetteer.gazetteer import COLUMNS, Gazetteer

__all__ = ["COLUMNS", "Gazetteer"]
