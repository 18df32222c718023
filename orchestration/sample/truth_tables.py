"""The columns of the ground truth: people, ids, touches, contacts and orders of one chunk as Arrow tables.

Belongs here: what is true, in the words of the contracts. Does not: files, planted troubles, sums over chunks.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand, douyin, pond, receivers, taobao, youzan
from orchestration.sample.hard_cases import cases_table
from orchestration.sample.moments import NEVER
from orchestration.sample.people import jd_pins, shop_openids, xhs_user_ids
from orchestration.sample.private import tills, weimob
from orchestration.sample.private.identifiers import openid_known, private_keys, shows_phone
from orchestration.sample.public import jd, kuaishou, pinduoduo, vipshop, wechat_shop, xiaohongshu
from orchestration.sample.text import choose, either, weave, whole, yuan
from orchestration.sample.wechat_pay import is_billed, is_native
from orchestration.sample.world import World

MONEY = pa.decimal128(18, 2)
NOTHING = pa.scalar(None, pa.string())
ORDER_IDS = {
    brand.TAOBAO: taobao.order_ids, brand.TMALL: taobao.order_ids, brand.DOUYIN: douyin.order_ids, brand.YOUZAN: youzan.order_ids,
    brand.WEIMOB: weimob.order_ids, brand.STORE: tills.order_ids, brand.JD: jd.order_ids, brand.PINDUODUO: pinduoduo.order_ids,
    brand.VIPSHOP: vipshop.order_ids, brand.KUAISHOU: kuaishou.order_ids, brand.XIAOHONGSHU: xiaohongshu.order_ids,
    brand.WECHAT_SHOP: wechat_shop.order_ids,
}


def order_ids(world: World) -> pa.StringArray:
    """Every order's number as its platform prints it."""
    parts, places = [], []
    for platform, ids_of in ORDER_IDS.items():
        rows = np.flatnonzero(world.orders.platform == platform)
        parts.append(ids_of(world, rows))
        places.append(rows)
    return pa.concat_arrays(parts).take(pa.array(np.argsort(np.concatenate(places))))


def _times(moments: np.ndarray) -> pa.Array:
    return pa.array(moments, mask=moments >= NEVER).cast(pa.timestamp("s")).cast(pa.timestamp("us"))


def people_table(world: World) -> pa.Table:
    """One row per person."""
    people, entered = world.people, world.pond.joined < NEVER
    return pa.table({
        "person_id": world.person_ids(np.arange(len(people))), "home_platform": choose(brand.PLATFORMS, people.home),
        "arrived_at": _times(people.arrived), "leaning": people.leaning,
        "shares_phone_with": either(people.phone_owner != people.number, weave("person-", whole(people.phone_owner)), NOTHING),
        "joined_private_at": _times(world.pond.joined), "left_private_at": _times(world.pond.left),
        "entry": either(entered, choose(pond.ENTRY_KINDS, world.pond.entry), NOTHING),
        "invited_by": either(world.pond.inviter >= 0, weave("person-", whole(world.pond.inviter)), NOTHING),
    })


def identifiers_table(world: World) -> pa.Table:
    """One row per person and id under which some export may show them. Key types and scopes are those of the contracts."""
    people, orders = world.people, world.orders
    at = {platform: np.zeros(len(people), dtype=bool) for platform, _ in enumerate(brand.PLATFORMS)}
    for platform, buyers in at.items():
        buyers[orders.person[orders.platform == platform]] = True
    entered, member = world.pond.joined < NEVER, world.bonds.member < NEVER
    by_mail = np.asarray(pc.match_substring(people.alipay, "@"))
    by_nick = at[brand.TAOBAO] | at[brand.TMALL]
    known = shows_phone(world) | by_nick | at[brand.YOUZAN] | at[brand.WEIMOB] | at[brand.JD] | at[brand.WECHAT_SHOP] | entered | member
    tables = (
        ("phone", "global", people.phone, known), ("phone", "global", people.second_phone, known & people.has_second_phone),
        ("email", "global", people.alipay, (by_nick | member) & by_mail), ("taobao_nick", "taobao", people.nick, by_nick),
        ("yz_open_id", "youzan", people.yz_open_id, at[brand.YOUZAN]),
        ("openid", brand.MINI_PROGRAM, people.openid, at[brand.YOUZAN] | openid_known(world)),
        ("openid", brand.ACCOUNTS[brand.WECHAT_SHOP], shop_openids(people), at[brand.WECHAT_SHOP]),
        ("unionid", brand.OPEN_PLATFORM, people.unionid, at[brand.WECHAT_SHOP]
         | entered | member | openid_known(world) | (world.bonds.followed < NEVER) | (world.bonds.entered_group < NEVER)),
        ("jd_pin", "jd", jd_pins(people), at[brand.JD]), ("xhs_user_id", "xiaohongshu", xhs_user_ids(people), at[brand.XIAOHONGSHU]),
        ("external_userid", brand.CORP, people.external_userid, entered | (world.bonds.entered_group < NEVER)),
        ("member_id", brand.CRM_SYSTEM, people.member_id, member), *private_keys(world),
    )
    parts = []
    for key_type, scope, values, mask in tables:
        held = np.flatnonzero(mask)
        constant = {name: pa.array([text]).take(pa.array(np.zeros(len(held), dtype=np.int64))) for name,
            text in (("key_type", key_type), ("key_scope", scope))}
        parts.append(pa.table({"person_id": world.person_ids(held), **constant, "raw_value": values.take(pa.array(held))}))
    return pa.concat_tables(parts).combine_chunks()


