"""Findings held against what was planted."""

import numpy as np
import shapely
from shapely.affinity import scale

from tests.planting.garden import METRES_A_DEGREE, Planted


def judged(planted: list[Planted], findings: list, metres_a_degree: float = METRES_A_DEGREE):
    """Planted defects that no finding names, and findings that name none: a finding answers a defect of its kind that
    shares a cell, lies at its place and has its size (within a tenth, or 1 m²). One finding answers one defect."""
    left = list(findings)
    missed = []
    for defect in planted:
        answer = next((finding for finding in left if _answers(finding, defect, metres_a_degree)), None)
        if answer is None:
            missed.append(defect)
        else:
            left.remove(answer)
    return missed, left


def _answers(finding, defect: Planted, metres_a_degree: float) -> bool:
    if finding.kind != defect.kind or not defect.codes & set(finding.cells):
        return False
    lat = np.cos(np.radians(finding.lat))
    place = scale(defect.place, lat, 1, origin=(0, 0))
    off_m = place.distance(shapely.Point(finding.lon * lat, finding.lat)) * metres_a_degree
    sized = defect.area_m2 is None or abs(finding.area_m2 - defect.area_m2) <= max(0.1 * defect.area_m2, 1.0)
    return off_m < 5 and sized
