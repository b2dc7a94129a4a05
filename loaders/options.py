"""What a user may say about one load, and what the load answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

REFERENCE_KINDS = (
    "areas", "units", "beats", "cells", "backdrop", "officers", "postings", "catalogue", "holidays", "roster",
    "absences", "registers", "households", "plates", "meetings",
)  # fmt: skip
CHUNK_ROWS = {"addresses": 20_000, "incidents": 10_000, "steps": 20_000, "visits": 20_000}
KINDS = (*REFERENCE_KINDS, *CHUNK_ROWS)


@dataclass(frozen=True)
class LoadOptions:
    """Everything but the file: profile, `--map` overrides, CRS, sheet, layer, encoding, snapping in metres."""

    profile: str = "beatgrid"
    overrides: Mapping[str, str] = field(default_factory=dict)
    crs: str | None = None
    sheet: str | None = None
    layer: str | None = None
    encoding: str | None = None
    snap_m: float = 0.0
    valid_from: datetime | None = None
    dry_run: bool = False
    chunk_rows: int | None = None
    force: bool = False

    def described(self) -> dict[str, Any]:
        """What makes two loads of one file the same load: kept with the run, in its fingerprint."""
        named = ("profile", "crs", "sheet", "layer", "encoding", "snap_m", "chunk_rows", "force")
        said = {name: getattr(self, name) for name in named if getattr(self, name)}
        since = {"valid_from": self.valid_from.isoformat()} if self.valid_from else {}
        return said | since | ({"map": dict(self.overrides)} if self.overrides else {})


@dataclass
class LoadReport:
    """The answer to one load; counts as in load_run, always read = inserted + updated + unchanged + rejected.

    rejects: the first of the rejected rows, "line N: reasons".
    """

    kind: str
    path: Path
    run: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rejects: list[str] = field(default_factory=list)
    resumed_at: int | None = None
    dry_run: bool = False
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """run, file, kind and the counts, then what else a script may want."""
        return {
            "run": self.run,
            "kind": self.kind,
            "file": str(self.path),
            **self.counts,
            "dry_run": self.dry_run,
            "resumed_at": self.resumed_at,
            "unknown_columns": self.unknown_columns,
            "warnings": self.warnings,
            "notes": self.notes,
            "rejects": self.rejects,
            "seconds": round(self.seconds, 2),
        }
