"""Ad reports of media that sell nothing themselves: 巨量引擎, 腾讯广告, 聚光, 百度, 微博, 知+, 趣头条, each over the whole span.

Belongs here: their columns, levels, preambles and total rows. Does not: the figures. Levels of one account repeat the same spend.
"""

from __future__ import annotations

import numpy as np

from orchestration.sample.moments import day_of
from orchestration.sample.outbox import Outbox
from orchestration.sample.public.ad_figures import Figures, Reach, count_of, dates, draw_figures, grid, ratio, total_of, with_total
from orchestration.sample.public.shop_ads import taken
from orchestration.sample.tables import body_lines, header_line, sheet_head, sheet_rows
from orchestration.sample.text import choose, grouped, grouped_yuan, weave, whole, yuan

OCEAN_ACCOUNT = "1700000000000002"
NOTE_IDS = tuple(f"64f0000000000000000000{number:02d}" for number in range(1, 4))


def write_oceanengine(reach: Reach, outbox: Outbox, draws: np.random.Generator) -> None:
    """Units per day as CSV; the last day's materials as a workbook without a date column: the file name says the day."""
    span, window = reach.span, taken(reach)
    figures = draw_figures(reach, "toutiao_ads", (0.65, 0.35), draws)
    day, plan = grid(span.days, 2)
    spend, shown, clicks, orders, _ = figures.flat(day, plan)
    cells = {
        "时间-天": ("bare", dates(span, day)), "项目ID": ("bare", "7000000000000000001"), "项目名称": ("bare", "拉新项目"),
        "单元名称": ("bare", choose(("单元一", "单元二"), plan)),
        "单元ID": ("bare", choose(("7000000000000000011", "7000000000000000012"), plan)),
        "转化目标": ("bare", "成交"), "单元出价": ("bare", "12.5"), "消耗": ("quoted", grouped_yuan(spend)),
        "展示数": ("quoted", grouped(shown)),
        "点击数": ("quoted", grouped(clicks)), "点击率%": ("bare", ratio(clicks, shown, 10_000)), "转化数": ("bare", whole(orders)),
        "平均转化成本": ("bare", ratio(spend, orders, 1)), "转化率%": ("bare", ratio(orders, clicks, 10_000)),
    }
    folder = f"oceanengine/daily/account={OCEAN_ACCOUNT}/date={window.taken_on}"
    outbox.lines(f"{folder}/单元_{window.stamp}.csv", header_line(cells), body_lines(cells), "utf-8-sig")
    spend, shown, clicks, _, _ = (column[-2:] for column in (spend, shown, clicks, orders, orders))
    cells = {
        "素材名称": ("bare", choose(("口播一", "剧情二"), np.arange(2))), "素材类型": ("bare", "视频"),
        "素材ID": ("bare", choose(("7600000000000000009", "7600000000000000010"), np.arange(2))), "消耗": ("bare", yuan(spend)),
        "展示数": ("bare", whole(shown)), "点击数": ("bare", whole(clicks)),
    }
    outbox.sheet(f"{folder}/素材_{span.last_day}.xlsx", "素材", sheet_head(cells), sheet_rows(cells))


def write_tencent(reach: Reach, outbox: Outbox, draws: np.random.Generator) -> None:
    """Ads per day, and the account's own report of the same money."""
    span, window = reach.span, taken(reach)
    figures = draw_figures(reach, "tencent_ads", (0.6, 0.4), draws)
    day, plan = grid(span.days, 2)
    spend, shown, clicks, orders, _ = figures.flat(day, plan)
    by_ad = {
        "日期": ("bare", dates(span, day)), "账户ID": ("bare", "30000001"), "广告ID": ("bare", choose(("50000001", "50000002"), plan)),
        "广告名称": ("bare", choose(("视频号-日播", "朋友圈-拉新"), plan)), "版位": ("bare", choose(("视频号", "朋友圈"), plan)),
        "花费": ("quoted", grouped_yuan(spend)), "曝光次数": ("quoted", grouped(shown)), "点击次数": ("bare", whole(clicks)),
        "点击率": ("bare", weave(ratio(clicks, shown, 10_000), "%")), "目标转化量": ("bare", whole(orders)),
        "目标转化成本": ("bare", ratio(spend, orders, 1)),
    }
    whole_day, none = grid(span.days, 1)
    spend, shown, clicks, _, _ = figures.folded().flat(whole_day, none)
    account = {
        "日期": ("bare", dates(span, whole_day)), "账户ID": ("bare", "30000001"), "账户名称": ("bare", "鱼塘茶铺"),
        "花费": ("quoted", grouped_yuan(spend)),
        "曝光次数": ("quoted", grouped(shown)), "点击次数": ("bare", whole(clicks)),
    }
    account = with_total(account, "合计", {"花费": total_of(spend), "曝光次数": count_of(shown), "点击次数": count_of(clicks)})
    for level, cells in (("广告", by_ad), ("账户", account)):
        name = f"tencent_ads/daily/account=30000001/date={window.taken_on}/{level}_{window.stamp}.csv"
        outbox.lines(name, header_line(cells), body_lines(cells), "utf-8-sig")


