"""Measures for the command line: what was asked (`asking`), tables of it, small counts hidden, how it is shown."""
