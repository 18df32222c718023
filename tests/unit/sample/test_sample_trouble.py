"""What is planted is there, and the truth says where."""

from __future__ import annotations

import hashlib
import json

import pytest

KINDS = (
    "anonymous_orders", "damaged_id", "duplicate_file", "family_phone", "future_order", "late_older_export", "login_page", "masked_phone",
    "open_quote", "other_encoding", "placeholder_phone", "privacy_phone", "referral_cycle", "repeated_events", "restating_export",
    "same_rows_other_encoding", "self_referral", "shared_phone", "too_few_fields", "two_phones", "unknown_column", "unparsable_amount",
    "recycled_phone", "store_tablet", "lent_card", "staff_phone",
)


@pytest.fixture(scope="module")
def planted(sample):
    return [(kind, file, json.loads(detail)) for kind, file, detail in sample.ask("select kind, file, detail from planted")]


def test_every_kind_of_trouble_is_planted_and_says_what_to_expect(sample, planted):
    assert {kind for kind, *_ in planted} == set(KINDS)
    for kind, file, detail in planted:
        assert detail["expect"]
        assert (sample.landing / file).is_file() if file else detail["count"] > 0, kind


def test_the_duplicate_has_the_same_bytes(sample, planted):
    file, detail = next((file, detail) for kind, file, detail in planted if kind == "duplicate_file")
    one, two = (hashlib.sha256((sample.landing / name).read_bytes()).digest() for name in (file, detail["same_as"]))
    assert one == two


def test_the_same_rows_stand_in_two_encodings(sample, planted):
    file, detail = next((file, detail) for kind, file, detail in planted if kind == "same_rows_other_encoding")
    assert (sample.landing / file).read_bytes().decode("utf-8-sig") == (sample.landing / detail["same_as"]).read_bytes().decode("gb18030")


@pytest.mark.parametrize(("kind", "sign"), [
    ("damaged_id", '"1.23457E+18"'), ("unparsable_amount", "约一百元"), ("too_few_fields", '="4999999999999999902"'),
    ("open_quote", '="4999999999999999903"'),
    ("future_order", '"2027-11-05 10:00:00"'),
])
def test_a_broken_row_stands_on_its_line(sample, planted, kind, sign):
    file, detail = next((file, detail) for name, file, detail in planted if name == kind)
    line = (sample.landing / file).read_bytes().decode("gb18030").split("\r\n")[detail["line"] - 1]
    assert sign in line
    assert line.count('"') % 2 == (kind == "open_quote")


def test_the_late_export_is_older_by_name_and_newer_by_folder(sample, planted):
    for _, file, _ in (entry for entry in planted if entry[0] == "late_older_export"):
        folders = sorted(path.parent.name for path in (sample.landing / file).parents[1].rglob("*") if path.is_file())
        assert (sample.landing / file).parent.name == folders[-1]
        siblings = [path.name for path in (sample.landing / file).parents[1].rglob("*.csv")]
        assert sorted(siblings)[-1] != (sample.landing / file).name


def test_the_late_export_shows_older_statuses(sample, planted):
    late = next(sample.landing / file for kind, file, _ in planted if kind == "late_older_export" and file.startswith("taobao"))
    newest = {}
    for path in sample.files("taobao/orders"):
        if path.name.startswith("ExportOrderList20261001") and not path.name.endswith("_1.csv"):
            newest |= {row["订单编号"]: row["订单状态"] for row in sample.records(path, "gb18030")}
    old = {row["订单编号"]: row["订单状态"] for row in sample.records(late, "gb18030")}
    assert any(newest.get(key, status) != status for key, status in old.items())


def test_many_buyers_send_to_the_counter_phone(sample, planted):
    phone = next(detail["value"] for kind, _, detail in planted if kind == "shared_phone")
    buyers = set()
    for path in sample.files("taobao/orders"):
        raw = path.read_bytes()
        if not raw.startswith(b"<!"):
            encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "gb18030"
            buyers |= {row["买家会员名"] for row in sample.records(path, encoding) if row.get("联系手机") == phone}
    pages = [path.read_text() for path in sample.files("wecom/contacts")]
    remarks = [entry for page in pages for entry in page.split("remark_mobiles") if phone in entry[:40]]
    assert len(buyers) > 20 and len(remarks) >= 5


def test_the_truth_knows_every_order_and_every_cause(sample):
    (dangling,), = sample.ask("select count(*) from orders where person_id not in (select person_id from people)")
    (unknown,), = sample.ask("""
        select count(*) from orders where true_channel <> 'direct' and true_channel not in (select channel from channels)""")
    (doubled,), = sample.ask("select count(*) - count(distinct (platform, order_id)) from orders")
    (uncaused,), = sample.ask("""
        select count(*) from orders o where true_channel <> 'direct' and not exists
        (select 1 from touches t where t.person_id = o.person_id and t.channel = o.true_channel and t.at <= o.ordered_at)""")
    assert (dangling, unknown, doubled, uncaused) == (0, 0, 0, 0)


def test_an_identifier_belongs_to_one_person_unless_a_family_shares_it(sample):
    shared = sample.ask("select key_type, raw_value from identifiers group by all having count(distinct person_id) > 1")
    assert {kind for kind, _ in shared} <= {"phone"}
    (families,), = sample.ask("select count(*) from people where shares_phone_with is not null")
    assert 0 < len(shared) <= families
