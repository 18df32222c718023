"""Vipshop's settlement workbook (019_商品结算销售满减明细报表): it buys and resells, so there is an order number and no consumer.

Belongs here: its columns. Does not: what was ordered. A return of the same month stands in the sale's row, a later one in a row of its own.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.exports import last_look, lines_of, place
from orchestration.sample.fulfilment import WHOLE_ORDER
from orchestration.sample.moments import NEVER
from orchestration.sample.outbox import Outbox
from orchestration.sample.tables import Cells, sheet_head, sheet_rows
from orchestration.sample.text import choose, clock, compact_clock, digits, either, weave, whole, yuan
from orchestration.sample.workbook import row_of
from orchestration.sample.world import World

BARCODES = tuple(f"69000000{position:05d}" for position in range(1, len(brand.TITLES) + 1))


def order_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """The day of the order and nine digits."""
    return weave(pc.utf8_slice_codeunits(compact_clock(world.orders.at[rows]), 2, 8), digits(world.orders.number[rows], 9))


def months(moments: np.ndarray) -> pa.StringArray:
    """YYYY-MM."""
    return pc.utf8_slice_codeunits(clock(moments), 0, 7)


class Settlement:
    """The file grows chunk by chunk and ends with its total."""

    def __init__(self) -> None:
        self.cents, self.name = 0, ""

    def add(self, world: World, outbox: Outbox) -> None:
        """All lines sold, with what came back of them."""
        window, orders, lines, fates = last_look(world), world.orders, world.lines, world.fates
        self.name = place(brand.VIPSHOP, "settlement", window, f"019_商品结算销售满减明细报表_{window.stamp}.xlsx")
        line = lines_of(world, np.flatnonzero(orders.platform == brand.VIPSHOP))
        order = lines.order[line]
        back = (fates.refunded[order] < NEVER) & ((fates.refund_line[order] == WHOLE_ORDER) | (fates.refund_line[order] == line))
        sold, gone = months(orders.at[order]), months(np.where(back, fates.refunded[order], 0))
        same = back & pc.equal(sold, gone).to_numpy(zero_copy_only=False)
        later = back & ~same
        is_last = months(np.array([world.span.stop - 1]))[0].as_py()
        for some, period, sells, returns in ((slice(None), sold, True, same), (later, gone.filter(pa.array(later)), False, later[later])):
            chosen = line[some]
            sale, promo = (np.where(sells, column[chosen], 0) for column in (lines.list, lines.discount))
            came, promo_back = (np.where(returns, column[chosen], 0) for column in (lines.list, lines.discount))
            total = sale - promo - came + promo_back
            self.cents += int(total.sum())
            cells = _cells(world, chosen, period, sells, returns, is_last) | {
                "销售含税结算金额": ("bare", yuan(sale)), "客退含税结算金额": ("bare", yuan(came)),
                "盘盈亏+转VI+其他调整项含税金额合计": ("bare", "0"), "采购含税结算金额合计": ("bare", yuan(sale - came)),
                "销售满减总额": ("bare", yuan(promo)), "销售应扣款满减金额": ("bare", yuan(promo)),
                "客退应扣款满减金额": ("bare", yuan(promo_back)),
                "净扣款满减金额": ("bare", yuan(promo - promo_back)), "含税结算金额总计": ("bare", yuan(total)), "仓库": ("bare", "华南"),
                "JITX标识": ("bare", "JITX"),
            }
            outbox.sheet(self.name, "明细", sheet_head(cells), sheet_rows(cells))
            self.width = list(cells).index("含税结算金额总计")

    def finish(self, outbox: Outbox) -> None:
        """The total row."""
        sign = "-" if self.cents < 0 else ""
        total = f"{sign}{abs(self.cents) // 100}.{abs(self.cents) % 100:02d}"
        outbox.finish_sheet(self.name, row_of(["合计", *[""] * (self.width - 1), total]))


def _cells(world: World, line: np.ndarray, period: pa.Array, sells: bool, returns: np.ndarray, open_month: str) -> Cells:
    order, product, quantity = world.lines.order[line], world.lines.product[line], world.lines.quantity[line]
    return {
        "事务发生期间": ("bare", period), "账单编码": ("bare", weave("B", pc.replace_substring(period, "-", ""))),
        "账单状态": ("bare", either(pc.equal(period, open_month).to_numpy(zero_copy_only=False), "未出", "已出")),
        "业务主体id": ("bare", "1"), "业务主体名称": ("bare", "唯品"), "供应商编码": ("bare", brand.ACCOUNTS[brand.VIPSHOP]),
        "供应商名称": ("bare", "鱼塘茶铺"),
        "订单时间": ("bare", clock(world.orders.at[order])), "是否快抢活动": ("bare", "否"), "订单号": ("bare", order_ids(world, order)),
        "换货标记": ("bare", "非换货单"), "原单号": ("bare", ""), "PO号": ("bare", "PO1"), "PO类型": ("bare", "JIT(分销)"),
        "库存属性": ("bare", "NORMAL"),
        "品牌编码": ("bare", "10"), "品牌名称": ("bare", "鱼塘"), "条码": ("bare", choose(BARCODES, product)),
        "货号": ("bare", choose(brand.PRODUCT_CODES, product)), "商品名称": ("bare", choose(brand.TITLES, product)),
        "价格模式": ("bare", "普通"),
        "销售数量": ("bare", whole(np.where(sells, quantity, 0))), "客退数量": ("bare", whole(np.where(returns, quantity, 0))),
        "税率": ("bare", "0.13"),
    }
