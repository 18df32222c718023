"""What engines like to disagree about, planted: orders for a landing folder, and a graph of evidence. Every name and number is invented."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
from builders.deliveries import Container, deliver

from orchestration.lake.sql import literal

FIXTURES = Path(__file__).parents[1] / "fixtures"

ORDERS = "taobao/orders/account=yutang_taobao/date=2026-10-01/ExportOrderList202610011200.csv"
HEADERS = (
    "订单编号", "买家会员名", "支付单号", "买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额",
    "订单状态", "联系手机", "订单创建时间", "订单付款时间 ", "宝贝标题 ", "宝贝种类 ", "订单备注",
    "宝贝总数量", "店铺名称", "订单关闭原因", "退款金额", "确认收货时间",
)  # fmt: skip
CHAIN, HUB, LONE = 10_000, 2_000, 500


def plant_orders(landing: Path) -> None:
    """A file of Taobao orders: ties to the second, month ends, refunds of odd cents, no phone, no payment time, full-width text."""
    file = landing / ORDERS
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADERS)
        writer.writerows(_orders())


def plant_fixtures(landing: Path) -> None:
    """The odd files of every export that its fixture has: kinds of refunds, statuses and lists that a small brand never meets."""
    for expected in sorted(FIXTURES.glob("*/*/expected.json")):
        export = expected.parent.relative_to(FIXTURES)
        for delivery in json.loads(expected.read_text("utf-8"))["deliveries"]:
            if delivery["expect"]["status"] == "loaded":
                text = (expected.parent / delivery["source"]).read_text("utf-8")
                deliver(text, landing / export / delivery["as"], Container(**delivery.get("container", {})))


def _orders() -> list[list[str]]:
    tie, rows = "2026-09-15 12:00:00", []
    for number in range(5):  # one buyer, one second: only the order's key can decide
        rows.append(_order(number, "trap_tie", "13900000001", "33.33", "33.33", "0.00", tie, tie, "陶瓷盖碗"))
    ends = ["2026-07-31 23:59:59", "2026-08-01 00:00:00", "2026-08-31 23:59:59", "2026-09-01 00:00:00", "2026-09-30 23:59:59"]
    for number, moment in enumerate(ends, start=10):
        rows.append(_order(number, "trap_month", "13900000002", "100.01", "100.01", "0.00", moment, moment, "月末　茶"))
    for number, refunded in enumerate(["0.01", "33.34", "66.67", "100.01"], start=20):
        rows.append(_order(number, "trap_refund", "13900000003", "100.01", "100.01", refunded, tie, "2026-09-16 08:00:01", "退款"))
    rows.append(_order(30, "trap_nothing", "", "10.00", "10.00", "0.00", tie, "", "没付款", status="等待买家付款"))
    rows.append(_order(31, "trap_no_phone", "", "10.05", "10.05", "0.00", tie, tie, "没有手机"))
    rows.append(_order(32, "ＴＲＡＰ＿全角", "13900000004", "88.88", "88.88", "0.00", tie, tie, "ＡＢＣ　１２３（组合装）《清明前》～"))
    rows.append(_order(33, "trap_cent", "13900000005", "0.02", "0.02", "0.00", tie, tie, "两分钱"))
    rows.append(_order(34, "trap_closed", "13900000005", "55.55", "55.55", "55.55", tie, tie, "关闭", status="交易关闭"))
    return rows


def _order(
    number: int, buyer: str, phone: str, goods: str, paid: str, refunded: str, ordered: str, paid_at: str, title: str,
    status: str = "交易成功",
) -> list[str]:  # fmt: skip
    order_id = f"88{number:017d}"
    done = "" if not paid_at else "2026-09-30 10:00:00"
    payment, amount = (f"99{number:020d}", paid) if paid_at else ("", "0")
    return [order_id, buyer, payment, goods, "0.00", goods, amount, status, phone, ordered, paid_at, title,
             "1", "", "1", "鱼塘茶铺", "", refunded, done]  # fmt: skip


def plant_edges(file: Path) -> int:
    """A graph for the components: a chain of 10,000 that zigzags through its numbers, a hub, pairs, and records alone; gives its nodes."""
    with duckdb.connect() as con:
        con.execute(f"""
            copy (
                with node as (
                    select i, cast('0x' || substr(md5('trap' || i), 1, 15) as bigint) as id
                    from range({CHAIN + HUB + LONE + 1}) as numbers(i)
                )
                select a.id as node_a, b.id as node_b from node as a join node as b on b.i = a.i + 1 where a.i < {CHAIN - 1}
                union all
                select a.id, b.id from node as a join node as b on b.i > {CHAIN} and b.i <= {CHAIN + HUB} where a.i = {CHAIN}
                union all
                select id, id from node where i > {CHAIN + HUB}
            ) to {literal(str(file))} (format parquet)""")
    return CHAIN + HUB + LONE + 1
