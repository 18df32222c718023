"""The files of the platforms beside the three homes: which exports there are, and what is written chunk by chunk.

Belongs here: the list. Does not: any platform's columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from orchestration.sample.outbox import Outbox
from orchestration.sample.public import (
    jd,
    jd_money,
    kuaishou,
    pinduoduo,
    pinduoduo_money,
    seller_cases,
    tmall,
    vipshop,
    wechat_shop,
    wechat_shop_api,
    xiaohongshu,
    xiaohongshu_money,
)
from orchestration.sample.world import World

WRITERS = (
    tmall.write_tmall, seller_cases.write_cases, seller_cases.write_funds, seller_cases.write_fans, jd.write_orders,
    jd_money.write_after_sales, pinduoduo.write_orders, pinduoduo_money.write_refunds,
    kuaishou.write_orders, kuaishou.write_funds, xiaohongshu.write_orders, xiaohongshu_money.write_after_sales,
    xiaohongshu_money.write_settlement, wechat_shop.write_orders, wechat_shop_api.write_orders, wechat_shop_api.write_after_sales,
    wechat_shop_api.write_funds,
)


@dataclass
class FurtherFiles:
    """The files that end with a total know it only after the last chunk."""

    jd: jd_money.Settlement = field(default_factory=jd_money.Settlement)
    vipshop: vipshop.Settlement = field(default_factory=vipshop.Settlement)
    pinduoduo: pinduoduo_money.Bill = field(default_factory=pinduoduo_money.Bill)

    def add(self, world: World, outbox: Outbox) -> None:
        """Write one chunk."""
        for write in WRITERS:
            write(world, outbox)
        self.jd.add(world, outbox)
        self.vipshop.add(world, outbox)
        self.pinduoduo.add(world, outbox)

    def finish(self, outbox: Outbox) -> None:
        """Write the last lines."""
        self.jd.finish(outbox)
        self.vipshop.finish(outbox)
        self.pinduoduo.finish(outbox)
