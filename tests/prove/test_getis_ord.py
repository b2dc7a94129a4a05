"""Gi* and its discoveries equal those of esda and scipy, cell by cell. Apart, because esda takes seconds to import."""

import numpy as np
import pytest

from geo.hotspots.getis_ord import gi_star, hot_cells

pytestmark = pytest.mark.prove


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(20))
def test_z_equals_esda_on_irregular_neighbourhoods(seed):
    from esda.getisord import G_Local
    from libpysal.weights import W

    random, n = np.random.default_rng(seed), 80
    beside = {cell: {} for cell in range(n)}
    for one, other in random.integers(0, n, (200, 2)).tolist():
        if one != other:
            beside[one][other] = beside[other][one] = 1.0
    values = random.poisson(random.gamma(2, 5, n)).astype(float)
    weights = W({cell: list(others) for cell, others in beside.items()}, silence_warnings=True)
    peer = G_Local(values, weights, transform="B", permutations=0, star=True)
    assert gi_star(values, beside) == pytest.approx(np.asarray(peer.Zs), abs=1e-9)
    # esda's p is one-sided.
    assert hot_cells(values, beside).p == pytest.approx(2 * np.asarray(peer.p_norm), abs=1e-9)
