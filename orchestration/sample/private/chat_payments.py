"""Payments received in WeCom chats (对外收款): mall orders that friends paid to their guide, and what was paid back.

Belongs here: its JSON, amounts in fen. Does not: payments through the merchant's own checkout.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.moments import NEVER, SHANGHAI_OFFSET
from orchestration.sample.outbox import Outbox
from orchestration.sample.pond import LEAVING_STAFF
from orchestration.sample.private.pages import page_set, pulled
from orchestration.sample.text import choose, digits, either, weave, whole
from orchestration.sample.wechat_pay import is_billed
from orchestration.sample.world import World
from orchestration.sample.youzan import flow_numbers, transaction_ids


def bill_objects(world: World, rows: np.ndarray) -> pa.StringArray:
    """One payment each, with a comma before it; its refund stands inside."""
    orders, fates, person = world.orders, world.fates, world.orders.person[rows]
    back = np.where(fates.refunded[rows] < NEVER, fates.refund[rows], 0)
    refund = weave(
        '{"out_refund_no":"R', digits(orders.number[rows], 12), '","refund_userid":"', choose(brand.STAFF, person % LEAVING_STAFF),
        '","refund_comment":"","refund_reqtime":', whole(np.where(back > 0, fates.refunded[rows] - SHANGHAI_OFFSET, 0)),
        ',"refund_status":1,"refund_fee":', whole(back), "}")
    return weave(
        ',{"transaction_id":"', transaction_ids(world, rows), '","bill_type":0,"trade_state":', choose(("1", "3"), (back > 0).astype(int)),
        ',"pay_time":', whole(fates.paid[rows] - SHANGHAI_OFFSET), ',"out_trade_no":"', flow_numbers(world, rows),
        f'","mch_id":"{brand.MERCHANT}","external_userid":"', world.people.external_userid.take(pa.array(person)),
        '","total_fee":', whole(orders.paid[rows]), ',"payee_userid":"', choose(brand.STAFF, person % LEAVING_STAFF),
        '","payment_type":1,"remark":"","total_refund_fee":', whole(back), ',"refund_list":[', either(back > 0, refund, ""), "]}")


def write_chat_payments(world: World, outbox: Outbox) -> None:
    """All payments of the span in one pull."""
    orders = world.orders
    rows = np.flatnonzero((orders.platform == brand.WEIMOB) & ~is_billed(world) & (orders.paid > 0) & (world.fates.paid < NEVER))
    pages = page_set("wecom/payments", brand.CORP, pulled(world.span, 0, 10, 5), "payments",
                     b'{"errcode":0,"errmsg":"ok","bill_list":[', b'],"next_cursor":""}\n')
    outbox.records("wecom/payments", bill_objects(world, rows), pages)
