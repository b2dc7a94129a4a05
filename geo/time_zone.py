"""The city's time zone by its name."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geo.errors import InputError


def time_zone(name: str) -> ZoneInfo:
    """The zone of that IANA name; InputError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"There is no time zone {name!r}: give a name such as Asia/Shanghai.") from error
