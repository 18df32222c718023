"""Taobao's two seller reports: 订单报表 as of 2018 (era B) and 宝贝报表 in its old and its newer layout.

Belongs here: their columns, order and quirks. Does not: what the orders are.
The paid column is the current value, lowered by refunds: 总金额 = 实际支付 + 退款.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.sample import brand
from orchestration.sample.exports import MEMOS, alipay_numbers, every_file, lines_of, quantities, titles
from orchestration.sample.fulfilment import CLOSED, COMPLETED, DEPOSIT, DEPOSIT_PAID, View, refund_of_lines
from orchestration.sample.moments import NEVER, Span, Window, export_windows
from orchestration.sample.outbox import Outbox
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import choose, clock, digits, either, weave, whole, yuan
from orchestration.sample.world import World

STATUSES = ("等待买家付款", "定金已付，等待付尾款", "买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "交易成功", "交易关闭")
SHOPS = {brand.TAOBAO: ("yutang_taobao", "鱼塘茶铺"), brand.TMALL: ("yutang_tmall", "鱼塘茶铺旗舰店")}  # account, name
FIRST_ORDER_SECOND = 1_577_836_800  # 2020-01-01: order numbers count seconds from here


def order_ids(world: World, rows: np.ndarray, lead: np.ndarray | None = None) -> pa.StringArray:
    """19 digits that grow with time; lines after the first differ in the leading one."""
    first = "4" if lead is None else whole(lead)
    return weave(first, digits(world.orders.at[rows] - FIRST_ORDER_SECOND, 9), digits(world.orders.number[rows], 9))


def windows(span: Span) -> tuple[Window, ...]:
    """When the shop's staff take their exports."""
    return export_windows(span, 9, 30)


def place(export: str, window: Window, stem: str, suffix: str = ".csv", platform: int = brand.TAOBAO) -> str:
    """Path of a file below landing."""
    return f"{brand.PLATFORMS[platform]}/{export}/account={SHOPS[platform][0]}/date={window.taken_on}/{stem}{window.stamp[:12]}{suffix}"


def order_cells(world: World, rows: np.ndarray, view: View, platform: int = brand.TAOBAO) -> Cells:
    """The columns of 订单报表, era B. What Tmall bore (天猫卡券) is in 总金额 and never in the paid column."""
    orders, fates, people = world.orders, world.fates, world.people
    at = people.place[orders.person[rows]]
    columns = list(zip(*brand.PLACES, strict=True))
    address = weave(choose(columns[0], at), " ", choose(columns[1], at), " ", choose(columns[2], at), " 鱼塘路",
                    whole(people.number[orders.person[rows]] % 300 + 1), "号(", choose(columns[3], at), ")")
    paid, status = view.paid[rows] < NEVER, view.status[rows]
    given_back = np.minimum(view.refund[rows], orders.paid[rows])
    current = np.where(paid, orders.paid[rows] - given_back, 0)
    stages = weave("阶段1：定金 ", yuan(np.full(len(rows), DEPOSIT)), "元 已付款 ", clock(fates.deposit_paid[rows]), "；阶段2：尾款 ",
                   yuan(orders.paid[rows] - DEPOSIT), "元 ", either(paid, weave("已付款 ", clock(view.paid[rows])), "未付款"))
    phone = world.receivers.phone.take(np.asarray(rows))
    shipped = view.shipped[rows] < NEVER
    done = (status == COMPLETED) | ((status == CLOSED) & paid)
    zero, empty, no = ("quoted", "0"), ("quoted", ""), ("quoted", "否")
    cells: dict = {
        "订单编号": ("formula", order_ids(world, rows)), "买家会员名": ("quoted", world.of_person(people.nick, rows)),
        "买家支付宝账号": ("quoted", world.of_person(people.alipay, rows)),
        "支付单号": ("quoted", either(paid, alipay_numbers(world, rows), "")),
        "支付详情": ("quoted", either(paid, "支付方式：支付宝｜", "")),
        "买家应付货款": ("quoted", yuan(orders.paid[rows] - orders.freight[rows])),
        "买家应付邮费": ("quoted", yuan(orders.freight[rows])), "买家支付积分": zero,
        "总金额": ("quoted", yuan(orders.paid[rows] + orders.subsidy[rows])),
        "返点积分": zero,
        "买家实际支付金额": ("quoted", yuan(current)), "买家实际支付积分": zero, "订单状态": ("quoted", choose(STATUSES, status)),
        "买家留言": empty,
        "收货人姓名": ("quoted", world.of_person(people.name, rows)), "收货地址 ": ("quoted", address), "运送方式": ("quoted", "快递"),
        "联系电话 ": ("quoted", "'"), "联系手机": ("apostrophe", phone), "订单创建时间": ("quoted", clock(orders.at[rows])),
        "订单付款时间 ": ("quoted", clock(view.paid[rows])), "宝贝标题 ": ("quoted", titles(world, rows)),
        "宝贝种类 ": ("quoted", whole(orders.line_count[rows])),
        "物流单号 ": ("quoted", either(shipped, weave("No:SF", digits(orders.number[rows], 12)), "")),
        "物流公司": ("quoted", either(shipped, choose(brand.CARRIERS, orders.number[rows] % len(brand.CARRIERS)), "")),
        "订单备注": ("quoted", choose(MEMOS, orders.kind[rows])), "宝贝总数量": ("quoted", whole(quantities(world, rows))), "店铺Id": zero,
        "店铺名称": ("quoted", SHOPS[platform][1]),
        "订单关闭原因": ("quoted", either(status == CLOSED, either(paid, "退款", "买家未付款"), "订单未关闭")),
        "卖家服务费": zero, "买家服务费": ("quoted", "0元"), "发票抬头": empty,
        "是否手机订单": ("quoted", choose(("手机订单", ""), (orders.number[rows] % 9 == 0).astype(np.int8))),
        "分阶段订单信息": ("quoted", either(fates.is_presale[rows] & (status >= DEPOSIT_PAID), stages, "")),
        "特权订金订单id": ("bare", '=""'),
        "是否上传合同照片": no, "是否上传小票": no, "是否代付": no, "定金排名": empty, "修改后的sku": empty, "修改后的收货地址": empty,
        "异常信息": empty,
        "天猫卡券抵扣": ("quoted", either(orders.subsidy[rows] > 0, yuan(orders.subsidy[rows]), "")),
        "集分宝抵扣": empty, "是否是O2O交易": empty, "新零售交易类型": empty, "新零售导购门店名称": empty,
        "新零售导购门店id": empty,
        "新零售发货门店名称": empty, "新零售发货门店id": empty, "预约门店": empty, "退款金额": ("quoted", yuan(given_back)),
        "确认收货时间": ("quoted", clock(view.confirmed[rows], "null")),
        "打款商家金额": ("quoted", weave(yuan(np.where(done, current, 0)), "元")), "含应开票给个人的个人红包": ("quoted", "0.00元"),
    }
    return cells


