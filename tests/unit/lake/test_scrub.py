"""Personal data in loose text is masked; what is only long stays readable."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.lake.scrub import hints_at_person, scrubbed, shape, shape_of

HINTS = ("姓名", "手机", "name", "phone", "ip", "tel")
AROUND = st.sampled_from(["", " ", "，", "电话", "tel:", "(", "a", "号码：", "\n"])
AFTER = st.sampled_from(["", " ", "，谢谢", ")", "b", "\n", "；"])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(AROUND, st.integers(13000000000, 19999999999), AFTER, st.sampled_from(["{}", "+86{}", "0086 {}"])), min_size=1, max_size=5
    )
)
def test_no_mobile_survives_wherever_it_stands(each, pieces) -> None:
    text = "".join(f"{before}{form.format(mobile)}{after}，" for before, mobile, after, form in pieces)
    (clean,) = each(scrubbed("v"), [text])
    assert not [mobile for _, mobile, _, _ in pieces if str(mobile) in clean], clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("打13912345679 或 a.b@c.cn", "打<phone> 或 <email>"),
        ("身份证33010619900101123X。", "身份证<national id>。"),
        ("卡6222 0212 3456 7890 123", "卡<card>"),
        ("139 1234 5679,13912345670", "<phone>,<phone>"),
        ("tel:０１３９１２３４５６７９", "tel:013912345679"),
        ("座机021-62345678", "座机<phone>"),
        ("微信号：abc_12345", "微信号 <account>"),
        ("住文三路123号5幢", "<address>"),
        ("订单202609031234567", "订单202609031234567"),
        ("明前龙井 250g x2", "明前龙井 250g x2"),
    ],
)
def test_each_kind_is_masked_by_name(each, text, clean) -> None:
    assert each(scrubbed("v"), [text]) == [clean]


def test_a_shape_tells_form_and_nothing_else(each) -> None:
    text = '张三abc12３é,；="x"'
    assert each(shape("v"), [text]) == [shape_of(text)] == ['汉汉aaa999a,；="a"']


@pytest.mark.parametrize(
    ("header", "is_personal"),
    [
        ("收货人姓名", True),
        ("buyerName", True),
        ("item_name", True),
        ("client_ip", True),
        ("clientIp", True),
        ("shipping", False),
        ("description", False),
        ("hotel_id", False),
        ("备注x手机", True),
        ("数量", False),
    ],
)
def test_headers_hint_at_persons_by_whole_short_words(header, is_personal) -> None:
    assert hints_at_person(header, HINTS) is is_personal
