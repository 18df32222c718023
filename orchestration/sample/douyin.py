"""Douyin's order export: one row per sub-order, no buyer id, receivers as ciphertext.

Belongs here: its columns, order and quirks. Does not: what the orders are.
The traffic columns (流量…) of an order are filled on the next day.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.exports import MEMOS, evening, every_file, lines_of
from orchestration.sample.fulfilment import CLOSED, COMPLETED, View, refund_of_lines
from orchestration.sample.moments import DAY, NEVER, SHANGHAI_OFFSET, Span, Window, export_windows
from orchestration.sample.outbox import Outbox
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import choose, clock, digits, either, grouped_yuan, random_text, weave, whole
from orchestration.sample.world import World

STATUSES = ("待支付", "待支付", "待发货", "已发货", "已完成", "已关闭")
UNKNOWN_COLUMN = "新版会员标识"  # stands in one day's file only: platforms add columns without a word
TOMORROW = "数据将于第二天更新"
FIRST_ORDER_SECOND = 1_577_836_800
RESTATED_AFTER_EVENING = 60  # the evening's last export is taken a minute before midnight, the restating one right after it
# by cause (brand.PUBLIC from douyin_ads on, then everything else): 流量来源, 广告渠道, 流量类型, 流量体裁, 流量渠道
TRAFFIC = {
    "douyin_ads": ("巨量千川", "千川", "广告", "短视频", "小店随心推"), "douyin_live": ("自营", "-", "非广告", "直播", "直播间"),
    "douyin_kol": ("精选联盟", "-", "非广告", "直播", "达人直播"), "douyin_video": ("自营", "-", "非广告", "短视频", "短视频"),
}
UNTOUCHED = ("自营", "-", "非广告", "其他", "商品卡")
FIELDS = ("流量来源", "广告渠道", "流量类型", "流量体裁", "流量渠道")


def windows(span: Span) -> tuple[Window, ...]:
    """When exports are taken: mornings, but the latest on its own evening, before the traffic columns are filled."""
    return evening(export_windows(span, 9, 5), RESTATED_AFTER_EVENING)


def place(window: Window, suffix: str = ".csv") -> str:
    """Path of a file below landing; the name begins with the export's epoch."""
    epoch = window.as_of - SHANGHAI_OFFSET
    return f"douyin/orders/account={brand.DOUYIN_ACCOUNT}/date={window.taken_on}/{epoch}_{epoch % 9973:04d}{suffix}"


def order_ids(world: World, rows: np.ndarray, lead: np.ndarray | None = None) -> pa.StringArray:
    """19 digits; `lead` stands in place of the first two."""
    first = "69" if lead is None else whole(lead)
    return weave(first, digits(world.orders.at[rows] - FIRST_ORDER_SECOND, 9), digits(world.orders.number[rows], 8))


def sub_order_ids(world: World, lines: np.ndarray) -> pa.StringArray:
    """The number of each line: that of the order for its first, else one of its own."""
    ordinal = world.lines.ordinal[lines]
    return order_ids(world, world.lines.order[lines], np.where(ordinal == 1, 69, 70 + ordinal))


def traffic_of(world: World, order: np.ndarray, window: Window) -> tuple[dict[str, pa.StringArray], np.ndarray]:
    """The traffic columns, and which rows still wait for them."""
    sources = [TRAFFIC.get(code, UNTOUCHED) for code in brand.CODES] + [UNTOUCHED]
    cause = np.where(world.orders.cause[order] == brand.DIRECT, len(brand.CODES), world.orders.cause[order])
    pending = world.orders.at[order] // DAY == window.as_of // DAY
    filled = {name: choose([source[position] for source in sources], cause) for position, name in enumerate(FIELDS)}
    return {name: either(pending, TOMORROW if name == "流量体裁" else "-", text) for name, text in filled.items()}, pending


def creator_of(world: World, order: np.ndarray) -> np.ndarray:
    """The creator who sold the order: few creators sell most. −1 when no creator did."""
    by_creator = world.orders.cause[order] == brand.POSITION["douyin_kol"]
    draw = (world.orders.number[order] * 2_654_435_761 % 4_294_967_296) / 4_294_967_296
    return np.where(by_creator, (draw**1.8 * len(brand.CREATORS)).astype(np.int64), -1)


