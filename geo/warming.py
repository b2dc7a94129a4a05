"""Compiles every numba loop once, so that no command waits for it later: `python -m geo.warming`."""

import numpy as np
import pandas as pd

from geo.gazetteer import Gazetteer
from geo.hotspots.knox_loops import count_pairs
from geo.hotspots.lattice_loops import count_points
from geo.kernels import prepare


def warm() -> None:
    """Compile and keep the loops of the cell index, of the gazetteer, of the Knox test and of surfaces."""
    prepare()
    count_pairs.load()
    count_points.load()
    numbers = np.arange(1, 400, 3)
    texts = [f"暖{'东西南北'[number % 4]}路{number}号" for number in numbers]
    places = {"lon": 120 + numbers / 10_000, "lat": 36 + (numbers % 4) / 100}
    Gazetteer(pd.DataFrame({"address": texts, **places})).locate(["暖东路6号", "暖西路与暖南路路口", "暖北路"])


if __name__ == "__main__":
    warm()
