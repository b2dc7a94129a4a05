"""Names of the maps, which the browser watches."""

MAP, PEAKS, MOVING = "hot-map", "peak-map", "moving-map"
MAPS = (MAP, PEAKS, MOVING)
FRAMES = "moving-frames"


def scale_of(part: str) -> str:
    """The scale bar of a map."""
    return f"{part}-scale"
