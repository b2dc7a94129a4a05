"""Label reports in words and as JSON, every share with its numerator and denominator."""

from typing import Any

from db.labels import LabelReport


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
        lines.append(f"labels of no cell in force: {named}")
    if len(report.disagreeing):
        lines += ["cells that disagree most:", report.disagreeing.head(top).to_string(index=False)]
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{_percent(part, whole)} % ({part:,} of {whole:,})" if whole else "no labels"


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None
