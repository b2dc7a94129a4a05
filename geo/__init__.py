"""Where is it? Coordinates, point → cell, topology and surfaces. Pure: no database, no files, no web."""
