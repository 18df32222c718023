"""Youzan's order API (youzan.trades.sold.get 4.0.4), one page per file, and the payment numbers it shares with WeChat Pay.

Belongs here: its JSON. Does not: what the orders are.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.exports import MEMOS, every_file, lines_of
from orchestration.sample.fulfilment import CLOSED, View
from orchestration.sample.hard_cases import TABLET_OPENID, TABLET_YZ_OPEN_ID
from orchestration.sample.moments import NEVER, Window, export_windows
from orchestration.sample.outbox import Outbox, PageSet
from orchestration.sample.text import choose, clock, compact_clock, digits, either, weave, whole, yuan
from orchestration.sample.world import World

STATUSES = ("WAIT_BUYER_PAY", "WAIT_BUYER_PAY", "WAIT_SELLER_SEND_GOODS", "WAIT_BUYER_CONFIRM_GOODS", "TRADE_SUCCESS", "TRADE_CLOSED")
NO_REFUND, PARTLY, FULLY = 0, 2, 12
PAGE = 100
KNOWN_OPENID_SHARE = 0.72  # for the rest only the WeChat Pay bill says who paid
CIPHER_SHARE = 0.25  # phones that arrive as ciphertext


def order_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """`E`, the time, ten digits."""
    return weave("E", compact_clock(world.orders.at[rows]), digits(world.orders.number[rows], 10))


def flow_numbers(world: World, rows: np.ndarray) -> pa.StringArray:
    """Youzan's payment flow number, which is WeChat Pay's out_trade_no: 28 digits."""
    return weave(compact_clock(world.fates.paid[rows] % NEVER), "0001", digits(world.orders.number[rows], 10))


def transaction_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """WeChat Pay's transaction_id: 28 digits."""
    day = pc.utf8_slice_codeunits(compact_clock(world.fates.paid[rows] % NEVER), 0, 8)
    return weave("4200000263", day, digits(world.orders.number[rows], 10))


def page_set(window: Window, size: int) -> PageSet:
    """The page files of one pull."""
    def path(page: int) -> str:
        return f"youzan/orders/account={brand.YOUZAN_SHOP}/date={window.taken_on}/trades_{window.stamp}_{page:04d}.json"

    def wrap(records: bytes, page: int, last: bool) -> bytes:
        return b'{"code":200,"success":true,"message":"successful","data":{"full_order_info_list":[' + records + b"]}}\n"

    return PageSet(path, wrap, size)


def line_objects(world: World, rows: np.ndarray) -> pa.StringArray:
    """The JSON array content of each order's lines."""
    part, counts, line = world.lines, world.orders.line_count[rows], lines_of(world, rows)
    order, product = part.order[line], part.product[line]
    is_gift = (world.orders.kind[order] == brand.GIFT).astype(np.int8)
    objects = weave(
        '{"oid":"', digits(world.orders.number[order] * 10 + part.ordinal[line], 19),
        '","item_id":"', choose(brand.ITEM_IDS, product), '","sku_id":"0","outer_item_id":"', choose(brand.PRODUCT_CODES, product),
        '","title":"', choose(brand.TITLES, product), '","num":', whole(part.quantity[line]),
        ',"price":"', yuan(np.array(brand.PRICES)[product]), '","total_fee":"', yuan(part.list[line]),
        '","payment":"', yuan(part.paid[line]), '","is_present":', choose(("false", "true"), is_gift), "}")
    text, firsts = None, np.cumsum(counts) - counts
    for ordinal in range(int(counts.max(initial=1))):
        there = counts > ordinal
        piece = objects.take(pa.array(np.where(there, firsts + ordinal, 0)))
        text = piece if text is None else either(there, weave(text, ",", piece), text)
    return text


def _share(numbers: np.ndarray, multiplier: int) -> np.ndarray:
    """A fixed lot in [0, 1) per order number, so that every export of an order hides the same cells."""
    return numbers * multiplier % 1_000 / 1_000


def buyer_parts(world: World, rows: np.ndarray) -> list[pa.Array | str]:
    """`buyer_info`: the openid is often missing, the phone often ciphertext."""
    people, numbers = world.people, world.orders.number[rows]
    openid = either(_share(numbers, 2_654_435_761) < KNOWN_OPENID_SHARE, world.of_person(people.openid, rows), "")
    cipher = weave("$", pc.utf8_slice_codeunits(world.of_person(people.yz_open_id, rows), 2, 24), "==$1$")
    phone = either(_share(numbers, 40_503) < CIPHER_SHARE, cipher, world.of_person(people.phone, rows))
    on_tablet = world.hard_cases.on_tablet[rows]
    account = either(on_tablet, TABLET_YZ_OPEN_ID, world.of_person(people.yz_open_id, rows))
    openid, phone = either(on_tablet, TABLET_OPENID, openid), either(on_tablet, "", phone)
    return ['{"yz_open_id":"', account, '","outer_user_id":"', openid, '","buyer_phone":"', phone, '"}']


