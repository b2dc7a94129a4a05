"""What a load, the list of runs and a label report say, in words and as JSON."""

import unicodedata
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from db.labels import LabelReport
from loaders.options import LoadReport

SHOWN_REJECTS = 5
LABELS = ("inserted", "updated", "unchanged", "rejected")


def told(report: LoadReport) -> str:
    """A load in words, one thing a line."""
    counts = report.counts
    start = "Dry run, nothing kept: " if report.dry_run else f"Run {report.run}: "
    parts = [f"{counts.get('read', 0):,} read", *(f"{counts.get(name, 0):,} {name}" for name in LABELS)]
    lines = [f"{start}{report.kind} from {report.path}: {', '.join(parts)}"]
    if report.kind == "incidents":
        lines[0] += f"; {counts.get('unplaced', 0):,} in no cell"
    if report.resumed_at:
        lines.append(f"  went on after row {report.resumed_at:,} of an unfinished load")
    if report.unknown_columns:
        lines.append(f"  columns not used: {', '.join(report.unknown_columns)}")
    lines += [f"  {text}" for text in (*report.warnings, *report.notes)]
    return "\n".join([*lines, *_rejects_told(report)])


def _rejects_told(report: LoadReport) -> list[str]:
    count = report.counts.get("rejected", 0)
    if not count:
        return []
    shown = report.rejects[: None if report.dry_run else SHOWN_REJECTS]
    lines = [f"  {text}" for text in shown]
    if count > len(shown):
        lines.append(f"  … and {count - len(shown):,} more rejected")
    if not report.dry_run:
        lines.append(f"  to mend them: manage.py rejects --run {report.run} --out rejects.csv")
    return lines


def runs_in_words(frame: pd.DataFrame, zone: str) -> str:
    """The runs as a table, with the start in the city's time; below it why runs that are not done ended."""
    if frame.empty:
        return "Nothing has been loaded yet."
    shown = frame[["id", "kind", "path", "state", "started_at", "read", *LABELS, "unplaced"]].copy()
    shown["path"] = shown["path"].map(lambda path: Path(path).name)
    started = pd.to_datetime(shown.pop("started_at"), utc=True).dt.tz_convert(ZoneInfo(zone))
    shown.insert(4, "started", started.dt.strftime("%Y-%m-%d %H:%M"))
    shown = shown.rename(columns={"id": "run", "path": "file"})
    ended = frame[frame["message"].notna()]
    said = [f"run {run}: {message}" for run, message in zip(ended["id"], ended["message"], strict=True)]
    return "\n".join([aligned(shown), *said])


def aligned(frame: pd.DataFrame) -> str:
    """A table for a fixed-width screen: numbers to the right; a Chinese character takes two places."""
    numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame]
    rows = [list(map(str, frame.columns)), *(list(map(_cell, row)) for row in frame.itertuples(index=False))]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        padded = [
            " " * (width - _width(text)) + text if right else text + " " * (width - _width(text))
            for text, width, right in zip(row, widths, numeric, strict=True)
        ]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None or value != value else str(value)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def labels_as_json(report: LabelReport, top: int) -> dict[str, Any]:
    """All counts, shares in per cent, and the cells that disagree most."""
    counts = {name: value for name, value in vars(report).items() if isinstance(value, int)}
    shares = {
        f"{name}_pct": _percent(getattr(report, name), report.labelled) for name in ("exact", "within_1m", "within_5m")
    }
    shares["beat_exact_pct"] = _percent(report.beat_exact, report.beat_labelled)
    worst = report.disagreeing.head(top).to_dict("records")
    return {**counts, **shares, "unknown_labels": report.unknown, "disagreeing": worst}


def labels_in_words(report: LabelReport, top: int) -> str:
    """The same as lines of text."""
    if not report.incidents:
        return "No incidents: load some, or look at another channel."
    lines = [
        f"{report.incidents:,} incidents, {report.with_coordinates:,} with coordinates,"
        f" {report.labelled:,} of them with a cell label",
        "cell label = placing    " + _share(report.exact, report.labelled),
        "within 1 m of the label " + _share(report.within_1m, report.labelled),
        "within 5 m of the label " + _share(report.within_5m, report.labelled),
        "beat label = placing    " + _share(report.beat_exact, report.beat_labelled),
    ]
    if report.unknown:
        named = ", ".join(f"{label} ({count:,})" for label, count in list(report.unknown.items())[:top])
        more = f" and {len(report.unknown) - top:,} more" if len(report.unknown) > top else ""
        lines.append(f"labels of no cell in force: {named}{more}")
    if len(report.disagreeing) and top:
        lines += ["cells that disagree most:", aligned(report.disagreeing.head(top))]
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{_percent(part, whole):.2f} % ({part:,} of {whole:,})" if whole else "no labels"


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None
