"""Ad reports of the shopping platforms: 万相台 (Alimama), 京准通 (JD), 商品推广 (Pinduoduo), 磁力 (Kuaishou), each over the whole span.

Belongs here: their columns, levels and total rows. Does not: the figures. A report at two levels tells the same spend twice.
"""

from __future__ import annotations

import numpy as np

from orchestration.sample import brand
from orchestration.sample.exports import place
from orchestration.sample.moments import HOUR, Window
from orchestration.sample.outbox import Outbox
from orchestration.sample.public.ad_figures import Figures, Reach, count_of, dates, draw_figures, grid, ratio, total_of, with_total
from orchestration.sample.tables import body_lines, header_line, sheet_head, sheet_rows
from orchestration.sample.text import choose, grouped, grouped_yuan, weave, whole, yuan

SCENES = (("371", "关键词推广"), ("372", "人群推广"))
ALIMAMA_PLANS = (  # id, name, scene, item
    ("8240000001", "日常-茉莉", 0, 0), ("8240000002", "拉新-乌龙", 0, 1), ("8240000003", "收割-礼盒", 1, 9))
JD_PLANS = (("100001", "快车-日常", 0), ("100002", "快车-大促", 4), ("100003", "推荐-新品", 6))
PDD_PLANS = (("商品推广", "稳定投放", 3), ("全站推广", "全站-冷泡茶", 3))
MAGNET_PLANS = (("直播推广", 0.5), ("商品推广", 0.2))


def taken(reach: Reach) -> Window:
    """All reports are fetched when the last day is whole."""
    return Window(reach.span.start, reach.span.stop, reach.span.stop + 10 * HOUR)


