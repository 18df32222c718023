"""What is ordered and what it costs: classes, lines, discounts, amounts in cents that add up.

Belongs here: the money of an order at the moment it is placed. Does not: what happens to it afterwards (`fulfilment`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import brand
from orchestration.sample.demand import Intents
from orchestration.sample.moments import Span
from orchestration.sample.streams import Streams

CLASS_MIX = np.array([  # per platform; what is left over are sales to consumers. Deposit forfeits follow from presales
    #  gift   test  brush  diff  forf  trial  exch   staff  seed   agent  proxy  topup
    [0.006, 0.002, 0.016, 0.008, 0.0, 0.004, 0.003, 0.002, 0.002, 0.003, 0.000, 0.000],  # Taobao
    [0.006, 0.002, 0.004, 0.004, 0.0, 0.002, 0.003, 0.001, 0.004, 0.000, 0.000, 0.000],  # Douyin
    [0.007, 0.003, 0.000, 0.006, 0.0, 0.000, 0.002, 0.003, 0.000, 0.003, 0.004, 0.003],  # Youzan
    [0.006, 0.002, 0.012, 0.006, 0.0, 0.004, 0.003, 0.002, 0.002, 0.002, 0.000, 0.000],  # Tmall
    [0.006, 0.003, 0.008, 0.005, 0.0, 0.003, 0.004, 0.002, 0.002, 0.003, 0.000, 0.000],  # JD
    [0.004, 0.002, 0.010, 0.004, 0.0, 0.004, 0.003, 0.001, 0.000, 0.004, 0.000, 0.000],  # Pinduoduo
    [0.000, 0.000, 0.000, 0.000, 0.0, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000],  # Vipshop buys and resells
    [0.005, 0.002, 0.006, 0.004, 0.0, 0.002, 0.003, 0.001, 0.004, 0.000, 0.000, 0.000],  # Kuaishou
    [0.005, 0.003, 0.003, 0.004, 0.0, 0.002, 0.004, 0.002, 0.008, 0.000, 0.000, 0.000],  # Xiaohongshu
    [0.006, 0.003, 0.000, 0.004, 0.0, 0.002, 0.003, 0.002, 0.002, 0.000, 0.008, 0.000],  # WeChat shop
    [0.005, 0.004, 0.000, 0.006, 0.0, 0.000, 0.000, 0.006, 0.000, 0.000, 0.008, 0.000],  # Weimob tells no memos: rulings do
    [0.000, 0.004, 0.000, 0.000, 0.0, 0.000, 0.000, 0.015, 0.000, 0.000, 0.010, 0.000],  # stores
])
GIVEN_AWAY = (brand.GIFT, brand.EXCHANGE_CLASS, brand.SEEDING)  # nothing is paid
PART_OFF = {brand.STAFF_CLASS: 50, brand.AGENT: 60}  # percent
TRIAL_PRICE = 990  # cents
ONE_GOOD_EACH = (brand.PINDUODUO, brand.KUAISHOU)  # platforms whose orders are of one SKU
SUBSIDISED = (0.0, 0.35, 0.0, 0.10, 0.0, 0.45, 0.0, 0.30, 0.25, 0.0, 0.0, 0.0)  # per platform: orders of which it bears a part
DISCOUNTS, DISCOUNT_MIX = np.array([0, 5, 10, 15]), np.array([0.42, 0.28, 0.22, 0.08])  # percent
FREE_FREIGHT_FROM, FREIGHT = 5_900, 800  # cents


@dataclass(frozen=True)
class Lines:
    """One value per order line."""

    order: np.ndarray  # position in the orders of the chunk
    ordinal: np.ndarray  # from 1 within the order
    product: np.ndarray
    quantity: np.ndarray
    list: np.ndarray  # cents, all pieces
    discount: np.ndarray  # borne by the merchant
    subsidy: np.ndarray  # borne by the platform
    freight: np.ndarray
    paid: np.ndarray  # by the buyer, freight included

    def __len__(self) -> int:
        return len(self.order)


@dataclass(frozen=True)
class Orders:
    """One value per order; amounts in cents are sums of the lines'."""

    number: np.ndarray  # over the whole world
    person: np.ndarray  # position in the chunk
    at: np.ndarray
    cause: np.ndarray
    platform: np.ndarray
    kind: np.ndarray  # position in brand.CLASSES
    first_line: np.ndarray  # position of the order's first line; one more entry than orders
    list: np.ndarray
    discount: np.ndarray
    subsidy: np.ndarray
    freight: np.ndarray
    paid: np.ndarray

    def __len__(self) -> int:
        return len(self.number)

    @property
    def line_count(self) -> np.ndarray:
        return np.diff(self.first_line)


