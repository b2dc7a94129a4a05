"""Reads a file of any accepted format as chunks of plain text rows that still know their line."""

from loaders.readers.opening import open_source
from loaders.readers.source import BROKEN, GEOMETRY, RECORD, Source

__all__ = ["BROKEN", "GEOMETRY", "RECORD", "Source", "open_source"]
