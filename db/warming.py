"""Compiles every numba loop once, so that neither a command nor the first question waits: `python -m db.warming`."""

from db.readmodel import scans
from geo.warming import warm as warm_places
from grids.repeats import kernels as repeats


def warm() -> None:
    """Compile and keep the loops of `geo`, of linking and of the read model."""
    warm_places()
    repeats.prepare()
    scans.prepare()


if __name__ == "__main__":
    warm()
