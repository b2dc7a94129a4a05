"""The phone page's words for roles, and short names for the cells of one beat."""

ROLES = {
    "beat_lead": "警格长", "police": "民警", "auxiliary": "辅警", "grid_lead": "网格长", "grid_worker": "网格员",
    "mediator": "调解员", "lawyer": "律师", "counsellor": "心理咨询师", "volunteer": "志愿者",
}  # fmt: skip
LONGEST = 8


def short_names(names: list[str]) -> list[str]:
    """What tells the cells of a beat apart: names without what all share, or numbers where that does not do.

    Digits that many names begin with stay: "1网格", "12网格" must not become "网格", "2网格".
    """
    if len(names) < 2:
        return [name if len(name) <= LONGEST else "1" for name in names]
    shared = shared_start(names).rstrip("0123456789")
    rest = [name[len(shared) :].strip() for name in names]
    fits = all(0 < len(part) <= LONGEST for part in rest) and len(set(rest)) == len(rest)
    return rest if fits else [str(i + 1) for i in range(len(names))]


def shared_start(names: list[str]) -> str:
    """The characters with which all names begin."""
    first, last = min(names), max(names)
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:same]
