"""The one door of the sample: draw the world in chunks of people and write its exports and its truth.

Belongs here: the loop. Does not: anything about people or platforms.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.sample import crm, douyin, douyin_after_sales, qianchuan, taobao, trouble, wecom, youzan
from orchestration.sample.moments import span_of
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.channels import Channels
from orchestration.sample.public.further import FurtherFiles
from orchestration.sample.streams import Streams
from orchestration.sample.truth import TruthBook
from orchestration.sample.wechat_pay import Bills
from orchestration.sample.world import World, draw_world

CHUNK = 50_000  # people in memory at a time
SMALL_WORLD = 20_000  # up to here API pages hold 100 records, as the real ones do; above, a puller is taken to have merged them
MERGED_PAGE = 5_000


@dataclass(frozen=True)
class SampleReport:
    """What was written: files in order of path, and rows per export (`taobao/orders` → rows, restated ones counted again)."""

    files: tuple[Path, ...]
    rows: dict[str, int]


def write_sample(
    landing: Path, truth: Path | None, customers: int = 2_000, days: int = 240, seed: int = 1, end: date = date(2026, 9, 30),
    hard_cases: bool = False,
) -> SampleReport:
    """Write the simulated brand's exports below `landing`, and its ground truth to `truth` unless that is None.

    `customers` people over `days` days that end with `end`. Equal arguments give equal bytes. `hard_cases` adds people whom no
    exact key can tell apart (`hard_cases` has the kinds). Raises ValueError for a world without people or shorter than ten days.
    """
    if customers < 1 or days < 10:
        raise ValueError(f"a sample needs at least 1 customer and 10 days, not {customers} and {days}")
    span, small = span_of(end, days), customers <= SMALL_WORLD
    bills, further, ads, counts, orders_so_far = Bills(span), FurtherFiles.over(span), qianchuan.AdYield(span), Counter(), 0
    channels = Channels.over(span)
    with Outbox(landing) as outbox, TruthBook(truth) as book:
        for chunk, first in enumerate(range(0, customers, CHUNK)):
            world = draw_world(seed, chunk, first, min(CHUNK, customers - first), orders_so_far, span, hard_cases)
            orders_so_far += len(world.orders)
            _write_chunk(world, outbox, bills, chunk == 0, small)
            channels.add(world, outbox)
            further.add(world, outbox)
            book.add(world)
            ads.add(world)
            trouble.count_troubles(world, counts)
        bills.finish(outbox)
        channels.finish(outbox, Streams(seed, 0))
        further.finish(outbox, Streams(seed, 0))
        qianchuan.write_qianchuan(ads, outbox, Streams(seed, 0))
        outbox.close()
        book.finish(trouble.plant(outbox, span, counts))
        return SampleReport(outbox.files, dict(sorted(outbox.rows.items())))


def _write_chunk(world: World, outbox: Outbox, bills: Bills, is_first: bool, small: bool) -> None:
    taobao.write_taobao(world, outbox)
    douyin.write_douyin(world, outbox)
    douyin_after_sales.write_after_sales(world, outbox)
    youzan.write_youzan(world, outbox, youzan.PAGE if small else MERGED_PAGE)
    bills.add(world, outbox)
    wecom.write_contacts(world, outbox, has_counter=is_first, dense=small, page_size=wecom.PAGE if small else MERGED_PAGE)
    wecom.write_events(world, outbox)
    crm.write_crm(world, outbox)
    trouble.write_late_files(world, outbox)
