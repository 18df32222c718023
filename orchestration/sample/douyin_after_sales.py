"""Douyin's after-sale export (售后单): where the money that the order file does not show went back.

Belongs here: its columns. Does not: why customers return things. A case is of one sub-order; subsidies go back with it.
"""

from __future__ import annotations

import numpy as np

from orchestration.sample import brand
from orchestration.sample.douyin import order_ids, sub_order_ids, windows
from orchestration.sample.exports import RESTATED_AFTER, lines_of
from orchestration.sample.fulfilment import LATE, RETURN, WHOLE_ORDER
from orchestration.sample.moments import HOUR, NEVER, SHANGHAI_OFFSET, Window
from orchestration.sample.outbox import Outbox
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import choose, clock, digits, either, weave, yuan
from orchestration.sample.world import World

KINDS = ("未发货仅退款", "已发货仅退款", "退货退款", "已发货仅退款", "退货退款", "拒收退款", "补偿")  # by refund kind
REASONS = ("不想要了", "少件/漏发", "七天无理由退货", "商品有瑕疵 协商退部分", "商品质量问题", "拒收", "价保 退差额")


def cases(world: World) -> np.ndarray:
    """Positions of the Douyin lines that have a case."""
    rows = np.flatnonzero((world.orders.platform == brand.DOUYIN) & (world.fates.refund_applied < NEVER))
    lines = lines_of(world, rows)
    of_order = world.fates.refund_line[world.lines.order[lines]]
    return lines[(of_order == WHOLE_ORDER) | (of_order == lines)]


def cells_of(world: World, lines: np.ndarray, as_of: int) -> Cells:
    """The columns that are known of this export, in its order."""
    part, fates = world.lines, world.fates
    order = part.order[lines]
    kind, done = fates.refund_kind[order], fates.refunded[order] <= as_of
    by_line = fates.refund_line[order] != WHOLE_ORDER
    freight = np.where(by_line, 0, part.freight[lines])
    goods = np.where(by_line, fates.refund[order], part.paid[lines] - part.freight[lines])
    subsidy = np.where(by_line, 0, part.subsidy[lines])
    finished = np.where(done, fates.refunded[order], NEVER)
    waits = choose(("待商家处理", "待买家退货处理", "待商家收货"), np.select([kind == RETURN, kind == LATE], [1, 2], 0))
    status = either(done, "同意退款，退款成功", waits)
    serial = digits(world.orders.number[order] * 4 + part.ordinal[lines] - 1, 8)
    return {
        "售后单号": ("tab", weave("14", digits(fates.refund_applied[order] % 1_000_000_000, 9), serial)),
        "订单号": ("tab", order_ids(world, order)), "商品单号": ("tab", sub_order_ids(world, lines)),
        "商品名称": ("tab", choose(brand.TITLES, part.product[lines])), "商品ID": ("tab", choose(brand.ITEM_IDS, part.product[lines])),
        "应付金额（元）": ("bare", yuan(part.paid[lines])), "售后类型": ("bare", choose(KINDS, kind)),
        "退商品金额（元）": ("bare", yuan(goods)),
        "退运费金额（元）": ("bare", yuan(freight)), "退支付优惠（元）": ("bare", yuan(subsidy)), "退税费金额（元）": ("bare", "0.00"),
        "售后状态": ("bare", status), "售后申请时间": ("bare", clock(fates.refund_applied[order])), "退款方式": ("bare", "原路退回"),
        "售后原因": ("bare", choose(REASONS, kind)), "商家退款时间": ("bare", clock(finished, "-")),
        "用户到账时间": ("bare", clock(np.where(done, finished + 60, NEVER), "-")), "售后完结时间": ("bare", clock(finished, "-")),
        "商家编码": ("tab", choose(brand.PRODUCT_CODES, part.product[lines])),
    }


def write_after_sales(world: World, outbox: Outbox) -> None:
    """Cases by the month in which they were opened; cases that ended later stand again in a closing file."""
    lines, plan = cases(world), windows(world.span)
    opened, ended = world.fates.refund_applied[world.lines.order[lines]], world.fates.refunded[world.lines.order[lines]]
    open_then = np.zeros(len(lines), dtype=bool)
    for window in plan:
        inside = (opened >= window.start) & (opened < window.stop) & (opened <= window.as_of)
        open_then |= inside & (ended > window.as_of)
        _write(world, outbox, lines[inside], window.as_of)
    closing = plan[-1].stop + 9 * HOUR + RESTATED_AFTER
    late = opened > plan[-1].as_of
    _write(world, outbox, lines[(open_then & (ended <= closing)) | late], closing)


def _write(world: World, outbox: Outbox, lines: np.ndarray, as_of: int) -> None:
    if not len(lines):
        return
    window, epoch = Window(0, 0, as_of), as_of - SHANGHAI_OFFSET
    cells = cells_of(world, lines, as_of)
    name = f"douyin/after_sales/account={brand.DOUYIN_ACCOUNT}/date={window.taken_on}/{epoch}_售后单.csv"
    outbox.lines(name, header_line(cells, end="\n"), body_lines(cells, "\n"), "utf-8-sig")

