"""Figures without a person: Weibo's fans and posts, Zhihu's works and followers, Baidu's articles, and the traffic sources of the shop.

Belongs here: their columns, and figures that grow with the touches of their channel. Does not: ads.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.moments import DAY, HOUR, day_of
from orchestration.sample.outbox import Outbox
from orchestration.sample.public.ad_figures import Reach, dates, ratio
from orchestration.sample.public.shop_ads import taken
from orchestration.sample.tables import Cells, sheet_head, sheet_rows
from orchestration.sample.text import choose, clock, grouped, grouped_yuan, weave, whole

POST_EVERY, WORK_EVERY, ARTICLE_EVERY = 5, 14, 20  # days
WORKS = ("绿茶怎么泡", "茶多酚是什么", "买茶避坑", "冷泡茶的水温")
SOURCES = (  # 一级来源, 二级来源, channel
    ("手淘搜索", "手淘搜索", "taobao_search"), ("手淘推荐", "首页推荐", "taobao_recommend"), ("付费推广", "关键词推广", "taobao_ads"),
)
SEEN_PER_TOUCH = 6  # visitors of whom the sample's people are one


def write_weibo(reach: Reach, outbox: Outbox) -> None:
    """Fans per day and posts with lifetime totals, two workbooks."""
    span, window = reach.span, taken(reach)
    day, touched = np.arange(span.days), reach.touches[brand.POSITION["weibo_ads"]]
    gained, lost = touched * 2 + day % 7 + 3, day % 4
    fans: Cells = {
        "日期": ("bare", dates(span, day)), "粉丝总数": ("bare", grouped(12_000 + np.cumsum(gained - lost))),
        "新增粉丝": ("bare", whole(gained)),
        "取关粉丝": ("bare", whole(lost)), "净增粉丝数": ("bare", whole(gained - lost)),
    }
    post = np.arange(0, span.days, POST_EVERY)
    read = np.add.reduceat(touched, post) * 30 + 400
    posts: Cells = {
        "博文ID": ("bare", weave("50000000000", whole(10_007 + post * 10))),
        "发布时间": ("bare", clock(span.start + post * DAY + 20 * HOUR)),
        "博文内容": ("bare", "今天喝什么茶"), "阅读数": ("bare", grouped(read)), "互动数": ("bare", whole(read // 30)),
        "转发数": ("bare", whole(read // 200)),
        "评论数": ("bare", whole(read // 120)), "点赞数": ("bare", whole(read // 50)),
    }
    for word, cells in (("粉丝", fans), ("博文", posts)):
        name = f"weibo/content/account=wb_yutang/date={window.taken_on}/{word}_{window.stamp}.xlsx"
        outbox.sheet(name, word, sheet_head(cells), sheet_rows(cells))


def write_zhihu(reach: Reach, outbox: Outbox) -> None:
    """Works as they stand on the last day of each month, and followers per day."""
    span, window = reach.span, taken(reach)
    touched = reach.touches[brand.POSITION["zhihu_ads"]]
    work = np.arange(0, span.days, WORK_EVERY)
    ends = np.array([end for end in range(29, span.days, 30)] or [span.days - 1])
    day, piece = np.repeat(ends, len(work)), np.tile(work, len(ends))
    day, piece = day[piece <= day], piece[piece <= day]
    total = np.cumsum(touched)
    read = (total[day] - total[piece]) * 20 + (day - piece) * 3
    works: Cells = {
        "日期": ("bare", dates(span, day)), "内容标题": ("bare", choose(WORKS, piece // WORK_EVERY % len(WORKS))),
        "内容链接": ("bare", weave("https://zhihu.example.com/p/", whole(piece + 1))),
        "发布时间": ("bare", clock(span.start + piece * DAY + 10 * HOUR)),
        "阅读量": ("bare", grouped(read)), "赞同": ("bare", whole(read // 80)), "评论": ("bare", whole(read // 300)),
        "收藏": ("bare", whole(read // 30)),
    }
    everyday = np.arange(span.days)
    followers: Cells = {
        "日期": ("bare", dates(span, everyday)), "关注者总数": ("bare", grouped(3_000 + np.cumsum(touched + everyday % 3))),
        "昨日关注者变化": ("bare", whole(touched + everyday % 3)), "活跃关注者": ("bare", whole(700 + everyday)),
        "活跃关注者占比": ("bare", "21.0%"),
    }
    for word, cells in (("作品", works), ("关注者", followers)):
        name = f"zhihu/content/account=zh_yutang/date={window.taken_on}/{word}_{window.stamp}.xlsx"
        outbox.sheet(name, word, sheet_head(cells), sheet_rows(cells))


def write_baidu(reach: Reach, outbox: Outbox) -> None:
    """百家号 articles with lifetime totals."""
    span, window = reach.span, taken(reach)
    day = np.arange(0, span.days, ARTICLE_EVERY)
    read = np.add.reduceat(reach.touches[brand.POSITION["baidu_ads"]], day) * 15 + 120
    cells: Cells = {
        "标题": ("bare", weave(choose(WORKS, day // ARTICLE_EVERY % len(WORKS)), " ", whole(day + 1))),
        "发布时间": ("bare", clock(span.start + day * DAY + 10 * HOUR)), "推荐量": ("bare", grouped(read * 10)),
        "阅读量": ("bare", grouped(read)),
        "评论量": ("bare", whole(read // 200)), "点赞量": ("bare", whole(read // 60)), "收藏量": ("bare", whole(read // 90)),
        "分享量": ("bare", whole(read // 150)),
    }
    name = f"baidu/content/account=bjh_yutang/date={window.taken_on}/百家号_{window.stamp}.xlsx"
    outbox.sheet(name, "文章", sheet_head(cells), sheet_rows(cells))


def write_sycm(reach: Reach, outbox: Outbox) -> None:
    """店铺流量来源 per day: each source below its parent, whose children say 汇总, and the shop's whole."""
    span, window = reach.span, taken(reach)
    channels = np.array([brand.POSITION[code] for *_, code in SOURCES])
    day, source = np.repeat(np.arange(span.days), 2 * len(SOURCES)), np.tile(np.repeat(np.arange(len(SOURCES)), 2), span.days)
    is_parent = np.tile([True, False], span.days * len(SOURCES))
    visitors = reach.touches[channels[source], day] * SEEN_PER_TOUCH + 1
    buyers, cents = reach.orders[channels[source], day], reach.cents[channels[source], day]
    cells: Cells = {
        "日期": ("bare", dates(span, day)), "流量载体": ("bare", "全店流量"),
        "一级来源": ("bare", choose([first for first, *_ in SOURCES], source)),
        "二级来源": ("bare", _named(is_parent, choose([second for _, second, _ in SOURCES], source))),
        "三级来源": ("bare", _named(is_parent, None)),
        "四级来源": ("bare", _named(is_parent, None)), "访客数": ("bare", grouped(visitors)), "访客数环比": ("bare", "-"),
        "平均停留时长": ("bare", "12.55"),
        "支付买家数": ("bare", whole(buyers)), "支付金额": ("bare", grouped_yuan(cents)),
        "支付转化率": ("bare", weave(ratio(buyers, visitors, 10_000), "%")), "客单价": ("bare", ratio(cents, buyers, 1)),
        "UV价值": ("bare", ratio(cents, visitors, 1)),
    }
    first, last = day_of(span.start), span.last_day
    name = f"sycm/traffic_sources/account=yutang_taobao/date={window.taken_on}/【生意参谋平台】无线店铺流量来源-{first}_{last}.xlsx"
    outbox.sheet(name, "全店流量来源", sheet_head(cells), sheet_rows(cells))
    note = {"本表数据每日更新": ("bare", pa.array(["-"]))}
    outbox.sheet(name, "说明", sheet_head(note), sheet_rows(note))


def _named(is_parent: np.ndarray, names: pa.StringArray | None) -> pa.StringArray:
    """汇总 on parents; the name, or nothing, on their children."""
    return pc.if_else(pa.array(is_parent), "汇总", "-" if names is None else names)

