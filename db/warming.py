"""Compiles every numba loop once, so that neither a command nor the first question waits: `python -m db.warming`."""

from db.readmodel import scans
from geo.warming import warm as warm_places
from grids.districting import kernels as districting
from grids.repeats import kernels as repeats


def warm() -> None:
    """Compile and keep the loops of `geo`, of linking, of the read model and of the planner's search."""
    warm_places()
    repeats.prepare()
    scans.prepare()
    districting.prepare()


if __name__ == "__main__":
    warm()