def write_alimama(reach: Reach, outbox: Outbox, draws: np.random.Generator) -> None:
    """Plan and item rows as CSV, and the scenes above them as a workbook."""
    span, window = reach.span, taken(reach)
    figures = draw_figures(reach, "taobao_ads", (0.5, 0.3, 0.2), draws)
    day, plan = grid(span.days, len(ALIMAMA_PLANS))
    spend, shown, clicks, orders, revenue = figures.flat(day, plan)
    scene, item = (np.array([entry[part] for entry in ALIMAMA_PLANS])[plan] for part in (2, 3))
    direct = revenue * 8 // 10
    cells = {
        "日期": ("bare", dates(span, day)), "场景ID": ("bare", choose([key for key, _ in SCENES], scene)),
        "场景名字": ("bare", choose([name for _, name in SCENES], scene)), "原二级场景ID": ("bare", "407"),
        "原二级场景名字": ("bare", "粉丝快"),
        "计划ID": ("formula", choose([entry[0] for entry in ALIMAMA_PLANS], plan)),
        "计划名字": ("bare", choose([entry[1] for entry in ALIMAMA_PLANS], plan)), "主体ID": ("bare", choose(brand.ITEM_IDS, item)),
        "主体类型": ("bare", "商品"), "主体名称": ("bare", choose(brand.TITLES, item)), "展现量": ("bare", whole(shown)),
        "点击量": ("bare", whole(clicks)),
        "花费": ("bare", yuan(spend)), "点击率": ("bare", weave(ratio(clicks, shown, 10_000), "%")),
        "平均点击花费": ("bare", ratio(spend, clicks, 1)),
        "总成交金额": ("bare", yuan(revenue)), "直接成交金额": ("bare", yuan(direct)), "间接成交金额": ("bare", yuan(revenue - direct)),
        "总成交笔数": ("bare", whole(orders)), "投入产出比": ("bare", ratio(revenue, spend)), "成交新客数": ("bare", whole(orders // 2)),
        "收藏宝贝数": ("bare", whole(clicks // 9)),
    }
    totals = {"花费": total_of(spend), "展现量": count_of(shown), "点击量": count_of(clicks),
              "总成交金额": total_of(revenue), "总成交笔数": count_of(orders)}
    cells = with_total(cells, "", totals, rest="")
    name = f"alimama/daily/account=yutang_taobao/date={window.taken_on}/万相台商品_{window.stamp}.csv"
    outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")
    _scenes(reach, outbox, figures)


def _scenes(reach: Reach, outbox: Outbox, figures: Figures) -> None:
    span, window, (day, plan) = reach.span, taken(reach), grid(reach.span.days, len(SCENES))
    first = sum(entry[2] == 0 for entry in ALIMAMA_PLANS)
    parts = [figures.part(0, first).folded(), figures.part(first, len(ALIMAMA_PLANS)).folded()]
    spend, shown, clicks, _, revenue = (np.concatenate(pair, axis=1)[day, plan] for pair in zip(
        *((f.spend, f.shown, f.clicks, f.orders, f.revenue) for f in parts), strict=True))
    cells = {
        "日期": ("bare", dates(span, day)), "场景ID": ("bare", choose([key for key, _ in SCENES], plan)),
        "场景名字": ("bare", choose([name for _, name in SCENES], plan)), "展现量": ("bare", whole(shown)),
        "点击量": ("bare", whole(clicks)),
        "花费": ("bare", yuan(spend)), "点击率": ("bare", yuan(np.rint(clicks * 100 / np.maximum(shown, 1)).astype(np.int64))),
        "总成交金额": ("bare", yuan(revenue)),
    }
    name = f"alimama/daily/account=yutang_taobao/date={window.taken_on}/万相台场景_{window.stamp}.xlsx"
    outbox.sheet(name, "场景", sheet_head(cells), sheet_rows(cells))


def write_jd(reach: Reach, outbox: Outbox, draws: np.random.Generator) -> None:
    """京准通: one row per day, plan, creative and tracked SKU."""
    span, window, (day, plan) = reach.span, taken(reach), grid(reach.span.days, len(JD_PLANS))
    spend, shown, clicks, orders, revenue = draw_figures(reach, "jd_ads", (0.5, 0.3, 0.2), draws).flat(day, plan)
    direct, direct_orders = revenue * 7 // 10, orders * 7 // 10
    item = np.array([entry[2] for entry in JD_PLANS])[plan]
    key = choose([entry[0] for entry in JD_PLANS], plan)
    cells = {
        "日期": ("bare", dates(span, day)), "账户名称": ("bare", "jzt_yutang"), "产品线": ("bare", "快车"),
        "计划类型": ("bare", "普通计划"),
        "计划ID": ("bare", key), "推广计划": ("bare", choose([entry[1] for entry in JD_PLANS], plan)), "单元ID": ("bare", weave("2", key)),
        "推广单元": ("bare", "单元一"), "创意ID": ("bare", weave("3", key)), "推广创意": ("bare", "创意一"),
        "跟单SKU ID": ("bare", weave("10", choose([f"{position:08d}" for position in range(1, len(brand.TITLES) + 1)], item))),
        "展现数": ("quoted", grouped(shown)), "点击数": ("bare", whole(clicks)), "总费用": ("quoted", grouped_yuan(spend)),
        "直接订单行": ("bare", whole(direct_orders)), "直接订单金额": ("quoted", grouped_yuan(direct)),
        "间接订单行": ("bare", whole(orders - direct_orders)),
        "间接订单金额": ("quoted", grouped_yuan(revenue - direct)), "总订单行": ("bare", whole(orders)),
        "总订单金额": ("quoted", grouped_yuan(revenue)),
        "总购物车数": ("bare", whole(clicks // 12)), "互动率": ("bare", "0.00%"), "领劵数": ("bare", whole(clicks // 20)),
    }
    name = f"jd/ads/account=jzt_yutang/date={window.taken_on}/京准通_{window.stamp}.csv"
    outbox.lines(name, header_line(cells), body_lines(cells), "gb18030")


def write_pinduoduo(reach: Reach, outbox: Outbox, draws: np.random.Generator) -> None:
    """商品推广: a notice above the header; the total row holds the hosted plan (全店托管) that has no row of its own."""
    span, window, (day, plan) = reach.span, taken(reach), grid(reach.span.days, len(PDD_PLANS))
    figures = draw_figures(reach, "pdd_ads", (0.6, 0.34, 0.06), draws)
    spend, shown, clicks, orders, revenue = figures.flat(day, plan)
    net = revenue * 87 // 100
    item = np.array([entry[2] for entry in PDD_PLANS])[plan]
    cells = {
        "日期": ("bare", dates(span, day)),
        "商品ID": ("bare", choose([f"7542900{position:05d}" for position in range(1, len(brand.TITLES) + 1)], item)),
        "商品名称": ("bare", choose(brand.TITLES, item)), "推广场景": ("bare", choose([entry[0] for entry in PDD_PLANS], plan)),
        "推广名称": ("bare", choose([entry[1] for entry in PDD_PLANS], plan)), "出价方式": ("bare", "目标投产比：3.95"),
        "分组": ("bare", "默认"),
        "是否已删除": ("bare", "否"), "成交花费(元)": ("bare", yuan(spend * 9 // 10)), "总花费(元)": ("bare", yuan(spend)),
        "交易额(元)": ("bare", yuan(revenue)),
        "实际投产比": ("bare", ratio(revenue, spend)), "净交易额(元)": ("bare", yuan(net)),
        "净交易额占比": ("bare", weave(ratio(net, revenue, 10_000), "%")),
        "成交笔数": ("bare", whole(orders)), "直接交易额(元)": ("bare", yuan(revenue)), "间接交易额(元)": ("bare", "0.00"),
        "曝光量": ("bare", grouped(shown)),
        "点击量": ("bare", whole(clicks)),
    }
    cells = with_total(cells, "总计", {
        "总花费(元)": total_of(figures.spend), "交易额(元)": total_of(figures.revenue), "成交笔数": count_of(figures.orders)})
    window_name = place(brand.PINDUODUO, "ads", window, f"商品推广_{window.stamp}.xlsx")
    outbox.sheet(window_name, "商品推广", sheet_head(cells, ("商品推广数据说明：净数据会随退款变化",)), sheet_rows(cells))


def write_kuaishou(reach: Reach, outbox: Outbox, draws: np.random.Generator) -> None:
    """磁力金牛 by account type with growing GMV windows, and 磁力引擎 beside it: two products that add up."""
    span, window = reach.span, taken(reach)
    figures = draw_figures(reach, "kuaishou_ads", (*(share for _, share in MAGNET_PLANS), 0.3), draws)
    day, plan = grid(span.days, len(MAGNET_PLANS))
    spend, _, _, _, revenue = figures.flat(day, plan)
    cells = {
        "账户名称": ("bare", "鱼塘磁力"), "账户ID": ("bare", "8000001"), "时间": ("bare", dates(span, day)),
        "账户类型": ("bare", choose([name for name, _ in MAGNET_PLANS], plan)), "快手昵称": ("bare", "鱼塘茶铺"),
        "快手ID": ("bare", "yutangks"),
        "总花费(元)": ("quoted", grouped_yuan(spend)), "当日累计GMV(元)": ("quoted", grouped_yuan(revenue * 6 // 10)),
        "当日累计ROI": ("bare", ratio(revenue * 6 // 10, spend)), "7日累计GMV": ("quoted", grouped_yuan(revenue * 9 // 10)),
        "7日累计ROI": ("bare", ratio(revenue * 9 // 10, spend)), "30日累计GMV": ("quoted", grouped_yuan(revenue)),
        "直接ROI": ("bare", ratio(revenue // 2, spend)),
    }
    cells = with_total(cells, "合计", {"总花费(元)": total_of(spend), "30日累计GMV": total_of(revenue)})
    name = f"kuaishou/ads/account=8000001/date={window.taken_on}/磁力金牛_{window.stamp}.csv"
    outbox.lines(name, header_line(cells), body_lines(cells), "utf-8-sig")
    day, plan = grid(span.days, 1)
    spend, shown, clicks, _, _ = figures.part(len(MAGNET_PLANS), len(MAGNET_PLANS) + 1).flat(day, plan)
    cells = {
        "时间": ("bare", dates(span, day)), "花费（元）": ("bare", yuan(spend)), "封面曝光数": ("bare", whole(shown)),
        "封面点击数": ("bare", whole(clicks)),
        "封面点击率": ("bare", weave(ratio(clicks, shown, 10_000), "%")), "素材曝光数": ("bare", whole(shown * 8 // 10)),
        "行为数": ("bare", whole(clicks * 8 // 10)), "行为率": ("bare", weave(ratio(clicks, shown, 10_000), "%")),
        "分享数": ("bare", whole(clicks // 90)),
        "评论数": ("bare", whole(clicks // 70)), "点赞数": ("bare", whole(clicks // 8)), "新增关注数": ("bare", whole(clicks // 60)),
        "取消关注数": ("bare", whole(clicks // 300)),
    }
    name = f"kuaishou/ads/account=8000002/date={window.taken_on}/磁力引擎_{window.stamp}.xlsx"
    outbox.sheet(name, "磁力引擎", sheet_head(cells), sheet_rows(cells))
