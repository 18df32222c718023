"""Landing → bronze: one asset per export, one step per platform. A bad file is refused or held out; it never stops the others.

Here: what Dagster shows of a load. Not here: reading files (lake), what rows must look like (contracts and suites).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from expectations.library import import_ahead
from orchestration.defs.dbt_runs import DBT_MODULES
from orchestration.defs.fence_one import Verdict, judge
from orchestration.defs.resources import Pond
from orchestration.defs.run_log import say, whisper
from orchestration.lake.bronze import bronze_file
from orchestration.lake.catalog import Catalog, ExportRef, known_catalog
from orchestration.lake.columns import bronze_types
from orchestration.lake.previews import hide, preview_file
from orchestration.lake.receipt import Receipt

CHECKS = {
    "every_row_is_accounted_for": "rows in file = rows loaded + quarantined + skipped, for every delivery",
    "control_totals_agree": "totals that the file states about itself agree with its rows",
    "deliveries_pass_their_fence": "every delivery's rows obey the contract and the export's suite; one that does not is held out",
}


def landing_assets(catalog: Catalog) -> list[dg.AssetsDefinition]:
    """One multi-asset per platform, by name."""
    return [_platform(name, catalog.of_platform(name)) for name in catalog.platforms]


def _platform(platform: str, refs: Sequence[ExportRef]) -> dg.AssetsDefinition:
    by_key = {_key(ref): ref for ref in refs}

    @dg.multi_asset(
        name=f"land_{platform}",
        specs=[_spec(ref) for ref in refs],
        check_specs=[dg.AssetCheckSpec(name, asset=_key(ref), description=text) for ref in refs for name, text in CHECKS.items()],
        can_subset=True,
    )
    def land(context: dg.AssetExecutionContext, pond: Pond) -> Iterator[dg.MaterializeResult]:
        wanted = [by_key[key] for key in sorted(context.selected_asset_keys)]
        receipts = _load_all(context, pond, wanted)
        asked = [*zip(wanted, receipts, strict=True), *pond.loading.done_meanwhile(wanted)]  # the later steps find their verdicts ready
        verdicts = judge(pond.lake, [(ref, _loaded_files(pond, ref, of_export)) for ref, of_export in asked])[: len(wanted)]
        rows, files = 0, 0
        for ref, of_export, of_fence in zip(wanted, receipts, verdicts, strict=True):
            fresh = [receipt for receipt in of_export if receipt.loaded_at >= pond.started_at]
            rows, files = rows + sum(receipt.rows_loaded for receipt in fresh), files + len(fresh)
            checks = _checks(_key(ref), of_export, of_fence) if of_export else []
            yield dg.MaterializeResult(asset_key=_key(ref), metadata=_metadata(pond, ref, of_export, fresh), check_results=checks)
        if files:
            say(context, f"landed {platform}: {files} new deliveries, {rows:,} rows")

    return land


def _key(ref: ExportRef) -> dg.AssetKey:
    return dg.AssetKey(["raw", ref.platform.platform, ref.name])


def _spec(ref: ExportRef) -> dg.AssetSpec:
    export, platform = ref.export, ref.platform
    columns = [
        dg.TableColumn(name, type=kind, description=export.columns[name].description if name in export.columns else None)
        for name, kind in bronze_types(export).items()
    ]
    return dg.AssetSpec(
        _key(ref),
        group_name="landing",
        kinds={export.container[0], "parquet"},
        owners=["team:data"],
        code_version=ref.fingerprint,
        description=f"{platform.label} {export.label}. {export.description}",
        tags={"domain": platform.domain, "cadence": export.cadence, "evidence": export.evidence},
        metadata={
            "dagster/column_schema": dg.TableSchema(columns=columns),
            "landing": f"landing/{ref.id}/",
            "contract": f"orchestration/sources/{platform.platform}.yml",
        },
    )


def _load_all(context: dg.AssetExecutionContext, pond: Pond, refs: Sequence[ExportRef]) -> list[list[Receipt]]:
    """The receipts of each export. All exports of the run begin with its first step: reading goes on while their elders are fenced."""
    import_ahead(*DBT_MODULES)
    pond.loading.begin([*refs, *_of_this_run(context, pond.catalog)], pond.deliveries)

    def progress(export: str, done: int, total: int) -> None:
        whisper(f"{export}: {done} of {total} deliveries")
        context.log.info(f"{export}: {done} of {total} deliveries")

    receipts = pond.loading.receipts(refs, progress)
    for receipt in (receipt for of_export in receipts for receipt in of_export):
        if receipt.status == "refused" and receipt.loaded_at >= pond.started_at:
            say(context, f"refused {receipt.file_name}: {receipt.reason}", is_warning=True)
    return receipts


def _of_this_run(context: dg.AssetExecutionContext, catalog: Catalog) -> list[ExportRef]:
    """The exports that this run was asked for, in the order in which its steps come."""
    asked = context.job_def.asset_layer.selected_asset_keys
    return [ref for name in sorted(catalog.platforms) for ref in catalog.of_platform(name) if _key(ref) in asked]


def _metadata(pond: Pond, ref: ExportRef, receipts: Sequence[Receipt], fresh: Sequence[Receipt]) -> dict[str, Any]:
    status = Counter(receipt.status for receipt in receipts)
    facts: dict[str, Any] = {
        "deliveries_loaded": status["loaded"], "deliveries_refused": status["refused"], "deliveries_duplicate": status["duplicate"],
        "deliveries_new": len(fresh),
        "rows_in_files": sum(receipt.rows_in_file for receipt in receipts),
        "dagster/row_count": sum(receipt.rows_loaded for receipt in receipts),
        "rows_quarantined": sum(receipt.rows_quarantined for receipt in receipts),
        "rows_skipped": sum(receipt.rows_skipped for receipt in receipts),
    }  # fmt: skip
    files = _loaded_files(pond, ref, receipts)
    facts["bytes"] = sum(path.stat().st_size for path in files.values())
    notes = Counter(", ".join(f"{word}: {said}" for word, said in note.items()) for receipt in receipts for note in receipt.notes)
    if notes:
        facts["notes"] = dg.MetadataValue.md("\n".join(f"- {note} ({times} deliveries)" for note, times in notes.most_common(20)))
    refusals = [f"- `{receipt.file_name}`: {receipt.reason}" for receipt in receipts if receipt.status == "refused"]
    if refusals:
        facts["refused"] = dg.MetadataValue.md("\n".join(refusals[:20]))
    if files and fresh:
        facts["preview"] = dg.MetadataValue.md(preview_file(files[max(files)]).markdown)
    return facts


def _loaded_files(pond: Pond, ref: ExportRef, receipts: Sequence[Receipt]) -> dict[str, Path]:
    return {
        receipt.delivery_id: bronze_file(pond.lake, ref, receipt) for receipt in receipts if receipt.status in ("loaded", "stale_contract")
    }


def _checks(key: dg.AssetKey, receipts: Sequence[Receipt], verdicts: dict[str, Verdict]) -> list[dg.AssetCheckResult]:
    lost = [r.file_name for r in receipts if r.rows_in_file != r.rows_loaded + r.rows_quarantined + r.rows_skipped and r.status == "loaded"]
    differing = [f"{r.file_name}: {control}" for r in receipts for control in r.controls if not control["ok"]]
    held = {delivery: verdict.held_out for delivery, verdict in verdicts.items() if verdict.held_out}
    findings = [f"{each.expectation}: {each.observed}; {hide(', '.join(each.samples))}" for v in verdicts.values() for each in v.findings]
    asked = sum(verdict.checks for verdict in verdicts.values())
    return [
        _result(key, "every_row_is_accounted_for", lost, dg.AssetCheckSeverity.ERROR),
        _result(key, "control_totals_agree", differing, dg.AssetCheckSeverity.WARN),
        _result(key, "deliveries_pass_their_fence", findings, dg.AssetCheckSeverity.ERROR if held else dg.AssetCheckSeverity.WARN,
                checks=asked, held_out=len(held)),
    ]  # fmt: skip


def _result(key: dg.AssetKey, name: str, wrong: Sequence[str], severity: dg.AssetCheckSeverity, **facts: int) -> dg.AssetCheckResult:
    shown = {"first": dg.MetadataValue.md("\n".join(f"- {line}" for line in wrong[:10]))} if wrong else {}
    return dg.AssetCheckResult(
        asset_key=key, check_name=name, passed=not wrong, severity=severity, metadata={"findings": len(wrong), **facts, **shown}
    )


@dg.definitions
def landing() -> dg.Definitions:
    """Every platform of the catalog."""
    return dg.Definitions(assets=landing_assets(known_catalog()))
