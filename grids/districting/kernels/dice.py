"""Random numbers inside compiled loops."""

from typing import Any

import numpy as np

from geo.compiling import inlined


@inlined
def uniform(dice: Any) -> float:
    """Uniform in [0, 1): xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators")."""
    state = dice[0]
    state ^= state >> np.uint64(12)
    state ^= state << np.uint64(25)
    state ^= state >> np.uint64(27)
    dice[0] = state
    return float((state * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)
