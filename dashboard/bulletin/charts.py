"""Small charts as SVG texts: every colour and size is an attribute, so that a browser and a PDF draw them alike."""

from collections.abc import Sequence
from html import escape

from dashboard.design.tokens import LIGHT, PAPER, QUANTITY, WHITE

FAMILY = "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, sans-serif"
INK, MUTED, LINE, BAR, FAINT = LIGHT.ink, LIGHT.muted, LIGHT.line, QUANTITY[2], PAPER["faint"]
Share = tuple[float, float, float]  # value, low, high


def svg(width: float, height: float, body: str, title: str = "") -> str:
    """A picture of that many points."""
    said = f"<title>{escape(title)}</title>" if title else ""
    role = 'role="img"' if title else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}pt" height="{height:g}pt" '
        f'viewBox="0 0 {width:g} {height:g}" {role}>{said}{body}</svg>'
    )


def rect(x: float, y: float, w: float, h: float, fill: str, more: str = "") -> str:
    """A filled box."""
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(w, 0):.2f}" height="{h:.2f}" fill="{fill}"{more}/>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str, wide: float = 0.6, more: str = "") -> str:
    """A straight line."""
    ends = f'x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{wide:g}"{more}/>'


def label(x: float, y: float, text: str, size: float = 6.5, anchor: str = "start", fill: str = MUTED) -> str:
    """A text; y is its baseline."""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-family="{FAMILY}" font-size="{size:g}" '
        f'text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'
    )


def share_bar(share: Share | None, mean: float | None, width: float = 118, height: float = 10) -> str:
    """A share on a scale of 0 to 100 % with its interval; the dashed line is the place's own share."""
    body = rect(0, 2, width, height - 4, FAINT)
    if share is not None:
        value, low, high = (each * width for each in share)
        mid = height / 2
        body += rect(0, 2, value, height - 4, BAR)
        body += line(low, mid, high, mid, INK, 0.9)
        body += line(low, mid - 2, low, mid + 2, INK, 0.7) + line(high, mid - 2, high, mid + 2, INK, 0.7)
        body += line(value, 1.2, value, height - 1.2, INK, 1.5)
    if mean is not None:
        body += line(mean * width, 0, mean * width, height, LIGHT.warn, 0.8, ' stroke-dasharray="1.6 1.2"')
    return svg(width, height, body)


def load_bar(load: float | None, most: float, width: float = 118, height: float = 10) -> str:
    """Minutes of work over minutes at hand; the line stands at 100 %, what is beyond is darker."""
    scale = width / max(most, 1.1)
    body = rect(0, 2, width, height - 4, FAINT)
    if load is not None:
        body += rect(0, 2, min(load, 1) * scale, height - 4, BAR)
        if load > 1:
            body += rect(scale, 2, (load - 1) * scale, height - 4, LIGHT.warn)
    return svg(width, height, body + line(scale, 0, scale, height, INK, 0.8))


def clock(counts: Sequence[Sequence[int]], weekdays: Sequence[str], title: str) -> str:
    """Seven rows of 24 hours, darker for more; the largest count is written into its box."""
    side, left, top = 9.6, 22, 4
    most = max((max(row) for row in counts), default=0)
    body = ""
    for day, row in enumerate(counts):
        y = top + day * side
        body += label(left - 3, y + 7, weekdays[day], 6.5, "end")
        for hour, n in enumerate(row):
            body += rect(left + hour * side, y, side - 0.5, side - 0.5, shade(n, most))
            if n == most > 0:
                body += label(left + (hour + 0.48) * side, y + 6.9, str(n), 5.2, "middle", WHITE)
    body += "".join(
        label(left + hour * side, top + 7 * side + 7, str(hour), 6, "middle")
        for hour in (0, 3, 6, 9, 12, 15, 18, 21, 24)
    )
    return svg(left + 24 * side + 4, top + 7 * side + 10, body, title)


def shade(n: float, most: float, colours: Sequence[str] = QUANTITY) -> str:
    """The ramp's colour for n of most; nothing at all is nearly the paper's own."""
    return PAPER["row"] if n <= 0 or most <= 0 else colours[min(int(n / most * len(colours)), len(colours) - 1)]


def trend(
    months: Sequence[str], counts: Sequence[float], shares: Sequence[Share | None], titles: tuple[str, str],
    width: float = 244, height: float = 128,
) -> str:  # fmt: skip
    """Thirteen months: columns of a count above, a share with its interval below; the last month is darker."""
    left, right, gap = 26.0, 4.0, 12.0
    upper, lower = height * 0.46, height * 0.30
    step = (width - left - right) / max(len(months), 1)
    body = _columns(counts, left, 10.0, step, upper - 10, titles[0])
    body += _line_of_shares(shares, left, upper + gap, step, lower, titles[1])
    foot = upper + gap + lower + 9
    every = 1 if step > 24 else 2
    for i, month in enumerate(months):
        if (len(months) - 1 - i) % every == 0:
            body += label(left + (i + 0.5) * step, foot, month[2:].replace("-", "/"), 5.8, "middle")
    return svg(width, foot + 3, body, titles[0])


def _columns(counts: Sequence[float], left: float, top: float, step: float, height: float, title: str) -> str:
    most = max([*counts, 1])
    top += 4  # room for the last column's number
    height -= 4
    body = label(left, top - 7, title, 6.2)
    base = top + height
    body += line(left, base, left + step * len(counts), base, MUTED, 0.5)
    body += label(left - 3, top + 6, f"{most:,.0f}", 5.8, "end") + label(left - 3, base, "0", 5.8, "end")
    for i, n in enumerate(counts):
        high = n / most * height
        fill = QUANTITY[4] if i == len(counts) - 1 else QUANTITY[1]
        body += rect(left + i * step + step * 0.14, base - high, step * 0.72, high, fill)
    if not counts:
        return body
    x = left + (len(counts) - 0.5) * step
    return body + label(x, base - counts[-1] / most * height - 2, f"{counts[-1]:,.0f}", 6, "middle", INK)


def _line_of_shares(
    shares: Sequence[Share | None], left: float, top: float, step: float, height: float, title: str
) -> str:
    known = [share for share in shares if share is not None]
    floor = max(min((low for _, low, _ in known), default=0.0) // 0.1 * 0.1 - 0.05, 0.0)
    wide = step * len(shares)

    def y_of(value: float) -> float:
        return top + height - (value - floor) / (1 - floor) * height

    body = label(left, top - 3, title, 6.2)
    for value in (floor, 1.0):
        body += line(left, y_of(value), left + wide, y_of(value), LINE, 0.5)
        body += label(left - 3, y_of(value) + 2, f"{value:.0%}", 5.8, "end")
    points = []
    for i, share in enumerate(shares):
        if share is None:
            continue
        value, low, high = share
        x = left + (i + 0.5) * step
        body += rect(x - step * 0.3, y_of(high), step * 0.6, max(y_of(low) - y_of(high), 0.5), QUANTITY[0])
        points.append(f"{x:.1f},{y_of(value):.1f}")
    body += f'<polyline points="{" ".join(points)}" fill="none" stroke="{QUANTITY[4]}" stroke-width="1"/>'
    return body + "".join(
        f'<circle cx="{point.split(",")[0]}" cy="{point.split(",")[1]}" r="1.5" fill="{QUANTITY[4]}"/>'
        for point in points
    )
