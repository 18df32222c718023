"""WeChat shop's back-office order file: one row per line, order amounts on the first line only, the WeCom identity of guided buyers.

Belongs here: its columns, order and quirks. Does not: what the orders are, the same orders as the API tells them.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.exports import MEMOS, lines_of, place, regions, rows_between
from orchestration.sample.fulfilment import CLOSED, View, refund_of_lines, view_at
from orchestration.sample.moments import DAY, HOUR, NEVER, Window
from orchestration.sample.outbox import Outbox
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import choose, clock, compact_clock, digits, either, weave, whole, yuan
from orchestration.sample.world import World

STATUSES = ("待付款", "待付款", "待发货", "已发货", "已完成", "已取消")
CREATORS = tuple((f"sph000000000000{number:02d}", name) for number, name in enumerate(("视频号茶姐", "山里阿叔"), start=1))
ITEM_IDS = tuple(f"10000{position:06d}" for position in range(1, len(brand.TITLES) + 1))
API_SHARE = 0.45  # of the span, at its end, that the API tells
BOTH_TELL = 20 * DAY  # the back office's file reaches into the API's time
FEE_RATE, COMMISSION_RATE = 5, 15  # percent


def order_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """19 digits."""
    return weave("372", digits(world.orders.number[rows] * 31 + 1_000_000_000, 16))


def transaction_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """WeChat Pay's transaction_id: 28 digits."""
    day = pc.utf8_slice_codeunits(compact_clock(world.fates.paid[rows] % NEVER), 0, 8)
    return weave("4200000263", day, digits(world.orders.number[rows], 10))


def api_from(world: World) -> int:
    """The first moment that the API tells."""
    return world.span.start + int(world.span.days * (1 - API_SHARE)) * DAY


def guides_of(world: World, rows: np.ndarray) -> np.ndarray:
    """The member of staff who guided each order, −1 for most: a friend's first contact, for friends who bought on a share or by proxy."""
    ties, person = world.friendships, world.orders.person[rows]
    staff = np.full(len(world.people), -1)
    staff[ties.person[::-1]] = ties.staff[::-1]
    is_friend = (world.pond.joined[person] < world.orders.at[rows]) & (world.pond.left[person] > world.orders.at[rows])
    guided = is_friend & ((world.orders.number[rows] % 3 == 0) | (world.orders.kind[rows] == brand.GUIDE_PROXY))
    return np.where(guided, staff[person], -1)


def creator_of(world: World, rows: np.ndarray) -> np.ndarray:
    """The creator who sold the order, −1 when none did."""
    return np.where(world.orders.cause[rows] == brand.POSITION["wechat_kol"], world.orders.number[rows] % len(CREATORS), -1)


def order_cells(world: World, rows: np.ndarray, view: View) -> Cells:
    """The columns."""
    orders, lines, people = world.orders, world.lines, world.people
    line = lines_of(world, rows)
    order, product, first = lines.order[line], lines.product[line], lines.ordinal[line] == 1
    province, city, district = regions(world, order)
    creator, guide = creator_of(world, order), guides_of(world, order)
    paid = view.paid[order] < NEVER
    refund = refund_of_lines(lines, orders, world.fates, view, line)
    moved = paid & (orders.paid[order] > 0)

    def once(cents: np.ndarray, where: np.ndarray | None = None) -> tuple:
        return ("bare", either(first if where is None else first & where, yuan(cents), ""))

    def of_creator(part: int) -> tuple:
        return ("bare", either(creator >= 0, choose([entry[part] for entry in CREATORS], np.maximum(creator, 0)), ""))

    goods = lines.paid[line] - lines.freight[line]
    return {
        "订单号": ("bare", weave("\t", order_ids(world, order))), "订单下单时间": ("bare", clock(orders.at[order])),
        "订单发货时间": ("bare", clock(view.shipped[order])),
        "订单确认收货时间": ("bare", clock(np.where(view.status[order] == CLOSED, NEVER, view.confirmed[order]))),
        "订单完成结算时间": ("bare", ""),
        "订单状态": ("bare", choose(STATUSES, view.status[order])), "发货方式": ("bare", "快递"),
        "收件人姓名": ("bare", world.of_person(people.name, order)),
        "收件人地址": ("bare", "鱼塘路1号"), "省": ("bare", province), "市": ("bare", city), "区": ("bare", district),
        "收件人手机": ("bare", world.receivers.phone.take(pa.array(order))), "买家备注": ("bare", ""),
        "商家备注": ("bare", choose(MEMOS, orders.kind[order])),
        "商品总价": once(orders.list[order]), "订单实际支付金额": once(orders.paid[order]),
        "订单实际收款金额": once(orders.paid[order], paid),
        "订单运费": once(orders.freight[order]), "商品优惠": once(orders.discount[order]), "支付方式": ("bare", "微信支付"),
        "支付时间": ("bare", clock(view.paid[order])), "交易单号": ("bare", either(moved, transaction_ids(world, order), "")),
        "物流公司": ("bare", "顺丰速运"), "快递单号": ("bare", ""), "技术服务费": once(orders.paid[order] * FEE_RATE // 100, paid),
        "带货方式": ("bare", either(creator >= 0, "直播", "")), "带货账号类型": ("bare", either(creator >= 0, "达人", "")),
        "带货账号昵称": of_creator(1),
        "带货ID": of_creator(0), "带货费用": once(orders.paid[order] * COMMISSION_RATE // 100, creator >= 0),
        "带货佣金率": ("bare", either(creator >= 0, f"{COMMISSION_RATE}%", "")), "企微企业ID": ("bare", either(guide >= 0, brand.CORP, "")),
        "企微工号": ("bare", either(guide >= 0, choose(brand.STAFF, np.maximum(guide, 0)), "")),
        "企业微信加密id": ("bare", either(guide >= 0, world.of_person(people.external_userid, order), "")), "企微备注": ("bare", ""),
        "商品名称": ("bare", choose(brand.TITLES, product)), "商品编码(平台)": ("bare", choose(ITEM_IDS, product)),
        "商品编码(自定义)": ("bare", "YT"),
        "SKU编码(自定义)": ("bare", choose(brand.PRODUCT_CODES, product)), "商品属性": ("bare", "默认"),
        "商品价格(单件)": ("bare", yuan(np.array(brand.PRICES)[product])),
        "商品实际价格(单件)": ("bare", yuan(goods // lines.quantity[line])),
        "商品实际价格(总共)": ("bare", yuan(goods)), "商品数量": ("bare", whole(lines.quantity[line])), "是否预售": ("bare", "否"),
        "商品售后": ("bare", either(refund > 0, "退款完成", "")), "商品已退款金额": ("bare", yuan(refund)),
    }


def write_orders(world: World, outbox: Outbox) -> None:
    """The orders before the API was connected, and a few weeks after that, as they stand at the end."""
    window = Window(world.span.start, min(api_from(world) + BOTH_TELL, world.span.stop), world.span.stop + 8 * HOUR)
    rows = rows_between(world, brand.WECHAT_SHOP, window)
    cells = order_cells(world, rows, view_at(world.orders, world.fates, window.as_of))
    name = place(brand.WECHAT_SHOP, "orders", window, f"订单_{window.stamp}.csv")
    outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")
