"""Customer service (客服): complaints from WeChat Pay and from the hand-kept list, and reviews.

Belongs here: their columns. Does not: who complains and how it ends (`grievances`).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand, taobao, youzan
from orchestration.sample.grievances import PROBLEMS, orders_of
from orchestration.sample.moments import DAY, HOUR, NEVER, Window
from orchestration.sample.outbox import Outbox
from orchestration.sample.private import tills, weimob
from orchestration.sample.private.pages import place, pulled
from orchestration.sample.tables import body_lines, header_line
from orchestration.sample.text import choose, clock, digits, either, weave, whole
from orchestration.sample.wechat_pay import is_billed
from orchestration.sample.world import World

NAMES = {brand.TAOBAO: "淘宝", brand.TMALL: "天猫", brand.YOUZAN: "有赞", brand.WEIMOB: "微盟", brand.STORE: "门店"}
NUMBERS = {brand.TAOBAO: taobao.order_ids, brand.TMALL: taobao.order_ids, brand.YOUZAN: youzan.order_ids, brand.WEIMOB: weimob.order_ids,
           brand.STORE: tills.order_ids}
REVIEW_SHARE = 0.09
STARS, STAR_MIX = (5, 4, 3, 2, 1), (0.70, 0.17, 0.06, 0.04, 0.03)


def order_numbers(world: World, rows: np.ndarray) -> tuple[pa.StringArray, pa.StringArray]:
    """The platform's Chinese name and the order's number, for orders of shops that tell who bought."""
    names = choose([NAMES.get(platform, "") for platform in range(len(brand.PLATFORMS))], world.orders.platform[rows])
    numbers = choose(("",), np.zeros(len(rows), dtype=int))
    for platform, ids_of in NUMBERS.items():
        mine = world.orders.platform[rows] == platform
        numbers = either(mine, ids_of(world, rows), numbers)
    return names, numbers


def complaints(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Positions of complaints that were raised, and of their orders: paid ones only."""
    found, order = orders_of(world.grievances, world.orders.person, world.orders.at)
    real = (world.fates.paid[order] < world.grievances.at[found]) & (world.orders.kind[order] == brand.SALE)
    return found[real], order[real]


def write_complaints(world: World, outbox: Outbox) -> None:
    """Part of the payments' complaints come through WeChat Pay, the others stand in the service desk's list."""
    found, order = complaints(world)
    paid_by_wechat = (world.orders.platform[order] == brand.YOUZAN) & is_billed(world)[order] & (world.orders.number[order] % 3 == 0)
    window = pulled(world.span, 0, 11, 30)
    _write_pay(world, outbox, found[paid_by_wechat], order[paid_by_wechat], window)
    found, order = found[~paid_by_wechat], order[~paid_by_wechat]
    told, person = world.grievances, world.grievances.person[found]
    names, numbers = order_numbers(world, order)
    done = told.resolved[found] < NEVER
    phone = either(person % 6 == 1, "", world.people.phone.take(pa.array(person)))
    cells = {
        "工单号": ("bare", weave("TS", digits(world.orders.number[order], 9))), "平台": ("bare", names), "订单号": ("tab", numbers),
        "投诉时间": ("bare", clock(told.at[found])), "解决时间": ("bare", clock(told.resolved[found])),
        "处理状态": ("bare", either(done, "已完结", choose(("处理中", "待处理"), person % 2))),
        "问题类型": ("bare", choose(("破损", "物流慢", "发错货", "口味不符", "服务态度"), told.problem[found])),
        "客服工号": ("bare", weave("kf0", whole(person % 4 + 1))), "客户姓名": ("bare", world.people.name.take(pa.array(person))),
        "手机号": ("bare", phone), "投诉内容": ("bare", "见聊天记录"),
    }
    outbox.lines(place("service/complaints", "desk", window, "complaints", ".csv"), header_line(cells), body_lines(cells), "utf-8-sig")


def _write_pay(world: World, outbox: Outbox, found: np.ndarray, order: np.ndarray, window: Window) -> None:
    if not len(found):
        return
    told = world.grievances
    at = pc.replace_substring(clock(told.at[found]), " ", "T")
    lines = weave(
        '{"data":[{"complaint_id":"2002018', digits(world.orders.number[order], 23), '","complaint_time":"', at,
        '+08:00","complaint_detail":"","complaint_state":"', either(told.resolved[found] < NEVER, "PROCESSED", "PENDING"),
        '","payer_phone":"$aGVsbG8=$1$","payer_openid":"', world.of_person(world.people.openid, order),
        '","complaint_order_info":[{"transaction_id":"', youzan.transaction_ids(world, order), '","out_trade_no":"',
        youzan.flow_numbers(world, order), '","amount":', whole(world.orders.paid[order]),
        '}],"complaint_full_refunded":false,"incoming_user_response":true,"user_complaint_times":1,"problem_description":"",'
        '"problem_type":"', choose(PROBLEMS, told.problem[found]),
        '","user_tag_list":["TRUSTED"]}],"limit":1,"offset":0,"total_count":1}\n')
    outbox.lines(place("service/complaints", brand.MERCHANT, window, "pay_complaints", ".jsonl"), "", lines)


def write_reviews(world: World, outbox: Outbox) -> None:
    """Some confirmed orders are reviewed; who complained gives fewer stars, the more so when nobody helped."""
    orders, fates, draws = world.orders, world.fates, world.streams.of("reviews")
    size = len(orders)
    stars = draws.choice(STARS, size, p=STAR_MIX)
    found, order = complaints(world)
    stars[order] = np.where(world.grievances.resolved[found] < NEVER, np.minimum(stars[order], 4), 1 + draws.integers(0, 2, len(order)))
    at = fates.confirmed + ((0.2 + draws.exponential(3, size)) * DAY).astype(np.int64)
    upset = np.zeros(size, dtype=bool)
    upset[order] = True
    told = (draws.random(size) < np.where(upset, 4 * REVIEW_SHARE, REVIEW_SHARE)) & (fates.confirmed < NEVER)
    told &= at < world.span.stop - 2 * DAY
    rows = np.flatnonzero(told & (orders.kind == brand.SALE) & np.isin(orders.platform, list(NUMBERS)))
    names, numbers = order_numbers(world, rows)
    product = world.lines.product[orders.first_line[rows]]
    replied = np.where(stars[rows] < 4, at[rows] + HOUR + orders.number[rows] % 40 * 1_800, NEVER)
    words = choose(("", "差评", "差评", "中评", "好评", "好评"), stars[rows])
    cells = {
        "评价ID": ("bare", weave("R", digits(orders.number[rows], 10))), "平台": ("bare", names), "订单号": ("tab", numbers),
        "商品ID": ("bare", choose(brand.ITEM_IDS, product)), "评分": ("bare", whole(stars[rows])),
        "评价类型": ("bare", words), "评价内容": ("bare", "略"), "买家昵称": ("bare", "匿名"), "评价时间": ("bare", clock(at[rows])),
        "回复时间": ("bare", clock(replied)),
    }
    window = pulled(world.span, 0, 11, 40)
    outbox.lines(place("service/reviews", "desk", window, "reviews", ".csv"), header_line(cells), body_lines(cells), "gb18030")
