"""Youzan's back office and member API: the order report (订单报表) of older orders, and the customer list.

Belongs here: their columns. Does not: the order API (`youzan`). Blank is one space, —— means not applicable; a column stands twice.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.exports import MEMOS, rows_between, titles
from orchestration.sample.fulfilment import view_at
from orchestration.sample.moments import DAY, HOUR, NEVER, SHANGHAI_OFFSET, Window
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.pages import page_set, place, pulled
from orchestration.sample.tables import body_lines
from orchestration.sample.text import choose, clock, either, weave, whole, yuan
from orchestration.sample.world import World
from orchestration.sample.youzan import order_ids, transaction_ids

STATUSES = ("待付款", "待付款", "待发货", "已发货", "交易完成", "交易关闭")
OFFICE_SHARE = 0.5  # of members, who are members of the shop too


def write_report(world: World, outbox: Outbox) -> None:
    """The orders of the second last month, as they looked at its end."""
    span = world.span
    stop = max(span.stop - 31 * DAY, span.start + DAY)
    window = Window(max(stop - 30 * DAY, span.start), stop, stop + 10 * HOUR)
    rows = rows_between(world, brand.YOUZAN, window)
    orders, people, person, view = world.orders, world.people, world.orders.person[rows], view_at(world.orders, world.fates, window.as_of)
    paid, refund, at = view.paid[rows] < NEVER, view.refund[rows], people.place[person]
    moved = paid & (orders.paid[rows] > 0)
    provinces, cities, *_ = zip(*brand.PLACES, strict=True)
    whole_back = (refund > 0) & (refund == orders.paid[rows])
    cells = [
        ("订单号", order_ids(world, rows)), ("销售渠道", "网店"), ("归属店铺", "鱼塘茶铺小程序"),
        ("订单状态", choose(STATUSES, view.status[rows])), ("订单来源", " "), ("订单创建时间", clock(orders.at[rows])),
        ("买家付款时间", clock(view.paid[rows], " ")), ("交易成功时间", clock(view.confirmed[rows], " ")),
        ("支付流水号", either(moved, transaction_ids(world, rows), " ")), ("商品金额合计", yuan(orders.list[rows])),
        ("运费", yuan(orders.freight[rows])), ("店铺优惠合计", weave("-", yuan(orders.discount[rows]))),
        ("应收订单金额", yuan(orders.paid[rows])), ("订单实付金额", yuan(np.where(paid, orders.paid[rows], 0))),
        ("支付优惠合计", either(paid, "0.00", "——")), ("订单实收金额", yuan(np.where(paid, orders.paid[rows], 0))),
        ("全部商品名称", titles(world, rows)), ("商品种类数", whole(orders.line_count[rows])), ("收货人省份", choose(provinces, at)),
        ("收货人城市", choose(cities, at)), ("收货人/提货人", people.name.take(pa.array(person))),
        ("收货人手机号/提货人手机号", weave(world.receivers.phone.take(pa.array(rows)), "\t")), ("买家备注", " "), ("买家昵称", " "),
        ("买家是否会员", either(world.bonds.member[person] < orders.at[rows], "是", "否")),
        ("买家手机号", weave(people.phone.take(pa.array(person)), "\t")), ("分销员", " "),
        ("订单退款状态", either(refund > 0, either(whole_back, "全额退款", "部分退款"), " ")), ("订单已退款金额", yuan(refund)),
        ("商家订单备注", choose([memo or " " for memo in MEMOS], orders.kind[rows])), ("分销员", " "), ("分销员手机号", " "),
    ]
    named = {f"{position} {name}": ("bare", value) for position, (name, value) in enumerate(cells)}
    header = ",".join(name for name, _ in cells) + "\r\n"  # 分销员 stands twice, so a mapping cannot hold the header
    outbox.lines(place("youzan/orders_csv", brand.YOUZAN_SHOP, window, "orders", ".csv"), header, body_lines(named), "gb18030")


def write_customers(world: World, outbox: Outbox) -> None:
    """The whole customer list of the member API."""
    people, bonds = world.people, world.bonds
    bought = np.zeros(len(people), dtype=bool)
    bought[world.orders.person[world.orders.platform == brand.YOUZAN]] = True
    person = np.flatnonzero(bought)
    count = np.bincount(world.orders.person[world.orders.platform == brand.YOUZAN], minlength=len(people))[person]
    joined = (bonds.member[person] < NEVER) & (people.number[person] * 97_531 % 100 < OFFICE_SHARE * 100)
    since = np.minimum(people.arrived[person], np.where(bonds.visited[person] < NEVER, bonds.visited[person], people.arrived[person]))
    records = weave(
        ',{"yz_open_id":"', people.yz_open_id.take(pa.array(person)), '","mobile":"', people.phone.take(pa.array(person)),
        '","is_mobile_enable":true,"gender":', whole(people.gender[person]), ',"is_member":', whole(joined.astype(int)), ',"trade_count":',
        whole(count), ',"points":', whole(count * 10), ',"show_name":"茶友","created_at":', whole(since - SHANGHAI_OFFSET),
        ',"created_member_at":', whole(np.where(joined, bonds.member[person] - SHANGHAI_OFFSET, 0)), "}")
    pages = page_set("youzan/customers", brand.YOUZAN_SHOP, pulled(world.span, 0, 8, 55), "customers",
                     b'{"response":{"record_list":[', b"]}}\n")
    outbox.records("youzan/customers", records, pages)
