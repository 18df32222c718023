"""Cells that are numbers: amounts in yuan or fen, ratios, percentages, whole numbers, month of birth. SQL expressions.

Digits are never lost in silence: exponents, underscores and surplus decimals that DuckDB's casts would swallow make the cell unreadable.
"""

from __future__ import annotations

from orchestration.lake.cells_text import narrow, stripped
from orchestration.lake.sql import cases

BODY = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+"
EXPLAINED = r"(?:\([^()]*\))?"  # 69.20(包含运费：10.00)
SURPLUS = r"\.[0-9]{2}[0-9]*[1-9]"
FRACTION = r"\.[0-9]*[1-9]"
FEN, YUAN = r"-?[0-9]{1,15}", r"-?[0-9]{1,15}(?:\.[0-9]{1,2})?"  # the forms that a cast alone reads
NUMBER, WHOLE = r"-?[0-9]{1,9}(?:\.[0-9]{1,8})?", r"-?[0-9]{1,18}"


def plain_form(kind: str, unit: str | None) -> str | None:
    """The form of a number that a cast alone reads; None where the cell must be looked at (a number that counts per cent)."""
    if kind == "percent" and unit == "percent":
        return None
    return {"money": FEN if unit == "fen" else YUAN, "decimal": NUMBER, "percent": NUMBER, "integer": WHOLE}[kind]


def plain(raw: str) -> str:
    """Narrow, without currency signs and the shell of the cell."""
    return stripped(narrow(raw, "−–¥￥", "--"))


def digits(raw: str, suffix: str = "", exponent: str = "") -> str:
    """The number in the cell without grouping commas, currency and explanation; '' when the cell is no number."""
    pattern = rf"^([-+]?(?:{BODY}){exponent}) *(?:元|CNY|RMB)?{suffix}{EXPLAINED}$"
    return f"replace(regexp_extract({plain(raw)}, '{pattern}', 1), ',', '')"


def money(raw: str, unit: str | None, rounding: str) -> str:
    """Yuan as DECIMAL(18,2). `fen` are whole and divided by 100; surplus decimals are NULL unless rounding is half_up (away from zero)."""
    text = digits(raw)
    if unit == "fen":
        kept = text if rounding == "half_up" else _without(text, FRACTION)
        return _fast(raw, FEN, fen("cast", raw), fen("try_cast", kept))
    kept = text if rounding == "half_up" else _without(text, SURPLUS)
    return _fast(raw, YUAN, f"cast({raw} as decimal(18,2))", f"try_cast({kept} as decimal(18,2))")


def has_surplus(raw: str, unit: str | None) -> str:
    """True where the cell is a number with more decimals than money has: tells the reason apart from "not an amount"."""
    return f"regexp_matches({digits(raw)}, '{FRACTION if unit == 'fen' else SURPLUS}')"


def decimal(raw: str) -> str:
    """DECIMAL(18,8), further decimals rounded; `1.2万` counts ten thousands."""
    text = digits(raw, exponent="(?:[eE]-?[0-9]{1,2})?")
    slow = f"coalesce(try_cast({text} as decimal(18,8)), try_cast({_ten_thousands(raw)} as decimal(18,8)))"
    return _fast(raw, NUMBER, f"cast({raw} as decimal(18,8))", slow)


def percent(raw: str, unit: str | None) -> str:
    """A ratio as DECIMAL(18,8): `3.33%` → 0.0333; without a sign the unit says what the number is (ratio unless `percent`)."""
    marked = f"nullif({digits(raw, suffix='%', exponent='(?:[eE]-?[0-9]{1,2})?')}, '')"
    bare = f"nullif({digits(raw, exponent='(?:[eE]-?[0-9]{1,2})?')}, '')"
    if unit == "percent":
        return _empty_first(raw, _hundredth(f"coalesce({bare}, {marked})"))
    return _fast(
        raw, NUMBER, f"cast({raw} as decimal(18,8))",
        cases([(f"regexp_matches({raw}, '[%％]')", _hundredth(marked))], f"try_cast({bare} as decimal(18,8))"),
    )  # fmt: skip


def integer(raw: str) -> str:
    """BIGINT: `1,234`, `45.0` and `1.2万` are whole numbers, `4.5` is not."""
    slow = f"coalesce({_whole(digits(raw))}, {_whole(f'cast({_ten_thousands(raw)} as varchar)')})"
    return _fast(raw, WHOLE, f"cast({raw} as bigint)", slow)


def birth_month(raw: str) -> str:
    """The month 1–12 of a birthday in any form (1990-05-12, 05-12, 5月12日, 19900512, 5): day and year stay outside."""
    text = plain(raw)
    forms = (
        r"^[0-9]{4}[-/.年]([0-9]{1,2})(?:[-/.月][0-9]{1,2}日?.*|月)?$",
        r"^([0-9]{1,2})(?:[-/.月][0-9]{1,2}日?|月)?$", r"^[0-9]{4}([0-9]{2})[0-9]{2}$",
    )  # fmt: skip
    found = ", ".join(f"nullif(regexp_extract({text}, '{form}', 1), '')" for form in forms)
    month = f"try_cast(coalesce({found}) as bigint)"
    return _empty_first(raw, f"case when {month} between 1 and 12 then {month} end")


def fen(cast: str, text: str) -> str:
    """Whole fen as yuan; `cast` is cast or try_cast."""
    return f"cast({cast}({text} as decimal(18,0)) * cast(0.01 as decimal(3,2)) as decimal(18,2))"


def _hundredth(text: str) -> str:
    return f"cast(try_cast({text} as decimal(28,10)) * cast(0.01 as decimal(3,2)) as decimal(18,8))"


def _without(text: str, pattern: str) -> str:
    """The number, or NULL where the pattern is found in it: a match is blotted out so that the cast fails."""
    return f"regexp_replace({text}, '{pattern}', 'x')"


def _whole(text: str) -> str:
    return f"try_cast(nullif(regexp_extract({text}, '^([-+]?[0-9]+)(?:\\.0*)?$', 1), '') as bigint)"


def _ten_thousands(raw: str) -> str:
    """`1.2万` and `3亿` as an exact decimal, else NULL."""
    units = [
        (f"regexp_matches({raw}, '[万wW]')", f"try_cast({digits(raw, suffix='[万wW]')} as decimal(18,8)) * 10000"),
        (f"contains({raw}, '亿')", f"try_cast({digits(raw, suffix='亿')} as decimal(18,8)) * 100000000"),
    ]
    return cases(units)


def _fast(raw: str, pattern: str, fast: str, slow: str) -> str:
    return cases([(f"{raw} is null or {raw} = ''", "null"), (f"regexp_full_match({raw}, '{pattern}')", fast)], slow)


def _empty_first(raw: str, expression: str) -> str:
    return cases([(f"{raw} is null or {raw} = ''", "null")], expression)
