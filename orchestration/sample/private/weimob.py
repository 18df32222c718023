"""Weimob (微盟): the orders of its mall, its customers, and its own map of who is who.

Belongs here: its JSON: ids as int64, amounts as text in yuan, times in milliseconds. Does not: what the orders are.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.exports import lines_of, listed, two_exports
from orchestration.sample.fulfilment import View
from orchestration.sample.moments import NEVER, SHANGHAI_OFFSET
from orchestration.sample.outbox import Outbox
from orchestration.sample.pond import LEAVING_STAFF
from orchestration.sample.private.keys import super_wids, wids
from orchestration.sample.private.pages import page_set, place, pulled
from orchestration.sample.text import choose, digits, either, weave, whole, yuan
from orchestration.sample.world import World
from orchestration.sample.youzan import transaction_ids

FIRST_ORDER_SECOND = 1_577_836_800  # 2020-01-01: order numbers count seconds from here
STATUSES = (0, 0, 1, 2, 3, 5)
UNPAID, PAID, REFUNDED = 0, 2, 3
ANSWER = b'{"code":{"errcode":"0","errmsg":"success"},"data":{"pageList":['
FIRST_GUIDE = 10_000_900_001
LISTED_MEMBERS = 0.25  # of members who never bought here, who stand in its customer list all the same


def order_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """19 digits that grow with time."""
    return weave("14", digits(world.orders.at[rows] - FIRST_ORDER_SECOND, 9), digits(world.orders.number[rows], 8))


def milliseconds(moments: np.ndarray) -> pa.StringArray:
    """Milliseconds since 1970 UTC; 0 for what has not come."""
    return whole(np.where(moments < NEVER, (moments - SHANGHAI_OFFSET) * 1_000, 0))


def line_objects(world: World, rows: np.ndarray) -> pa.StringArray:
    """The JSON array content of each order's lines."""
    part, line = world.lines, lines_of(world, rows)
    product = part.product[line]
    return listed(world.orders.line_count[rows], weave(
        '{"itemId":', whole(world.orders.number[part.order[line]] * 10 + part.ordinal[line]),
        ',"goodsId":', choose(brand.ITEM_IDS, product),
        ',"skuId":', choose(brand.ITEM_IDS, product), ',"skuCode":"', choose(brand.PRODUCT_CODES, product),
        '","goodsTitle":"', choose(brand.TITLES, product), '","skuNum":"', whole(part.quantity[line]),
        '","salePrice":"', yuan(np.array(brand.PRICES)[product]), '","paymentAmount":"', yuan(part.paid[line]), '"}'))


def order_objects(world: World, rows: np.ndarray, view: View) -> pa.StringArray:
    """One order each, with a comma before it."""
    orders, people, person = world.orders, world.people, world.orders.person[rows]
    paid, refund = view.paid[rows] < NEVER, view.refund[rows]
    whole_back = (refund > 0) & (refund == orders.paid[rows])
    ended = np.where(view.confirmed[rows] < NEVER, view.confirmed[rows], NEVER)
    provinces, cities, *_ = zip(*brand.PLACES, strict=True)
    at, number = people.place[person], orders.number[rows]
    payment = weave('{"channelTrxNo":"', transaction_ids(world, rows), '","tradeId":', whole(number + 98_765_000_000),
                    ',"payTime":', milliseconds(view.paid[rows]), "}")
    return weave(
        ',{"orderInfo":{"orderBaseInfo":{"orderNo":', order_ids(world, rows), ',"parentOrderNo":0,"orderStatus":',
        whole(np.array(STATUSES)[view.status[rows]]), ',"payStatus":', whole(np.where(whole_back, REFUNDED, np.where(paid, PAID, UNPAID))),
        ',"payType":1,"channelType":2,"orderSource":1,"createTime":', milliseconds(orders.at[rows]),
        ',"payTime":', milliseconds(view.paid[rows]), ',"finishTime":', milliseconds(ended),
        ',"updateTime":', milliseconds(view.changed[rows]), ',"isDeleted":false},"buyerInfo":{"wid":', wids(people.number[person]),
        ',"userNickName":"', people.name.take(pa.array(person)),
        '"},"payInfo":{"payAmount":"', yuan(np.where(paid, orders.paid[rows], 0)), '","shouldPayAmount":"', yuan(orders.paid[rows]),
        '","totalAmount":"', yuan(orders.list[rows]), '","totalDiscountAmount":"', yuan(orders.discount[rows]),
        '","payItems":[', either(paid & (orders.paid[rows] > 0), payment, ""), ']},"items":[', line_objects(world, rows),
        f'],"merchantInfo":{{"bosId":{brand.WEIMOB_BOS},"vid":6000001,"vidName":"鱼塘茶铺微商城"}}',
        ',"orderFulfill":{"receiverInfo":{"name":"', people.name.take(pa.array(person)),
        '","phone":"', world.receivers.phone.take(pa.array(rows)), '","province":"', choose(provinces, at),
        '","city":"', choose(cities, at), '","address":"鱼塘路', whole(people.number[person] % 300 + 1), '号"}},"guideInfo":{"guiderWid":',
        whole(np.where(number % 3 == 0, FIRST_GUIDE + number % LEAVING_STAFF, 0)), ',"guiderName":""},"rightsInfos":[',
        either(refund > 0, weave('{"rightsId":', whole(number + 5_000_000_000), ',"rightsStatus":6}'), ""), "]}}")


