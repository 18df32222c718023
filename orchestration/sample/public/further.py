"""The files of the platforms beside the three homes: which exports there are, and what is written chunk by chunk.

Belongs here: the list. Does not: any platform's columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from orchestration.sample.moments import Span
from orchestration.sample.outbox import Outbox
from orchestration.sample.public import (
    content,
    douyin_settlement,
    jd,
    jd_money,
    kuaishou,
    media_ads,
    media_content,
    pinduoduo,
    pinduoduo_money,
    seller_cases,
    shop_ads,
    tmall,
    vipshop,
    wechat_shop,
    wechat_shop_api,
    xiaohongshu,
    xiaohongshu_money,
)
from orchestration.sample.public.ad_figures import Reach
from orchestration.sample.streams import Streams
from orchestration.sample.world import World

WRITERS = (
    tmall.write_tmall, seller_cases.write_cases, seller_cases.write_funds, seller_cases.write_fans, jd.write_orders,
    jd_money.write_after_sales, pinduoduo.write_orders, pinduoduo_money.write_refunds,
    kuaishou.write_orders, kuaishou.write_funds, xiaohongshu.write_orders, xiaohongshu_money.write_after_sales,
    xiaohongshu_money.write_settlement, wechat_shop.write_orders, wechat_shop_api.write_orders, wechat_shop_api.write_after_sales,
    wechat_shop_api.write_funds,
)


REPORTS = (  # one random stream each, so that no report depends on another
    shop_ads.write_alimama, shop_ads.write_jd, shop_ads.write_pinduoduo, shop_ads.write_kuaishou, media_ads.write_oceanengine,
    media_ads.write_tencent, media_ads.write_juguang, media_ads.write_baidu, media_ads.write_weibo, media_ads.write_zhihu,
    media_ads.write_qutoutiao,
)
FIGURES = (
    content.write_douyin_placements, content.write_notes, content.write_note_placements, media_content.write_weibo,
    media_content.write_zhihu, media_content.write_baidu, media_content.write_sycm,
)


@dataclass
class FurtherFiles:
    """The files that end with a total know it only after the last chunk, and so do reports without persons."""

    reach: Reach
    sessions: content.Sessions
    jd: jd_money.Settlement = field(default_factory=jd_money.Settlement)
    vipshop: vipshop.Settlement = field(default_factory=vipshop.Settlement)
    pinduoduo: pinduoduo_money.Bill = field(default_factory=pinduoduo_money.Bill)
    douyin: douyin_settlement.Settlement = field(default_factory=douyin_settlement.Settlement)

    @classmethod
    def over(cls, span: Span) -> FurtherFiles:
        """Nothing written yet."""
        return cls(Reach(span), content.Sessions(span))

    def add(self, world: World, outbox: Outbox) -> None:
        """Write one chunk."""
        for write in WRITERS:
            write(world, outbox)
        self.jd.add(world, outbox)
        self.vipshop.add(world, outbox)
        self.pinduoduo.add(world, outbox)
        self.douyin.add(world, outbox)
        self.reach.add(world)
        self.sessions.add(world)

    def finish(self, outbox: Outbox, streams: Streams) -> None:
        """Write the last lines, and what no chunk knows alone."""
        self.jd.finish(outbox)
        self.vipshop.finish(outbox)
        self.pinduoduo.finish(outbox)
        self.douyin.finish(outbox)
        for write in REPORTS:
            write(self.reach, outbox, streams.of(f"{write.__module__} {write.__name__}"))
        for write in FIGURES:
            write(self.reach, outbox)
        self.sessions.write(self.reach, outbox)
