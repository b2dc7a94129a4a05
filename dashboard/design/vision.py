"""How colours are told apart: contrast (WCAG 2.2), and what readers with a colour blindness see of them."""

import numpy as np
import numpy.typing as npt

Triple = npt.NDArray[np.float64]
# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", IEEE TVCG 15 (2009), severity 1.0, on linear RGB.
SEEN_BY: dict[str, Triple] = {
    "everybody": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
DAYLIGHT = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> Triple:
    """Light of #rrggbb, red, green and blue of 0 to 1."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The ratio of two colours' luminance, 1 to 21."""
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, kind: str) -> Triple:
    """Linear light as a reader of `kind` sees it."""
    return np.clip(SEEN_BY[kind] @ linear(colour), 0, 1)


def seen_as(colour: str, kind: str) -> str:
    """The colour that shows everybody what a reader of `kind` sees."""
    light = seen(colour, kind)
    parts = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(part) * 255):02x}" for part in parts)


def distance(one: str, other: str, kind: str) -> float:
    """How far two colours lie apart for a reader of `kind`: ΔE in CIELAB (1976); 2 is just noticeable."""
    return float(np.linalg.norm(_lab(seen(one, kind)) - _lab(seen(other, kind))))


def _lab(light: Triple) -> Triple:
    xyz = TO_XYZ @ light / DAYLIGHT
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
