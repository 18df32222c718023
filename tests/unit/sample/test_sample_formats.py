"""Files look like the platforms' own: encodings, wrappings, odd cells, and headers that the contracts know."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from orchestration.sample import douyin
from orchestration.sample.people import phone_of, scrambled

SOURCES = Path(__file__).parents[3] / "orchestration" / "sources"
EXPORTS = (
    ("taobao", "orders"), ("taobao", "order_items"), ("douyin", "orders"), ("douyin", "after_sales"), ("qianchuan", "daily"),
    ("wechat_pay", "bills"), ("crm", "members"),
)


def _plain(header: str) -> str:
    return re.sub(r"\s", "", header.replace("（", "(").replace("）", ")")).replace("帐", "账").lower().strip("\ufeff")


@pytest.mark.parametrize(("platform", "export"), EXPORTS)
def test_a_contract_knows_every_header(sample, platform, export):
    contract = yaml.safe_load((SOURCES / f"{platform}.yml").read_text(encoding="utf-8"))["exports"][export]
    columns = contract["columns"].values()
    known = {_plain(name) for names in [*(column.get("from", []) for column in columns), contract.get("drop", [])] for name in names}
    required = [{_plain(name) for name in column["from"]} for column in columns if column.get("required")]
    for path in sample.files(f"{platform}/{export}"):
        if path.suffix != ".csv" or path.read_bytes().startswith(b"<!"):
            continue
        line = path.read_bytes().split(b"\n")[0]
        text = line.decode("utf-8-sig" if line.startswith(b"\xef\xbb\xbf") else "gb18030")
        headers = {_plain(cell.strip('"')) for cell in text.strip().split(",")}
        assert headers - known <= {douyin.UNKNOWN_COLUMN}, path.name
        assert all(headers & names for names in required), path.name


def test_taobao_wraps_its_ids_and_changes_encoding(sample):
    first, *_, last = [path for path in sample.files("taobao/orders") if not path.name.endswith("_1.csv")]
    assert first.read_bytes().startswith(b"\xef\xbb\xbf")
    header, row, *_ = last.read_bytes().decode("gb18030").split("\r\n")
    assert '"收货地址 "' in header and '"宝贝标题 "' in header
    assert re.match(r'="4\d{18}","tb\d{9}"', row)
    assert ',="",' in row and "\"'1" in row


def test_the_old_item_report_has_a_comma_too_many(sample):
    old, *_ = sample.files("taobao/order_items")
    header, row, *_ = old.read_bytes().decode("gb18030").split("\r\n")
    assert row.endswith(",") and not header.endswith(",")
    assert "子订单编号" not in header


def test_douyin_hides_buyers_and_fills_traffic_a_day_later(sample):
    pending, filled, express = 0, 0, 0
    for path in sample.files("douyin/orders"):
        for row in sample.records(path, "utf-8-sig"):
            assert row["收件人手机号"].startswith("$$") and row["收件人"].startswith("##")
            is_last_day = row["订单提交时间"].startswith("2026-09-30")
            pending += row["流量体裁"] == douyin.TOMORROW and is_last_day
            filled += row["流量体裁"] != douyin.TOMORROW and not is_last_day
            express += "快递信息" in row
    raw = b"".join(path.read_bytes() for path in sample.files("douyin/orders") if path.suffix == ".csv").decode()
    assert pending and filled and express
    assert '"\t69' in raw and re.search(r',"\d,\d{3}\.\d\d",', raw)
    assert re.search(r"SF\d+-\S+,10001-1\n", raw)
    assert [path.suffix for path in sample.files("douyin/orders")].count(".zip") == 1


def test_bills_are_packed_or_plain_and_start_every_cell_with_a_backtick(sample):
    bills = sample.files("wechat_pay/bills")
    assert {path.suffix for path in bills} == {".gz", ".csv"}
    plain = next(path for path in bills if path.suffix == ".csv")
    header, row, *_ = plain.read_bytes().decode("utf-8-sig").split("\r\n")
    assert len(header.split(",")) == 27 and all(cell.startswith("`") for cell in row.split(","))


def test_wecom_lists_come_in_pages_and_in_both_shapes(sample):
    shapes, unions = set(), 0
    for _, page in sample.pages("wecom/contacts"):
        if "external_contact_list" in page:
            shapes.add("batch")
            assert len(page["external_contact_list"]) <= 100
            for entry in page["external_contact_list"]:
                assert entry["external_contact"]["external_userid"].startswith("wm")
                assert isinstance(entry["follow_info"]["tag_id"], list)
                unions += "unionid" in entry["external_contact"]
        else:
            shapes.add("get")
            assert all(follower["tags"][0]["tag_id"] for follower in page["follow_user"])
    assert shapes == {"batch", "get"} and unions


def test_wecom_tells_who_left_only_by_events(sample):
    events = [json.loads(line) for path in sample.files("wecom/contact_events") for line in path.read_text().splitlines()]
    assert {event["ChangeType"] for event in events} == {"add_external_contact", "del_follow_user", "del_external_contact"}
    assert "DELETE_BY_TRANSFER" in {event["Source"] for event in events}
    newest = max(path.parent for path in sample.files("wecom/contacts"))
    pages = [page.get("external_contact_list", []) for path, page in sample.pages("wecom/contacts") if path.parent == newest]
    listed = {(entry["external_contact"]["external_userid"], entry["follow_info"]["userid"]) for page in pages for entry in page}
    by_kind = {kind: {(event["ExternalUserID"], event["UserID"]) for event in events if event["ChangeType"] == kind}
               for kind in ("del_follow_user", "del_external_contact")}
    assert by_kind["del_follow_user"] & listed and not by_kind["del_external_contact"] & listed


def test_every_person_has_a_phone_of_their_own_up_to_millions():
    numbers = np.arange(1_000_000)
    assert len(np.unique(scrambled(numbers))) == len(numbers)
    assert {len(text) for text in phone_of(numbers[:1_000]).to_pylist()} == {11}
