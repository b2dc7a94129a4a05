"""Addresses placed offline from a table of known ones, each with method, matched text, score and a 90 % radius."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.address import parse
from geo.datums import FloatArray
from geo.errors import InputError
from geo.gazetteer.answers import CODE, FAMILIES, METHODS, Answers
from geo.gazetteer.areas import AREA_METHODS
from geo.gazetteer.base import Base, as_text
from geo.gazetteer.finder import Finder
from geo.gazetteer.names import spot_of
from geo.gazetteer.radius import Radii

COLUMNS = ("lon", "lat", "radius_m", "method", "score", "matched")
_MOST_LEARNED = 40_000
# Addresses taken apart at once: few enough that their many small objects stay in the processor's cache.
_CHUNK = 2_000
# Their radius is known when they are answered: by the base itself, by the addresses that lie in the area.
_OWN_RADIUS = [CODE[name] for name in ("exact", *AREA_METHODS)]


class Gazetteer:
    """A base of known addresses, ready to place others.

    `frame` has columns address, lon, lat (WGS-84 degrees) and, where known, district, street, community and name;
    rows without usable coordinates are passed over. The base should cover one city or region. Building places every
    address of the base without itself to learn the radius. Can be pickled. Raises InputError when a needed column is
    missing.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._base = Base(frame)
        self._finder = Finder(self._base)
        self._radii = self._learn()
        self._base.forget_parsing()

    def __len__(self) -> int:
        return len(self._base)

    def locate(self, addresses: Sequence[str], districts: Sequence[str] | None = None) -> pd.DataFrame:
        """Place each address; one row each, in order.

        `districts` may say the district of each, "" for unknown, used where the text does not say it. Columns: lon,
        lat (WGS-84), radius_m (holds the truth 9 times in 10), method, score (0-1, how much of the name agrees),
        matched (what in the base); NaN and None where nothing was found. Raises InputError when the two lists differ
        in length.
        """
        if districts is not None and len(districts) != len(addresses):
            raise InputError(
                f"{len(addresses)} addresses came with {len(districts)} districts: give one to each address."
            )
        addresses = list(addresses)
        told = [""] * len(addresses) if districts is None else [as_text(name) for name in districts]
        parts = [
            self._located(addresses[start : start + _CHUNK], told[start : start + _CHUNK])
            for start in range(0, max(len(addresses), 1), _CHUNK)
        ]
        return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]

    def _located(self, addresses: Sequence[str], told: Sequence[str]) -> pd.DataFrame:
        parsed = [parse(as_text(text)) for text in addresses]
        return self._frame(self._finder.find(parsed, [spot_of(address) for address in parsed], told))

    def _frame(self, answers: Answers) -> pd.DataFrame:
        lon, lat = self._base.degrees(answers.x, answers.y)
        columns = {
            "lon": lon,
            "lat": lat,
            "radius_m": self._radius_m(answers),
            "method": pd.Series(np.array([*METHODS, None], dtype=np.object_)[answers.method], dtype="object"),
            "score": answers.score,
            "matched": pd.Series(answers.matched, dtype="object"),
        }
        return pd.DataFrame(columns, columns=list(COLUMNS))

    def _radius_m(self, answers: Answers) -> FloatArray:
        radius = np.full(len(answers.x), np.nan)
        rows = answers.answered()
        known = np.isin(answers.method[rows], _OWN_RADIUS)
        told, learned = rows[known], rows[~known]
        radius[told] = np.exp(answers.features[told, 0])
        radius[learned] = self._radii.radius_m(answers.method[learned], answers.features[learned])
        return radius

    def _learn(self) -> Radii:
        base = self._base
        rows = np.arange(len(base))[:: max(1, len(base) // _MOST_LEARNED)]
        # Half are asked as most are: without their district.
        districts = [base.districts[row] if turn % 2 else "" for turn, row in enumerate(rows)]
        addresses, spots = [base.addresses[row] for row in rows], [base.spots[row] for row in rows]
        answers = self._finder.find(addresses, spots, districts, rows)
        error = np.hypot(answers.x - base.x[rows], answers.y - base.y[rows])
        found = answers.answered()
        families = [[CODE[name] for name in family] for family in FAMILIES]
        return Radii(answers.method[found], answers.features[found], error[found], families)
