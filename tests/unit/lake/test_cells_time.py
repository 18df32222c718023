"""Times: one moment in every form of the sources is one Shanghai wall time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.lake import cells_time as time

MOMENTS = st.datetimes(datetime(2010, 1, 2), datetime(2035, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y年%m月%d日%H时%M分%S秒",
    "%Y%m%d%H%M%S",
    "%Y-%m-%dT%H:%M:%S",
    "\t%Y-%m-%d %H:%M:%S",
    "%Y.%m.%d %H:%M:%S",
    '="%Y-%m-%d %H:%M:%S"',
    "`%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H：%M：%S",
    "%Y-%m-%d %H:%M:%S.000",
)
SHANGHAI = timezone(timedelta(hours=8))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(MOMENTS, st.sampled_from(FORMS)), min_size=1, max_size=30))
def test_every_written_form_is_the_same_moment(each, moments) -> None:
    cells = [moment.strftime(form) for moment, form in moments]
    assert each(time.timestamp("v", None, "shanghai"), cells) == [moment for moment, _ in moments]


@settings(max_examples=20, deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=20), st.integers(-12, 14))
def test_zones_and_epochs_are_converted_to_shanghai(each, moments, offset) -> None:
    zoned = [moment.replace(tzinfo=SHANGHAI) for moment in moments]
    abroad = timezone(timedelta(hours=offset))
    assert each(time.timestamp("v", None, "shanghai"), [moment.astimezone(abroad).isoformat() for moment in zoned]) == moments
    assert each(time.timestamp("v", None, "utc"), [moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") for moment in zoned]) == moments
    for unit, factor in (("s", 1), ("ms", 1000), ("us", 1_000_000)):
        assert each(time.timestamp("v", unit, "shanghai"), [str(int(moment.timestamp()) * factor) for moment in zoned]) == moments


@settings(max_examples=20, deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=20))
def test_excel_serial_days_are_dates(each, moments) -> None:
    serials = [str((moment - datetime(1899, 12, 30)) / timedelta(days=1)) for moment in moments]
    found = each(time.timestamp("v", None, "shanghai"), serials)
    assert all(abs(mine - moment) <= timedelta(seconds=1) for mine, moment in zip(found, moments, strict=True))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026/9/3 8:05", datetime(2026, 9, 3, 8, 5)),
        ("2026-09", datetime(2026, 9, 1)),
        ("2026年9月3日", datetime(2026, 9, 3)),
        ("20260903", datetime(2026, 9, 3)),
        ("202609030805", datetime(2026, 9, 3, 8, 5)),
        ("2026-09-03 24:00:00", datetime(2026, 9, 4)),
        ("2026-02-30", None),
        ("2026-13-01", None),
        ("1693699200", None),
        ("epoch", None),
        ("infinity", None),
        ("昨天", None),
        ("12:30", None),
        ("2026-09-03 08:00:00 (BC)", None),
        ("9.9E+3", None),
    ],
)
def test_other_forms_are_read_or_left_alone(each, cell, value) -> None:
    assert each(time.timestamp("v", None, "shanghai"), [cell]) == [value]


def test_an_epoch_of_another_unit_or_outside_its_bounds_is_not_guessed(each) -> None:
    assert each(time.timestamp("v", "s", "shanghai"), ["1693699200000", "99", "1000000000", "9999999999"]) == [None] * 4
    assert each(time.timestamp("v", "ms", "shanghai"), ["1693699200"]) == [None]


def test_dates_that_say_no_date_are_sentinels(each) -> None:
    parsed = time.timestamp("v", None, "shanghai")
    cells = ["0001-01-01 00:00:00", "1900-01-01", "1899-12-30 00:00:00", "1970-01-01 08:00:00", "2026-09-03"]
    assert each(time.is_sentinel(f"({parsed})"), cells) == [True, True, True, True, False]
    assert each(time.is_empty("v"), ["0", "0000-00-00 00:00:00", "0000/00/00", "2026-09-03"]) == [True, True, True, False]


def test_a_date_is_the_shanghai_day(each) -> None:
    cells = ["2026-09-03", "20260903", "2026-09-02T18:00:00Z", "2026/9/3 23:59"]
    assert {str(day) for day in each(time.date("v", None, "shanghai"), cells)} == {"2026-09-03"}
