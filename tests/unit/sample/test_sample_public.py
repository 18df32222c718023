"""The files of the public platforms: every export is there, its headers are the contract's, and its sums agree with the truth."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import fastexcel
import pytest

from orchestration.lake.catalog import Catalog, load_catalog


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def rows_of(path: Path, header_word: str) -> list[dict[str, str]]:
    """Rows below the header, which is the first line that holds `header_word`; of every sheet of a workbook."""
    if path.suffix == ".xlsx":
        book = fastexcel.read_excel(path)
        tables = [book.load_sheet(name, header_row=None, dtypes="string").to_arrow().to_pylist() for name in book.sheet_names]
        tables = [[[cell or "" for cell in row.values()] for row in table] for table in tables]
    else:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "gb18030")
        tables = [list(csv.reader(io.StringIO(text, newline="")))]
    found = []
    for table in tables:
        start = next((place for place, row in enumerate(table) if header_word in [cell.strip() for cell in row]), None)
        if start is not None:
            header = [cell.strip() for cell in table[start]]
            found += [dict(zip(header, (cell.strip("'\t=\"") for cell in row), strict=False)) for row in table[start + 1 :]]
    return found


def money(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("¥", "") or "0")


def test_every_public_export_is_written(sample, catalog):
    public = {key for key, ref in catalog.exports.items() if ref.platform.domain == "public"}
    assert public - set(sample.report.rows) == set()


def test_settled_is_paid_and_subsidy_less_refund_and_fees(sample):
    rows = [row for path in sample.files("kuaishou/funds") for row in rows_of(path, "实际结算金额(元)")]
    for row in rows:
        taken = sum(money(row[name]) for name in ("订单退款(元)", "技术服务费(元)", "达人佣金(元)", "团长佣金(元)"))
        assert money(row["实际结算金额(元)"]) == money(row["订单实付(元)"]) + money(row["平台补贴(元)"]) - taken
    notes = [row for path in sample.files("xiaohongshu/settlement") for row in rows_of(path, "动账金额")]
    parts = ("商品实付/实退", "运费实付/实退", "平台优惠补贴", "佣金", "支付渠道费", "分销佣金")
    assert all(money(row["动账金额"]) == sum(money(row[name]) for name in parts) for row in notes)
    entries = [row for path in sample.files("douyin/settlement") for row in rows_of(path, "动账金额") if row["订单号"] != "--"]
    for row in entries:
        fees = money(row["平台服务费"]) + money(row["佣金"])
        moved = money(row["订单实付应结"]) + money(row["实际平台补贴"]) - money(row["订单退款"]) + fees
        assert moved == (money(row["动账金额"]) if row["动账方向"] == "入账" else -money(row["动账金额"]))
    assert rows and notes and entries


@pytest.mark.parametrize(("export", "spend", "first", "second", "key"), [
    ("alimama/daily", "花费", "万相台商品", "万相台场景", "日期"), ("tencent_ads/daily", "花费", "广告_", "账户_", "日期"),
    ("baidu/feed", "消费", "信息流计划", "信息流性别", "日期"),
])
def test_two_levels_of_a_report_tell_the_same_spend_twice(sample, export, spend, first, second, key):
    told: dict[str, dict[str, Decimal]] = {first: defaultdict(Decimal), second: defaultdict(Decimal)}
    for path in sample.files(export):
        for row in rows_of(path, spend):
            if row[key][:2] == "20":
                told[first if path.name.startswith(first) else second][row[key]] += money(row[spend])
    assert told[first] == told[second] and sum(told[first].values()) > 0


def test_live_sessions_sold_the_orders_that_the_room_caused(sample):
    sessions = [row for path in sample.files("douyin/live_sessions") for row in rows_of(path, "主播抖音号")]
    own = {
        row["直播开始时间"][:10].replace("/", "-"): int(row["直播间成交订单数"]) for row in sessions if row["主播抖音号"] == "yutang_live"}
    caused = dict(sample.ask("""
        select strftime(ordered_at, '%Y-%m-%d'), count(*) from orders
        where true_channel = 'douyin_live' and platform = 'douyin' and is_paid group by 1"""))
    assert {day: count for day, count in own.items() if count} == caused


def test_what_jd_gives_back_is_what_the_truth_says(sample):
    back: dict[str, Decimal] = defaultdict(Decimal)
    for path in sample.files("jd/after_sales"):
        for row in rows_of(path, "服务单号"):
            back[row["订单号"]] += money(row["退款金额"]) if row["退款时间"] not in ("", "-") else 0
    for path in sample.files("jd/settlement"):
        for row in rows_of(path, "费用名称"):
            back[row["订单编号"]] -= money(row["应结金额"]) if row["费用名称"] == "价保扣款" else 0
    shipped = {row["订单号"] for path in sample.files("jd/after_sales") for row in rows_of(path, "服务单号")}
    truth = dict(sample.ask("select order_id, refunded_cny from orders where platform = 'jd' and refunded_cny > 0"))
    assert {order: amount for order, amount in back.items() if amount} == {
        order: amount for order, amount in truth.items() if order in shipped or order in back}
    assert len(shipped) > 3
