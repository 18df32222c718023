"""Coupons (优惠券): a welcome coupon by WeChat's events, and the monthly personal ones (千人千券) as a code list.

Belongs here: issue and use. Does not: what a coupon saves, which stands in the order's discount.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.moments import DAY, HOUR, NEVER, day_of, seconds
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.pages import place, pulled
from orchestration.sample.private.service import order_numbers
from orchestration.sample.private.tills import store_of
from orchestration.sample.tables import body_lines, header_line
from orchestration.sample.text import choose, clock, digits, either, weave, whole
from orchestration.sample.world import World

WELCOME_STOCK, WELCOME_CENTS, WELCOME_DAYS = "1286950000000001", 1_000, 30
CLAIMS_SHARE = 0.6  # of members, who fetch the welcome coupon in the mini program
PERSONAL_SHARE, PERSONAL_DAYS = 0.45, 12
FACES = ("5.00", "10.00", "20.00", "50.00")  # yuan, by how much the member has bought
MONTHLY_DAY = 18


def usable_orders(world: World) -> np.ndarray:
    """Positions of paid orders in the brand's own shops that carry a discount, in order of person and time."""
    orders = world.orders
    rows = np.flatnonzero(np.isin(orders.platform, (brand.YOUZAN, brand.WEIMOB, brand.STORE)) & (orders.kind == brand.SALE)
                          & (orders.discount > 0) & (world.fates.paid < NEVER))
    return rows[np.lexsort((orders.at[rows], orders.person[rows]))]


def next_order(world: World, person: np.ndarray, at: np.ndarray, within: int) -> np.ndarray:
    """Position of the first usable order of each person within so many seconds after a moment, −1 if there is none."""
    rows = usable_orders(world)
    if not len(rows):
        return np.full(len(person), -1)
    keys = world.orders.person[rows] << 32 | world.orders.at[rows]
    spot = np.minimum(np.searchsorted(keys, person << 32 | at), len(rows) - 1)
    fits = (keys[spot] >= (person << 32 | at)) & (keys[spot] <= (person << 32 | at + within))
    return np.where(fits, rows[spot], -1)


def zoned(moments: np.ndarray) -> pa.StringArray:
    """Moments as RFC 3339 in China."""
    return weave(pc.replace_substring(clock(moments), " ", "T"), "+08:00")


def write_welcome(world: World, outbox: Outbox) -> None:
    """WeChat's events of the welcome coupon: fetched when becoming a member, used with the first order after."""
    people, orders = world.people, world.orders
    person = np.flatnonzero((world.bonds.member < NEVER) & (people.number * 75_503 % 100 < CLAIMS_SHARE * 100))
    sent = world.bonds.member[person] + 240
    order = next_order(world, person, sent, WELCOME_DAYS * DAY)
    code = weave("02279449", digits(people.number[person], 14))
    holder = weave(',"openid":"', people.openid.take(pa.array(person)), '","unionid":"', people.unionid.take(pa.array(person)),
                   f'","appid":"{brand.MINI_PROGRAM}"')
    both = weave('","coupon_code":"', code, f'","stock_id":"{WELCOME_STOCK}"', holder)
    issue = weave('{"event_type":"EVENT_TYPE_BUSICOUPON_SEND', both, ',"send_time":"', zoned(sent),
                  '","send_channel":"BUSICOUPON_SEND_CHANNEL_MINIAPP","send_merchant":"', brand.MERCHANT,
                  '","attach_info":{"act_code":"WELCOME"}}\n')
    used = np.flatnonzero(order >= 0)
    at_store = orders.platform[order[used]] == brand.STORE
    store = either(at_store, weave(',"use_store":"', store_of(world, order[used]), '"'), "")
    use = weave('{"event_type":"EVENT_TYPE_BUSICOUPON_USE', both.take(pa.array(used)), ',"use_time":"', zoned(orders.at[order[used]]),
                '","discount_fee":', whole(np.minimum(orders.discount[order[used]], WELCOME_CENTS)), store, "}\n")
    name = place("store/coupons", brand.TILL_ACCOUNT, pulled(world.span, 0, 9, 30), "events", ".jsonl")
    outbox.lines(name, "", pa.concat_arrays([issue, use]))


def issue_moments(world: World) -> list[int]:
    """The member day of every month within the span."""
    first, last = day_of(world.span.start), world.span.last_day
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return [seconds(day, 8) for day in days if day.day == MONTHLY_DAY]


def write_personal(world: World, outbox: Outbox) -> None:
    """The code list of the monthly personal coupons; a code is worth more to whoever bought more."""
    orders, people = world.orders, world.people
    for number, moment in enumerate(issue_moments(world), start=1):
        member = np.flatnonzero(world.bonds.member < moment)
        person = member[(people.number[member] * 31 + number * 17) % 100 < PERSONAL_SHARE * 100]
        if not len(person):
            continue
        before = orders.at < moment
        spent = np.bincount(orders.person[before], weights=orders.paid[before], minlength=len(people))[person]
        order = next_order(world, person, np.full(len(person), moment + HOUR), PERSONAL_DAYS * DAY)
        used, rows = order >= 0, np.maximum(order, 0)
        expired = moment + PERSONAL_DAYS * DAY < world.span.stop
        _, numbers = order_numbers(world, rows)
        cells = {
            "券批次": ("bare", f"MEMBER{number:02d}"), "券码": ("bare", weave(f"M{number:02d}", digits(people.number[person], 9))),
            "会员系统": ("bare", brand.CRM_SYSTEM), "会员号": ("tab", people.member_id.take(pa.array(person))),
            "面额": ("bare", choose(FACES, np.searchsorted([10_000, 30_000, 80_000], spent, side="right"))),
            "发放渠道": ("bare", "系统发放"), "发放时间": ("bare", clock(np.full(len(person), moment))),
            "使用时间": ("bare", clock(np.where(used, orders.at[rows], NEVER))),
            "核销门店": ("bare", either(used & (orders.platform[rows] == brand.STORE), store_of(world, rows), "")),
            "状态": ("bare", either(used, "已使用", "已过期" if expired else "未使用")), "活动": ("bare", f"MEMBERDAY{number:02d}"),
            "订单号": ("tab", either(used, numbers, "")),
        }
        name = place("store/coupons", brand.TILL_ACCOUNT, pulled(world.span, 0, 9, 40), "codes", ".csv")
        outbox.lines(name, header_line(cells), body_lines(cells), "utf-8-sig")


def write_coupons(world: World, outbox: Outbox) -> None:
    """Events and code list."""
    write_welcome(world, outbox)
    if len(world.orders):
        write_personal(world, outbox)
