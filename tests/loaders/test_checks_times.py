"""Times are read in every usual wording and become the same instant."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from loaders.checks.clock import read_instants
from loaders.profiles import Profile, Section
from tests.loaders.checking import checked, incident, reasons

SHANGHAI, CHICAGO = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Chicago")
LOCAL = st.datetimes(datetime(1992, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0))  # noqa: DTZ001
WORDINGS = (
    "{:%Y-%m-%d %H:%M:%S}", "{:%Y-%m-%dT%H:%M:%S}", "{:%Y/%m/%d %H:%M:%S}", "{:%Y%m%d %H%M%S}", "{:%Y%m%d%H%M%S}",
    "{:%Y年%m月%d日 %H时%M分%S秒}", "{0.year}/{0.month}/{0.day} {0.hour}:{0.minute:02d}:{0.second:02d}",
    "{0.year}年{0.month}月{0.day}日{0.hour}时{0.minute}分{0.second}秒", "{:%Y.%m.%d %H:%M:%S}",
    "{:%Y/%m/%d %I:%M:%S %p}", "{:%Y-%m-%d %H：%M：%S}",
)  # fmt: skip


def instant(text: str, zone: ZoneInfo = SHANGHAI, pattern: str | None = None) -> datetime | None:
    value = read_instants([text], zone, pattern).utc[0]
    return None if np.isnat(value) else value.astype("M8[us]").item().replace(tzinfo=UTC)


@settings(deadline=None)
@given(LOCAL, st.sampled_from(WORDINGS))
def test_a_local_time_means_the_same_in_every_wording(moment: datetime, wording: str) -> None:
    assert instant(wording.format(moment)) == moment.replace(tzinfo=SHANGHAI).astimezone(UTC)


@settings(deadline=None)
@given(LOCAL, st.integers(-12 * 4, 14 * 4), st.integers(0, 999_999))
def test_a_written_zone_is_obeyed_to_the_microsecond(moment: datetime, quarters: int, micro: int) -> None:
    aware = moment.replace(microsecond=micro, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    assert instant(aware.isoformat()) == aware.astimezone(UTC)
    assert instant(aware.astimezone(UTC).isoformat().replace("+00:00", "Z")) == aware.astimezone(UTC)


@settings(deadline=None)
@given(st.lists(LOCAL, max_size=20), st.sampled_from([SHANGHAI, CHICAGO]))
def test_whole_columns_equal_single_times_and_dst_never_crashes(moments: list[datetime], zone: ZoneInfo) -> None:
    texts = [moment.isoformat() for moment in moments]
    together = read_instants(list(texts), zone).utc
    assert [instant(text, zone) for text in texts] == [each.item().replace(tzinfo=UTC) for each in together]


@settings(deadline=None)
@given(LOCAL)
def test_excel_serial_days_are_read_to_the_second(moment: datetime) -> None:
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001
    assert instant(repr(serial)) == moment.replace(tzinfo=SHANGHAI).astimezone(UTC)


def test_a_day_alone_begins_at_midnight_of_the_zone() -> None:
    assert instant("2019-12-10", CHICAGO) == datetime(2019, 12, 10, 6, tzinfo=UTC)
    assert instant("2026年3月4日") == instant("20260304") == instant("2026/3/4") == datetime(2026, 3, 3, 16, tzinfo=UTC)


def test_other_usual_wordings() -> None:
    wanted = datetime(2026, 3, 3, 21, 6, tzinfo=UTC)
    for text in (
        "2026/3/4 5:06",
        "２０２６年３月４日　5时06分",
        "2026年3月4日 5时6分",
        "2026-03-04T05:06+08:00",
        "20260304 0506",
    ):
        assert instant(text) == wanted, text
    assert instant("2026年3月4日 下午5点") == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert instant("2026-03-04 24:00:00") == datetime(2026, 3, 4, 16, tzinfo=UTC)


def test_an_hour_shown_twice_is_the_first_and_a_skipped_one_moves_forward() -> None:
    assert instant("2019-11-03 01:30", CHICAGO) == datetime(2019, 11, 3, 6, 30, tzinfo=UTC)
    assert instant("2019-03-10 02:30", CHICAGO) == datetime(2019, 3, 10, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["yesterday", "2026-02-30", "2026-13-01", "2026-03-04 25:00", "2026-03-04 05:61", "03/04/2026", "4.3.2026", "12",
     "", "2026-03-045:06", "0000-01-01", "2026-03-04 5"],
)  # fmt: skip
def test_what_is_no_time_stays_unread(text: str) -> None:
    assert instant(text) is None


def test_a_pattern_of_the_profile_comes_first() -> None:
    assert instant("04/03/2026", SHANGHAI, "%d/%m/%Y") == datetime(2026, 3, 3, 16, tzinfo=UTC)
    assert instant("04/03/2026 +0000", SHANGHAI, "%d/%m/%Y %z") == datetime(2026, 3, 4, tzinfo=UTC)
    assert instant("2026-03-04", SHANGHAI, "%d/%m/%Y") == datetime(2026, 3, 3, 16, tzinfo=UTC)
    with pytest.raises(InputError, match="time format"):
        instant("2026", SHANGHAI, "%Q")


def test_impossible_years_are_findings() -> None:
    outcome = checked(
        "incidents",
        incident(source_no="1", reported_at="0024-05-06 07:08"),
        incident(source_no="2", reported_at="1989-12-31"),
        incident(source_no="3", reported_at="2026-03-12"),
        incident(source_no="4", reported_at="soon"),
        incident(source_no="5", reported_at="2026-03-10 09:00"),
    )
    assert outcome.rows.index.tolist() == [6]
    said = reasons(outcome)
    assert "lies in the year 0024, before 1990" in said[0]
    assert "in the year 1989" in said[1]
    assert "in the future" in said[2]
    assert "'soon' is no time" in said[3]


def test_plans_may_lie_in_the_future_and_9999_means_no_end() -> None:
    row = {"officer": "a", "role": "police", "beat": "b", "valid_from": "2030-01-01"}
    outcome = checked("postings", {**row, "valid_to": "9999-12-31"}, {**row, "valid_to": "2029-01-01"})
    assert outcome.rows["valid_to"].isna().tolist() == [True]
    assert reasons(outcome) == ["valid_to does not come after valid_from"]


def test_the_profile_gives_the_zone_and_the_pattern() -> None:
    section = Section(formats={"reported_at": "%m/%d/%Y %I:%M:%S %p"})
    profile = Profile("p", zone=CHICAGO, sections={"incidents": section})
    outcome = checked("incidents", incident(reported_at="12/10/2019 11:00:00 PM"), profile=profile)
    assert outcome.rows["reported_at"].tolist() == [datetime(2019, 12, 11, 5, tzinfo=UTC)]
    assert str(outcome.rows["reported_at"].dtype) == "datetime64[us, UTC]"
