"""JD's after-sale cases (售后, a workbook) and settlement lines (结算明细): what went back, and what JD kept.

Belongs here: their columns. Does not: why customers return things. An order that was cancelled before it left has no case; price
protection (价保) has no case either and stands among the settlement lines alone.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.exports import last_look, lines_of, place
from orchestration.sample.fulfilment import COMPENSATION, PRE_SHIP
from orchestration.sample.moments import DAY, NEVER
from orchestration.sample.outbox import Outbox
from orchestration.sample.public.cases import Cases, cases_of
from orchestration.sample.public.jd import CODES, order_ids
from orchestration.sample.tables import Cells, body_lines, header_line, sheet_head, sheet_rows
from orchestration.sample.text import choose, clock, compact_clock, digits, either, weave, whole, yuan
from orchestration.sample.world import World

WISHES = ("退款", "退款", "退货", "退款", "退货", "拒收", "补偿", "换货")  # 客户期望, by kind of case
REASONS = ("不想要了", "少件", "七天无理由", "协商退部分", "质量问题", "拒收", "价格保护", "发错货")
FEE_RATE = 5  # percent of what was paid for the goods


def case_ids(cases: Cases) -> pa.StringArray:
    """服务单号."""
    return weave("2", digits(cases.number, 11))


def write_after_sales(world: World, outbox: Outbox) -> None:
    """Every case, in a workbook whose header stands below a row of groups."""
    window = last_look(world)
    cases = cases_of(world, brand.JD, window.as_of, by_line=True)
    cases = cases.where(~np.isin(cases.kind, (PRE_SHIP, COMPENSATION)))
    done, product = cases.done < NEVER, world.lines.product[cases.line]
    cells: Cells = {
        "服务单号": ("bare", case_ids(cases)), "订单号": ("bare", order_ids(world, cases.order)),
        "商品编号": ("bare", choose(CODES, product)),
        "商品名称": ("bare", choose(brand.TITLES, product)), "退款金额": ("bare", either(cases.is_swap, "", yuan(cases.buyer))),
        "客户期望": ("bare", choose(WISHES, cases.kind)), "一级申请原因": ("bare", choose(REASONS, cases.kind)),
        "申请时间": ("bare", clock(cases.applied)), "服务单状态": ("bare", either(done, "完成", "待收货")),
        "审核时间": ("bare", clock(np.where(done, cases.applied + 3_600, NEVER), "-")),
        "商家首次处理时间": ("bare", clock(np.where(done, cases.applied + 7_200, NEVER), "-")),
        "退款时间": ("bare", clock(np.where(cases.is_swap, NEVER, cases.done), "-")),
    }
    groups = ("申请信息", *[""] * 8, "处理信息", "", "")
    outbox.sheet(place(brand.JD, "after_sales", window, f"售后_{window.stamp}.xlsx"), "售后", sheet_head(cells, groups), sheet_rows(cells))


class Settlement:
    """The settlement file grows chunk by chunk and ends with its total."""

    def __init__(self) -> None:
        self.cents, self.name = 0, ""

    def add(self, world: World, outbox: Outbox) -> None:
        """Goods and commission of completed orders, the same back for cases after that, price protection."""
        window = last_look(world)
        self.name = place(brand.JD, "settlement", window, f"结算明细_{window.stamp}.csv")
        orders, lines, fates = world.orders, world.lines, world.fates
        settled = np.where(fates.confirmed < NEVER, fates.confirmed + DAY, NEVER)
        rows = np.flatnonzero((orders.platform == brand.JD) & (settled < world.span.stop))
        line = lines_of(world, rows)
        cases = cases_of(world, brand.JD, window.as_of, by_line=True)
        cases = cases.where((cases.done < world.span.stop) & ~cases.is_swap)
        protected = cases.where(cases.kind == COMPENSATION)
        after = cases.where((cases.kind != COMPENSATION) & (settled[cases.order] <= cases.done))
        carried = lines.freight[line] > 0
        goods = lines.paid[line] - lines.freight[line]
        fee, back = goods * FEE_RATE // 100, after.goods * FEE_RATE // 100
        none, order = np.full(len(line), NEVER), lines.order[line]
        for fee_name, at, some, amount, refunded, ids in (
            ("货款", settled[order], line, goods, none, None), ("佣金", settled[order], line, -fee, none, None),
            ("运费", settled[order][carried], line[carried], lines.freight[line][carried], none[carried], None),
            ("货款", after.done, after.line, -after.buyer, after.done, case_ids(after)),
            ("佣金", after.done, after.line, back, after.done, case_ids(after)),
            ("价保扣款", protected.done, protected.line, -protected.buyer, protected.done, None),
        ):
            cells = _cells(world, fee_name, at, some, amount, refunded, ids)
            outbox.lines(self.name, header_line(cells), body_lines(cells), "gb18030")
            self.cents += int(amount.sum())

    def finish(self, outbox: Outbox) -> None:
        """The total row."""
        sign = "-" if self.cents < 0 else ""
        total = f"{sign}{abs(self.cents) // 100}.{abs(self.cents) % 100:02d}"
        outbox.finish_lines(self.name, "合计" + "," * 13 + total + "," * 8 + "\r\n", "gb18030")


def _cells(world: World, fee_name: str, at: np.ndarray, line: np.ndarray, amount: np.ndarray, refunded: np.ndarray,
           case: pa.Array | None) -> Cells:
    order, product = world.lines.order[line], world.lines.product[line]
    day = compact_clock(at)
    return {
        "订单编号": ("bare", weave("'", order_ids(world, order))), "父单号": ("bare", "0"), "订单状态": ("bare", "完成"),
        "订单下单时间": ("bare", clock(world.orders.at[order])), "订单完成时间": ("bare", clock(world.fates.confirmed[order])),
        "售后服务单号": ("bare", "" if case is None else case), "售后退款时间": ("bare", clock(refunded)),
        "商品编号": ("bare", choose(CODES, product)),
        "商品名称": ("quoted", choose(brand.TITLES, product)), "商品数量": ("bare", whole(world.lines.quantity[line])),
        "扣点类型": ("bare", "普通扣点"),
        "佣金比例": ("bare", "0.05"), "费用名称": ("bare", fee_name), "应结金额": ("bare", yuan(amount)), "币种": ("bare", "人民币"),
        "收支方向": ("bare", choose(("支出", "收入"), (amount >= 0).astype(np.int8))), "结算状态": ("bare", "已结算"),
        "预计结算时间": ("bare", clock(at + 3 * DAY)), "账单生成时间": ("bare", pc.utf8_slice_codeunits(day, 0, 8)),
        "到账时间": ("bare", ""),
        "商户订单号": ("bare", ""), "资金动账备注": ("bare", ""),
    }