def buyers(world: World) -> np.ndarray:
    """Who stands in its customer list: buyers of the mall, and some members of the brand."""
    bought = np.zeros(len(world.people), dtype=bool)
    bought[world.orders.person[world.orders.platform == brand.WEIMOB]] = True
    lot = world.people.number * 2_654_435_761 % 1_000 / 1_000
    return np.flatnonzero(bought | ((world.bonds.member < NEVER) & (lot < LISTED_MEMBERS)))


def customer_objects(world: World, person: np.ndarray) -> pa.StringArray:
    """One customer each, with a comma before it."""
    people, bonds, number = world.people, world.bonds, world.people.number[person]
    since = np.minimum(bonds.member[person], people.arrived[person] + 600)
    is_member = bonds.member[person] < NEVER
    phone = either(number % 7 == 3, "", people.phone.take(pa.array(person)))
    return weave(
        ',{"wid":', wids(number), ',"name":"', people.name.take(pa.array(person)), '","nickname":"","phone":"', phone,
        '","email":"","birthday":0,"gender":', whole(people.gender[person]), ',"belongVid":6000001,"becomeCustomerTime":',
        milliseconds(since), ',"becomeMemberTime":', milliseconds(bonds.member[person]),
        ',"isFans":', choose(("false", "true"), (bonds.followed[person] < NEVER).astype(int)),
        ',"isCustomer":true,"hasValidMemberCard":', choose(("false", "true"), is_member.astype(int)),
        ',"status":1,"sourceChannel":[', whole(number % 3 + 1), '],"memberIdentifyInfoList":[',
        either(is_member, weave('{"membershipPlanId":1,"levelId":', whole(number % 4 + 1), "}"), ""), "]}")


def channel_lines(world: World, person: np.ndarray) -> pa.StringArray:
    """The answer about one customer per line; two of its keys end in a TAB, as the vendor sends them."""
    people, number = world.people, world.people.number[person]
    rows = pa.array(person)
    unionid = either(number % 5 != 0, weave('"unionid":"', people.unionid.take(rows), '",'), "")
    return weave(
        '{"request":{"wid":', wids(number), '},"superWid":', super_wids(number), ',"userChannelInfoDtoList":[{"channelType":1,"appId":"',
        brand.MINI_PROGRAM, '","openId":"', people.openid.take(rows), '","basicChannelInfo":{"phone":"', people.phone.take(rows),
        '","nickName":""},"extendChannelInfo":{', unionid, '"city\\t":"","language\\t":"zh"}}]}\n')


def write_weimob(world: World, outbox: Outbox) -> None:
    """Two exports of orders, one of customers, and the identity map."""
    for window, rows, view in two_exports(world, brand.WEIMOB, hour=10):
        pages = page_set("weimob/orders", brand.WEIMOB_BOS, window, "orders", ANSWER, b"]}}\n")
        outbox.records(f"weimob/orders/{window.stamp}", order_objects(world, rows, view), pages)
    person, window = buyers(world), pulled(world.span, 0, 9, 20)
    pages = page_set("weimob/customers", brand.WEIMOB_BOS, window, "customers", ANSWER, b"]}}\n")
    outbox.records("weimob/customers", customer_objects(world, person), pages)
    outbox.lines(place("weimob/channels", brand.WEIMOB_BOS, window, "channels", ".jsonl"), "", channel_lines(world, person))

