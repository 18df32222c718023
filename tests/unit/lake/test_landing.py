"""Landing: what counts as delivered, and under which identity."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import pytest
from builders.pond import Pond

from orchestration.lake import landing
from orchestration.lake.context import Place, read_moment, said, with_page_number
from orchestration.lake.contract import ContextRule
from orchestration.lake.landing import delivered_files, scan


def test_hidden_and_half_copied_files_are_not_delivered(pond: Pond) -> None:
    for name in (".x_20261001.csv", "x.csv.part", "x.tmp", "~$x.xlsx", "x.crdownload", ".work/a.csv", "Thumbs.db", "x.csv"):
        pond.deliver("a", name)
    assert [path.name for path in delivered_files(pond.lake)] == ["x.csv"]


def test_links_out_of_landing_are_refused_unread(pond: Pond, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a")
    folder = pond.deliver("a", "real_20261001.csv").parent
    (folder / "link_20261001.csv").symlink_to(secret)
    (folder / "broken_20261001.csv").symlink_to(tmp_path / "nowhere")
    (folder / "folder").symlink_to(tmp_path)
    found = {each.path.name: each for each in scan(pond.lake, pond.catalog)}
    assert {name for name, each in found.items() if each.refusal} == {"link_20261001.csv", "broken_20261001.csv", "folder"}
    assert found["link_20261001.csv"].sha256 == ""
    assert [receipt.status for receipt in pond.load()] == ["refused", "refused", "refused", "refused"]


def test_the_identity_is_export_bytes_and_context(pond: Pond) -> None:
    for name in ("a_20261001.csv", "b_20261001.csv", "c_20261002.csv", "account=x/a_20261001.csv", "date=2026-01-01/a_20261001.csv"):
        pond.deliver("same", name)
    ids = [each.delivery_id for each in scan(pond.lake, pond.catalog)]
    assert len(ids) == 5 and len(set(ids)) == 4 and all(len(one) == 16 for one in ids)
    pond.deliver("other", "a_20261001.csv")
    assert len({each.delivery_id for each in scan(pond.lake, pond.catalog)}) == 5


def test_an_unchanged_file_is_not_hashed_again_and_a_changed_one_is(pond: Pond, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pond.deliver("one")
    monkeypatch.setattr(landing, "SETTLED_SECONDS", -60)
    (first,) = scan(pond.lake, pond.catalog)
    monkeypatch.setattr(landing, "_sha256", lambda path: "hashed again")
    assert scan(pond.lake, pond.catalog)[0].sha256 == first.sha256
    file.write_text("two")
    os.utime(file, ns=(first.stamp[1], first.stamp[1]))  # even one that hides its time
    assert scan(pond.lake, pond.catalog)[0].sha256 == "hashed again"


def test_names_that_are_no_text_are_scanned_all_the_same(pond: Pond) -> None:
    folder = pond.deliver("a").parent
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff_20261001.csv")).write_text("b")
    assert len(scan(pond.lake, pond.catalog)) == len(scan(pond.lake, pond.catalog)) == 2


@pytest.mark.parametrize(
    ("text", "words", "moment"),
    [
        ("20260930", {"format": "%Y%m%d"}, datetime(2026, 9, 30)),
        ("20260930", {}, datetime(2026, 9, 30)),
        ("2026-09-30 08:05", {}, datetime(2026, 9, 30, 8, 5)),
        ("1790726400", {"epoch": "s"}, datetime(2026, 9, 30, 8)),
        ("1790726400000", {"epoch": "ms"}, datetime(2026, 9, 30, 8)),
        ("2026-09-30T00:00:00Z", {}, datetime(2026, 9, 30, 8)),
        ("2026-09-30T00:00:00-02:30", {}, datetime(2026, 9, 30, 10, 30)),
        ("20261399", {}, None),
        ("99991231", {}, None),
        ("gestern", {}, None),
        ("x", {"epoch": "s"}, None),
    ],
)
def test_moments_are_read_in_any_usual_form(text, words, moment) -> None:
    assert read_moment(text, ContextRule(constant="x", **words)) == moment


def test_rules_answer_from_name_folder_and_page(pond: Pond) -> None:
    place = Place("orders_A7_20260930.csv", {"account": "corp@platform", "date": "2026-09-30"})
    assert said(ContextRule(file_name=r"_([A-Z]\d)_"), place) == "A7"
    assert said(ContextRule(folder="account"), place) == "corp"
    assert said(ContextRule(folder="account", pattern="@(.+)$"), place) == "platform"
    assert said(ContextRule(folder="account", pattern="#(.+)$"), place) is None
    assert said(ContextRule(payload="page.corp"), place, {"page": {"corp": 7}}) == "7"
    assert said(ContextRule(payload="page"), place, {"page": {"corp": 7}}) is None
    pond.deliver("a", "account=corp@op/date=2026-09-30/x_20261001.csv")
    (delivery,) = scan(pond.lake, pond.catalog)
    context = delivery.context
    assert (context.account, context.open_platform, context.business_on, context.exported_at) == (
        "corp",
        "op",
        date(2026, 9, 30),
        datetime(2026, 10, 1),
    )


@pytest.mark.parametrize(("name", "number"), [
    ("contacts_20261001083000_0004.json", 4), ("contacts_20261001083000_12.json.gz", 12), ("contacts_20261001083000_get_0001.json", None),
    ("contacts_20261001083000.json", None), ("x/page_3.json", 3), ("联系人_20261001_p3.json", 3), ("联系人第12页.json", 12),
    ("x/page_20261001083000.json", None), ("x/shop3.json", None),
])  # fmt: skip
def test_a_page_is_numbered_by_the_end_of_its_files_name(name: str, number: int | None) -> None:
    assert (with_page_number({"next_cursor": ""}, name) or {}).get("page_number") == number
    assert with_page_number(None, name) is None
