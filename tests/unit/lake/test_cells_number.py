"""Numbers: what is read is exactly what was written, and nothing is guessed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.lake import cells_number as number

AMOUNT = st.decimals(-(10**13), 10**13, places=2)
DRESS = st.sampled_from(["{}", "¥{}", "￥ {}", "{}元", " {} ", "\t{}", '="{}"', "'{}", "`{}", "{}(含运费：1.00)", "{}00"])


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(AMOUNT, DRESS, st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_an_amount_survives_every_dress(each, amounts) -> None:
    def written(amount: Decimal, dress: str, grouped: bool, is_wide: bool) -> str:
        text = f"{amount:,.2f}" if grouped else f"{amount:.2f}"
        return dress.format(wide(text) if is_wide else text)

    cells = [written(*one) for one in amounts]
    assert each(number.money("v", "yuan", "exact"), cells) == [one[0].quantize(Decimal("0.01")) for one in amounts]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.decimals(-(10**9), 10**9, places=5), min_size=1, max_size=30))
def test_surplus_decimals_are_refused_or_rounded_half_up_as_the_contract_says(each, amounts) -> None:
    cells = [f"{amount:.5f}" for amount in amounts]
    cents = [amount.quantize(Decimal("0.01"), ROUND_HALF_UP) for amount in amounts]
    is_exact = [amount == cent for amount, cent in zip(amounts, cents, strict=True)]
    assert each(number.money("v", "yuan", "exact"), cells) == [cent if exact else None for cent, exact in zip(cents, is_exact, strict=True)]
    assert each(number.money("v", "yuan", "half_up"), cells) == cents
    assert each(number.has_surplus("v", "yuan"), cells) == [not exact for exact in is_exact]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=30))
def test_fen_become_yuan_to_the_cent(each, fen) -> None:
    assert each(number.money("v", "fen", "exact"), [str(one) for one in fen]) == [Decimal(one).scaleb(-2) for one in fen]
    assert each(number.money("v", "fen", "exact"), [f"{one}.00" for one in fen]) == [Decimal(one).scaleb(-2) for one in fen]


@pytest.mark.parametrize(
    "cell", ["1e5", "1.2E+3", "1_000", "0x10", "1,23", "12,3456", "1 234", "12.3.4", "--1", "免费", "1.2万", "12%", "(12.00)"]
)
def test_what_is_no_plain_amount_is_not_read(each, cell) -> None:
    assert each(number.money("v", "yuan", "exact"), [cell]) == [None]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234", 1234),
        ("45.0", 45),
        ("4.5", None),
        ("1.2万", 12000),
        ("1.23456万", None),
        ("3亿", 300_000_000),
        ("-7", -7),
        ("1e3", None),
        ("1_0", None),
    ],
)
def test_whole_numbers_stay_whole(each, cell, value) -> None:
    assert each(number.integer("v"), [cell]) == [value]


@pytest.mark.parametrize(
    ("cell", "unit", "value"),
    [
        ("87.02%", None, "0.8702"),
        ("0.0333", None, "0.0333"),
        ("１２％", None, "0.12"),
        ("3.33", "percent", "0.0333"),
        ("3.33%", "percent", "0.0333"),
        ("-1.5 %", None, "-0.015"),
        ("好", None, None),
    ],
)
def test_percentages_become_ratios(each, cell, unit, value) -> None:
    assert each(number.percent("v", unit), [cell]) == [None if value is None else Decimal(value).quantize(Decimal("1e-8"))]


def test_decimals_keep_eight_places_and_small_exponents(each) -> None:
    assert each(number.decimal("v"), ["3739.6690272859823", "1e-05", "1,234.5", ".5", "1.2万"]) == [
        Decimal(text) for text in ("3739.66902729", "0.00001000", "1234.50000000", "0.50000000", "12000.00000000")
    ]


def test_of_a_birthday_only_the_month_is_kept(each) -> None:
    cells = ["1990-05-12", "05-12", "5月12日", "19900512", "1990年12月1日", "1990/5/1", "13", "****"]
    assert each(number.birth_month("v"), cells) == [5, 5, 5, 5, 12, 5, None, None]