def shared_out(amount: np.ndarray, weights: np.ndarray, order: np.ndarray, first_line: np.ndarray) -> np.ndarray:
    """Split each order's cents over its lines in proportion to whole weights; the first lines take a cent each of what is left over.

    No line gets more than its weight as long as the order's amount does not exceed the sum of the weights.
    """
    total = np.add.reduceat(weights, first_line[:-1])
    share = amount[order] * weights // np.maximum(total, 1)[order]
    left = amount - np.add.reduceat(share, first_line[:-1])
    return share + (np.arange(len(order)) - first_line[order] < left[order])


def draw_orders(intents: Intents, first_number: int, span: Span, streams: Streams) -> tuple[Orders, Lines]:
    """Fill every intent with goods and prices."""
    draws, size = streams.of("baskets"), len(intents)
    bounds = np.cumsum(np.column_stack([1 - CLASS_MIX.sum(axis=1), CLASS_MIX]), axis=1)[intents.platform]
    kind = np.minimum((draws.random(size)[:, None] >= bounds).sum(axis=1), brand.TOPUP)
    kind = np.where(kind == brand.FORFEIT, brand.SALE, kind)  # rounding at the edge of an empty share
    kind = np.where(intents.platform == brand.VIPSHOP, brand.DISTRIBUTOR, kind)
    plain = kind != brand.PRICE_DIFF
    counts = np.where(plain, draws.choice([1, 2, 3, 4], size, p=[0.60, 0.26, 0.10, 0.04]), 1)
    counts = np.where(np.isin(intents.platform, ONE_GOOD_EACH), 1, counts)
    first_line = np.concatenate(([0], np.cumsum(counts)))
    order = np.repeat(np.arange(size), counts)
    ordinal = np.arange(len(order)) - first_line[order] + 1

    popular = np.array([weight for *_, weight in brand.GOODS], dtype=float)
    product = draws.choice(len(popular), len(order), p=popular / popular.sum())
    product = np.where(plain[order], product, len(popular))
    quantity = draws.choice([1, 2, 3], len(order), p=[0.84, 0.13, 0.03])
    quantity = np.where(plain[order], quantity, draws.integers(3, 40, len(order)))
    listed = np.array(brand.PRICES)[product] * quantity

    list_total = np.add.reduceat(listed, first_line[:-1])
    rate = draws.choice(DISCOUNTS, size, p=DISCOUNT_MIX) + np.where(span.lift_at(intents.at) > 1.5, 10, 0)
    discount = np.where(plain, list_total * rate // 100, 0)
    discount = np.where(np.isin(kind, GIVEN_AWAY), list_total, discount)
    for special, percent in PART_OFF.items():
        discount = np.where(kind == special, list_total * percent // 100, discount)
    discount = np.where(kind == brand.TRIAL, np.maximum(list_total - TRIAL_PRICE, 0), discount)
    discount = np.where(kind == brand.TEST, list_total - 1, discount)  # a test costs one cent
    subsidised = (kind == brand.SALE) & (draws.random(size) < np.array(SUBSIDISED)[intents.platform])
    subsidy = np.where(subsidised, (list_total - discount) * draws.integers(2, 9, size) // 100, 0)
    goods = list_total - discount - subsidy
    freight = np.where((kind == brand.SALE) & (goods < FREE_FREIGHT_FROM) & (intents.platform != brand.STORE), FREIGHT, 0)

    line_discount = shared_out(discount, listed, order, first_line)
    line_subsidy = shared_out(subsidy, listed, order, first_line)
    line_freight = np.where(ordinal == 1, freight[order], 0)
    lines = Lines(order, ordinal, product, quantity, listed, line_discount, line_subsidy, line_freight,
                  listed - line_discount - line_subsidy + line_freight)
    orders = Orders(first_number + np.arange(size), intents.person, intents.at, intents.cause, intents.platform, kind, first_line,
                    list_total, discount, subsidy, freight, goods + freight)
    return orders, lines
