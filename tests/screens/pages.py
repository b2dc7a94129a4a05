"""What is photographed: which page at which sizes, and how one knows that it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Engine, text

from db.engine import begin

DESK = ("1440x900", "1920x1080", "3840x2160")
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
    Shot("beat-own", "/beat/{beat}", (*PHONE, "1440x900"), 1.5),
    Shot("beat-print", "/beat/{beat}/print", ("1440x900",), 1.5),
    Shot("rows", "/rows?figure=matters", (*DESK, *PHONE), 2),
    Shot("case", "/rows/case/{case}", (*DESK, *PHONE), 2),
    Shot("bulletins-meeting", "/bulletins/meeting?beat={beat}", ("1440x900", *PHONE), 2),
    Shot("bulletins-issued", "/bulletins/{bulletin}", ("1440x900", *PHONE), 2),
    Shot("plans", "/plan", (*DESK, *PHONE), 5),
    Shot("plan-own", "/plan/{plan}", DESK, 8),
    Shot("plan-handover", "/plan/{plan}/handover", ("1440x900",), 3),
    Shot("account", "/account", ("1440x900", *PHONE), 1),
    Shot("sign-in", "/sign-in", ("1440x900", *PHONE), 1),
    Shot("missing", "/nowhere", ("1440x900", *PHONE), 1),
    Shot("styleguide", "/styleguide", ("1440x900", *PHONE), 1),
)
# What stands for {name} in an address: the newest of its kind, or the first; a record without any has no such page.
NAMED = {
    "beat": "SELECT code FROM beat ORDER BY code LIMIT 1",
    "case": "SELECT k.channel || ':' || k.source_no FROM source_key k JOIN matter m USING (incident_id)"
    " ORDER BY m.steps DESC, m.id LIMIT 1",
    "bulletin": "SELECT format('%s-%s?place=%s', year, no, place) FROM bulletin ORDER BY id LIMIT 1",
    "plan": "SELECT code FROM plan ORDER BY id LIMIT 1",
}


def shots_of(engine: Engine) -> Iterator[Shot]:
    """The pages that this record has."""
    with begin(engine, "pictures") as conn:
        named = {name: conn.execute(text(query)).scalar() for name, query in NAMED.items()}
    for shot in SHOTS:
        if all(value is not None or f"{{{name}}}" not in shot.path for name, value in named.items()):
            yield replace(shot, path=shot.path.format(**named))
