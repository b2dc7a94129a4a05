"""Gaps, overlaps and islands of cells made of unit squares, by looking at every square."""

Square = tuple[int, int]


def disputed_squares(cells: list[set[Square]]) -> set[Square]:
    """Squares that at least two cells claim."""
    return {square for square in set().union(*cells) if sum(square in cell for cell in cells) > 1}


def enclosed_squares(cells: list[set[Square]]) -> set[Square]:
    """Squares that no cell claims and from which no walk over sides leads out."""
    claimed = set().union(*cells)
    across, up = zip(*claimed, strict=True)
    outside = [(min(across) - 1, min(up) - 1)]
    seen = set(outside)
    while outside:
        for near in _sides(outside.pop()):
            inside_frame = min(across) - 1 <= near[0] <= max(across) + 1 and min(up) - 1 <= near[1] <= max(up) + 1
            if inside_frame and near not in claimed and near not in seen:
                seen.add(near)
                outside.append(near)
    frame = {(x, y) for x in range(min(across), max(across) + 1) for y in range(min(up), max(up) + 1)}
    return frame - claimed - seen


def lonely_cells(cells: list[set[Square]]) -> set[int]:
    """Cells that touch no other, not even in a corner."""
    return {
        at
        for at, cell in enumerate(cells)
        if not any(
            abs(x - a) <= 1 and abs(y - b) <= 1
            for other, squares in enumerate(cells)
            if other != at
            for x, y in cell
            for a, b in squares
        )
    }


def pieces_of(cell: set[Square]) -> int:
    """How many pieces a cell falls into, walking over sides."""
    left, count = set(cell), 0
    while left:
        waiting, count = [left.pop()], count + 1
        while waiting:
            fresh = set(_sides(waiting.pop())) & left
            left -= fresh
            waiting.extend(fresh)
    return count


def _sides(square: Square) -> list[Square]:
    x, y = square
    return [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]
