"""Live sessions and paid creators of Douyin, notes and paid notes of Xiaohongshu: what they showed, sold and cost.

Belongs here: the columns, and the sums over the chunks they are made of. Does not: who watched. Sessions and notes tie to the orders
that they truly earned; what platforms add (views, likes) grows with the touches.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand, douyin
from orchestration.sample.exports import place
from orchestration.sample.moments import DAY, HOUR, NEVER, Span, day_of
from orchestration.sample.outbox import Outbox
from orchestration.sample.public.ad_figures import Reach, dates, ratio
from orchestration.sample.public.shop_ads import taken
from orchestration.sample.public.xiaohongshu import CREATORS
from orchestration.sample.tables import Cells, sheet_head, sheet_rows
from orchestration.sample.text import choose, clock, weave, whole, yuan
from orchestration.sample.world import World

OWN = ("yutang_live", "鱼塘茶铺")
SESSION_FROM, SESSION_HOURS = 7, 16.5  # a session a day, as long as the shop is awake
NOTE_EVERY = 6  # days
NOTE_TITLES = ("茉莉花茶的一天", "冷泡茶六种喝法", "办公室泡茶指南", "节气茶礼开箱", "乌龙怎么挑", "盖碗新手教程")
SLOT_FEE = (60_000, 45_000, 30_000)  # cents a placement
COMMISSION_RATE = 15


@dataclass
class Sessions:
    """Orders, cents, refunds and pieces of live selling on Douyin, per anchor (own room first, then creators) and day."""

    span: Span
    sums: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.sums = np.zeros((5, 1 + len(brand.CREATORS), self.span.days), dtype=np.int64)

    def add(self, world: World) -> None:
        """Count a chunk: orders that a live room or a creator caused stand in the session of their day."""
        orders, fates = world.orders, world.fates
        own = orders.cause == brand.POSITION["douyin_live"]
        creator = douyin.creator_of(world, np.arange(len(orders)))
        rows = np.flatnonzero((orders.platform == brand.DOUYIN) & (fates.paid < NEVER) & (own | (creator >= 0)))
        place_of = (np.where(own, 0, creator + 1)[rows], (orders.at[rows] - self.span.start) // DAY)
        back = np.where(fates.refunded[rows] < NEVER, fates.refund[rows], 0)
        pieces = np.add.reduceat(world.lines.quantity, orders.first_line[:-1])[rows]
        for figure, value in zip(self.sums, (1, orders.paid[rows] + orders.subsidy[rows], back, back > 0, pieces), strict=True):
            np.add.at(figure, place_of, value)

    def write(self, reach: Reach, outbox: Outbox) -> None:
        """The list of sessions as a workbook; creators have a session on days on which they sold."""
        window, span = taken(reach), self.span
        anchor, day = np.nonzero((self.sums[0] > 0) | (np.arange(len(self.sums[0])) == 0)[:, None])
        orders, cents, back, back_orders, pieces = (figure[anchor, day] for figure in self.sums)
        starts = span.start + day * DAY + SESSION_FROM * HOUR
        live = reach.touches[brand.POSITION["douyin_live"], day]
        kol = reach.touches[brand.POSITION["douyin_kol"], day]
        viewers = np.where(anchor == 0, live, kol) * 7 + orders * 9 + 5
        names = [OWN, *((key, name) for key, name in brand.CREATORS)]
        spend = np.where(anchor == 0, cents // 9, 0)
        cells: Cells = {
            "主播头像": ("bare", "https://p.example.com/a.jpg"), "主播昵称": ("bare", choose([name for _, name in names], anchor)),
            "主播抖音号": ("bare", choose([key for key, _ in names], anchor)),
            "直播开始时间": ("bare", pc.replace_substring(clock(starts), "-", "/")),
            "直播结束时间": ("bare", pc.replace_substring(clock(starts + int(SESSION_HOURS * HOUR)), "-", "/")),
            "直播时长(分钟)": ("bare", whole(np.full(len(day), int(SESSION_HOURS * 60)))), "直播间曝光人数": ("bare", whole(viewers * 6)),
            "直播间观看人数": ("bare", whole(viewers)), "直播间观看次数": ("bare", whole(viewers * 13 // 10)),
            "最高在线人数": ("bare", whole(viewers // 6 + 1)),
            "平均在线人数": ("bare", ratio(viewers, np.full(len(day), 14), 100)), "人均观看时长(分钟)": ("bare", "1.07"),
            "评论次数": ("bare", whole(viewers // 4)), "新增粉丝数": ("bare", whole(viewers // 25)), "观看老粉占比": ("bare", "0.1421"),
            "直播间成交订单数": ("bare", whole(orders)), "直播间成交金额": ("bare", yuan(cents)),
            "直播间用户支付金额": ("bare", yuan(cents)),
            "直播间成交件数": ("bare", whole(pieces)), "直播间成交人数": ("bare", whole(orders)),
            "直播间退款订单数": ("bare", whole(back_orders)),
            "直播间退款金额": ("bare", yuan(back)), "预估佣金支出": ("bare", yuan(np.where(anchor > 0, cents * COMMISSION_RATE // 100, 0))),
            "投放消耗(店铺绑定)": ("bare", yuan(spend)), "投放消耗(店铺被投)": ("bare", yuan(spend)),
            "净成交金额": ("bare", yuan(cents - back)),
            "净成交订单数": ("bare", whole(orders - back_orders)),
        }
        name = f"douyin/live_sessions/account={brand.DOUYIN_ACCOUNT}/date={window.taken_on}/直播间列表_{window.stamp}.xlsx"
        outbox.sheet(name, "直播间列表", sheet_head(cells), sheet_rows(cells))


def write_douyin_placements(reach: Reach, outbox: Outbox) -> None:
    """星图: one task a month for each of the three best creators; the fee stands on each row of a task and is one fee."""
    span, window = reach.span, taken(reach)
    months = np.arange(0, span.days, 30)
    task = np.repeat(np.arange(len(months) * 3), 2)
    creator, day = task % 3, months[task // 3] + np.tile([0, 3], len(months) * 3)
    keep = day < span.days
    task, creator, day = task[keep], creator[keep], day[keep]
    plays = reach.touches[brand.POSITION["douyin_kol"], day] * 120 + 900
    cells: Cells = {
        "素材ID（巨量）": ("bare", weave("74000000000000", whole(10_000 + task))),
        "标题": ("bare", choose(NOTE_TITLES, task % len(NOTE_TITLES))),
        "星图任务ID": ("bare", weave("75000000000000", whole(10_000 + task))), "星图任务名称": ("bare", weave("种草任务", whole(task + 1))),
        "达人ID": ("bare", choose([key for key, _ in brand.CREATORS], creator)),
        "抖音号昵称": ("bare", choose([name for _, name in brand.CREATORS], creator)),
        "视频播放链接": ("bare", "https://v.example.com/1"), "下单账户名称": ("bare", "鱼塘品牌"), "消耗": ("bare", yuan(plays // 10)),
        "达人报价": ("bare", yuan(np.array(SLOT_FEE)[creator])), "平台服务费": ("bare", yuan(np.array(SLOT_FEE)[creator] // 20)),
        "播放量": ("bare", whole(plays)),
        "数据统计日期": ("bare", dates(span, day)),
    }
    name = f"douyin/placements/account={brand.DOUYIN_ACCOUNT}/date={window.taken_on}/星广_{window.stamp}.xlsx"
    outbox.sheet(name, "星广", sheet_head(cells), sheet_rows(cells))


def write_notes(reach: Reach, outbox: Outbox) -> None:
    """The account's notes with lifetime totals; the touches after a note was published are its readers."""
    span, window = reach.span, taken(reach)
    day = np.arange(0, span.days, NOTE_EVERY)
    at = span.start + day * DAY + 12 * HOUR
    read = np.add.reduceat(reach.touches[brand.POSITION["xiaohongshu_note"]], day) * 25 + 40
    shown = read * 4
    moment = weave(pc.strftime(pa.array(at).cast(pa.timestamp("s")), "%Y年%m月%d日%H时%M分"), "00秒")
    cells: Cells = {
        "笔记标题": ("bare", weave(choose(NOTE_TITLES, np.arange(len(day)) % len(NOTE_TITLES)), " ", whole(day // NOTE_EVERY + 1))),
        "首次发布时间": ("bare", moment), "体裁": ("bare", choose(("图文", "视频"), day % 2)), "曝光": ("bare", whole(shown)),
        "观看量": ("bare", whole(read)),
        "封面点击率": ("bare", ratio(read, shown)), "点赞": ("bare", whole(read // 11)), "评论": ("bare", whole(read // 90)),
        "收藏": ("bare", whole(read // 16)),
        "涨粉": ("bare", whole(read // 120)), "分享": ("bare", whole(read // 70)), "人均观看时长": ("bare", "15.5"), "弹幕": ("bare", "0"),
    }
    name = place(brand.XIAOHONGSHU, "notes", window, f"笔记列表明细表_{window.stamp}.xlsx")
    outbox.sheet(name, "笔记", sheet_head(cells, ("最多导出排序后前1000条笔记",)), sheet_rows(cells))


def write_note_placements(reach: Reach, outbox: Outbox) -> None:
    """蒲公英: a paid note a month with each creator."""
    span, window = reach.span, taken(reach)
    order = np.arange(len(range(0, span.days, 30)) * len(CREATORS))
    day = order // len(CREATORS) * 30
    fee = np.array(SLOT_FEE)[order % len(SLOT_FEE)] // 2
    service = fee // 10
    read = reach.touches[brand.POSITION["xiaohongshu_kol"], day] * 40 + 250
    cells: Cells = {
        "数据更新日期": ("bare", f"{day_of(window.stop):%Y/%m/%d}"), "订单id": ("bare", weave("20840000000000", whole(10_000 + order))),
        "合作名称": ("bare", weave("种草合作", whole(order + 1))), "报备品牌": ("bare", "鱼塘"), "下单账号": ("bare", "鱼塘品牌号"),
        "spu名称": ("bare", choose(brand.TITLES, order % 8)), "笔记数": ("bare", "1"), "发布人数": ("bare", "1"),
        "图文笔记占比": ("bare", "100.0%"),
        "视频笔记占比": ("bare", "0.0%"), "博主报价": ("bare", yuan(fee)), "服务费金额": ("bare", yuan(service)), "总预算": ("bare", "-"),
        "总消耗": ("bare", yuan(fee + service)), "是否为优效模式": ("bare", "否"), "订单来源": ("bare", "定制商单"),
        "订单创建时间": ("bare", dates(span, day, "%Y/%m/%d")),
        "订单完成时间": ("bare", "-"), "总曝光量": ("bare", whole(read * 9)), "总阅读量": ("bare", whole(read)),
        "总阅读UV": ("bare", whole(read * 9 // 10)),
        "总互动量": ("bare", whole(read // 12)), "总互动率": ("bare", weave(ratio(read // 12, read, 10_000), "%")),
        "总点赞量": ("bare", whole(read // 20)),
        "阅读单价": ("bare", ratio(fee, read, 1)), "互动单价": ("bare", ratio(fee, read // 12, 1)),
    }
    name = place(brand.XIAOHONGSHU, "placements", window, f"蒲公英订单报告_{window.stamp}.xlsx")
    outbox.sheet(name, "订单报告", sheet_head(cells), sheet_rows(cells))
