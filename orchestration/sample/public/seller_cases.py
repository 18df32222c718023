"""What stands beside the orders in Taobao's and Tmall's back office: refund cases (退款管理), fund entries (聚合账单), fans (粉丝).

Belongs here: their columns, the same on both platforms. Does not: the two order reports (`taobao`).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.exports import alipay_numbers, last_look
from orchestration.sample.moments import DAY, HOUR, NEVER, Window
from orchestration.sample.outbox import Outbox
from orchestration.sample.public.cases import cases_of
from orchestration.sample.tables import Cells, body_lines, header_line, sheet_head, sheet_rows
from orchestration.sample.taobao import SHOPS, order_ids, place
from orchestration.sample.text import choose, clock, digits, either, weave, whole, yuan
from orchestration.sample.world import World

KINDS = ("仅退款", "仅退款", "退货退款", "仅退款", "退货退款", "拒收退款", "补偿", "换货")
REASONS = ("不想要了", "少件/漏发", "七天无理由", "协商退部分", "质量问题", "拒收", "价保", "发错货")
FEE_RATE = {brand.TAOBAO: 6, brand.TMALL: 50}  # per mille of what was paid: 基础软件服务费, 天猫佣金
FEE_WORDS = {brand.TAOBAO: "基础软件服务费", brand.TMALL: "天猫佣金"}
INSURANCE = 60  # cents an order (运费险)
FAN_SHARE, FAN_LEVELS = 0.25, ("新粉", "铁粉", "钻粉", "挚爱粉")


def write_cases(world: World, outbox: Outbox) -> None:
    """Every refund case of both platforms; what goes back to the platform stands apart from what the buyer gets."""
    for platform in (brand.TAOBAO, brand.TMALL):
        window = last_look(world)
        cases = cases_of(world, platform, window.as_of)
        done = cases.done < NEVER
        cells: Cells = {
            "退款编号": ("formula", weave("9", digits(cases.number, 16))), "订单编号": ("formula", order_ids(world, cases.order)),
            "退款总额": ("quoted", yuan(cases.buyer + cases.subsidy)), "退给买家金额": ("quoted", yuan(cases.buyer)),
            "退给平台金额": ("quoted", yuan(cases.subsidy)), "退款的申请时间": ("quoted", clock(cases.applied)),
            "退款完结时间": ("quoted", clock(cases.done)), "售后类型": ("quoted", choose(KINDS, cases.kind)),
            "买家退款原因": ("quoted", choose(REASONS, cases.kind)),
            "退款状态": ("quoted", either(done, either(cases.is_swap, "退款关闭", "退款成功"), "退款中")),
        }
        name = place("after_sales", window, "退款管理", platform=platform)
        outbox.lines(name, header_line(cells, quoted=True), body_lines(cells), "gb18030")


def write_funds(world: World, outbox: Outbox) -> None:
    """Movements of the settlement account at receipt: income, the platform's fee, freight insurance; refunds after that."""
    orders, fates = world.orders, world.fates
    for platform in (brand.TAOBAO, brand.TMALL):
        window = last_look(world)
        mine = (orders.platform == platform) & (orders.paid > 0)
        sold = np.flatnonzero(mine & (fates.confirmed < NEVER))
        gone = sold[(fates.refunded[sold] < NEVER) & (fates.refunded[sold] >= fates.confirmed[sold])]
        insured = sold[orders.number[sold] % 3 == 0]
        for kind, business, rows, at, income, expense in (
            ("交易收款", "交易收款", sold, fates.confirmed[sold], orders.paid[sold] + orders.subsidy[sold], None),
            ("服务费", FEE_WORDS[platform], sold, fates.confirmed[sold], None, orders.paid[sold] * FEE_RATE[platform] // 1_000),
            ("运费险", "运费险保费", insured, fates.confirmed[insured], None, np.full(len(insured), INSURANCE)),
            ("交易退款", "售后退款", gone, fates.refunded[gone], None, fates.refund[gone]),
        ):
            cells: Cells = {
                "商家昵称": ("bare", SHOPS[platform][1]), "入帐日期": ("bare", pc.utf8_slice_codeunits(clock(at), 0, 10)),
                "入帐时间": ("bare", clock(at)), "支付流水号": ("bare", alipay_numbers(world, rows)),
                "主订单id": ("bare", order_ids(world, rows)),
                "子订单id": ("bare", order_ids(world, rows)), "入帐类型": ("bare", kind),
                "收入金额(元)": ("bare", "" if income is None else yuan(income)),
                "支出金额(元)": ("bare", "" if expense is None else yuan(expense)),
                "业务描述": ("bare", business), "备注": ("bare", ""), "收/付渠道": ("bare", "支付宝"), "数据创建时间": ("bare", clock(at)),
                "数据修改时间": ("bare", clock(at)),
            }
            name = place("funds", window, "聚合账单", platform=platform)
            outbox.lines(name, header_line(cells), body_lines(cells), "utf-8-sig")


def write_fans(world: World, outbox: Outbox) -> None:
    """The shop's fans twice, a month apart: nicknames are blurred, some have left in between."""
    people, span = world.people, world.span
    lot = people.number * 2_654_435_761 % 1_000 / 1_000
    followed = people.arrived + 3 * HOUR + people.number % 40 * DAY
    left = np.where(people.number % 17 == 0, span.stop - 10 * DAY, NEVER)
    for days_ago in (30, 0):
        taken = Window(span.start, span.stop - days_ago * DAY, span.stop - days_ago * DAY + 9 * HOUR)
        rows = np.flatnonzero((people.home == brand.TAOBAO) & (lot < FAN_SHARE) & (followed < taken.stop) & (left > taken.stop))
        nick = people.nick.take(pa.array(rows))
        watched = people.number[rows] * 37 % 240
        cells: Cells = {
            "粉丝昵称": ("bare", weave(pc.utf8_slice_codeunits(nick, 0, 1), "**", pc.utf8_slice_codeunits(nick, 10, 11))),
            "粉丝等级": ("bare", choose(FAN_LEVELS, watched // 60)), "关注时间": ("bare", clock(followed[rows])),
            "观看时长(分钟)": ("bare", either(watched == 0, "-", weave(whole(watched), ".5"))), "互动次数": ("bare", whole(watched // 3)),
        }
        outbox.sheet(place("fans", taken, "粉丝", ".xlsx"), "粉丝", sheet_head(cells), sheet_rows(cells))
