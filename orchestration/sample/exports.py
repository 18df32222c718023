"""Which orders stand in which export file, and what a platform-independent cell of an order says.

Belongs here: windows, restatements, words shared by the shops. Does not: one platform's columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.fulfilment import View, view_at
from orchestration.sample.moments import DAY, HOUR, NEVER, Window
from orchestration.sample.text import choose, compact_clock, digits, either, weave
from orchestration.sample.world import World

RESTATED_AFTER = 1_800  # seconds between the last regular export and the one that restates
MEMOS = ("", "赠品 单独寄出", "测试单 勿发", "SD", "补差价", "定金不退 弃尾款",
         "U先 试用", "换货 补寄新件", "员工内购", "达人合作 寄样", "代理拿货",
         "导购代下单", "储值充值", "")  # by class


def rows_between(world: World, platform: int, window: Window) -> np.ndarray:
    """Positions of a platform's orders created inside a window."""
    at, mine = world.orders.at, world.orders.platform == platform
    return np.flatnonzero(mine & (at >= window.start) & (at < window.stop) & (at <= window.as_of))


def restating(windows: tuple[Window, ...], after: int = RESTATED_AFTER) -> Window:
    """The closing export over all orders that changed since the export of their own window."""
    return Window(windows[0].start, windows[-1].stop, windows[-1].as_of + after)


def restated_rows(world: World, platform: int, windows: tuple[Window, ...], closing: Window) -> np.ndarray:
    """Positions of the orders that the closing export shows otherwise than their own window's export did."""
    rows = rows_between(world, platform, closing)
    starts = np.array([window.start for window in windows])
    taken = np.array([window.as_of for window in windows])
    at = world.orders.at
    before = view_at(world.orders, world.fates, taken[np.clip(np.searchsorted(starts, at, side="right") - 1, 0, len(taken) - 1)])
    after = view_at(world.orders, world.fates, closing.as_of)
    return rows[_differs(before, after)[rows]]


def _differs(before: View, after: View) -> np.ndarray:
    return (before.status != after.status) | (before.refund != after.refund) | (before.is_refunding != after.is_refunding)


def every_file(
    world: World, platform: int, windows: tuple[Window, ...], restated_after: int = RESTATED_AFTER,
) -> Iterator[tuple[Window, np.ndarray, View]]:
    """Every regular file of a platform, then the restating one: window, positions, view."""
    for window in windows:
        rows = rows_between(world, platform, window)
        if len(rows):
            yield window, rows, view_at(world.orders, world.fates, window.as_of)
    window = restating(windows, restated_after)
    rows = restated_rows(world, platform, windows, window)
    if len(rows):
        yield window, rows, view_at(world.orders, world.fates, window.as_of)


@lru_cache(maxsize=2)
def _seen(world: World, as_of: int) -> View:
    """All orders of the chunk at a moment; the platforms that export at the same moments share it."""
    return view_at(world.orders, world.fates, as_of)


def halves(world: World, platform: int) -> Iterator[tuple[Window, np.ndarray, View]]:
    """Two files over the whole span: its first half as it was then; at the end the second half, and what of the first changed since."""
    span = world.span
    middle = span.start + span.days // 2 * DAY
    first, second = Window(span.start, middle, middle + 9 * HOUR), Window(middle, span.stop, span.stop + 9 * HOUR)
    early, before, after = rows_between(world, platform, first), _seen(world, first.as_of), _seen(world, second.as_of)
    yield first, early, before
    yield second, np.concatenate([early[_differs(before, after)[early]], rows_between(world, platform, second)]), after


def last_look(world: World) -> Window:
    """The one export over everything, taken on the morning after the last day."""
    return Window(world.span.start, world.span.stop, world.span.stop + 9 * HOUR)


def place(platform: int, export: str, window: Window, file_name: str, account: str = "") -> str:
    """Path of a file below landing, in the folder of the platform's account."""
    return f"{brand.PLATFORMS[platform]}/{export}/account={account or brand.ACCOUNTS[platform]}/date={window.taken_on}/{file_name}"


def regions(world: World, rows: np.ndarray) -> list[pa.StringArray]:
    """Province, city and district of the buyers of some orders."""
    at = world.people.place[world.orders.person[rows]]
    return [choose(words, at) for words in list(zip(*brand.PLACES, strict=True))[:3]]


def masked_phones(world: World, rows: np.ndarray) -> pa.StringArray:
    """The buyers' phones with their middle hidden."""
    phone = world.of_person(world.people.phone, rows)
    return weave(pc.utf8_slice_codeunits(phone, 0, 3), "****", pc.utf8_slice_codeunits(phone, 7, 11))


def evening(windows: tuple[Window, ...], seconds_before_midnight: int) -> tuple[Window, ...]:
    """The same windows, the last one taken on its own evening."""
    last = windows[-1]
    return (*windows[:-1], replace(last, as_of=last.stop - seconds_before_midnight))


def lines_of(world: World, rows: np.ndarray) -> np.ndarray:
    """Positions of the lines of some orders, in order."""
    counts = world.orders.line_count[rows]
    firsts = np.repeat(world.orders.first_line[rows], counts)
    return firsts + np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


def titles(world: World, rows: np.ndarray) -> pa.StringArray:
    """The titles of an order's lines, joined by a full-width comma."""
    text, product = None, world.lines.product
    for ordinal in range(int(world.orders.line_count[rows].max(initial=1))):
        there = world.orders.line_count[rows] > ordinal
        line = np.where(there, world.orders.first_line[rows] + ordinal, 0)
        title = choose(brand.TITLES, product[line])
        text = title if text is None else either(there, pc.binary_join_element_wise(text, title, "，"), text)
    return text


def quantities(world: World, rows: np.ndarray) -> np.ndarray:
    """Pieces per order."""
    return np.add.reduceat(world.lines.quantity, world.orders.first_line[:-1])[rows]


def alipay_numbers(world: World, rows: np.ndarray) -> pa.StringArray:
    """28 digits of an Alipay payment; '' while unpaid."""
    paid = np.where(world.fates.paid[rows] < NEVER, world.fates.paid[rows], 0)
    return either(world.fates.paid[rows] < NEVER, weave(compact_clock(paid), "2200", digits(world.orders.number[rows], 10)), "")


def two_exports(world: World, platform: int, hour: int, days_before_end: int = 30) -> Iterator[tuple[Window, np.ndarray, View]]:
    """A platform in two files: the first of everything older than the last `days_before_end`, the second of what came or changed since."""
    span = world.span
    middle = max(span.stop - days_before_end * DAY, span.start)
    first, second = Window(span.start, middle, middle + hour * HOUR), Window(span.start, span.stop, span.stop + hour * HOUR)
    old, new = view_at(world.orders, world.fates, first.as_of), view_at(world.orders, world.fates, second.as_of)
    rows = rows_between(world, platform, first)
    if len(rows):
        yield first, rows, old
    differs = (world.orders.at >= middle) | (old.status != new.status) | (old.refund != new.refund) | (old.is_refunding != new.is_refunding)
    rows = rows_between(world, platform, second)
    rows = rows[differs[rows]]
    if len(rows):
        yield second, rows, new


def listed(count: np.ndarray, objects: pa.StringArray) -> pa.StringArray:
    """Join `count` neighbouring JSON objects per owner by commas; owners without any get ''."""
    text, firsts = either(count > 0, "", ""), np.cumsum(count) - count
    for ordinal in range(int(count.max(initial=0))):
        there = count > ordinal
        piece = objects.take(pa.array(np.where(there, firsts + ordinal, 0)))
        text = either(there, weave(text, "," if ordinal else "", piece), text)
    return text
