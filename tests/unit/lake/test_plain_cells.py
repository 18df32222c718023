"""A cell that is called plain is read, and judged, exactly as the whole cleaning would read it."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.lake import cells
from orchestration.lake.contract import Column

NULLS = ("-", "--", "—", "null", "N/A", "0000-00-00")
EXPORTED_AT = datetime(2026, 10, 1)
COLUMNS = {
    "id": {"type": "id"},
    "text": {"type": "text"},
    "free_text": {"type": "free_text"},
    "enum": {"type": "enum", "values": {"paid": ["已付款", "PAID", "-"], "closed": ["关闭"]}},
    "region": {"type": "region", "level": "city"},
    "boolean": {"type": "boolean"},
    "money": {"type": "money", "unit": "yuan"},
    "money that is rounded": {"type": "money", "unit": "yuan", "rounding": "half_up"},
    "fen": {"type": "money", "unit": "fen"},
    "decimal": {"type": "decimal"},
    "ratio": {"type": "percent", "unit": "ratio"},
    "integer": {"type": "integer"},
    "timestamp": {"type": "timestamp"},
    "timestamp in utc": {"type": "timestamp", "zone": "utc"},
    "timestamp or epoch": {"type": "timestamp", "epoch": "s"},
    "date": {"type": "date"},
    "required": {"type": "timestamp", "required": True},
}
USUAL = [
    "", "0", "-0", "1", "376.20", "376.205", "0.00", "-5.1", "5.", ".5", "+5", "1e5", "1,234.50", "¥12", "12元", "3.33%",
    "0.0333", "123456789012345678", "1234567890123456789", "4194514275000000325", "=\"41945\"", "'139", "13800138000.0",
    "1.23457E+18", "１２３", "oX_a-b", "138****0000", "a@b.cc", "合计", "total", "已付款", "PAID", "paid", "退款", "-", "--",
    "null", "N/A", "是", "否", "1.0", "浙江省 杭州市", "备注：x", "wx: abcdef", "西湖路12号", "2026-09-03", "2026/9/3",
    "2026-9-3 8:00", "2026-09-03 08:00:00", "2026-13-45 08:00:00", "2026-02-30", "0000-00-00", "1970-01-01", "1899-12-30",
    "2099-01-01 00:00:00", "2026-09-03T08:00:00Z", "20260903", "1788400000", "46000", " 5", "5 ", "\t5", "5\n", "\ufeff5",
]  # fmt: skip
CELL = st.one_of(st.none(), st.sampled_from(USUAL), st.text(alphabet="0159.-/:+,%eEaT '=\"`*¥年月日　\t", max_size=12))


@pytest.mark.parametrize("kind", COLUMNS)
@settings(max_examples=12, deadline=None)
@given(st.lists(CELL, min_size=1, max_size=40))
def test_what_is_plain_needs_no_cleaning(each, kind: str, some: list[str | None]) -> None:
    column, values = Column.model_validate({"from": ["x"], **COLUMNS[kind]}), [*some, *USUAL]
    nulls = cells.null_words(column, NULLS)
    is_plain = each(cells.plain(column, "v", nulls, tidy()), values)
    assert None not in is_plain and is_plain.count(True) > 1
    chosen = [value for value, said in zip(values, is_plain, strict=True) if said]
    assert read(each, column, nulls, chosen, is_plain=True) == read(each, column, nulls, chosen, is_plain=False)


PLAIN = [
    ("money", "376.20"), ("timestamp", "2026-09-03 08:00:00"), ("id", "41945142"), ("text", "鱼塘"), ("enum", "已付款"),
    ("fen", "100"), ("integer", "7"), ("date", "2026-9-3"), ("ratio", "0.5"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "cell"), PLAIN)
def test_the_usual_forms_are_plain(each, kind: str, cell: str) -> None:
    column = Column.model_validate({"from": ["x"], **COLUMNS[kind]})
    assert each(cells.plain(column, "v", NULLS, tidy()), [cell]) == [True]


def tidy() -> str:
    return cells.words.is_tidy(["v"])


def read(each, column: Column, nulls: tuple[str, ...], values: list[str | None], is_plain: bool) -> list:
    """Value and problem of each cell, as the rows of a part are judged."""
    text = cells.text(column, "v", nulls, None, "false", is_plain)
    value = cells.parsed(column, f"({text})", is_plain)
    found = cells.problems(column, f"({text})", f"({value})", nulls, EXPORTED_AT, is_plain)
    problem = " ".join(f"when {condition} then '{reason}'" for condition, reason in found)
    return each(f"[cast({cells.final(column, f'({value})')} as varchar), {f'case {problem} end' if problem else 'null'}]", values)
