"""Xiaohongshu's order workbook: one row per SKU of a package, a buyer number of the platform (用户编号), receivers masked.

Belongs here: its columns, order and quirks. Does not: what the orders are.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.exports import MEMOS, halves, lines_of, masked_phones, place, regions
from orchestration.sample.fulfilment import COMPLETED, View
from orchestration.sample.moments import NEVER
from orchestration.sample.outbox import Outbox
from orchestration.sample.people import xhs_user_ids
from orchestration.sample.tables import Cells, sheet_head, sheet_rows
from orchestration.sample.text import choose, clock, compact_clock, digits, either, weave, whole, yuan
from orchestration.sample.world import World

STATUSES = ("已下单待付款", "待付尾款", "待发货", "已发货", "已完成", "已取消")
CREATORS = tuple(
    (f"5e00000000000000000000{number:02d}", name) for number, name in enumerate(("茶茶的日常", "小红薯泡茶", "周末围炉"), start=1))
SKU_IDS = tuple(f"5f0000000000000000{position:06d}" for position in range(1, len(brand.TITLES) + 1))


def order_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """P and 18 digits."""
    return weave("P8", digits(world.orders.number[rows] * 13 + 10_000_000, 17))


def transaction_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """The payment channel's number: 28 digits."""
    day = pc.utf8_slice_codeunits(compact_clock(world.fates.paid[rows] % NEVER), 0, 8)
    return weave("4200000263", day, digits(world.orders.number[rows], 10))


def creator_of(world: World, rows: np.ndarray) -> np.ndarray:
    """The creator who sold the order, −1 when none did."""
    by_creator = world.orders.cause[rows] == brand.POSITION["xiaohongshu_kol"]
    return np.where(by_creator, world.orders.number[rows] % len(CREATORS), -1)


def order_cells(world: World, rows: np.ndarray, view: View) -> Cells:
    """The columns; amounts per SKU row, freight of the package on each of its rows."""
    orders, lines = world.orders, world.lines
    line = lines_of(world, rows)
    order, product = lines.order[line], lines.product[line]
    creator, status = creator_of(world, order), view.status[order]
    due = lines.paid[line] - lines.freight[line]
    province, city, district = regions(world, order)
    paid = (view.paid[order] < NEVER) & (orders.paid[order] > 0)
    after_sale = np.where(view.refund[order] > 0, 2, view.is_refunding[order].astype(np.int64))
    is_gift = np.isin(orders.kind[order], (brand.GIFT,))
    return {
        "订单号": ("bare", order_ids(world, order)), "订单状态": ("bare", choose(STATUSES, status)),
        "售后状态": ("bare", choose(("无售后", "售后处理中", "售后完成"), after_sale)), "订单类型": ("bare", "现货"),
        "订单标记": ("bare", "-"),
        "收件人姓名": ("bare", "余*"), "收件人电话": ("bare", masked_phones(world, order)),
        "收件人地址": ("bare", weave(province, city, district, "****")),
        "省": ("bare", province), "市": ("bare", city), "区": ("bare", district), "小红书编码": ("bare", ""),
        "条形码": ("bare", choose(brand.PRODUCT_CODES, product)), "规格ID": ("bare", choose(SKU_IDS, product)),
        "达人ID": ("bare", either(creator >= 0, choose([key for key, _ in CREATORS], np.maximum(creator, 0)), "")),
        "达人名称": ("bare", either(creator >= 0, choose([name for _, name in CREATORS], np.maximum(creator, 0)), "")),
        "SKU名称": ("bare", choose(brand.TITLES, product)), "SKU规格": ("bare", "默认"), "SKU件数": ("bare", whole(lines.quantity[line])),
        "是否为赠品": ("bare", either(is_gift, "是", "否")), "商品总价(元)": ("bare", yuan(lines.list[line])),
        "用户应付金额(元)": ("bare", yuan(due)),
        "平台优惠(元)": ("bare", yuan(lines.subsidy[line])), "店铺优惠(元)": ("bare", yuan(lines.discount[line])),
        "支付渠道优惠(元)": ("bare", "0.00"),
        "SKU商家改价(元)": ("bare", "0.00"), "商家应收金额(元)（支付金额）": ("bare", yuan(due + lines.subsidy[line])),
        "支付方式": ("bare", "微信"),
        "支付渠道订单号": ("bare", either(paid, transaction_ids(world, order), "")), "支付时间": ("bare", clock(view.paid[order])),
        "订单创建时间": ("bare", clock(orders.at[order])), "订单发货时间": ("bare", clock(view.shipped[order])),
        "订单完成时间": ("bare", clock(np.where(status == COMPLETED, view.confirmed[order], NEVER))),
        "包裹总运费(元)": ("bare", yuan(orders.freight[order])), "用户备注": ("bare", ""),
        "包裹备注信息": ("bare", choose(MEMOS, orders.kind[order])),
        "店铺名称": ("bare", "鱼塘茶铺小红书店"), "用户编号": ("bare", world.of_person(xhs_user_ids(world.people), order)),
        "商家编码": ("bare", choose(brand.PRODUCT_CODES, product)), "商品ID": ("bare", choose(SKU_IDS, product)),
        "商品名称": ("bare", choose(brand.TITLES, product)),
    }


def write_orders(world: World, outbox: Outbox) -> None:
    """Orders of each half."""
    for window, rows, view in halves(world, brand.XIAOHONGSHU):
        cells = order_cells(world, rows, view)
        name = place(brand.XIAOHONGSHU, "orders", window, f"小红书订单查询_{window.stamp}.xlsx")
        outbox.sheet(name, "订单信息", sheet_head(cells), sheet_rows(cells))
