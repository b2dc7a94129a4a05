"""Sound maps to plant in."""

import pandas as pd
import shapely

from geo.codes import number_cells
from tests.geo.shapes import wavy_coverage


def wavy_town(side: int = 7, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cells and communities of a small made-up town: side × side crooked cells, two communities, three cells a beat."""
    shapes = wavy_coverage(side, seed)
    rows = []
    for at, shape in enumerate(shapes):
        community = f"37020200100{1 + (at % side >= side // 2)}"
        rows.append({"community": community, "beat": f"J{at // 3:02d}", "geometry": shape})
    cells = pd.DataFrame(rows)
    cells["code"] = number_cells(cells)
    return cells.drop(columns="community"), communities_of(cells)


def communities_of(cells: pd.DataFrame) -> pd.DataFrame:
    """The unions of the cells of each community."""
    unions = [
        (code, shapely.coverage_union_all(part["geometry"].to_numpy())) for code, part in cells.groupby("community")
    ]
    return pd.DataFrame(unions, columns=["code", "geometry"])
