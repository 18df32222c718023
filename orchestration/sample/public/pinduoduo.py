"""Pinduoduo's order export: one row per order of one SKU, a tab behind most cells, no buyer.

Belongs here: its columns, order and quirks. Does not: what the orders are. The status words hold refunds, their amounts stand elsewhere.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.exports import MEMOS, halves, place, regions
from orchestration.sample.fulfilment import CLOSED, View
from orchestration.sample.moments import NEVER
from orchestration.sample.outbox import Outbox
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import choose, clock, compact_clock, digits, either, weave, whole, yuan
from orchestration.sample.world import World

STATUSES = ("待付款", "待付款", "待发货", "已发货，待收货", "已收货", "已取消")
REFUNDED = ("待付款", "待付款", "待发货，退款成功", "已发货，退款成功", "已收货，退款成功", "已取消，退款成功")
HIDDEN_REGION_SHARE = 0.3
ITEM_IDS = tuple(f"7542900{position:05d}" for position in range(1, len(brand.TITLES) + 1))


def order_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """The day of the order, then 15 digits."""
    day = pc.utf8_slice_codeunits(compact_clock(world.orders.at[rows]), 2, 8)
    return weave(day, "-", digits(world.orders.number[rows] * 7_919 + 100_000_000_000_000, 15))


def is_live(world: World, rows: np.ndarray) -> np.ndarray:
    """Sold in a live room."""
    return world.orders.cause[rows] == brand.POSITION["pdd_live"]


def order_cells(world: World, rows: np.ndarray, view: View) -> Cells:
    """The columns."""
    orders, lines = world.orders, world.lines
    line = orders.first_line[:-1][rows]
    product, status = lines.product[line], view.status[rows]
    refund = view.refund[rows] > 0
    province, city, _ = regions(world, rows)
    hidden = orders.number[rows] % 10 < HIDDEN_REGION_SHARE * 10

    def tabbed(value: pa.Array | str) -> tuple:
        return ("bare", weave(value, "\t") if not isinstance(value, str) else value + "\t")

    return {
        "商品": tabbed(choose(brand.TITLES, product)), "订单号": tabbed(order_ids(world, rows)),
        "订单状态": tabbed(either(refund, choose(REFUNDED, status), choose(STATUSES, status))),
        "商品总价(元)": ("bare", yuan(orders.list[rows])), "邮费(元)": ("bare", yuan(orders.freight[rows])),
        "店铺优惠折扣(元)": ("bare", yuan(orders.discount[rows])), "平台优惠折扣(元)": ("bare", yuan(orders.subsidy[rows])),
        "多多支付立减金额(元)": ("bare", "0"), "用户实付金额(元)": ("bare", yuan(orders.paid[rows])),
        "商家实收金额(元)": ("bare", yuan(orders.paid[rows] + orders.subsidy[rows])), "商品数量(件)": ("bare", whole(lines.quantity[line])),
        "发货时间": tabbed(clock(view.shipped[rows])),
        "确认收货时间": tabbed(clock(np.where(status == CLOSED, NEVER, view.confirmed[rows]))),
        "商品id": tabbed(choose(ITEM_IDS, product)), "商品规格": tabbed("默认"), "样式ID": tabbed(choose(ITEM_IDS, product)),
        "商家编码-规格维度": tabbed(choose(brand.PRODUCT_CODES, product)), "商家编码-商品维度": tabbed("YT"),
        "商家备注": tabbed(choose(MEMOS, orders.kind[rows])),
        "售后状态": tabbed(either(refund, "退款成功", either(view.is_refunding[rows], "售后处理中", "无售后或售后取消"))),
        "快递单号": tabbed(either(view.shipped[rows] < NEVER, weave("SF", digits(orders.number[rows], 10)), "")),
        "快递公司": tabbed("中通快递"),
        "订单成交时间": tabbed(clock(view.paid[rows])), "省": ("bare", either(hidden, "****", province)),
        "市": ("bare", either(hidden, "****", city)),
        "是否直播间成交": ("bare", either(is_live(world, rows), "是", "否")),
    }


def write_orders(world: World, outbox: Outbox) -> None:
    """Orders of each half."""
    for window, rows, view in halves(world, brand.PINDUODUO):
        name = place(brand.PINDUODUO, "orders", window, f"orders_export{window.stamp}.csv")
        cells = order_cells(world, rows, view)
        outbox.lines(name, header_line(cells), body_lines(cells), "utf-8-sig")