def touches_table(world: World) -> pa.Table:
    """One row per touch, seen by an export or not; `true_effect` is the chance of buying that this touch added."""
    touches = world.touches
    return pa.table({"person_id": world.person_ids(touches.person), "at": _times(touches.at),
        "channel": choose(brand.CODES, touches.channel),
                     "true_effect": touches.chance})


def contacts_table(world: World) -> pa.Table:
    """One row per WeCom relation."""
    ties = world.friendships
    return pa.table({"person_id": world.person_ids(ties.person), "staff_id": choose(brand.STAFF, ties.staff),
        "opened_at": _times(ties.opened),
                     "closed_at": _times(ties.closed), "closed_by": choose(pond.CLOSERS, ties.closed_by),
                     "state": either(ties.has_state, world.pond.state.take(pa.array(ties.person)), "")})


def carries_a_key(world: World) -> np.ndarray:
    """Whether some file shows the order with a usable key of a person: platforms without buyers never, the till with a card or a payment
    that names the payer, the WeChat shop by the API, by a guide, by the receiver's phone or by an after-sale case."""
    orders, fates, everything = world.orders, world.fates, np.arange(len(world.orders))
    usable = np.isin(world.receivers.kind, (receivers.OWN, receivers.SECOND))
    names_payer = is_billed(world) & (fates.paid < NEVER) & ~is_native(orders.number)
    at_counter = (world.bonds.member[world.hard_cases.card_of] < orders.at) | names_payer
    has_case = (fates.refund_applied < NEVER) | (fates.swap_applied < NEVER)
    in_shop = usable | has_case | (orders.at >= wechat_shop.api_from(world)) | (wechat_shop.guides_of(world, everything) >= 0)
    return np.select(
        [np.isin(orders.platform, brand.WITHOUT_BUYERS), orders.platform == brand.STORE, orders.platform == brand.WECHAT_SHOP],
        [False, at_counter, in_shop], True)


def orders_table(world: World) -> pa.Table:
    """One row per order, with its money after every refund."""
    orders, fates = world.orders, world.fates
    paid = fates.paid < NEVER
    refunded = np.where(fates.refunded < NEVER, fates.refund, 0)
    receivable = np.where(paid, orders.paid + orders.subsidy, 0)
    cause = np.where(orders.cause == brand.DIRECT, len(brand.CODES), orders.cause)
    return pa.table({
        "person_id": world.person_ids(orders.person), "platform": choose(brand.PLATFORMS, orders.platform), "order_id": order_ids(world),
        "order_class": choose(brand.CLASSES, orders.kind), "ordered_at": _times(orders.at), "paid_at": _times(fates.paid), "is_paid": paid,
        "is_identifiable": carries_a_key(world),
        "lines": orders.line_count, "receivable_cny": yuan(receivable).cast(MONEY), "refunded_cny": yuan(refunded).cast(MONEY),
        "net_revenue_cny": yuan(receivable - refunded).cast(MONEY), "true_channel": choose((*brand.CODES, "direct"), cause),
    })


def hard_cases_table(world: World) -> pa.Table:
    """One row per person or order whose key means another: whose key it is, and since or until when it was this person's."""
    return cases_table(world.people, world.orders, order_ids(world), world.hard_cases, world.person_ids(np.arange(len(world.people))))