def cells_of(world: World, rows: np.ndarray, view: View, window: Window, express: bool) -> Cells:
    """The columns; with `express` the layout that ends with 快递信息, whose comma is not quoted."""
    lines = lines_of(world, rows)
    order, part = world.lines.order[lines], world.lines
    ids = order_ids(world, order)
    sub_ids = sub_order_ids(world, lines)
    refund = refund_of_lines(part, world.orders, world.fates, view, lines)
    whole_line = (refund > 0) & (refund == part.paid[lines] + part.subsidy[lines])
    status = np.where(whole_line, CLOSED, view.status[order])
    case = np.where(refund == 0, view.is_refunding[order], np.where(whole_line, 3, 2))
    secret = choose(random_text(world.streams.of("ciphertext"), 512, 40).to_pylist(), (world.orders.number[order] * 37 % 512))
    places = list(zip(*brand.PLACES, strict=True))
    at = world.people.place[world.orders.person[order]]
    creator = creator_of(world, order)
    traffic, pending = traffic_of(world, order, window)
    shipped = view.shipped[order] < NEVER

    def money(cents: np.ndarray) -> tuple:
        text = grouped_yuan(cents)
        return ("bare", pc.if_else(pc.match_substring(text, ","), weave('"', text, '"'), text))

    none, zero = ("bare", "-"), ("bare", "0.00")
    subsidy, discount = part.subsidy[lines], part.discount[lines]
    cells: dict = {
        "主订单编号": ("tab", ids), "子订单编号": ("tab", sub_ids), "选购商品": ("tab", choose(brand.TITLES, part.product[lines])),
        "商品规格": ("tab", "默认"),
        "商品数量": ("bare", whole(part.quantity[lines])), "商品ID": ("tab", choose(brand.ITEM_IDS, part.product[lines])),
        "商家编码": ("tab", choose(brand.PRODUCT_CODES, part.product[lines])),
        "商品金额" if express else "商品单价": money(np.array(brand.PRICES)[part.product[lines]]),
        "订单应付金额": money(part.paid[lines]), "运费": money(part.freight[lines]), "优惠总金额": money(subsidy + discount),
        "平台优惠": money(subsidy),
        "商家优惠": money(discount), "达人优惠": zero, "商家改价": zero, "支付优惠": zero, "红包抵扣": zero, "降价类优惠": zero,
        "平台实际承担优惠金额": money(subsidy), "商家实际承担优惠金额": money(discount), "达人实际承担优惠金额": zero,
        "支付方式": ("bare", "抖音支付"), "手续费": zero,
        "收件人": ("quoted", weave("##", secret)), "收件人手机号": ("quoted", weave("$$", secret)), "省": ("bare", choose(places[0], at)),
        "市": ("bare", choose(places[1], at)), "区": ("bare", choose(places[2], at)), "街道": ("bare", "鱼塘街道"),
        "详细地址": ("quoted", weave("##", secret)),
        "买家留言": none, "商家备注": ("bare", pc.replace_substring_regex(choose(MEMOS, world.orders.kind[order]), "^$", "-")),
        "旗帜颜色": ("bare", "灰色"),
        "订单提交时间": ("bare", clock(world.orders.at[order])), "支付完成时间": ("bare", clock(view.paid[order], "-")),
        "订单完成时间": ("bare", clock(np.where(status == COMPLETED, view.confirmed[order], NEVER), "-")),
        "发货时间": ("bare", clock(view.shipped[order], "-")),
        "承诺发货时间": ("bare", clock(np.where(view.paid[order] < NEVER, view.paid[order] + 2 * DAY, NEVER), "-")),
        "订单状态": ("bare", choose(STATUSES, status)), "订单类型": ("bare", "普通订单"), "APP渠道": ("bare", "抖音"),
        "售后状态": ("bare", choose(("-", "退款中", "退款成功", "已全额退款"), case)),
        "取消原因": none, **{name: ("bare", text) for name, text in traffic.items()},
        "达人ID": ("tab", either(pending | (creator < 0), "0", choose([key for key, _ in brand.CREATORS], np.maximum(creator, 0)))),
        "达人昵称": ("bare", either(pending | (creator < 0), "-", choose([name for _, name in brand.CREATORS], np.maximum(creator, 0)))),
    }
    if express:
        carrier = choose(brand.CARRIERS, world.orders.number[order] % len(brand.CARRIERS))
        cells["快递信息"] = ("bare", either(shipped, weave("SF", digits(world.orders.number[order], 10), "-", carrier, ",10001-1"), "-"))
    return cells


def write_douyin(world: World, outbox: Outbox) -> None:
    """All order files: the first month as a zip, the second in the layout with 快递信息."""
    plan = windows(world.span)
    for window, rows, view in every_file(world, brand.DOUYIN, plan, restated_after=RESTATED_AFTER_EVENING // 2):
        cells = dict(cells_of(world, rows, view, window, express=window == plan[1]))
        if window == plan[-2]:
            cells[UNKNOWN_COLUMN] = ("bare", "是")
        name = place(window, ".zip" if window == plan[0] else ".csv")
        outbox.lines(name, header_line(cells, end="\n"), body_lines(cells, "\n"), "utf-8-sig")
