"""WeChat Pay's refund notices (退款结果): one JSON line per refund, amounts in fen, times with their zone.

Belongs here: their shape. Does not: the bill, which tells of the same refunds. Only SUCCESS moved money.
"""

from __future__ import annotations

import numpy as np

from orchestration.sample import brand
from orchestration.sample.moments import NEVER
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.coupons import zoned
from orchestration.sample.private.pages import place, pulled
from orchestration.sample.text import compact_clock, digits, either, weave, whole
from orchestration.sample.wechat_pay import is_billed
from orchestration.sample.world import World
from orchestration.sample.youzan import flow_numbers, transaction_ids


def write_refund_notices(world: World, outbox: Outbox) -> None:
    """All refunds that were asked for within the span."""
    orders, fates = world.orders, world.fates
    rows = np.flatnonzero(is_billed(world) & (fates.refund_applied < NEVER) & (fates.paid < NEVER))
    done = fates.refunded[rows] < NEVER
    moment = np.where(done, fates.refunded[rows], fates.refund_applied[rows])
    success = either(done, weave('"success_time":"', zoned(moment), '",'), "")
    lines = weave(
        '{"refund_id":"50300', compact_clock(moment), digits(orders.number[rows], 9), '","out_refund_no":"R', flow_numbers(world, rows),
        '","transaction_id":"', transaction_ids(world, rows), '","out_trade_no":"', flow_numbers(world, rows),
        '","channel":"ORIGINAL","user_received_account":"支付用户零钱",', success, '"create_time":"', zoned(fates.refund_applied[rows]),
        '","status":"', either(done, "SUCCESS", "PROCESSING"), f'","mchid":"{brand.MERCHANT}","funds_account":"UNSETTLED"',
        ',"amount":{"total":', whole(orders.paid[rows]), ',"refund":', whole(fates.refund[rows]),
        ',"payer_total":', whole(orders.paid[rows]), ',"payer_refund":', whole(fates.refund[rows]), ',"currency":"CNY"}}\n')
    name = place("wechat_pay/refunds", brand.MERCHANT, pulled(world.span, 0, 10, 20), "refunds", ".jsonl")
    outbox.lines(name, "", lines)
