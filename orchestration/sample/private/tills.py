"""The till of the stores (门店收银, Pospal 银豹): tickets, void tickets and returns.

Belongs here: its JSON. Does not: what is bought. A customer is known at the counter only with a member card at hand.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.exports import lines_of, listed
from orchestration.sample.moments import NEVER
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.guides import guide_of
from orchestration.sample.private.keys import till_customers
from orchestration.sample.private.pages import page_set, pulled
from orchestration.sample.text import choose, clock, compact_clock, digits, either, weave, whole, yuan
from orchestration.sample.wechat_pay import is_billed
from orchestration.sample.world import World
from orchestration.sample.youzan import transaction_ids

PHONE_AT_HAND = 0.6  # of members, whose phone the ticket shows beside the card


def order_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """The serial of a sale ticket, unique over the brand: second, till and number."""
    return weave(compact_clock(world.orders.at[rows]), "1", digits(world.orders.number[rows], 9))


def return_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """The serial of a return ticket."""
    return weave(compact_clock(world.fates.refunded[rows] % NEVER), "2", digits(world.orders.number[rows], 9))


def store_of(world: World, rows: np.ndarray) -> pa.StringArray:
    """Everybody goes to the nearest store."""
    return choose(brand.STORES, world.people.place[world.orders.person[rows]] % len(brand.STORES))


def served_by(world: World, rows: np.ndarray, at: np.ndarray) -> pa.StringArray:
    """Customers are served by the guide of their store who is theirs."""
    return choose(brand.STAFF, guide_of(world, world.orders.person[rows], at))


def customer_parts(world: World, rows: np.ndarray) -> list[pa.Array | str]:
    """Uid, member number and phone; 0 for a walk-in."""
    person = world.hard_cases.card_of[rows]
    known = world.bonds.member[person] < world.orders.at[rows]
    shown = known & (world.orders.number[rows] * 40_503 % 1_000 < PHONE_AT_HAND * 1_000)
    people = world.people
    return ['"customerUid":', either(known, till_customers(people.number[person]), "0"),
            ',"customerNumber":"', either(known, people.member_id.take(pa.array(person)), ""),
            '","customerPhone":"', either(shown, people.phone.take(pa.array(person)), ""), f'","crm":"{brand.CRM_SYSTEM}"']


def item_objects(world: World, rows: np.ndarray) -> pa.StringArray:
    """The JSON array content of each ticket's lines."""
    part, line = world.lines, lines_of(world, rows)
    product, price = part.product[line], np.array(brand.PRICES)
    return listed(world.orders.line_count[rows], weave(
        '{"name":"', choose(brand.TITLES, product), '","productUid":', choose(brand.ITEM_IDS, product), ',"productBarcode":"',
        choose(brand.PRODUCT_CODES, product), '","quantity":', whole(part.quantity[line]),
        ',"sellPrice":', yuan(price[product]),
        ',"buyPrice":', yuan(price[product] * 35 // 100), ',"totalAmount":', yuan(part.paid[line]), ',"ticketitemattributes":[]}'))


def ticket_objects(world: World, rows: np.ndarray) -> pa.StringArray:
    """One sale each, with a comma before it; who did not pay left a void ticket."""
    orders = world.orders
    by_wechat = is_billed(world)[rows] & (world.fates.paid[rows] < NEVER)
    return weave(
        ',{"sn":"', order_ids(world, rows), '","cashierUid":1398046511230,', *customer_parts(world, rows),
        ',"datetime":"', clock(orders.at[rows]), '","totalAmount":', yuan(orders.paid[rows]),
        ',"totalProfit":0,"discount":100,"rounding":0,"ticketType":"SELL","invalid":',
        choose(("0", "1"), (world.fates.paid[rows] == NEVER).astype(int)),
        ',"externalOrderNo":"', either(by_wechat, transaction_ids(world, rows), ""), '","storeId":"', store_of(world, rows),
        '","guiderUid":"', served_by(world, rows, orders.at[rows]), '","payments":[{"code":"', either(by_wechat, "payCode_13", "payCode_1"),
        '","amount":', yuan(orders.paid[rows]), '}],"items":[', item_objects(world, rows), "]}")


def return_objects(world: World, rows: np.ndarray) -> pa.StringArray:
    """One return each, with a comma before it; it names the sale it undoes."""
    back = world.fates.refund[rows]
    return weave(
        ',{"sn":"', return_ids(world, rows), '","originalSn":"', order_ids(world, rows), '","cashierUid":1398046511230,',
        *customer_parts(world, rows), ',"datetime":"', clock(world.fates.refunded[rows]), '","totalAmount":', yuan(back),
        ',"ticketType":"SELL_RETURN","invalid":0,"externalOrderNo":"","storeId":"', store_of(world, rows),
        '","guiderUid":"', served_by(world, rows, world.fates.refunded[rows]),
        '","payments":[{"code":"payCode_13","amount":', yuan(back), '}],"items":[]}')


def write_tickets(world: World, outbox: Outbox) -> None:
    """All tickets of the span in one pull."""
    window = pulled(world.span, 0, 7, 30)
    before = b'{"status":"success","data":{"postBackParameter":{},"result":['
    pages = page_set("store/tickets", brand.TILL_ACCOUNT, window, "tickets", before, b"]}}\n")
    mine = world.orders.platform == brand.STORE
    outbox.records("store/tickets", ticket_objects(world, np.flatnonzero(mine)), pages)
    outbox.records("store/tickets", return_objects(world, np.flatnonzero(mine & (world.fates.refunded < NEVER))), pages)