def pay_parts(world: World, rows: np.ndarray, paid: np.ndarray) -> list[pa.Array | str]:
    """`pay_info`: yuan, Youzan's flow number, and WeChat Pay's number where money moved."""
    orders, moved = world.orders, paid & (world.orders.paid[rows] > 0)
    return ['{"total_fee":"', yuan(orders.list[rows]), '","post_fee":"', yuan(orders.freight[rows]),
            '","payment":"', yuan(orders.paid[rows]), '","transaction":[', either(paid, weave('"', flow_numbers(world, rows), '"'), ""),
            '],"outer_transactions":[', either(moved, weave('"', transaction_ids(world, rows), '"'), ""), "]}"]


def address_parts(world: World, rows: np.ndarray) -> list[pa.Array | str]:
    """`address_info`."""
    provinces, cities, districts, *_ = zip(*brand.PLACES, strict=True)
    at = world.people.place[world.orders.person[rows]]
    return ['{"receiver_name":"', world.of_person(world.people.name, rows),
            '","receiver_tel":"', world.receivers.phone.take(pa.array(rows)),
            '","delivery_province":"', choose(provinces, at), '","delivery_city":"', choose(cities, at),
            '","delivery_district":"', choose(districts, at), '","address_extra":"{}"}']


def order_objects(world: World, rows: np.ndarray, view: View) -> pa.StringArray:
    """One `full_order_info` per order, each with a comma before it."""
    orders, status, paid = world.orders, view.status[rows], view.paid[rows] < NEVER
    whole_back = (view.refund[rows] > 0) & (view.refund[rows] == orders.paid[rows] + orders.subsidy[rows])
    state = np.where(view.refund[rows] == 0, NO_REFUND, np.where(whole_back, FULLY, PARTLY))
    close_type = np.where(status == CLOSED, np.where(paid, 6, 1), 0)
    return weave(
        ',{"full_order_info":{"order_info":{"tid":"', order_ids(world, rows), '","status":"', choose(STATUSES, status),
        '","refund_state":', whole(state), ',"close_type":', whole(close_type), ',"express_type":0,"type":0',
        ',"created":"', clock(orders.at[rows]), '","update_time":"', clock(view.changed[rows]), '","pay_time":"', clock(view.paid[rows]),
        '","consign_time":"', clock(view.shipped[rows]), '","confirm_time":"', clock(view.confirmed[rows]),
        '","success_time":"', clock(view.confirmed[rows]), f'","node_kdt_id":{brand.YOUZAN_SHOP},"root_kdt_id":{brand.YOUZAN_SHOP}',
        ',"offline_id":0,"shop_name":"鱼塘茶铺小程序","order_tags":{"is_payed":', choose(("false", "true"), paid.astype(np.int8)),
        '},"order_extra":{"buyer_name":"', world.of_person(world.people.name, rows), '"}},"buyer_info":', *buyer_parts(world, rows),
        ',"pay_info":', *pay_parts(world, rows, paid), ',"address_info":', *address_parts(world, rows),
        ',"remark_info":{"trade_memo":"', choose(MEMOS, orders.kind[rows]), '","buyer_message":""}',
        ',"source_info":{"is_offline_order":false,"source":{"platform":"wx","wx_entrance":"',
        choose(("direct_buy", "wx_gzh"), (orders.cause[rows] != brand.DIRECT).astype(np.int8)), '"}}',
        f',"channel_info":{{"type":"wx_shop","entrance":"wx_shop","app_id":"{brand.MINI_PROGRAM}"}}',
        ',"orders":[', line_objects(world, rows), "]}}")


def write_youzan(world: World, outbox: Outbox, page_size: int) -> None:
    """All pulls; orders that changed later stand again in the restating one."""
    for window, rows, view in every_file(world, brand.YOUZAN, export_windows(world.span, 9, 40)):
        outbox.records(f"youzan/{window.stamp}", order_objects(world, rows, view), lambda window=window: page_set(window, page_size))
