"""Pinduoduo's after-sale cases (售后) and account entries (货款明细, between a preamble and a closing line).

Belongs here: their columns. Does not: why customers return things. A case says what the buyer got back, the account what the merchant lost.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.exports import last_look, place
from orchestration.sample.moments import DAY, NEVER, day_of
from orchestration.sample.outbox import Outbox
from orchestration.sample.public.cases import cases_of
from orchestration.sample.public.pinduoduo import ITEM_IDS, order_ids
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import choose, clock, digits, either, weave, yuan
from orchestration.sample.world import World

KINDS = ("未发货退款", "仅退款", "退货退款", "仅退款", "退货退款", "拒收退款", "补偿", "换货")
FEE_PER_THOUSAND = 6
CLOSING_LINE = "#-----------明细列表结束-----------\r\n"


def write_refunds(world: World, outbox: Outbox) -> None:
    """Every case; an exchange ends as a closed one."""
    window = last_look(world)
    cases = cases_of(world, brand.PINDUODUO, window.as_of)
    done = either(cases.is_swap, "售后关闭", "退款成功")
    cells: Cells = {
        "售后编号": ("bare", weave("9", digits(cases.number, 11))), "订单编号": ("bare", order_ids(world, cases.order)),
        "商品id": ("bare", choose(ITEM_IDS, world.lines.product[cases.line])), "交易金额": ("bare", yuan(world.orders.paid[cases.order])),
        "售后状态": ("bare", either(cases.done < NEVER, done, "待商家处理")), "退款类型": ("bare", choose(KINDS, cases.kind)),
        "退款金额": ("bare", yuan(cases.buyer)), "申请时间": ("bare", clock(cases.applied)),
        "退款时间": ("bare", clock(np.where(cases.is_swap, NEVER, cases.done))),
    }
    name = place(brand.PINDUODUO, "refunds", window, f"售后_{window.stamp}.csv")
    outbox.lines(name, header_line(cells), body_lines(cells), "utf-8-sig")


class Bill:
    """The account's file grows chunk by chunk and ends with a closing line."""

    def __init__(self) -> None:
        self.name = ""

    def add(self, world: World, outbox: Outbox) -> None:
        """Income of received orders, fees, refunds after that, and a withdrawal a month."""
        orders, fates, window = world.orders, world.fates, last_look(world)
        self.name = place(brand.PINDUODUO, "bills", window, f"账务明细_{window.stamp}.csv")
        rows = np.flatnonzero((orders.platform == brand.PINDUODUO) & (fates.confirmed < NEVER))
        gone = rows[(fates.refunded[rows] < NEVER) & (fates.refunded[rows] >= fates.confirmed[rows])]
        received = orders.paid[rows] + orders.subsidy[rows]
        entries = [
            (order_ids(world, rows), fates.confirmed[rows], received, "交易收入", "0010002｜交易收入-订单收入"),
            (order_ids(world, rows), fates.confirmed[rows], -(received * FEE_PER_THOUSAND // 1_000), "技术服务费", "0030002｜技术服务费"),
            (order_ids(world, gone), fates.refunded[gone], -fates.refund[gone], "交易退款", "0020002｜交易退款-订单退款"),
        ]
        if world.streams.chunk == 0:
            months = np.arange(world.span.start + 20 * DAY, world.span.stop - 2 * DAY, 30 * DAY)
            entries.append((pa.array(["\t"] * len(months), pa.string()), months, np.full(len(months), -100_000), "提现", "提现"))
        days = f"{day_of(window.start)} 00:00:00 结束时间：{day_of(window.stop - 1)} 23:59:59"
        preamble = f"#拼多多账务明细\r\n#账号：鱼塘茶铺\r\n#起始时间：{days}\r\n#{'-' * 40}\r\n"
        for entry in entries:
            cells = _entries(*entry)
            outbox.lines(self.name, preamble + header_line(cells), body_lines(cells), "gb18030")

    def finish(self, outbox: Outbox) -> None:
        """The closing line."""
        outbox.finish_lines(self.name, CLOSING_LINE, "gb18030")


def _entries(ids: pa.Array, at: np.ndarray, amount: np.ndarray, kind: str, business: str) -> Cells:
    return {
        "商户订单号": ("bare", ids), "发生时间": ("bare", clock(at)), "收入金额（+元）": ("bare", yuan(np.maximum(amount, 0))),
        "支出金额（-元）": ("bare", yuan(np.minimum(amount, 0))), "账务类型": ("bare", kind), "备注": ("bare", ""),
        "业务描述": ("bare", business),
    }
