"""WeChat shop's API: orders (channels/ec/order/get) and after-sale cases, amounts in fen; and the shop's account file (动账), in yuan.

Belongs here: their JSON and columns. Does not: what the orders are. The API counts refunded pieces and names no amount.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.exports import MEMOS, last_look, lines_of, listed, place, regions, rows_between
from orchestration.sample.fulfilment import CLOSED, IN_PART, LATE, REJECTED, RETURN, View, refund_of_lines, view_at
from orchestration.sample.moments import HOUR, NEVER, SHANGHAI_OFFSET, Window
from orchestration.sample.outbox import Outbox, PageSet
from orchestration.sample.people import shop_openids
from orchestration.sample.public.cases import cases_of
from orchestration.sample.public.wechat_shop import (
    COMMISSION_RATE,
    FEE_RATE,
    ITEM_IDS,
    api_from,
    creator_of,
    guides_of,
    order_ids,
    transaction_ids,
)
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import choose, clock, digits, either, weave, whole, yuan
from orchestration.sample.world import World

ACCOUNT = f"{brand.ACCOUNTS[brand.WECHAT_SHOP]}@{brand.OPEN_PLATFORM}"
STATES = ("10", "10", "20", "30", "100", "200")
CASE_TYPES = ("REFUND", "REFUND", "RETURN", "REFUND", "RETURN", "RETURN", "REFUND", "EXCHANGE")
PAGE = 5_000
OTHER, LIVE = 1, 2  # order_scene


def unix(moments: np.ndarray) -> pa.StringArray:
    """Seconds since 1970 in UTC; 0 for what never comes."""
    return whole(np.where(moments >= NEVER, 0, moments - SHANGHAI_OFFSET))


def line_objects(world: World, rows: np.ndarray, view: View) -> pa.StringArray:
    """The content of `product_infos`, per order."""
    lines, counts = world.lines, world.orders.line_count[rows]
    line = lines_of(world, rows)
    product, quantity = lines.product[line], lines.quantity[line]
    refund = refund_of_lines(lines, world.orders, world.fates, view, line)
    pieces = np.where((refund > 0) & ~np.isin(world.fates.refund_kind[lines.order[line]], IN_PART), quantity, 0)
    objects = weave(
        '{"product_id":', choose(ITEM_IDS, product), ',"sku_id":"2', digits(lines.ordinal[line], 3), choose(ITEM_IDS, product),
        '","sku_cnt":', whole(quantity),
        ',"title":"', choose(brand.TITLES, product), '","sale_price":', whole(np.array(brand.PRICES)[product]), ',"market_price":',
        whole(np.array(brand.PRICES)[product]), ',"real_price":', whole(lines.paid[line] - lines.freight[line]), ',"sku_code":"',
        choose(brand.PRODUCT_CODES, product), '","on_aftersale_sku_cnt":0,"finish_aftersale_sku_cnt":', whole(pieces), "}")
    return listed(counts, objects)


def order_objects(world: World, rows: np.ndarray, view: View) -> pa.StringArray:
    """One order each, with a comma before it."""
    orders, status = world.orders, view.status[rows]
    moved = (view.paid[rows] < NEVER) & (orders.paid[rows] > 0)
    unpaid_closed = (status == CLOSED) & (view.paid[rows] >= NEVER)
    province, city, district = regions(world, rows)
    by_live = orders.cause[rows] == brand.POSITION["wechat_live"]
    guided = guides_of(world, rows) >= 0
    commission = np.where(creator_of(world, rows) >= 0, orders.paid[rows] * COMMISSION_RATE // 100, 0)
    return weave(
        ',{"order_id":"', order_ids(world, rows), '","openid":"', world.of_person(shop_openids(world.people), rows), '","unionid":"',
        world.of_person(world.people.unionid, rows),
        '","status":', either(unpaid_closed, "250", choose(STATES, status)), ',"create_time":', unix(orders.at[rows]), ',"update_time":',
        unix(view.changed[rows]),
        ',"order_detail":{"product_infos":[', line_objects(world, rows, view), '],"pay_info":{"transaction_id":"',
        either(moved, transaction_ids(world, rows), ""), '","pay_time":', unix(view.paid[rows]),
        ',"payment_method":1},"price_info":{"product_price":',
        whole(orders.list[rows]), ',"order_price":', whole(orders.paid[rows]), ',"freight":', whole(orders.freight[rows]),
        ',"discounted_price":',
        whole(orders.discount[rows]), '},"delivery_info":{"address_info":{"user_name":"余*","province_name":"', province, '","city_name":"',
        city,
        '","county_name":"', district,
        '","detail_info":"鱼塘路","tel_number":"139****0000"}},"ext_info":{"customer_notes":"","merchant_notes":"',
        choose(MEMOS, orders.kind[rows]), '","order_scene":', whole(np.where(by_live, LIVE, OTHER)), ',"confirm_receipt_time":',
        unix(np.where(status == CLOSED, NEVER, view.confirmed[rows])), '},"sharer_info":{"sharer_type":', whole(guided.astype(np.int64)),
        ',"share_scene":5,"handling_progress":1},"settle_info":{"predict_commission_fee":', whole(commission), "}}}")


def write_orders(world: World, outbox: Outbox) -> None:
    """The orders since the API was connected, as they stand at the end."""
    window = Window(api_from(world), world.span.stop, world.span.stop + 9 * HOUR)
    rows = rows_between(world, brand.WECHAT_SHOP, window)
    name = place(brand.WECHAT_SHOP, "orders_api", window, f"orders_{window.stamp}", ACCOUNT)

    def pages() -> PageSet:
        def wrap(records: bytes, page: int, last: bool) -> bytes:
            return b'{"errcode":0,"errmsg":"ok","orders":[' + records + b"]}\n"

        return PageSet(lambda page: f"{name}_{page:04d}.json", wrap, PAGE)

    if len(rows):
        outbox.records("wechat_shop/orders_api", order_objects(world, rows, view_at(world.orders, world.fates, window.as_of)), pages)


def write_after_sales(world: World, outbox: Outbox) -> None:
    """Every case, one JSON object per line."""
    window = last_look(world)
    cases = cases_of(world, brand.WECHAT_SHOP, window.as_of)
    if not len(cases):
        return  # JSON lines have no header: a file without cases would be an empty one
    returned = np.isin(cases.kind, (RETURN, LATE, REJECTED))
    done = either(cases.is_swap, "RETURN_CLOSED", either(returned, "MERCHANT_RETURN_SUCCESS", "MERCHANT_REFUND_SUCCESS"))
    product = choose(ITEM_IDS, world.lines.product[cases.line])
    lines = weave(
        '{"after_sale_order":{"after_sale_order_id":"2', digits(cases.number, 15), '","order_id":"', order_ids(world, cases.order),
        '","openid":"',
        world.of_person(shop_openids(world.people), cases.order), '","unionid":"', world.of_person(world.people.unionid, cases.order),
        '","status":"',
        either(cases.done < NEVER, done, "MERCHANT_PROCESSING"), '","type":"', choose(CASE_TYPES, cases.kind),
        '","reason":"NO_LONGER_WANT","refund_info":{"amount":', whole(cases.buyer), '},"product_info":{"product_id":"', product,
        '","sku_id":"2', product,
        '","count":1},"create_time":', unix(cases.applied), ',"update_time":',
        unix(np.where(cases.done < NEVER, cases.done, cases.applied)), "}}\n")
    outbox.lines(place(brand.WECHAT_SHOP, "after_sales", window, f"cases_{window.stamp}.jsonl", ACCOUNT), "", lines)


def write_funds(world: World, outbox: Outbox) -> None:
    """Payments, refunds, service fees of received orders and creators' commissions."""
    orders, fates, window = world.orders, world.fates, last_look(world)
    mine = (orders.platform == brand.WECHAT_SHOP) & (orders.paid > 0)
    paid, back = np.flatnonzero(mine & (fates.paid < NEVER)), np.flatnonzero(mine & (fates.refunded < NEVER))
    kept = np.flatnonzero(mine & (fates.confirmed < NEVER))
    sold = kept[creator_of(world, kept) >= 0]
    name = place(brand.WECHAT_SHOP, "funds", window, f"动账_{window.stamp}.csv")
    for kind, (word, rows, at, cents, comes_in) in enumerate((
        ("订单支付", paid, fates.paid[paid], orders.paid[paid], True), ("订单退款", back, fates.refunded[back], fates.refund[back], False),
        ("技术服务费", kept, fates.confirmed[kept], orders.paid[kept] * FEE_RATE // 100, False),
        ("达人佣金", sold, fates.confirmed[sold], orders.paid[sold] * COMMISSION_RATE // 100, False))):
        cells: Cells = {
            "流水单号": ("bare", weave("'1", digits(orders.number[rows] * 8 + kind, 17))), "记账时间": ("bare", clock(at)),
            "动帐类型": ("bare", word),
            "收支类型": ("bare", "收入" if comes_in else "支出"), "收支金额": ("bare", yuan(cents)), "账户余额": ("bare", "-"),
            "关联订单号": ("bare", order_ids(world, rows)), "详情": ("bare", ""),
        }
        outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")