def item_cells(world: World, rows: np.ndarray, view: View, newer: bool) -> Cells:
    """The columns of 宝贝报表; amounts only in the newer layout."""
    lines = lines_of(world, rows)
    order = world.lines.order[lines]
    product, price = world.lines.product[lines], np.array(brand.PRICES)
    ids, status = order_ids(world, order), choose(STATUSES, view.status[order])
    old: dict = {
        "订单编号": ("formula", ids), "标题": ("quoted", choose(brand.TITLES, product)), "价格": ("quoted", yuan(price[product])),
        "购买数量": ("quoted", whole(world.lines.quantity[lines])), "外部系统编号": ("quoted", choose(brand.PRODUCT_CODES, product)),
        "商品属性": ("quoted", "规格：默认"), "套餐信息": ("quoted", ""), "备注": ("quoted", choose(MEMOS, world.orders.kind[order])),
        "订单状态": ("quoted", status), "商家编码": ("quoted", choose(brand.PRODUCT_CODES, product)),
    }
    if not newer:
        return old
    paid = view.paid[order] < NEVER
    refund = np.minimum(refund_of_lines(world.lines, world.orders, world.fates, view, lines), world.lines.paid[lines])
    sub_ids = order_ids(world, order, world.lines.ordinal[lines] + 3)
    renamed = {"标题": "商品标题", "价格": "商品价格", "备注": "商家备注"}
    return {
        "子订单编号": ("formula", sub_ids), "主订单编号": ("formula", ids),
        **{renamed.get(name, name): cell for name, cell in old.items() if name != "订单编号"},
        "支付单号": ("quoted", either(paid, alipay_numbers(world, order), "")),
        "买家应付货款": ("quoted", yuan(world.lines.paid[lines] - world.lines.freight[lines])),
        "买家实际支付金额": ("quoted", yuan(np.where(paid, world.lines.paid[lines] - refund, 0))),
        "退款状态": ("quoted", either(refund > 0, "退款成功", "没有申请退款")),
        "退款金额": ("quoted", either(refund > 0, yuan(refund), "无退款申请")), "订单创建时间": ("quoted", clock(world.orders.at[order])),
        "订单付款时间": ("quoted", clock(view.paid[order])), "商品ID": ("quoted", choose(brand.ITEM_IDS, product)),
    }


def write_taobao(world: World, outbox: Outbox) -> None:
    """All regular order and item files. The first month's orders are UTF-8, the rest GB18030; its items are in the old layout."""
    plan = windows(world.span)
    for window, rows, view in every_file(world, brand.TAOBAO, plan):
        is_first = window == plan[0]
        cells = order_cells(world, rows, view)
        name, encoding = place("orders", window, "ExportOrderList"), "utf-8-sig" if is_first else "gb18030"
        outbox.lines(name, header_line(cells, quoted=True), body_lines(cells), encoding)
        cells, end = item_cells(world, rows, view, newer=not is_first), ",\r\n" if is_first else "\r\n"
        name = place("order_items", window, "ExportOrderDetailList")
        outbox.lines(name, header_line(cells, quoted=True), body_lines(cells, end), "gb18030")
