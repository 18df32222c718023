"""The header row is found and matched by content: by every spelling seen in real files, never by position."""

from __future__ import annotations

import pytest
from builders.reading import an_export

from orchestration.lake import header
from orchestration.lake.header import NoHeader


@pytest.mark.parametrize(("written", "asked"), [
    ("动帐流水号", "动账流水号"), ("金额（元）", "金额(元)"), ("收货地址 ", "收货地址"), ("\ufeff订单编号", "订单编号"),
    ("订单\u200b编号\t", "订单编号"), ("订单\r\n编号", "订单编号"), ("店铺Id", "店铺ID"), ("ＩＤ", "id"), ("平台　优惠", "平台优惠"),
])  # fmt: skip
def test_spellings_of_one_header_are_one(written: str, asked: str) -> None:
    assert header.normalise(written) == header.normalise(asked)


def test_first_alias_present_wins_and_columns_may_share_a_cell() -> None:
    export = an_export(["买家实付金额|买家实际支付金额", "买家实际支付金额", "商品标题|宝贝标题"])
    seen = header.match(["宝贝标题 ", "买家实际支付金额", "买家实付金额"], export)
    assert seen.columns == {"a0": 2, "a1": 1, "a2": 0}


def test_equal_headers_are_told_apart_by_their_place() -> None:
    export = an_export(["分销员", "分销员__2|分销员二", "分销员__3"], required=0)
    seen = header.match(["分销员", "手机", "分销员 ", ""], export)
    assert (seen.columns, seen.missing_optional) == ({"a0": 0, "a1": 2}, ["a2"])
    assert (seen.unknown, seen.nameless) == ([(1, "手机")], [3])


def test_dropped_unknown_and_missing_are_told_apart() -> None:
    export = an_export(["订单号", "金额", "备注"], required=2, drop=["收货人"])
    seen = header.match(["订单号", "收货人", "新列", "收货人"], export)
    assert (seen.dropped, seen.unknown) == ([(1, "收货人"), (3, "收货人")], [(2, "新列")])
    assert (seen.missing_required, seen.missing_optional) == (["a1"], ["a2"])


def test_best_row_wins_over_the_first_that_would_do() -> None:
    export = an_export(["日期", "消费", "点击"], required=1)
    rows = [["数据生成时间：2026-04-21"], ["日期", "2026-04-21"], ["日期", "展现", "点击", "消费"], ["2026-04-21", "1", "0", "0.00"]]
    assert header.find(rows, export) == 2


def test_header_beyond_the_first_thirty_records_is_not_looked_for() -> None:
    with pytest.raises(NoHeader, match="no header row of 测试 in the first 30 records"):
        header.find([["x"]] * 30 + [["日期", "消费"]], an_export(["日期", "消费"]))


def test_missing_required_column_is_named_with_what_stands_instead() -> None:
    with pytest.raises(NoHeader, match=r"lacks required columns: a1 \(消费 or 花费\); it has instead 总消耗"):
        header.find([["日期", "总消耗", "点击"]], an_export(["日期", "消费|花费", "点击"], required=2))
