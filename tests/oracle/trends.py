"""Changes between two periods, written from the textbook: delta method and the two-by-two table, no numpy."""

import math


def z_of_counts(now, before, per_now, per_before):
    """Difference of root rates over its standard error; the root of a Poisson count + 3/8 has variance 1/4."""
    if now == before == 0:
        return 0.0
    difference = math.sqrt((now + 0.375) / per_now) - math.sqrt((before + 0.375) / per_before)
    variance = 0.25 / per_now + 0.25 / per_before
    return difference / math.sqrt(variance)


def chi_square_of_shares(k_now, n_now, k_before, n_before):
    """Pearson's χ² of the two-by-two table of two shares, cell by cell; 0 where a margin is empty."""
    rows = [(k_now, n_now - k_now), (k_before, n_before - k_before)]
    total = n_now + n_before
    chi = 0.0
    for row in rows:
        for column in range(2):
            wanted = sum(row) * (rows[0][column] + rows[1][column]) / total
            chi += (row[column] - wanted) ** 2 / wanted if wanted else 0.0
    return chi


def direction(z):
    """The name of a change, by the flag of design.md."""
    return "up" if z > 3 else "down" if z < -3 else "unchanged"
