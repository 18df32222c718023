"""Every file agrees with the truth to the cent, by sums that a stranger would make."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal


def _taobao(sample) -> dict[str, dict[str, str]]:
    newest: dict[str, dict[str, str]] = {}
    for path in sample.files("taobao/orders"):
        if path.name.endswith(("_1.csv",)):
            continue
        raw = path.read_bytes()
        encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "gb18030"
        for row in sample.records(path, encoding):
            identity = row["订单编号"]
            if len(identity) == 19 and not identity.startswith("49999") and len(row) > 50:
                newest[identity] = row
    return newest


def test_taobao_paid_is_lowered_by_refunds_and_agrees_with_the_truth(sample):
    rows = _taobao(sample)
    for row in rows.values():
        if row["订单付款时间"]:
            assert sample.money(row["总金额"]) == sample.money(row["买家实际支付金额"]) + sample.money(row["退款金额"])
        else:
            assert sample.money(row["买家实际支付金额"]) == 0
    truth = dict(sample.ask("select order_id, net_revenue_cny from orders where platform = 'taobao'"))
    assert {key: sample.money(row["买家实际支付金额"]) for key, row in rows.items()} == truth


def test_taobao_lines_add_up_to_their_order(sample):
    orders, sums = _taobao(sample), {}
    for path in sample.files("taobao/order_items"):
        encoding = "utf-8-sig" if path.read_bytes().startswith(b"\xef\xbb\xbf") else "gb18030"
        per_file: dict[str, Decimal] = defaultdict(Decimal)
        for row in sample.records(path, encoding):
            if "主订单编号" in row:
                per_file[row["主订单编号"]] += sample.money(row["买家实际支付金额"])
        sums |= per_file
    assert len(sums) > 300
    assert all(total == sample.money(orders[key]["买家实际支付金额"]) for key, total in sums.items())


def test_douyin_pays_what_the_truth_says_and_its_cases_what_went_back(sample):
    lines = {}
    for path in sample.files("douyin/orders"):
        for row in sample.records(path, "utf-8-sig"):
            lines[row["子订单编号"]] = row
    paid, back = defaultdict(Decimal), {}
    for row in lines.values():
        if row["支付完成时间"] != "-":
            paid[row["主订单编号"]] += sample.money(row["订单应付金额"]) + sample.money(row["平台实际承担优惠金额"])
    for path in sample.files("douyin/after_sales"):
        for row in sample.records(path, "utf-8-sig"):
            done = row["售后状态"] == "同意退款，退款成功"
            amount = sum(sample.money(row[name]) for name in ("退商品金额（元）", "退运费金额（元）", "退支付优惠（元）"))
            back[row["售后单号"]] = (row["订单号"], done * amount)
    refunded = defaultdict(Decimal)
    for order, amount in back.values():
        refunded[order] += amount
    for order, receivable, given_back in sample.ask("select order_id, receivable_cny, refunded_cny from orders where platform = 'douyin'"):
        assert (paid[order], refunded[order]) == (receivable, given_back)


def test_youzan_and_the_bill_tell_one_story(sample):
    orders = {}
    for _, page in sample.pages("youzan/orders"):
        for entry in page["data"]["full_order_info_list"]:
            orders[entry["full_order_info"]["order_info"]["tid"]] = entry["full_order_info"]
    paid, back = {}, defaultdict(Decimal)
    for path in sample.files("wechat_pay/bills"):
        for row in sample.records(path, "utf-8-sig"):
            if row["交易时间"][4:5] == "-":
                assert len(row["微信订单号"]) == 28
                if row["交易状态"] == "SUCCESS":
                    assert row["微信订单号"] not in paid
                    paid[row["微信订单号"]] = (row["商户订单号"], sample.money(row["订单金额"]))
                else:
                    back[row["微信订单号"]] += sample.money(row["退款金额"])
    truth = {key: rest for key, *rest in sample.ask("select order_id, receivable_cny, refunded_cny from orders where platform = 'youzan'")}
    assert set(orders) == set(truth)
    seen = set()
    for key, order in orders.items():
        receivable, refunded = truth[key]
        pay = order["pay_info"]
        assert sum(sample.money(line["payment"]) for line in order["orders"]) == sample.money(pay["payment"])
        for number in pay["outer_transactions"]:
            seen.add(number)
            assert paid[number] == (pay["transaction"][0], sample.money(pay["payment"])) == (pay["transaction"][0], receivable)
            assert back[number] == refunded
    others = {ticket["externalOrderNo"] for _, page in sample.pages("store/tickets") for ticket in page["data"]["result"]}
    for _, page in sample.pages("weimob/orders"):
        others |= {item["channelTrxNo"] for entry in page["data"]["pageList"] for item in entry["orderInfo"]["payInfo"]["payItems"]}
    assert seen < set(paid) <= seen | others and not seen & others


def test_a_bill_ends_with_the_sums_of_its_rows(sample):
    columns = ("应结订单金额", "退款金额", "充值券退款金额", "手续费", "订单金额", "申请退款金额")
    for path in sample.files("wechat_pay/bills"):
        *rows, _, totals = list(sample.records(path, "utf-8-sig"))
        count, *stated = list(totals.values())[:7]
        assert count.lstrip("`") == f"{len(rows)}.0"
        assert [sample.money(text) for text in stated] == [sum((sample.money(row[name]) for row in rows), Decimal()) for name in columns]


def test_qianchuan_totals_are_the_sums_and_the_spend_pays_off(sample):
    spend = claimed = Decimal()
    for path in sample.files("qianchuan/daily"):
        *rows, total = list(sample.records(path, "utf-8-sig"))
        assert total["推广类型"] == "" and all(row["推广类型"] for row in rows)
        for name in ("消耗(元)", "展示次数", "点击次数", "转化数", "直接成交金额(元)"):
            assert sample.money(total[name]) == sum((sample.money(row[name]) for row in rows), Decimal())
        spend, claimed = spend + sample.money(total["消耗(元)"]), claimed + sample.money(total["直接成交金额(元)"])
    (caused,), = sample.ask("select sum(receivable_cny) from orders where true_channel = 'douyin_ads'")
    assert 1 < caused / spend < 4
    assert 1 < claimed / spend < 4
