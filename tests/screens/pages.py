"""What is photographed: which page at which sizes, and how one knows that it stands."""

from dataclasses import dataclass

DESK = ("1440x900", "1920x1080")
WALL = ("1920x1080", "3840x2160", "3840x1080")
PHONE = ("390x844",)


@dataclass(frozen=True)
class Shot:
    """An address and the sizes at which people use it; `settle_s`: how long it may take to draw itself."""

    name: str
    path: str
    sizes: tuple[str, ...]
    settle_s: float = 4.0


SCENES = ("situation", "containment", "load", "hotspots", "supervision")
ANALYSES = ("containment", "workload", "hotspots", "diversion", "repeats", "trends", "scorecards", "bulletins")
SHOTS = (
    Shot("overview", "/", (*DESK, *PHONE), 7),
    *(Shot(f"wall-{scene}", f"/wall?scene={scene}", WALL, 9) for scene in SCENES),
    *(Shot(name, f"/{name}", (*DESK, *PHONE), 6) for name in ANALYSES),
    Shot("beats", "/beat", (*PHONE, "1440x900"), 1.5),
    Shot("plans", "/plan", (*DESK, *PHONE), 5),
    Shot("styleguide", "/styleguide", ("1440x900",), 1),
)
