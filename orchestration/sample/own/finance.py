"""Finance (财务): what goods cost, what orders cost to send, what channels cost beside their ad accounts.

Belongs here: the three hand-kept lists. Does not: costs that a platform's settlement tells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa

from orchestration.sample import brand, pond
from orchestration.sample.moments import NEVER, Span, day_of
from orchestration.sample.outbox import Outbox
from orchestration.sample.own.rulings import months
from orchestration.sample.private.coupons import usable_orders
from orchestration.sample.private.pages import pulled
from orchestration.sample.tables import body_lines, header_line
from orchestration.sample.text import choose, either, yuan
from orchestration.sample.truth_tables import order_ids
from orchestration.sample.world import World

COST_PERCENT, DEARER_PERCENT = 31, 3  # of the price; the list rises once
GROUPS = ("花茶", "花茶", "白茶", "冷泡茶", "红茶", "绿茶", "白茶", "乌龙", "熟普", "礼盒",
          "器物", "器物", "器物", "器物", "茶点", "谷物茶", "礼盒", "藏茶")  # of brand.GOODS, in their order
PARCEL_CENTS, HEAVY_CENTS, GUIDE_PERCENT = 420, 180, 3
SACHET_IN, SACHET_CENTS = 5, 260  # a sachet to try lies in every fifth parcel
CARD_CENTS, PACKET_CENTS, REWARD_CENTS, SMS_CENTS, COUPON_CENTS, GIFT_CENTS = 20, 200, 500, 5, 1_000, 900
MONTHLY = (  # channel, cost type, yuan per month of a small brand
    ("wecom_friend", "工具", 1_280), ("wecom_friend", "人力", 9_600), ("store", "人力", 14_500), ("oa", "代运营", 3_000),
    ("douyin_live", "人力", 8_800), ("taobao_ads", "服务商", 2_400), ("email", "工具", 199), ("mini_program", "软件费", 820),
)
CREATORS = (("坑位费", 3_200), ("达人服务费", 480), ("寄样", 760))


def place(export: str, span: Span, stem: str) -> str:
    """Path of a list: named by the day it was saved."""
    window = pulled(span, 0, 9, 0)
    return f"finance/{export}/date={window.taken_on}/{stem}_{window.taken_on:%Y%m%d}.csv"


def write_product_costs(span: Span, outbox: Outbox) -> None:
    """Unit costs from the first day on, and again, a little dearer, from the middle of the span."""
    prices, rows = [price * 100 for _, price, _ in brand.GOODS], []
    for day, percent in ((day_of(span.start), COST_PERCENT), (day_of((span.start + span.stop) // 2), COST_PERCENT + DEARER_PERCENT)):
        rows += [(code, title, group, cents * percent // 100, day)
                 for code, title, group, cents in zip(brand.PRODUCT_CODES, brand.TITLES, GROUPS, prices, strict=False)]
    codes, titles, groups, cents, days = zip(*rows, strict=True)
    cells = {
        "商品编码": ("bare", pa.array(codes)), "商品名称": ("bare", pa.array(titles)), "系列": ("bare", pa.array(groups)),
        "含税成本": ("bare", yuan(np.array(cents))), "生效日期": ("bare", pa.array([day.isoformat() for day in days])),
        "供应商": ("bare", "南坡茶厂"),
    }
    outbox.lines(place("product_costs", span, "product_costs"), header_line(cells), body_lines(cells), "gb18030")


def write_order_costs(world: World, outbox: Outbox) -> None:
    """Freight of what was sent, the sachets that lay beside it, and the guide's commission on what was sold at the counter."""
    orders, fates, lines = world.orders, world.fates, world.lines
    pieces = np.add.reduceat(lines.quantity, orders.first_line[:-1]) if len(orders) else np.zeros(0, dtype=np.int64)
    at_counter = orders.platform == brand.STORE
    sent = np.flatnonzero((fates.shipped < NEVER) & ~at_counter)
    given = np.flatnonzero((fates.shipped < NEVER) & (orders.kind == brand.SALE) & ~at_counter & (orders.number % SACHET_IN == 0))
    sold = np.flatnonzero((fates.paid < NEVER) & at_counter & (orders.kind == brand.SALE) & (orders.paid >= 100))
    parts = ((sent, "快递费", PARCEL_CENTS + HEAVY_CENTS * (pieces[sent] - 1)),
             (given, "赠品成本", np.full(len(given), SACHET_CENTS)),
             (sold, "导购提成", orders.paid[sold] * GUIDE_PERCENT // 100))
    rows = np.concatenate([part[0] for part in parts])
    kind, cents = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts]), np.concatenate([part[2] for part in parts])
    moment = np.where(at_counter[rows], fates.paid[rows], fates.shipped[rows])
    cells = {
        "平台": ("bare", choose(brand.PLATFORMS, orders.platform[rows])), "订单号": ("tab", order_ids(world).take(pa.array(rows))),
        "费用类型": ("bare", choose([part[1] for part in parts], kind)), "金额": ("bare", yuan(cents)), "口径": ("bare", "已结算"),
        "发生日期": ("bare", pa.array(moment).cast(pa.timestamp("s")).cast(pa.date32()).cast(pa.string())),
    }
    outbox.lines(place("order_costs", world.span, "order_costs"), header_line(cells), body_lines(cells), "utf-8-sig")


