"""Identity keys: tokens are Python's HMAC bit for bit, equal persons get equal tokens, unusable values get their class."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from builders.pond import PEPPER
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.lake import tokens
from orchestration.lake.catalog import load_catalog
from orchestration.lake.workers import open_connection

PLACEHOLDERS = load_catalog().shared.placeholders
MOBILES = st.integers(13000000000, 19999999999).map(str)
WRITTEN = st.sampled_from(["{}", "+86{}", "0086{}", "86-{}", "+86 {}", " {}", "（86）{}", "+８６{}"])


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=1, max_size=200), st.lists(st.text(max_size=100), min_size=1, max_size=10))
def test_sql_tokens_are_python_hmac_for_any_pepper_and_text(pepper, texts) -> None:
    texts = [text.replace("\x00", "") for text in texts]
    with open_connection(pepper) as con:
        rows = con.execute(f"select {tokens.hmac_sql('v')} from (select unnest($1::varchar[]) as v)", [texts]).fetchall()
    expected = [hmac.new(pepper, text.encode(), hashlib.sha256).hexdigest() for text in texts]
    assert [row[0] for row in rows] == expected == [tokens.token(pepper, text) for text in texts]


def test_no_value_has_no_token(each) -> None:
    assert each(tokens.hmac_sql("v"), [None]) == [None]


def test_the_pepper_never_stands_in_sql() -> None:
    assert PEPPER.decode() not in tokens.hmac_sql("v") and "getvariable" in tokens.hmac_sql("v")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(MOBILES, WRITTEN, st.booleans()), min_size=1, max_size=30))
def test_one_mobile_in_every_spelling_is_one_key(each, mobiles) -> None:
    def spelled(mobile: str, written: str, in_groups: bool) -> str:
        return written.format(f"{mobile[:3]}-{mobile[3:7]} {mobile[7:]}" if in_groups else mobile)

    cells = [spelled(*one) for one in mobiles]
    assert each(tokens.normalised("phone", "v"), cells) == [mobile for mobile, _, _ in mobiles]
    classes = each(tokens.key_class("phone", "v", PLACEHOLDERS), cells)
    assert classes == each(tokens.key_class("phone", "v", PLACEHOLDERS), [mobile for mobile, _, _ in mobiles])
    assert set(classes) <= {"ok", "placeholder"}


@pytest.mark.parametrize(
    ("cell", "norm", "kind"),
    [
        ("+1 415 555 2671", "+14155552671", "ok"),
        ("0085291234567", "+85291234567", "ok"),
        ("139****5679", "139****5679", "masked"),
        ("138xxxx1234", "138xxxx1234", "masked"),
        ("18877771111-123", "18877771111123", "virtual"),
        ("95013123456", "95013123456", "virtual"),
        ("13912345679转8", "13912345679转8", "virtual"),
        ("$$aB", "$$aB", "ciphertext"),
        ("##aB", "##aB", "ciphertext"),
        ("$aB$1$", "$aB$1$", "ciphertext"),
        ("~aB~1~", "~aB~1~", "ciphertext"),
        ("021-12345678", "02112345678", "invalid"),
        ("400-820-8820", "4008208820", "invalid"),
        ("0", "0", "placeholder"),
        ("无", "无", "placeholder"),
        ("13800138000", "13800138000", "placeholder"),
        ("13888888888", "13888888888", "placeholder"),
        ("11111111111", "11111111111", "placeholder"),
        ("13131313131", "13131313131", "placeholder"),
        ("13712345678", "13712345678", "placeholder"),
        ("a@b.com", "a@b.com", "invalid"),
        ("#1", "#1", "invalid"),
        (None, None, None),
    ],
)
def test_phones_have_their_class(each, cell, norm, kind) -> None:
    assert each(tokens.normalised("phone", "v"), [cell]) == [norm]
    assert each(tokens.key_class("phone", "v", PLACEHOLDERS), [cell]) == [kind]


@pytest.mark.parametrize(
    ("cell", "norm", "kind"),
    [
        ("Ann@B.com", "ann@b.com", "ok"),
        ("a**@b.com", "a**@b.com", "masked"),
        ("TEST@test.com", "test@test.com", "placeholder"),
        ("139", "139", "invalid"),
    ],
)
def test_mail_addresses_have_their_class(each, cell, norm, kind) -> None:
    assert each(tokens.normalised("email", "v"), [cell]) == [norm]
    assert each(tokens.key_class("email", "v", PLACEHOLDERS), [cell]) == [kind]


@pytest.mark.parametrize(
    ("key_type", "cell", "kind"),
    [
        ("openid", "oAbC_9-x", "ok"),
        ("openid", "wx0123456789abcdef", "invalid"),
        ("member_id", "0", "placeholder"),
        ("member_id", "UNKNOWN", "placeholder"),
        ("oaid", "00000000-0000-0000-0000-000000000000", "placeholder"),
        ("taobao_nick", "t***1", "masked"),
        ("member_id", "007", "ok"),
        ("yz_open_id", "$Ab$1$", "ciphertext"),
        ("nick", "#茶", "ok"),
    ],
)
def test_other_keys_have_their_class_and_keep_their_case(each, key_type, cell, kind) -> None:
    assert each(tokens.key_class(key_type, "v", PLACEHOLDERS), [cell]) == [kind]
    assert each(tokens.normalised(key_type, "v"), [cell]) == [cell]


def test_scopes_fill_their_holes_or_are_null(each) -> None:
    holes = {"account": "v", "day": "date '2026-01-01'"}
    assert each(tokens.scope_sql("app:{account}/{week:day}", holes), ["wx1", None]) == ["app:wx1/2026-W01", None]
    assert each(tokens.scope_sql("global", {}), ["x"]) == ["global"]
