"""The sample as a whole: equal bytes for equal arguments, whole files whatever the chunks, numbers that somebody would believe."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from orchestration.sample import write_sample, writing
from orchestration.sample.streams import Streams


def _hashes(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_equal_arguments_give_equal_bytes(tmp_path):
    for name in ("one", "two"):
        write_sample(tmp_path / name / "landing", tmp_path / name / "truth", customers=300, days=60, seed=3)
    assert len(_hashes(tmp_path / "one")) > 50
    assert _hashes(tmp_path / "one") == _hashes(tmp_path / "two")


def test_another_seed_gives_another_world(tmp_path):
    for seed in (3, 4):
        write_sample(tmp_path / str(seed), None, customers=100, days=40, seed=seed)
    assert _hashes(tmp_path / "3") != _hashes(tmp_path / "4")


def test_a_concern_draws_the_same_whatever_others_drew():
    other = Streams(1, 0)
    other.of("baskets").random(1_000)
    assert (other.of("fates").random(5) == Streams(1, 0).of("fates").random(5)).all()
    assert (Streams(1, 0).of("fates").random(5) != Streams(1, 1).of("fates").random(5)).any()


def test_a_world_drawn_in_chunks_has_whole_files(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "CHUNK", 130)
    report = write_sample(tmp_path / "landing", tmp_path / "truth", customers=300, days=60)
    bills = [path for path in report.files if "wechat_pay" in path.parts and path.suffix == ".csv"]
    for path in bills:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        assert sum(line.startswith("交易时间") for line in lines) == 1
        assert lines[-2].startswith("总交易单数")
        assert lines[-1].startswith(f"`{len(lines) - 3}.0,")
    last_pull = sorted(path for path in report.files if "contacts" in path.parts and "_get_" not in path.name)
    newest = [path for path in last_pull if path.parent == last_pull[-1].parent]
    assert [path.read_text().endswith('"next_cursor":""}\n') for path in newest] == [False] * (len(newest) - 1) + [True]


def test_without_a_truth_folder_only_exports_are_written(tmp_path):
    report = write_sample(tmp_path / "landing", None, customers=40, days=20)
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]
    assert report.files == tuple(sorted(path for path in tmp_path.rglob("*") if path.is_file()))


@pytest.mark.parametrize(("customers", "days"), [(1, 10), (7, 11), (30, 31)])
def test_the_smallest_worlds_are_written_too(tmp_path, customers, days):
    assert write_sample(tmp_path / "landing", tmp_path / "truth", customers=customers, days=days, end=date(2026, 3, 2)).files


@pytest.mark.parametrize(("customers", "days"), [(0, 30), (5, 9)])
def test_an_empty_world_is_refused(tmp_path, customers, days):
    with pytest.raises(ValueError, match="at least 1 customer and 10 days"):
        write_sample(tmp_path, None, customers=customers, days=days)


def test_the_report_counts_the_rows_of_every_export(sample):
    landed = {"/".join(path.relative_to(sample.landing).parts[:2]) for path in sample.report.files}
    assert set(sample.report.rows) == landed
    members = sum(1 for path in sample.files("crm/members") for _ in sample.records(path, "gb18030"))
    assert sample.report.rows["crm/members"] == members


def test_the_numbers_are_those_of_a_believable_brand(sample):
    for platform, basket, refunds in sample.ask("""
        select platform, avg(receivable_cny), avg(cast(refunded_cny > 0 as integer)) from orders
        where is_paid and order_class = 'consumer_sale' group by 1 having count(*) > 100"""):
        assert 60 < basket < 400, platform
        assert 0.05 < refunds < 0.27, platform
    (in_pond,), = sample.ask("""
        select avg(cast(joined_private_at is not null as integer)) from people
        where person_id in (select person_id from orders where platform <> 'douyin' and is_paid)""")
    assert 0.3 < in_pond < 0.5
    (repeaters,), = sample.ask("""
        select avg(cast(n > 1 as integer))
        from (select count(*) as n from orders where is_paid and order_class = 'consumer_sale' group by person_id)""")
    assert 0.3 < repeaters < 0.8