def write_juguang(reach: Reach, outbox: Outbox, draws: np.random.Generator) -> None:
    """Creatives with their notes, and a split by keyword that tells a part of the same spend."""
    span, window = reach.span, taken(reach)
    figures = draw_figures(reach, "xiaohongshu_ads", (0.5, 0.3, 0.2), draws)
    day, plan = grid(span.days, 3)
    spend, shown, clicks, _, _ = figures.flat(day, plan)
    number = whole(plan + 1)
    clicked = weave(ratio(clicks, shown, 10_000), "%")
    by_note = {
        "时间": ("bare", weave(dates(span, day), " 00:00:00")), "投放位置": ("bare", "信息流推广"), "计划名称": ("bare", "种草"),
        "计划ID": ("bare", "1001"),
        "单元名称": ("bare", weave("单元", number)), "单元ID": ("bare", weave("200", number)), "创意名称": ("bare", weave("创意", number)),
        "创意ID": ("bare", weave("300", number)), "笔记ID": ("bare", choose(NOTE_IDS, plan)),
        "笔记跳转链接": ("bare", "https://x.example.com"),
        "消费": ("bare", yuan(spend)), "展现量": ("bare", whole(shown)), "点击量": ("bare", whole(clicks)), "点击率": ("bare", clicked),
        "点赞": ("bare", whole(clicks // 5)), "评论": ("bare", whole(clicks // 30)), "收藏": ("bare", whole(clicks // 8)),
        "互动量": ("bare", whole(clicks // 5 + clicks // 30 + clicks // 8)), "私信进线数": ("bare", whole(clicks // 60)),
    }
    by_note = with_total(by_note, "合计", {"消费": total_of(spend), "展现量": count_of(shown), "点击量": count_of(clicks)})
    some = np.flatnonzero(plan == 0)
    by_word = {
        "时间": ("bare", weave(dates(span, day[some]), " 00:00:00")), "计划名称": ("bare", "种草"), "计划ID": ("bare", "1001"),
        "关键词": ("bare", "茉莉花茶"),
        "消费": ("bare", yuan(spend[some] * 4 // 10)), "展现量": ("bare", whole(shown[some] * 4 // 10)),
        "点击量": ("bare", whole(clicks[some] * 4 // 10)),
    }
    for level, cells in (("笔记", by_note), ("关键词", by_word)):
        name = f"juguang/daily/account=jg_yutang/date={window.taken_on}/聚光{level}_{window.stamp}.csv"
        outbox.lines(name, header_line(cells), body_lines(cells), "utf-8-sig")


def write_baidu(reach: Reach, outbox: Outbox, draws: np.random.Generator) -> None:
    """Search plans and feed plans with the gender split beside them, each below its preamble."""
    figures = draw_figures(reach, "baidu_ads", (0.4, 0.3, 0.3), draws)
    _search(reach, outbox, figures.part(0, 2))
    _feed(reach, outbox, figures.part(2, 3))


def _preamble(reach: Reach) -> str:
    first, last = day_of(reach.span.start), reach.span.last_day
    lines = (f"数据生成时间：{taken(reach).taken_on} 10:00", "数据生成条件：",
             f"1. 时间范围：{first:%Y%m%d} - {last:%Y%m%d}", "2. 时间单位：分日", "3. 投放网络：全部", "")
    return "".join(line + "\r\n" for line in lines)


def _search(reach: Reach, outbox: Outbox, figures: Figures) -> None:
    span, window, (day, plan) = reach.span, taken(reach), grid(reach.span.days, 2)
    spend, shown, clicks, orders, _ = figures.flat(day, plan)
    cells = {
        "日期": ("quoted", dates(span, day)), "推广计划": ("quoted", choose(("品牌词", "通用词[已删除]"), plan)),
        "账户": ("quoted", "baidu-yutang"),
        "展现": ("quoted", grouped(shown)), "点击": ("bare", whole(clicks)), "消费": ("bare", yuan(spend)),
        "点击率": ("bare", weave(ratio(clicks, shown, 10_000), "%")), "平均点击价格": ("bare", ratio(spend, clicks, 1)),
        "网页转化": ("bare", whole(orders)),
        "商桥转化": ("bare", "0"), "电话转化": ("bare", "0"),
    }
    name = f"baidu/search/account=baidu-yutang/date={window.taken_on}/搜索计划_{window.stamp}.csv"
    outbox.lines(name, _preamble(reach) + header_line(cells), body_lines(cells), "gb18030")


def _feed(reach: Reach, outbox: Outbox, figures: Figures) -> None:
    span, window = reach.span, taken(reach)
    for level, parts in (("计划", 1), ("性别", 2)):
        day, part = grid(span.days, parts)
        spend, shown, clicks, orders, _ = figures.flat(day, np.zeros(len(day), dtype=np.int64))
        women = part == 1
        if parts == 2:  # men are three in ten
            spend, shown, clicks, orders = (
                np.where(women, column - column * 3 // 10, column * 3 // 10) for column in (spend, shown, clicks, orders))
        cells = {"日期": ("bare", dates(span, day)), "账户": ("bare", "baidu-yutang"), "推广计划": ("bare", "信息流一")}
        if parts == 2:
            cells |= {"推广单元": ("bare", "单元一"), "性别": ("bare", choose(("男", "女"), part))}
        cells |= {
            "展现": ("bare", whole(shown)), "点击": ("bare", whole(clicks)), "消费": ("bare", yuan(spend)),
            "点击率": ("bare", weave(ratio(clicks, shown, 10_000), "%")), "平均点击价格": ("bare", ratio(spend, clicks, 1)),
            "千次展现消费": ("bare", ratio(spend, shown, 1_000)), "网页转化": ("bare", whole(orders)),
        }
        name = f"baidu/feed/account=baidu-yutang/date={window.taken_on}/信息流{level}_{window.stamp}.csv"
        outbox.lines(name, _preamble(reach) + header_line(cells), body_lines(cells), "gb18030")


def write_weibo(reach: Reach, outbox: Outbox, draws: np.random.Generator) -> None:
    """粉丝通 by creative, with a total row."""
    span, window, (day, plan) = reach.span, taken(reach), grid(reach.span.days, 1)
    spend, shown, clicks, _, _ = draw_figures(reach, "weibo_ads", (1.0,), draws).flat(day, plan)
    cells = {
        "日期": ("bare", dates(span, day)), "账户ID": ("bare", "900001"), "账户名称": ("bare", "鱼塘茶铺"), "计划ID": ("bare", "8001"),
        "计划名称": ("bare", "品牌曝光"),
        "创意ID": ("bare", "7001"), "消耗(元)": ("bare", yuan(spend)), "曝光量": ("quoted", grouped(shown)),
        "互动数": ("bare", whole(clicks // 3)),
        "点击量": ("bare", whole(clicks)), "互动率": ("bare", weave(ratio(clicks // 3, shown, 10_000), "%")),
        "点击率": ("bare", weave(ratio(clicks, shown, 10_000), "%")),
    }
    cells = with_total(cells, "合计", {"消耗(元)": total_of(spend), "点击量": count_of(clicks)})
    name = f"weibo/ads/account=900001/date={window.taken_on}/粉丝通_{window.stamp}.csv"
    outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")


def write_zhihu(reach: Reach, outbox: Outbox, draws: np.random.Generator) -> None:
    """知+ by content."""
    span, window, (day, plan) = reach.span, taken(reach), grid(reach.span.days, 1)
    spend, shown, clicks, orders, _ = draw_figures(reach, "zhihu_ads", (1.0,), draws).flat(day, plan)
    cells = {
        "日期": ("bare", dates(span, day)), "计划ID": ("bare", "1"), "计划名称": ("bare", "茶知识"), "任务名称": ("bare", "任务一"),
        "内容ID": ("bare", "300000001"),
        "内容标题": ("bare", "绿茶怎么泡"), "消耗": ("bare", yuan(spend)), "曝光量": ("bare", whole(shown)),
        "点击量": ("bare", whole(clicks)),
        "点击率": ("bare", weave(ratio(clicks, shown, 10_000), "%")), "转化数": ("bare", whole(orders)),
        "赞同": ("bare", whole(clicks // 15)),
    }
    outbox.sheet(f"zhihu/ads/account=zh_yutang/date={window.taken_on}/知+_{window.stamp}.xlsx", "知+", sheet_head(cells), sheet_rows(cells))


def write_qutoutiao(reach: Reach, outbox: Outbox, draws: np.random.Generator) -> None:
    """One plan that the brand ended in the middle of the span."""
    span, window, (day, plan) = reach.span, taken(reach), grid(reach.span.days // 2, 1)
    spend, shown, clicks, orders, _ = draw_figures(reach, "qutoutiao_ads", (1.0,), draws).flat(day, plan)
    cells = {
        "日期": ("bare", dates(span, day)), "广告主ID": ("bare", "9001"), "计划ID": ("bare", "1"), "计划名称": ("bare", "试投"),
        "单元ID": ("bare", "11"),
        "单元名称": ("bare", "单元一"), "创意ID": ("bare", "111"), "消耗(元)": ("bare", yuan(spend)), "展现量": ("bare", whole(shown)),
        "点击量": ("bare", whole(clicks)),
        "点击率(%)": ("bare", ratio(clicks, shown, 10_000)), "转化量": ("bare", whole(orders)),
        "转化成本": ("bare", ratio(spend, orders, 1)),
        "转化率": ("bare", weave(ratio(orders, clicks, 10_000), "%")),
    }
    name = f"qutoutiao/ads/account=9001/date={window.taken_on}/趣头条_{window.stamp}.csv"
    outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")