@dataclass
class ChannelCosts:
    """What channels cost, by month: fixed parts, and parts that follow what happened, counted over all chunks."""

    span: Span
    counts: dict[str, np.ndarray] = field(default_factory=dict)

    def add(self, world: World) -> None:
        """Count what a chunk of people cost."""
        joined, entry, orders = world.pond.joined, world.pond.entry, world.orders
        self._count("joined", joined[joined < NEVER])
        self._count("referred", joined[(joined < NEVER) & (entry == pond.REFERRAL)])
        shipped = world.fates.shipped
        self._count("parcels", shipped[(shipped < NEVER) & (orders.platform != brand.STORE)])
        self._count("coupons", orders.at[usable_orders(world)[::3]])
        members = world.bonds.member[world.bonds.member < NEVER]
        for month, first in enumerate(months(self.span)):
            self.counts.setdefault("members", np.zeros(len(months(self.span)), dtype=np.int64))
            self.counts["members"][month] += int((members < (first.toordinal() - date(1970, 1, 1).toordinal()) * 86_400).sum())

    def finish(self, outbox: Outbox) -> None:
        """Write the list; a month stands for its first day."""
        rows: list[tuple[str, str, str, str, int]] = []
        for position, month in enumerate(months(self.span)):
            text, seen = f"{month:%Y-%m}", {name: int(counts[position]) for name, counts in self.counts.items()}
            rows += [(text, channel, "", kind, amount * 100) for channel, kind, amount in MONTHLY]
            _, creator = brand.CREATORS[position % len(brand.CREATORS)]
            rows += [(text, "douyin_kol", creator, kind, amount * 100) for kind, amount in CREATORS]
            follows = (("wecom_friend", "红包", seen["joined"] * PACKET_CENTS), ("referral", "红包", seen["referred"] * REWARD_CENTS),
                       ("parcel_card", "礼品", seen["parcels"] * CARD_CENTS), ("member", "券成本", seen["coupons"] * COUPON_CENTS),
                       ("sms", "短信费", seen["members"] * SMS_CENTS), ("wecom_group", "礼品", seen["joined"] // 4 * GIFT_CENTS))
            rows += [(text, channel, "", kind, cents) for channel, kind, cents in follows if cents]
        total = sum(row[-1] for row in rows)
        rows.append(("", "合计", "", "", total))
        columns = list(zip(*rows, strict=True))
        names = ("月份", "渠道", "达人", "费用类型")
        cells = {name: ("bare", pa.array(column)) for name, column in zip(names, columns, strict=False)}
        cells |= {"金额": ("quoted", yuan(np.array(columns[-1]))), "备注": ("bare", either(np.arange(len(rows)) < 0, "", ""))}
        outbox.lines(place("channel_costs", self.span, "channel_costs"), header_line(cells), body_lines(cells), "gb18030")

    def _count(self, name: str, moments: np.ndarray) -> None:
        firsts = np.array([(month - date(1970, 1, 1)).days * 86_400 for month in months(self.span)])
        counts = np.bincount(np.maximum(np.searchsorted(firsts, moments, side="right") - 1, 0), minlength=len(firsts))
        self.counts[name] = self.counts.get(name, np.zeros(len(firsts), dtype=np.int64)) + counts
