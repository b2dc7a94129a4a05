"""When people call: seasons, weekdays and hours by category group, in the city's own time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEASONS = {  # group -> (strength, day of the year of the peak)
    "夜": (0.28, 210), "暖": (0.30, 200), "冷": (0.45, 15), "平": (0.08, 190), "年": (0.25, 20),
}  # fmt: skip
CLOCKS = {  # name -> (hour, spread, share)
    "day": [(10, 2.2, 0.45), (16, 2.3, 0.40), (20, 2.0, 0.15)],
    "evening": [(12, 2.0, 0.15), (19, 2.2, 0.55), (22.5, 1.6, 0.30)],
    "night": [(23, 1.8, 0.60), (1.5, 1.4, 0.25), (20, 1.5, 0.15)],
    "rush": [(8, 1.1, 0.32), (18, 1.5, 0.38), (13, 3.0, 0.30)],
}  # fmt: skip
HABITS = {  # group -> season, clock, pull of Saturday and Sunday
    "刑事案件": ("夜", "evening", 1.05), "治安案件": ("夜", "night", 1.30), "交通警情": ("平", "rush", 0.86),
    "涉险救援": ("暖", "evening", 1.20), "群众求助": ("平", "day", 1.00), "矛盾纠纷": ("夜", "evening", 1.12),
    "举报投诉": ("暖", "night", 1.25), "无效警情": ("平", "evening", 1.00), "婚姻家庭": ("年", "evening", 1.15),
    "邻里关系": ("平", "evening", 1.10), "物业管理": ("冷", "day", 0.95), "劳动争议": ("年", "day", 0.60),
    "环境噪声": ("暖", "night", 1.05), "涉海渔业": ("暖", "day", 0.90),
}  # fmt: skip
OTHERWISE = ("平", "day", 0.70)
SPRING_FESTIVALS = ["2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13"]
FALL_A_YEAR = 0.07  # fewer reports each year


@dataclass(frozen=True)
class Span:
    """The time that the city covers: local datetime64[s], both ends included."""

    start: np.datetime64
    end: np.datetime64


def times(group: str, count: int, span: Span, rng: np.random.Generator) -> NDArray[np.datetime64]:
    """That many report times of a group, local datetime64[s], inside the span."""
    season, clock, weekend = HABITS.get(group, OTHERWISE)
    days = np.arange(span.start.astype("datetime64[D]"), span.end.astype("datetime64[D]") + np.timedelta64(1, "D"))
    share = _day_shares(days, season, weekend)
    day = days[np.searchsorted(share.cumsum(), rng.random(count) * share.sum(), side="right").clip(max=len(days) - 1)]
    at = day.astype("datetime64[s]") + _seconds(clock, count, rng).astype("timedelta64[s]")
    back = rng.integers(7, 60, count).astype("timedelta64[D]")  # what the last day has not seen yet happened earlier
    return np.asarray(np.where(at > span.end, at - back, at))


def _day_shares(days: NDArray[np.datetime64], season: str, weekend: float) -> NDArray[np.float64]:
    strength, peak = SEASONS[season]
    of_year = (days - days.astype("datetime64[Y]")).astype(int)
    share = 1 + strength * np.cos(2 * np.pi * (of_year - peak) / 365.25)
    weekday = (days.astype(int) + 3) % 7  # Monday is 0
    share = share * np.where(weekday >= 5, weekend, 1.0) * np.where(weekday == 4, 1.05, 1.0)
    share = share * (1 - FALL_A_YEAR) ** ((days - days[0]).astype(int) / 365.25)
    for festival in SPRING_FESTIVALS:
        distance = (days - np.datetime64(festival)).astype(int)
        share = (
            share
            * np.where((distance >= -1) & (distance <= 6), 0.72, 1.0)
            * np.where((distance <= -2) & (distance > -9), 1.12, 1.0)
        )
    national_week = (of_year >= 273) & (of_year < 281)
    return np.asarray(share * np.where(national_week, 1.12, 1.0))


def _seconds(clock: str, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Second of the day: a mixture of bells around the hours of the clock, with a thin floor all day."""
    bells = np.array(CLOCKS[clock])
    which = np.searchsorted(np.cumsum(bells[:, 2]), rng.random(count), side="right").clip(max=len(bells) - 1)
    hour = rng.normal(bells[which, 0], bells[which, 1])
    hour = np.where(rng.random(count) < 0.12, rng.random(count) * 24, hour)
    return ((hour % 24) * 3_600).astype(np.int64)
