"""Text, ids, words, tags, regions: shells come off, nothing inside changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.lake import cells_region, cells_text
from orchestration.lake.scrub import scrubbed

NULLS = ("-", "--", "——", "NULL", "[]", "无退款申请")
IDS = st.text("0123456789ABCdef_-", min_size=5, max_size=22).filter(lambda text: text.strip("-"))
SHELLS = st.sampled_from(["{}", '="{}"', "'{}", "`{}", "\t{}", "{}\t", " {} ", "\u3000{}\xa0", "\ufeff{}", '="\t{}"', "{}\r"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(IDS, SHELLS), min_size=1, max_size=30))
def test_an_id_comes_out_of_every_shell_as_it_was(each, ids) -> None:
    assert each(cells_text.clean_text("v", NULLS), [shell.format(text) for text, shell in ids]) == [text for text, _ in ids]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), min_size=1, max_size=20))
def test_a_tidy_row_is_one_that_cleaning_would_not_change(con, rows) -> None:
    values = [[cell.replace("\x00", "").replace("\x1e", "") for cell in row] for row in rows]
    cleaned = ", ".join(f"coalesce({cells_text.clean_text(f'v[{at}]', ())}, '') = v[{at}]" for at in (1, 2, 3))
    query = f"select {cells_text.is_tidy(['v[1]', 'v[2]', 'v[3]'])}, [{cleaned}] from (select unnest($1::varchar[][]) as v)"
    for is_tidy, unchanged in con.execute(query, [values]).fetchall():
        assert not is_tidy or all(unchanged)


@pytest.mark.parametrize("cell", ["", " ", "-", "——", "NULL", "\tNULL ", "`", '=""', "[]", "'", "无退款申请", "\u3000", None])
def test_null_tokens_are_null_in_any_shell(each, cell) -> None:
    assert each(cells_text.clean_text("v", NULLS), [cell]) == [None]


def test_text_keeps_its_inside(each) -> None:
    cells = ["明前 龙井", "a\tb", "a\r\nb", "-1", "NULLS", "a'b", "=1+1", "👨‍👩‍👧"]
    assert each(cells_text.clean_text("v", NULLS), cells) == ["明前 龙井", "a\tb", "a\nb", "-1", "NULLS", "a'b", "=1+1", "👨‍👩‍👧"]


def test_only_scientific_notation_is_damage(each) -> None:
    cells = ["1.23457E+18", "6.9E+17", "6E+10", "1e5", "A+B", "123", "E+17", "1.2E+3x"]
    assert each(cells_text.is_damaged_id("v"), cells) == [True, True, True, False, False, False, False, False]


def test_words_match_without_width_case_and_commas(each) -> None:
    values = {"deposit": ("定金已付，等待付尾款",), "done": ("SUCCESS", "交易成功")}
    cells = ["交易成功", "success", "定金已付,等待付尾款", "ＳＵＣＣＥＳＳ", "交易 成功", "等待 13912345679", None]
    found = each(cells_text.enum("v", values, scrubbed("v")), cells)
    assert found == ["done", "done", "deposit", "done", "done", "unknown:等待<phone>", None]


def test_memos_leave_sorted_tags_and_nothing_else(each) -> None:
    patterns = {"test": ("测试",), "brushing": ("刷单", "[Ss][Dd]单")}
    assert each(cells_text.tags("v", patterns), ["SD单 测试", "刷单刷单", "张三 13912345679", None]) == [
        "brushing,test",
        "brushing",
        None,
        None,
    ]


def test_flags_are_yes_no_or_nothing(each) -> None:
    assert each(cells_text.boolean("v"), ["是", "TRUE", "0", "否", "也许"]) == [True, True, False, False, None]


@pytest.mark.parametrize(
    ("address", "province", "city"),
    [
        ("浙江省 杭州市 西湖区 文三路1号", "浙江", "杭州"),
        ("浙江省杭州市西湖区", "浙江", "杭州"),
        ("浙江 杭州 西湖", "浙江", "杭州"),
        ("上海 上海市 浦东新区 xx路", "上海", "上海"),
        ("北京市朝阳区大市场", "北京", "北京"),
        ("吉林省吉林市", "吉林", "吉林"),
        ("吉林市", "吉林", "吉林"),
        ("内蒙古自治区呼和浩特市", "内蒙古", "呼和浩特"),
        ("新疆维吾尔自治区伊犁哈萨克自治州", "新疆", "伊犁哈萨克自治州"),
        ("黑龙江省大兴安岭地区", "黑龙江", "大兴安岭地区"),
        ("****", None, None),
        ("广东", "广东", None),
        ("杭州市", None, "杭州"),
        ("文三路1号3幢", None, None),
    ],
)
def test_addresses_leave_province_and_city(each, address, province, city) -> None:
    assert each(cells_region.province("v"), [address]) == [province]
    assert each(cells_region.city("v"), [address]) == [city]
