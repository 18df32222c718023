"""JD's order export: one row per SKU with the order's amounts repeated on each, and the parents of orders that were split.

Belongs here: its columns, order and quirks. Does not: what the orders are. A refund amount never stands in it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.exports import MEMOS, halves, lines_of, place, regions
from orchestration.sample.fulfilment import COMPLETED, View
from orchestration.sample.moments import NEVER
from orchestration.sample.outbox import Outbox
from orchestration.sample.people import jd_pins
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import choose, clock, digits, either, weave, whole, yuan
from orchestration.sample.world import World

STATUSES = ("等待付款\t", "等待付款\t", "等待出库\t", "等待确认收货\t", "完成\t", "取消\t")
BALANCE = 1_000  # cents, paid from the buyer's balance by some
SPLIT_EVERY = 15  # of so many orders one is the child of a split parent, which keeps its row as (删除)…
CODES = tuple(f"10{position:08d}" for position in range(1, len(brand.TITLES) + 1))  # 商品ID


def order_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """12 digits."""
    return weave("35", digits(world.orders.number[rows], 10))


def parent_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """The numbers of the orders out of which these were split."""
    return weave("34", digits(world.orders.number[rows], 10))


def order_cells(world: World, rows: np.ndarray, view: View, parents: bool = False) -> Cells:
    """The columns; with `parents` the rows of the split orders' parents, which name their child and are no sale."""
    orders, lines, people = world.orders, world.lines, world.people
    line = lines_of(world, rows)
    order = lines.order[line]
    ids = order_ids(world, order)
    balance = np.where((orders.number[order] % 11 == 0) & (orders.paid[order] > 2 * BALANCE), BALANCE, 0)
    province, city, district = regions(world, order)
    paid = view.paid[order] < NEVER
    memo = choose(MEMOS, orders.kind[order])
    return {
        "订单号": ("bare", weave("'", parent_ids(world, order) if parents else ids)),
        "商品ID": ("bare", choose(CODES, lines.product[line])),
        "商品名称": ("quoted", choose(brand.TITLES, lines.product[line])), "订购数量": ("bare", whole(lines.quantity[line])),
        "支付方式": ("bare", "在线支付"), "下单时间": ("bare", clock(orders.at[order])),
        "京东价": ("bare", yuan(np.array(brand.PRICES)[lines.product[line]])),
        "订单金额": ("bare", yuan(orders.list[order] + orders.freight[order])), "结算金额": ("bare", yuan(orders.paid[order])),
        "余额支付": ("bare", yuan(balance)), "应付金额": ("bare", yuan(orders.paid[order] - balance)),
        "订单状态": ("bare", "(删除)等待出库" if parents else choose(STATUSES, view.status[order])), "订单类型": ("bare", "销售订单"),
        "下单帐号": ("bare", world.of_person(jd_pins(people), order)), "客户姓名": ("bare", world.of_person(people.name, order)),
        "客户地址": ("bare", weave(province, city, district, "鱼塘路1号")),
        "联系电话": ("bare", world.receivers.phone.take(pa.array(order))),
        "订单备注": ("bare", ""), "发票类型": ("bare", ""), "发票抬头": ("bare", ""), "发票内容": ("bare", ""),
        "商家备注": ("bare", weave("订单拆分为 ", ids) if parents else memo), "商家备注等级（等级1-5为由高到低）": ("bare", ""),
        "运费金额": ("bare", yuan(orders.freight[order])), "付款确认时间": ("bare", clock(view.paid[order])), "增值税发票": ("bare", ""),
        "货号": ("bare", choose(brand.PRODUCT_CODES, lines.product[line])),
        "订单完成时间": ("bare", clock(np.where(view.status[order] == COMPLETED, view.confirmed[order], NEVER))),
        "订单来源": ("bare", "移动端订单"), "订单渠道": ("bare", either(paid, "暂无来源", "")), "送装服务": ("bare", ""),
        "服务费": ("bare", ""),
        "仓库id": ("bare", ""), "仓库名称": ("bare", ""), "商家SKUID": ("bare", choose(brand.PRODUCT_CODES, lines.product[line])),
    }


def write_orders(world: World, outbox: Outbox) -> None:
    """Orders of each half, GB18030; parents of split orders stand above their children's rows."""
    for window, rows, view in halves(world, brand.JD):
        name = place(brand.JD, "orders", window, f"{window.stamp}.csv")
        split = rows[(world.orders.number[rows] % SPLIT_EVERY == 0) & (view.paid[rows] < NEVER)]
        for parents, some in ((True, split), (False, rows)):
            cells = order_cells(world, some, view, parents)
            outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")
