"""Compiles the loop of the search once, so that no planner waits for it: `python -m grids.districting.warming`."""

from grids.districting import kernels

if __name__ == "__main__":
    kernels.prepare()
