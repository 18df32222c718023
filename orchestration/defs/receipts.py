"""What the loader says of itself, once every export is landed: deliveries, refused rows, and the files that belong to no export.

The tables of these names are made in the warehouse when the canonical stretch begins; here stands what people read before that.
"""

from collections import Counter
from collections.abc import Iterator

import dagster as dg

from orchestration.defs.resources import Pond
from orchestration.defs.run_log import say
from orchestration.lake.catalog import known_catalog
from orchestration.lake.loader import report_strays
from orchestration.lake.marker import lake_kind
from orchestration.lake.raw import read_receipts
from orchestration.lake.registry import LAKE_TABLES

SHOWN = 20


def receipts_asset(raw: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The assets `lake/deliveries`, `lake/quarantine`, `lake/controls`, `lake/context`, after all raw assets."""
    specs = [
        dg.AssetSpec(["lake", name], deps=raw, group_name="landing", kinds={"parquet"}, owners=["team:data"], description=text)
        for name, text in LAKE_TABLES.items()
    ]

    @dg.multi_asset(name="lake_receipts", specs=specs)
    def lake_receipts(context: dg.AssetExecutionContext, pond: Pond) -> Iterator[dg.MaterializeResult]:
        for stray in report_strays(pond.lake, pond.deliveries):
            say(context, f"refused {stray.file_name}: {stray.reason}", is_warning=True)
        receipts = read_receipts(pond.lake, pond.catalog)
        fate = Counter(receipt.status for receipt in receipts)
        refused = [receipt for receipt in receipts if receipt.status == "refused"]
        rows = sum(receipt.rows_quarantined for receipt in receipts)
        told = ", ".join(f"{number:,} {status}" for status, number in sorted(fate.items())) or "none"
        say(context, f"deliveries in the lake: {told}; {rows:,} rows in quarantine")
        reasons = "\n".join(f"- `{receipt.file_name}`: {receipt.reason}" for receipt in refused[:SHOWN])
        yield dg.MaterializeResult(asset_key=["lake", "deliveries"], metadata={**fate, "refused_files": dg.MetadataValue.md(reasons)})
        yield dg.MaterializeResult(asset_key=["lake", "quarantine"], metadata={"dagster/row_count": rows})
        totals = sum(len(receipt.controls) for receipt in receipts)
        yield dg.MaterializeResult(asset_key=["lake", "controls"], metadata={"dagster/row_count": totals})
        yield dg.MaterializeResult(asset_key=["lake", "context"], metadata={"kind": lake_kind(pond.lake)})

    return lake_receipts


@dg.definitions
def receipts() -> dg.Definitions:
    """After every export of the catalog."""
    raw = [dg.AssetKey(["raw", ref.platform.platform, ref.name]) for ref in known_catalog().exports.values()]
    return dg.Definitions(assets=[receipts_asset(raw)])
