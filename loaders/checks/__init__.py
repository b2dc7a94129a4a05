"""Checks text rows field by field and turns the good ones into typed rows, the others into reasons."""

from loaders.checks.crs import source_crs
from loaders.checks.repeats import content_hashes
from loaders.checks.rows import Checked, Reject, check

__all__ = ["Checked", "Reject", "check", "content_hashes", "source_crs"]
