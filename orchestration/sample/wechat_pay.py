"""WeChat Pay's trade bill (交易账单): what was paid and given back through the mini program, with totals that add up.

Belongs here: its columns, backticks, footer. Does not: orders. Bills never change: a refund stands on the day it was accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import DAY, NEVER, Span, Window, day_of
from orchestration.sample.outbox import Outbox
from orchestration.sample.tables import body_lines
from orchestration.sample.text import choose, clock, compact_clock, digits, either, weave, yuan
from orchestration.sample.world import World
from orchestration.sample.youzan import flow_numbers, transaction_ids

HEADERS = ("交易时间", "公众账号ID", "商户号", "特约商户号", "设备号", "微信订单号", "商户订单号", "用户标识", "交易类型", "交易状态",
    "付款银行", "货币种类", "应结订单金额",
           "代金券金额", "微信退款单号", "商户退款单号", "退款金额", "充值券退款金额", "退款类型", "退款状态", "商品名称", "商户数据包",
           "手续费", "费率", "订单金额",
           "申请退款金额", "费率备注")
FOOTER = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
FEE_PER_THOUSAND = 6
WEEKLY_BILLS, DAILY_BILLS = 6, 5
NATIVE_SHARE = 0.02  # paid by scanning at a screen: the bill holds the app id where the openid should stand
CASH_PER_CENT = 35  # of payments at the till, in cash or by another wallet
BANKS = ("CMB_DEBIT", "ICBC_DEBIT", "CCB_CREDIT", "OTHERS")


def bill_windows(span: Span) -> tuple[Window, ...]:
    """Four weeks at a time, then weeks, then the latest days one by one; each bill is fetched at ten on the next morning."""
    first_daily = max(span.stop - DAILY_BILLS * DAY, span.start)
    first_weekly = max(first_daily - WEEKLY_BILLS * 7 * DAY, span.start)
    steps = ((span.start, first_weekly, 28 * DAY), (first_weekly, first_daily, 7 * DAY), (first_daily, span.stop + DAY, DAY))
    edges = [edge for start, stop, step in steps for edge in range(start, stop, step)]
    return tuple(Window(start, stop, stop + 10 * 3_600) for start, stop in pairwise(edges))


def place(span: Span, position: int, window: Window) -> str:
    """Path of a bill: every other bill of several days is packed."""
    days = f"{day_of(window.start):%Y%m%d}"
    if window.stop - window.start > DAY:
        days += f"_{day_of(window.stop) - timedelta(days=1):%Y%m%d}"
    packed = ".gz" if window.stop - window.start > DAY and position % 2 == 0 else ""
    return f"wechat_pay/bills/account={brand.MERCHANT}/date={window.taken_on}/bill_all_{days}.csv{packed}"


@dataclass
class Bills:
    """The bills that grow chunk by chunk, and the totals that end them (cents)."""

    span: Span
    totals: dict[str, np.ndarray] = field(default_factory=dict)

    def add(self, world: World, outbox: Outbox) -> None:
        """Write a chunk's payments and refunds."""
        for position, window in enumerate(bill_windows(self.span)):
            name = place(self.span, position, window)
            for refunds, rows in _rows_of(world, window):
                body, sums = _lines(world, rows, refunds)
                outbox.lines(name, ",".join(HEADERS) + "\r\n", body, "utf-8-sig")
                self.totals[name] = self.totals.get(name, np.zeros(7, dtype=np.int64)) + sums

    def finish(self, outbox: Outbox) -> None:
        """End every bill with its totals."""
        for name, (count, settled, refunded, coupons, fee, ordered, applied) in self.totals.items():
            figures = [f"{count}.0", *(f"{value // 100}.{value % 100:02d}" for value in (settled, refunded, coupons))]
            sign = "-" if fee < 0 else ""
            figures += [f"{sign}{abs(fee) // 100}.{abs(fee) % 100:02d}000",
                *(f"{value // 100}.{value % 100:02d}" for value in (ordered, applied))]
            outbox.finish_lines(name, FOOTER + ",".join("`" + figure for figure in figures) + "\r\n")


def is_native(numbers: np.ndarray) -> np.ndarray:
    """Paid by scanning at a screen, so that the bill does not name the payer."""
    return (numbers * 40_503 % 1_000) < NATIVE_SHARE * 1_000


def is_billed(world: World) -> np.ndarray:
    """Which orders the merchant account was paid for: not those paid in a chat, nor in cash at the till."""
    orders = world.orders
    in_chat = world.pond.joined[orders.person] <= orders.at
    cash = orders.number * 97_531 % 100 < CASH_PER_CENT
    mall, till = orders.platform == brand.WEIMOB, orders.platform == brand.STORE
    return ((orders.platform == brand.YOUZAN) | (mall & ~in_chat) | (till & ~cash)) & (orders.paid > 0)


def _rows_of(world: World, window: Window) -> Iterator[tuple[bool, np.ndarray]]:
    mine = is_billed(world)
    for refunds, moments in ((False, world.fates.paid), (True, world.fates.refunded)):
        rows = np.flatnonzero(mine & (moments >= window.start) & (moments < window.stop))
        if len(rows):
            yield refunds, rows[np.argsort(moments[rows], kind="stable")]


def _lines(world: World, rows: np.ndarray, refunds: bool) -> tuple[pa.StringArray, np.ndarray]:
    orders, fates = world.orders, world.fates
    size, nil = len(rows), np.zeros(len(rows), dtype=np.int64)
    paid = nil if refunds else orders.paid[rows]
    back = fates.refund[rows] if refunds else nil
    fee = (paid * FEE_PER_THOUSAND + 500) // 1_000 - (back * FEE_PER_THOUSAND + 500) // 1_000
    native = is_native(orders.number[rows])
    at_till = orders.platform[rows] == brand.STORE
    moments = (fates.refunded if refunds else fates.paid)[rows]
    refund_id = weave("50300", compact_clock(moments % NEVER), digits(orders.number[rows], 9))
    values = (
        clock(moments), brand.MINI_PROGRAM, brand.MERCHANT, "0", "", transaction_ids(world, rows), flow_numbers(world, rows),
        either(native, brand.MINI_PROGRAM, world.of_person(world.people.openid, rows)),
        choose(("JSAPI", "NATIVE", "MICROPAY"), np.where(at_till, 2, native)),
        "REFUND" if refunds else "SUCCESS", choose(BANKS, orders.number[rows] % len(BANKS)), "CNY", yuan(paid), "0.00",
        refund_id if refunds else "0", weave("R", flow_numbers(world, rows)) if refunds else "0", yuan(back), "0.00",
        "ORIGINAL" if refunds else "",
        "SUCCESS" if refunds else "", "鱼塘茶铺", "", weave(yuan(fee), "000"), "0.60%", yuan(paid), yuan(back), "")
    cells = {name: ("backtick", value) for name, value in zip(HEADERS, values, strict=True)}
    return body_lines(cells), np.array([size, paid.sum(), back.sum(), 0, fee.sum(), paid.sum(), back.sum()])
