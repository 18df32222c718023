"""Finance exports whose rows carry an identity: the fixture obeys it, and one cent in one part of it is found in the file it came in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders.deliveries import Container, deliver

from expectations.fence import Batch, fence_deliveries
from orchestration.defs.fence_one import export_suite
from orchestration.lake.bronze import bronze_file
from orchestration.lake.catalog import Catalog, load_catalog
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.loader import load_export

FIXTURES = Path(__file__).parents[2] / "fixtures"
# export: check, then what to write instead of what in the fixture; each breaks one term of the sum
PAID_LESS_FEES = "settled_is_paid_and_subsidies_less_refunds_and_fees"
SOLD_LESS_RETURNS = "settled_is_sold_less_promotion_returns_and_protection"
BROKEN = {
    "douyin/settlement": (PAID_LESS_FEES, ["28.90>28.91", "21.00>20.00", "-1.45>-1.44", "-5.00>5.01"]),
    "kuaishou/funds": (PAID_LESS_FEES, ["887.93>887.94", ",10.00,>,,", "386.97>386.96"]),
    "xiaohongshu/settlement": ("settled_is_the_sum_of_its_movements", [",5.00,>,5.01,", "-0.56>0.56", ",89.00>,89.01"]),
    "vipshop/settlement": (SOLD_LESS_RETURNS, ["33.45>33.46", ",71.4,>,71.5,", ",4.5,2.25,>,4.5,2.52,"]),
    "wechat_shop/funds": ("balance_moves_by_each_entry", ["1804.05>1804.50", "94.95>94.59"]),
    "wecom/payments": ("refunds_add_up", ['"refund_fee": 1005>"refund_fee": 1004']),
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.mark.parametrize("export", BROKEN)
def test_a_settlement_that_does_not_add_up_is_told(export: str, catalog: Catalog, tmp_path: Path) -> None:
    check, changes = BROKEN[export]
    case = json.loads((FIXTURES / export / "expected.json").read_text("utf-8"))
    said = next(each for each in case["deliveries"] if each["expect"]["rows"]["loaded"])
    text = (FIXTURES / export / said["source"]).read_text("utf-8")
    lake, ref = Lake(tmp_path).prepare(), catalog.exports[export]
    folder, _, name = said["as"].rpartition("/")
    for at, change in enumerate(["", *changes]):
        before, _, after = change.partition(">")
        assert before in text
        deliver(text.replace(before, after, 1), lake.landing / export / folder / f"{at}_{name}", Container(**said.get("container", {})))
    receipts = load_export(lake, ref, scan(lake, catalog), b"pepper")
    files = {receipt.delivery_id: bronze_file(lake, ref, receipt) for receipt in receipts}
    (outcome,) = fence_deliveries([Batch(files, export_suite(ref))])
    found = [any(result.check.endswith(check) and not result.passed for result in outcome[receipt.delivery_id]) for receipt in receipts]
    assert found == [False, *(True for _ in changes)]
