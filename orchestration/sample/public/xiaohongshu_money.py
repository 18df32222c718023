"""Xiaohongshu's after-sale cases (售后) and settlement entries (结算明细), both workbooks.

Belongs here: their columns. Does not: why customers return things. A case says what the buyer got back; in the settlement the platform's
part and the fees go back with it, and every entry adds up: 动账 = 商品 + 运费 + 补贴 + fees.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.exports import last_look, place
from orchestration.sample.fulfilment import RETURN
from orchestration.sample.moments import DAY, NEVER
from orchestration.sample.outbox import Outbox
from orchestration.sample.public.cases import Cases, cases_of
from orchestration.sample.public.xiaohongshu import creator_of, order_ids
from orchestration.sample.tables import Cells, sheet_head, sheet_rows
from orchestration.sample.text import choose, clock, digits, either, weave, yuan
from orchestration.sample.world import World

KINDS = ("未发货仅退款", "已发货仅退款", "退货退款", "已发货仅退款", "退货退款", "拒收退款", "价保", "换货")
REASONS = ("不想要了", "少件", "七天无理由", "协商退部分", "质量问题", "拒收", "价格保护", "发错货")
FEE_RATE, PAY_FEE_PER_MILLE, COMMISSION_RATE = 5, 6, 12


def case_ids(cases: Cases) -> pa.StringArray:
    """R and 18 digits."""
    return weave("R6", digits(cases.number, 17))


def write_after_sales(world: World, outbox: Outbox) -> None:
    """Every case with its status."""
    window = last_look(world)
    cases = cases_of(world, brand.XIAOHONGSHU, window.as_of)
    done = cases.done < NEVER
    cells: Cells = {
        "售后单号": ("bare", case_ids(cases)), "订单号": ("bare", order_ids(world, cases.order)),
        "商品名称": ("bare", choose(brand.TITLES, world.lines.product[cases.line])), "退款金额(元)": ("bare", yuan(cases.buyer)),
        "售后类型": ("bare", choose(KINDS, cases.kind)), "售后状态": ("bare", either(done, "已完成", "处理中")),
        "原因": ("bare", choose(REASONS, cases.kind)), "申请时间": ("bare", clock(cases.applied)),
        "商家确认收货时间": ("bare", clock(np.where(cases.kind == RETURN, cases.done, NEVER), "-")),
        "退款时间": ("bare", clock(np.where(cases.is_swap, NEVER, cases.done), "-")),
    }
    name = place(brand.XIAOHONGSHU, "after_sales", window, f"售后_{window.stamp}.xlsx")
    outbox.sheet(name, "售后单", sheet_head(cells), sheet_rows(cells))


def write_settlement(world: World, outbox: Outbox) -> None:
    """Completed orders two days after receipt, and what went back after that."""
    orders, fates, window = world.orders, world.fates, last_look(world)
    settled = np.where(fates.confirmed < NEVER, fates.confirmed + 2 * DAY, NEVER)
    rows = np.flatnonzero((orders.platform == brand.XIAOHONGSHU) & (settled < world.span.stop))
    cases = cases_of(world, brand.XIAOHONGSHU, window.as_of)
    cases = cases.where((cases.done < NEVER) & ~cases.is_swap & (settled[cases.order] <= cases.done))
    order = np.concatenate([rows, cases.order])
    goods = np.concatenate([orders.paid[rows] - orders.freight[rows], -cases.goods])
    freight = np.concatenate([orders.freight[rows], -cases.freight])
    subsidy = np.concatenate([orders.subsidy[rows], -cases.subsidy])
    sign, base = np.sign(goods + subsidy), np.abs(goods + subsidy)
    fee, pay_fee = -sign * (base * FEE_RATE // 100), -sign * (base * PAY_FEE_PER_MILLE // 1_000)
    commission = np.where(creator_of(world, order) >= 0, -sign * (base * COMMISSION_RATE // 100), 0)
    back = np.concatenate([np.zeros(len(rows), dtype=bool), np.ones(len(cases), dtype=bool)])
    ids = np.concatenate([np.zeros(len(rows), dtype=np.int64), cases.number])
    cells: Cells = {
        "订单号": ("bare", order_ids(world, order)), "售后单号": ("bare", either(back, weave("R6", digits(ids, 17)), "")),
        "下单时间": ("bare", clock(orders.at[order])), "结算时间": ("bare", clock(np.concatenate([settled[rows], cases.done]))),
        "交易类型": ("bare", either(back, "退款", "交易")), "结算账户": ("bare", "店铺余额"),
        "动账金额": ("bare", yuan(goods + freight + subsidy + fee + pay_fee + commission)), "计佣基数": ("bare", yuan(goods + subsidy)),
        "商品实付/实退": ("bare", yuan(goods)), "运费实付/实退": ("bare", yuan(freight)), "平台优惠补贴": ("bare", yuan(subsidy)),
        "佣金": ("bare", yuan(fee)),
        "支付渠道费": ("bare", yuan(pay_fee)), "分销佣金": ("bare", yuan(commission)), "备注": ("bare", ""),
    }
    name = place(brand.XIAOHONGSHU, "settlement", window, f"结算明细_{window.stamp}.xlsx")
    outbox.sheet(name, "结算明细", sheet_head(cells), sheet_rows(cells))
