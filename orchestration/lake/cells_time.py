"""Cells that are times: any form the sources write → Shanghai wall time (TIMESTAMP) or DATE. SQL expressions.

Forms: 2026-09-03 08:00:00, 2026/9/3 8:00, 2026.09.03, 20260903, 202609030800, 20260903080000, 2026年09月03日08时00分00秒, 2026-09,
RFC 3339 with a zone, Excel serial days, and epochs where the contract declares their unit.
"""

from __future__ import annotations

from orchestration.lake.cells_text import narrow, stripped
from orchestration.lake.sql import cases

SHANGHAI_US = 8 * 3600 * 1_000_000
DAY = r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
PLAIN = rf"{DAY}(?: [0-9]{{1,2}}:[0-9]{{1,2}}(?::[0-9]{{1,2}})?)?"
# Most cells; a third of the cost of a pattern.
USUAL = "strlen({0}) = 19 and substr({0}, 11, 1) = ' ' and substr({0}, 17, 1) = ':' and substr({0}, 5, 1) in ('-', '/')"
MOMENT = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[ T]+[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]{1,9})?"
DIGITS = {"s": 10, "ms": 13, "us": 16}
MICROS = {"s": 1_000_000, "ms": 1_000, "us": 1}
EPOCH_FROM, EPOCH_TO = "timestamp '2010-01-01'", "timestamp '2100-01-01'"  # the day after the export bounds it further, see `rows`
SERIAL = r"[2-7][0-9]{4}(?:\.[0-9]+)?"  # 1954 to 2118
LAST_SENTINEL_YEAR = 1901  # 0001-01-01, 1899-12-30, 1900-01-01 all say "no date"


def timestamp(raw: str, epoch: str | None, zone: str) -> str:
    """Shanghai wall time; NULL for what is no time. Sentinels are still there, see `is_sentinel`."""
    fast = f"try_cast({raw} as timestamp)"
    if zone == "utc":
        fast = f"{fast} + interval 8 hour"
    return cases(
        [
            (f"{raw} is null or {raw} = ''", "null"),
            (USUAL.format(raw), fast),
            (f"regexp_full_match({raw}, '{PLAIN}')", fast),
            *_numbers(raw, epoch),
        ],
        _text_form(raw, "+00:00" if zone == "utc" else "+08:00"),
    )


def date(raw: str, epoch: str | None, zone: str) -> str:
    """The Shanghai day of a date or time."""
    fast = (f"regexp_full_match({raw}, '{DAY}')", f"try_cast({raw} as date)")
    return cases([(f"{raw} is null or {raw} = ''", "null"), fast], f"cast({timestamp(raw, epoch, zone)} as date)")


def plain(raw: str, kind: str) -> str:
    """True where a cast alone reads the cell: a day for a date, a day or a moment for a timestamp."""
    return f"regexp_full_match({raw}, '{DAY if kind == 'date' else PLAIN}') and try_cast({raw} as {kind}) is not null"


def is_sentinel(parsed: str) -> str:
    """True for dates that stand for "no date": before 1902, and the first day of the epoch."""
    return f"({parsed} < timestamp '{LAST_SENTINEL_YEAR + 1}-01-01' or cast({parsed} as date) = date '1970-01-01')"


def is_empty(text: str) -> str:
    """True for cleaned text that says "no time" without being one."""
    return f"regexp_full_match({text}, '0+(?:\\.0*)?|0{{4}}[-/]0{{1,2}}[-/]0{{1,2}}(?:[ T].*)?')"


def _numbers(raw: str, epoch: str | None) -> list[tuple[str, str]]:
    """Branches for cells of digits alone: the declared epoch, else Excel's day count."""
    if epoch:
        micros = f"cast(cast({raw} as decimal(28,6)) * {MICROS[epoch]} as bigint)"
        moment = f"make_timestamp({micros} + {SHANGHAI_US})"
        inside = f"case when {moment} between {EPOCH_FROM} and {EPOCH_TO} then {moment} end"
        return [(f"regexp_full_match({raw}, '[0-9]{{{DIGITS[epoch]}}}(?:\\.[0-9]{{1,6}})?')", inside)]
    seconds = f"cast(round(cast({raw} as double) * 86400) as bigint)"
    return [(f"regexp_full_match({raw}, '{SERIAL}')", f"timestamp '1899-12-30' + to_seconds({seconds})")]


def _text_form(raw: str, zone: str) -> str:
    """Step by step towards `2026-9-3 8:00:00+08:00`; what does not arrive there is NULL."""
    text = stripped(narrow(raw, "年月日时点分/秒", "-- :::-"))
    steps = [
        (r"^([0-9]{4})([0-9]{2})([0-9]{2})$", r"\1-\2-\3"),
        (r"^([0-9]{4})([0-9]{2})([0-9]{2})T?([0-9]{2})([0-9]{2})([0-9]{2})?$", r"\1-\2-\3 \4:\5:\6"),
        (r"^([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})", r"\1-\2-\3"),
        (r"^([0-9]{4})[-.]([0-9]{1,2})-?$", r"\1-\2-1"),
        (r"^([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})$", r"\1 0:00:00"),
        (r"([ T][0-9]{1,2}):?$", r"\1:00:00"),
        (r"([ T][0-9]{1,2}:[0-9]{1,2}):?((?:Z|[-+][0-9:]+)?)$", r"\1:00\2"),
        (rf"^({MOMENT})$", rf"\1{zone}"),
    ]
    for pattern, form in steps:
        text = f"regexp_replace({text}, '{pattern}', '{form}')"
    moment = rf"regexp_extract({text}, '^{MOMENT}(?:Z|[-+][0-9]{{2}}(?::?[0-9]{{2}})?)$')"
    return f"make_timestamp(epoch_us(try_cast({moment} as timestamptz)) + {SHANGHAI_US})"
