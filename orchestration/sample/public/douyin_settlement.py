"""Douyin's settlement entries (动账明细): one movement per sub-order after receipt, and one per refund after that.

Belongs here: its columns and total row. Does not: what the orders are. 动账 = 实付 + 平台补贴 − 退款 − fees; fees are written as negative.
"""

from __future__ import annotations

import numpy as np

from orchestration.sample import brand, douyin
from orchestration.sample.exports import last_look, lines_of
from orchestration.sample.moments import DAY, NEVER
from orchestration.sample.outbox import Outbox
from orchestration.sample.public.cases import cases_of
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import choose, clock, digits, either, grouped_yuan, weave, yuan
from orchestration.sample.world import World

FEE_RATE, COMMISSION_RATE = 5, 15  # percent of what was paid and borne by the platform


class Settlement:
    """The file grows chunk by chunk and ends with its total."""

    def __init__(self) -> None:
        self.cents, self.name = 0, ""

    def add(self, world: World, outbox: Outbox) -> None:
        """Lines of completed orders a week after receipt; cases that came after their sale was settled."""
        orders, lines, fates, window = world.orders, world.lines, world.fates, last_look(world)
        self.name = f"douyin/settlement/account={brand.DOUYIN_ACCOUNT}/date={window.taken_on}/动账明细_{window.stamp}.csv"
        settled = np.where(fates.confirmed < NEVER, fates.confirmed + 7 * DAY, NEVER)
        rows = np.flatnonzero((orders.platform == brand.DOUYIN) & (settled < world.span.stop) & (orders.paid > 0))
        line = lines_of(world, rows)
        line = line[lines.paid[line] > 0]
        cases = cases_of(world, brand.DOUYIN, window.as_of, by_line=True)
        cases = cases.where((cases.done < NEVER) & ~cases.is_swap & (settled[cases.order] <= cases.done) & (cases.buyer > 0))
        self._entries(world, outbox, line, settled[lines.order[line]], lines.paid[line], lines.subsidy[line], is_sale=True)
        self._entries(world, outbox, cases.line, cases.done, cases.buyer, cases.subsidy, is_sale=False)

    def finish(self, outbox: Outbox) -> None:
        """The total row."""
        total = f"{self.cents // 100}.{self.cents % 100:02d}"
        outbox.finish_lines(self.name, "总计,--,--," + total + ",--" * 18 + "\r\n", "gb18030")

    def _entries(self, world: World, outbox: Outbox, line: np.ndarray, at: np.ndarray, buyer: np.ndarray, subsidy: np.ndarray,
                 is_sale: bool) -> None:
        order, product = world.lines.order[line], world.lines.product[line]
        creator = douyin.creator_of(world, order)
        fee = (buyer + subsidy) * FEE_RATE // 100
        commission = np.where(creator >= 0, (buyer + subsidy) * COMMISSION_RATE // 100, 0)
        moved = buyer + subsidy - fee - commission
        self.cents += int(moved.sum())  # the total adds the column as it stands, whatever the direction
        serial = weave("'81000000", digits(world.orders.number[order] * 16 + world.lines.ordinal[line] * 2 + (not is_sale), 11))
        none = np.zeros(len(line), dtype=np.int64)
        sub_order, kol = douyin.sub_order_ids(world, line), np.maximum(creator, 0)
        cells: Cells = {
            "动账时间": ("bare", clock(at)), "动帐流水号": ("bare", serial), "动账方向": ("bare", "入账" if is_sale else "出账"),
            "动账金额": ("quoted", grouped_yuan(moved)), "动账账户": ("bare", "聚合账户"),
            "动账场景": ("bare", "订单结算" if is_sale else "订单退款"),
            "计费类型": ("bare", "-"), "子订单号": ("bare", weave("'", sub_order)),
            "订单号": ("bare", weave("'", douyin.order_ids(world, order))),
            "售后编号": ("bare", "-"), "下单时间": ("bare", clock(world.orders.at[order])),
            "商品ID": ("bare", choose(brand.ITEM_IDS, product)),
            "商品名称": ("quoted", choose(brand.TITLES, product)),
            "达人ID": ("bare", either(creator >= 0, choose([key for key, _ in brand.CREATORS], kol), "0")),
            "达人名称": ("bare", either(creator >= 0, choose([name for _, name in brand.CREATORS], kol), "-")),
            "订单类型": ("bare", "普通订单"),
            "订单实付应结": ("quoted", grouped_yuan(buyer if is_sale else none)), "运费实付": ("bare", "0.00"),
            "实际平台补贴": ("bare", yuan(subsidy if is_sale else none)), "订单退款": ("bare", yuan(none if is_sale else buyer + subsidy)),
            "平台服务费": ("bare", yuan(-fee if is_sale else fee)), "佣金": ("bare", yuan(-commission if is_sale else commission)),
            "备注": ("bare", ""),
        }
        outbox.lines(self.name, header_line(cells), body_lines(cells), "gb18030")
