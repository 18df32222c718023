"""Qianchuan's daily report (千川 标准推广): spend and what the platform claims for it, without any person.

Belongs here: plans, their spend, the report's columns and total row. Does not: who clicked.
Spend follows a smooth budget sized so that the money it truly caused returns `TRUE_ROAS`; the platform claims more than that.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from orchestration.sample import brand
from orchestration.sample.moments import DAY, NEVER, Span, day_of
from orchestration.sample.outbox import Outbox
from orchestration.sample.streams import Streams
from orchestration.sample.tables import Cells, body_lines, header_line
from orchestration.sample.text import choose, grouped, grouped_yuan, whole, yuan
from orchestration.sample.world import World

PLANS = (  # account, 推广类型, name, id, share of the budget
    (0, "推直播间", "直播间-日播", "179200000001", 0.36), (0, "推商品", "商品-茉莉花茶", "179200000002", 0.22),
    (1, "推商品", "商品-拉新冷泡", "179200000003", 0.27), (1, "推直播间", "直播间-会员日", "179200000004", 0.15),
)
TRUE_ROAS, CLAIMED = 2.1, 1.35  # true revenue per yuan; claimed revenue per true revenue


@dataclass
class AdYield:
    """What ads truly caused per day, summed over the chunks."""

    span: Span
    orders: np.ndarray = field(init=False)
    cents: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.orders = np.zeros(self.span.days, dtype=np.int64)
        self.cents = np.zeros(self.span.days, dtype=np.int64)

    def add(self, world: World) -> None:
        """Count a chunk's paid orders that Qianchuan caused."""
        mine = (world.orders.cause == brand.POSITION["douyin_ads"]) & (world.fates.paid < NEVER)
        day = (world.fates.paid[mine] - self.span.start) // DAY
        np.add.at(self.orders, day, 1)
        np.add.at(self.cents, day, world.orders.paid[mine])


def write_qianchuan(ads: AdYield, outbox: Outbox, streams: Streams) -> None:
    """One file per account and month, one row per day and plan, a total row at the end."""
    span, draws = ads.span, streams.of("qianchuan")
    budget = ads.cents.sum() / TRUE_ROAS * (span.lift**0.7) / (span.lift**0.7).sum()
    shares = np.array([share for *_, share in PLANS])
    spend = np.rint(budget[:, None] * shares * draws.lognormal(-0.02, 0.2, (span.days, len(PLANS)))).astype(np.int64)
    cpc = draws.uniform(90, 220, (span.days, len(PLANS)))  # cents
    clicks = np.maximum(np.rint(spend / cpc).astype(np.int64), spend > 0)
    shown = np.rint(clicks / draws.uniform(0.012, 0.03, spend.shape)).astype(np.int64)
    weights = spend / np.maximum(spend.sum(axis=1, keepdims=True), 1)
    claimed_orders = np.minimum(draws.poisson(ads.orders[:, None] * weights * CLAIMED), clicks)
    average = ads.cents.sum() / max(ads.orders.sum(), 1)
    revenue = np.rint(claimed_orders * average * draws.uniform(0.8, 1.2, spend.shape)).astype(np.int64)
    month_of = np.array([f"{day_of(span.start + position * DAY):%Y%m}" for position in range(span.days)])
    for account, code in enumerate(brand.QIANCHUAN_ACCOUNTS):
        plans = np.array([position for position, plan in enumerate(PLANS) if plan[0] == account])
        for month in sorted(set(month_of)):
            days = np.flatnonzero(month_of == month)
            day, plan = np.repeat(days, len(plans)), np.tile(plans, len(days))
            cells = _cells(span, day, plan, *(figure[day, plan] for figure in (spend, shown, clicks, claimed_orders, revenue)))
            taken = day_of(span.start + (int(days[-1]) + 1) * DAY)
            name = f"qianchuan/daily/account={code}/date={taken}/千川标准推广_{taken:%Y%m%d}103000.csv"
            outbox.lines(name, header_line(cells), body_lines(cells), "utf-8-sig")


def _cells(span: Span, day: np.ndarray, plan: np.ndarray, spend: np.ndarray, shown: np.ndarray, clicks: np.ndarray,
           orders: np.ndarray, revenue: np.ndarray) -> Cells:
    figures = [np.append(figure, figure.sum()) for figure in (spend, shown, clicks, orders, revenue)]
    spend, shown, clicks, orders, revenue = figures
    dates = [f"{day_of(span.start + int(position) * DAY):%Y-%m-%d}" for position in day] + [""]
    plan = np.append(plan, len(PLANS))

    def word(column: int) -> tuple:
        return ("bare", choose([str(entry[column]) for entry in PLANS] + [""], plan))

    def ratio(upper: np.ndarray, lower: np.ndarray, scale: int = 100) -> tuple:
        return ("bare", yuan(np.rint(upper * scale / np.maximum(lower, 1)).astype(np.int64)))

    return {
        "日期": ("bare", choose(dates, np.arange(len(dates)))), "推广类型": word(1), "计划ID": word(3), "计划名称": word(2),
        "消耗(元)": ("quoted", grouped_yuan(spend)),
        "展示次数": ("quoted", grouped(shown)), "点击次数": ("quoted", grouped(clicks)), "点击率(%)": ratio(clicks * 100, shown),
        "转化数": ("bare", whole(orders)),
        "转化率(%)": ratio(orders * 100, clicks), "转化成本(元)": ratio(spend, orders, 1), "直接成交订单数": ("bare", whole(orders)),
        "直接成交金额(元)": ("quoted", grouped_yuan(revenue)), "直接支付ROI": ratio(revenue, spend),
        "直接下单订单数": ("bare", whole(orders)),
        "直接下单金额(元)": ("quoted", grouped_yuan(revenue)), "直接下单ROI": ratio(revenue, spend),
    }

