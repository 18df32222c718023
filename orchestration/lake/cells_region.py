"""Cells that say where: an address or a region's name, coarsened to province or city. Nothing finer passes."""

from __future__ import annotations

from orchestration.lake.sql import cases, literals

MUNICIPALITIES = ("北京", "上海", "天津", "重庆", "香港", "澳门")
PROVINCES = (
    *MUNICIPALITIES, "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西",
    "山东", "河南", "湖北", "湖南",
    "广东", "广西", "海南", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "台湾",
)  # fmt: skip
GAP = r"[\s,，·/_-]*"
HAN = r"[^\s\x21-\x7e，·]"  # not ASCII, no separator: ten times cheaper than \p{Han}, and the endings below tell the rest
HEAD = rf"^(?:中国)?{GAP}({'|'.join(PROVINCES)})"
PROVINCE_PART = rf"^(?:中国)?{GAP}(?:{'|'.join(PROVINCES)})?(?:省|(?:壮族|回族|维吾尔)?自治区)?{GAP}"
CITY = rf"^({HAN}{{2,10}}?(?:市|自治州|地区|盟)|{HAN}{{1,3}}[^\s\x21-\x7e区县镇乡旗路街](?:[\s,，·/_-]|$))"
ENDING = r"市?[\s,，·/_-]*$"


def province(text: str) -> str:
    """The short name of the province (浙江, 内蒙古) at the head of the text, else NULL."""
    short = tuple(name for name in PROVINCES if len(name) == 2 and name not in MUNICIPALITIES)
    is_plain = f"substr({text}, 3, 1) = '省' and substr({text}, 1, 2) in {literals(short)}"
    return cases([(is_plain, f"substr({text}, 1, 2)")], f"nullif(regexp_extract({text}, '{HEAD}', 1), '')")


def city(text: str) -> str:
    """The name of the prefecture-level city without 市 (杭州, 延边朝鲜族自治州); a municipality is its own city. Else NULL."""
    rest = f"regexp_replace({text}, '{PROVINCE_PART}', '')"
    named = f"nullif(regexp_replace(regexp_extract({rest}, '{CITY}', 1), '{ENDING}', ''), '')"
    upto = f"strpos({text}, '市')"
    plain = f"ltrim(substr({text}, 4, {upto} - 4))"  # 浙江省杭州市…, 浙江省 杭州市 …: most addresses, without a regular expression
    is_plain = f"substr({text}, 3, 1) = '省' and {upto} between 6 and 9 and not contains({plain}, ' ')"
    return cases(
        [
            (f"{text} is null", "null"),
            (is_plain, plain),
            (" or ".join(f"starts_with({text}, '{name}')" for name in MUNICIPALITIES), f"substr({text}, 1, 2)"),
            (f"starts_with({text}, '吉林市')", "'吉林'"),  # the one city that is called like its province
        ],
        named,
    )
