"""Each kind of finding in one sentence: what it is and what to do; and how grave it is."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from geo.topology.finding import Defect, Kind, Severity

SEVERITY: Mapping[Kind, Severity] = MappingProxyType(
    {
        "invalid": "error", "unclosed": "error", "duplicate": "error", "overlap": "error", "code": "error",
        "across": "error", "gap": "error", "hole": "warning", "sliver": "warning", "near": "warning",
        "island": "warning", "beatless": "warning",
    }
)  # fmt: skip

_MAYBE_MEANT = {("duplicate", "parts"), ("gap", "edge")}

_SENTENCES: Mapping[tuple[Kind, str], str] = MappingProxyType(
    {
        ("invalid", ""): "Cell {first} cannot be used: {detail}; mend its outline and check again, since its borders "
        "were not checked.",
        ("unclosed", ""): "Cell {first} cannot be used: {detail}; close the ring and check again, since its borders "
        "were not checked.",
        ("duplicate", "row"): "Cell {first} is there {count} times with the same shape: keep one row.",
        ("duplicate", "shape"): "Cells {all} have the same shape: keep one of them.",
        ("duplicate", "code"): "The code {first} is given {count} times: give each cell a code of its own.",
        ("duplicate", "parts"): "The code {first} is given {count} times: they count as parts of one cell; give "
        "codes of their own to those that are not.",
        ("overlap", ""): "Cells {all} overlap on {area}{detail}: draw one common border.",
        ("code", ""): "Cell {first} has a wrong code: {detail}; give it the next free number of its community.",
        ("across", "other"): "Cell {first} lies in community {detail} and reaches {area} over its line into another: "
        "cut it along the line.",
        ("across", "none"): "Cell {first} lies in community {detail} and reaches {area} beyond every community: "
        "cut it along the line or extend the community.",
        ("gap", ""): "Between cells {all} {area} belong to no cell{detail}: extend one of them to the common border.",
        ("gap", "edge"): "Beside cells {all} {area} of the areas belong to no cell{detail}: extend a cell, or leave it "
        "if nobody polices it.",
        ("hole", "cell"): "Cell {first} has a hole of {area} that no cell fills{detail}: fill it, or draw the cell "
        "that belongs there.",
        ("hole", "coverage"): "Among cells {all} a place of {area} belongs to no cell{detail}: draw the cell that is "
        "missing, or leave it if nobody polices it.",
        ("sliver", "gap"): "Between cells {all} a sliver of {area}, {length} long, belongs to no cell{detail}: snap "
        "one border to the other.",
        ("sliver", "overlap"): "Cells {all} overlap on a sliver of {area}, {length} long{detail}: snap one border to "
        "the other.",
        ("sliver", "cell"): "Cell {first} is a sliver of {area}, {length} long: merge it into a neighbour.",
        ("near", "gap"): "The borders of cells {all} nearly match over {length} but leave {area} open: snap one to "
        "the other.",
        ("near", "overlap"): "The borders of cells {all} nearly match over {length} but share {area}: snap one to "
        "the other.",
        ("island", "cell"): "Cell {first} touches no other cell: move it to its place, or leave it if it is an island.",
        ("island", "part"): "Cell {first} has {detail} ({area}): give detached ground to the neighbour around it, or "
        "leave it if it is an island.",
        ("beatless", ""): "Cell {first} names no beat: assign it to one, else it waits in the holding beat.",
    }
)  # fmt: skip


def severity(defect: Defect) -> Severity:
    """How grave a defect is: parts of one cell under one code and the sea at the edge of an area only warn."""
    return "warning" if (defect.kind, defect.variant) in _MAYBE_MEANT else SEVERITY[defect.kind]


def sentence(defect: Defect, cells: Sequence[str], area_m2: float, length_m: float) -> str:
    """One sentence for a measured defect."""
    return _SENTENCES[defect.kind, defect.variant].format(
        first=cells[0] if cells else "?",
        all=_listed(cells),
        count=len(cells),
        area=_area(area_m2),
        length=f"{length_m:,.0f} m" if length_m >= 10 else f"{length_m:.1f} m",
        detail=defect.detail,
    )


def _listed(cells: Sequence[str]) -> str:
    shown = list(dict.fromkeys(cells))
    if not shown:
        return "at the edge"
    if len(shown) > 5:
        return ", ".join(shown[:4]) + f" and {len(shown) - 4} more"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def _area(area_m2: float) -> str:
    if area_m2 >= 1e6:
        return f"{area_m2 / 1e6:,.2f} km²"
    return f"{area_m2:,.0f} m²" if area_m2 >= 10 else f"{area_m2:.2f} m²"
