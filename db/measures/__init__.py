"""The measures: each counts what its formula in `grids` needs, from a view of the read model."""
