"""Kuaishou's order workbook and its settled orders (资金流水): no buyer id, amounts with ¥, several sheets with their own headers.

Belongs here: their columns, order and quirks. Does not: what the orders are. Only the funds file says a refunded amount.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.exports import MEMOS, halves, last_look, masked_phones, place, regions
from orchestration.sample.fulfilment import COMPENSATION, PRE_SHIP, View
from orchestration.sample.moments import DAY, NEVER
from orchestration.sample.outbox import Outbox
from orchestration.sample.public.cases import cases_of
from orchestration.sample.tables import Cells, sheet_head, sheet_rows
from orchestration.sample.text import choose, clock, digits, either, grouped_yuan, weave, whole, yuan
from orchestration.sample.world import World

STATUSES = ("待付款", "待付款", "待发货", "已发货", "交易成功", "交易关闭")
CREATORS = tuple((f"70000000000{number:02d}", name) for number, name in enumerate(("老铁茶叔", "快手山妹", "茶馆二娃"), start=1))
ITEM_IDS = tuple(f"300000000{position:05d}" for position in range(1, len(brand.TITLES) + 1))
SHOP = "5000001"
FEE_RATE, COMMISSION_RATE = 5, 20  # percent of what was paid


def order_ids(world: World, rows: np.ndarray) -> pa.StringArray:
    """16 digits."""
    return weave("26", digits(world.orders.number[rows] * 97 + 100_000_000, 14))


def creator_of(world: World, rows: np.ndarray) -> np.ndarray:
    """The creator who sold the order, −1 when none did."""
    return np.where(world.orders.cause[rows] == brand.POSITION["kuaishou_kol"], world.orders.number[rows] % len(CREATORS), -1)


def slashed(moments: np.ndarray) -> pa.StringArray:
    """Moments with slashes; a slash alone for those that never come."""
    return pc.replace_substring(clock(moments, "-"), "-", "/")


def order_cells(world: World, rows: np.ndarray, view: View, newer: bool) -> Cells:
    """The columns; the newer sheet has one more."""
    orders, lines, fates = world.orders, world.lines, world.fates
    line = orders.first_line[:-1][rows]
    product, creator = lines.product[line], creator_of(world, rows)
    source = orders.cause[rows]
    carrier = np.select([source == brand.POSITION["kuaishou_live"], source == brand.POSITION["kuaishou_video"], creator >= 0], [0, 1, 0], 2)
    province, city, district = regions(world, rows)
    compensated = (fates.refund_kind[rows] == COMPENSATION) & (view.refund[rows] > 0)
    commission = np.where(creator >= 0, orders.paid[rows] * COMMISSION_RATE // 100, 0)

    def money(cents: np.ndarray) -> tuple:
        return ("bare", weave("¥", grouped_yuan(cents)))

    cells: dict = {
        "订单号": ("bare", order_ids(world, rows)), "赠品订单号": ("bare", "0"), "订单创建时间": ("bare", slashed(orders.at[rows])),
        "订单支付时间": ("bare", slashed(view.paid[rows])), "预售定金支付时间": ("bare", "-"),
        "订单状态": ("bare", choose(STATUSES, view.status[rows])),
        "实付款": money(orders.paid[rows]), "快递费": money(orders.freight[rows]), "店铺优惠": money(orders.discount[rows]),
        "平台补贴": money(orders.subsidy[rows]), "主播补贴": ("bare", "¥0"), "支付优惠": ("bare", "-"), "支付方式": ("bare", "微信"),
        "成交数量": ("bare", whole(lines.quantity[line])), "买家留言": ("bare", "-"),
        "订单备注": ("bare", either(compensated, weave("退差价 小额打款：", yuan(view.refund[rows])), choose(MEMOS, orders.kind[rows]))),
        "售后状态": ("bare", either(view.refund[rows] > 0, "退款成功", either(view.is_refunding[rows], "售后处理中", ""))),
        "订单载体": ("bare", choose(("直播", "短视频", "商城"), carrier)), "发货时间": ("bare", slashed(view.shipped[rows])),
        "商品名称": ("bare", choose(brand.TITLES, product)), "商品ID": ("bare", choose(ITEM_IDS, product)), "商品规格": ("bare", "默认"),
        "SKU编码": ("bare", choose(brand.PRODUCT_CODES, product)), "商品单价": money(np.array(brand.PRICES)[product]),
        "渠道": ("bare", either(creator >= 0, "分销", "自营")),
        "CPS达人ID": ("bare", either(creator >= 0, choose([key for key, _ in CREATORS], np.maximum(creator, 0)), "0")),
        "CPS达人昵称": ("bare", either(creator >= 0, choose([name for _, name in CREATORS], np.maximum(creator, 0)), "-")),
        "预估推广佣金": money(commission), "预估推广者分佣比例": ("bare", either(creator >= 0, f"{COMMISSION_RATE}.0%", "-")),
        "团长ID": ("bare", "0"),
        "收货人姓名": ("bare", "余*"), "收货人电话": ("bare", masked_phones(world, rows)), "收货地址-省": ("bare", province),
        "收货地址-市": ("bare", city),
        "收货地址": ("bare", weave(province, city, district, "****")),
    }
    return cells | {"国补类型": ("bare", "-")} if newer else cells


def write_orders(world: World, outbox: Outbox) -> None:
    """Orders of each half; a workbook changes its layout in the middle."""
    for window, rows, view in halves(world, brand.KUAISHOU):
        name = place(brand.KUAISHOU, "orders", window, f"订单_{window.stamp}.xlsx")
        for number, some in enumerate((rows[: len(rows) // 2], rows[len(rows) // 2 :])):
            cells = order_cells(world, some, view, newer=number == 1)
            outbox.sheet(name, f"订单{world.streams.chunk * 2 + number + 1}", sheet_head(cells), sheet_rows(cells))


def write_funds(world: World, outbox: Outbox) -> None:
    """One row per settlement: the sale a week after receipt, and each refund. Settled = paid + subsidy − refund − fees."""
    orders, fates, window = world.orders, world.fates, last_look(world)
    sold_at = np.where(fates.confirmed < NEVER, fates.confirmed + 7 * DAY, NEVER)
    rows = np.flatnonzero((orders.platform == brand.KUAISHOU) & (sold_at < world.span.stop))
    cases = cases_of(world, brand.KUAISHOU, window.as_of)
    cases = cases.where((cases.done < NEVER) & ~cases.is_swap & (cases.kind != PRE_SHIP))
    unsold = sold_at[cases.order] >= world.span.stop  # never settled as a sale: paid and refund stand in one row
    whole_back = unsold & (cases.buyer == orders.paid[cases.order])
    nothing = np.zeros(len(rows), dtype=np.int64)
    order = np.concatenate([rows, cases.order])
    at = np.concatenate([sold_at[rows], cases.done])
    paid = np.concatenate([orders.paid[rows], np.where(whole_back, orders.paid[cases.order], 0)])
    subsidy = np.concatenate([orders.subsidy[rows], np.where(whole_back, orders.subsidy[cases.order], 0)])
    refund = np.concatenate([nothing, cases.buyer + cases.subsidy])
    fee = np.concatenate([orders.paid[rows] * FEE_RATE // 100, np.where(unsold, 0, -(cases.buyer * FEE_RATE // 100))])
    creator = creator_of(world, order)
    commission = np.where(creator >= 0, np.concatenate([orders.paid[rows], np.where(unsold, 0, -cases.buyer)]) * COMMISSION_RATE // 100, 0)
    product = world.lines.product[orders.first_line[:-1][order]]
    cells: Cells = {
        "商家ID": ("bare", SHOP), "订单号": ("bare", order_ids(world, order)), "商品ID": ("bare", choose(ITEM_IDS, product)),
        "商品名称": ("bare", choose(brand.TITLES, product)),
        "商品数量": ("bare", whole(world.lines.quantity[orders.first_line[:-1][order]])),
        "订单创建时间": ("bare", slashed(orders.at[order])), "订单实付(元)": ("bare", yuan(paid)), "平台补贴(元)": ("bare", yuan(subsidy)),
        "主播补贴(元)": ("bare", "0.00"), "订单退款(元)": ("bare", yuan(refund)), "技术服务费(元)": ("bare", yuan(fee)),
        "达人ID": ("bare", either(creator >= 0, choose([key for key, _ in CREATORS], np.maximum(creator, 0)), "0")),
        "达人佣金(元)": ("bare", yuan(commission)), "团长id": ("bare", "0"), "团长佣金(元)": ("bare", "0.00"),
        "实际结算金额(元)": ("bare", yuan(paid + subsidy - refund - fee - commission)), "实际结算时间": ("bare", slashed(at)),
    }
    name = place(brand.KUAISHOU, "funds", window, f"资金流水_{window.stamp}.xlsx")
    outbox.sheet(name, "资金流水", sheet_head(cells), sheet_rows(cells))
