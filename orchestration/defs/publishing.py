"""The end of the road: the gate, and behind it the release that readers see. The gate stands in this step, so no run can go around it.

Here: what is judged and what is published. Not here: what blocks (gate), how a release is built and switched (`lake/releases.py`).
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import dagster as dg

from expectations.checks import CheckResult
from orchestration.defs.dbt_graph import published_grains
from orchestration.defs.fence_one import held_out
from orchestration.defs.fences import check_canonical, check_marts
from orchestration.defs.gate import Verdict, decide, held_out_results
from orchestration.defs.quality import check_result
from orchestration.defs.resources import Pond, open_warehouse
from orchestration.defs.run_log import say
from orchestration.lake.build_marks import BuildMark, whole_build
from orchestration.lake.candidates import report_of
from orchestration.lake.history import erased_since_published
from orchestration.lake.layout import Lake
from orchestration.lake.record_tables import record_comments
from orchestration.lake.release_files import count_rows
from orchestration.lake.releases import build_release, current_file, current_version, next_version, prune, release_note, show_release
from orchestration.lake.run_records import VersionFacts, check_results, customer_records, metric_records, publish_versions

KEY = dg.AssetKey(["published", "release"])


def release_asset(grains: dict[str, tuple[str, ...]]) -> dg.AssetsDefinition:
    """The asset that publishes exactly these tables (`schema.table` → grain columns)."""

    @dg.asset(
        key=KEY,
        deps=[dg.AssetKey(table.split(".")) for table in grains],
        check_specs=[
            dg.AssetCheckSpec("gate", asset=KEY, description="No critical finding in fences 1 to 3, or each one accepted by name."),
            dg.AssetCheckSpec("drift", asset=KEY, description="Closed months and table sizes against the version published before."),
        ],
        group_name="publishing",
        kinds={"duckdb", "parquet"},
        owners=["team:data"],
        description="The version that BI readers see: published/current/fishpond.duckdb. Switched only when the gate passes.",
    )
    def release(context: dg.AssetExecutionContext, pond: Pond):
        lake, mark = pond.lake, whole_build(pond.lake)
        results = [*_first_fence(pond), *check_canonical(lake, mark), *check_marts(lake, mark)]
        verdict = decide(lake, context.run_id, f"{mark.delivery_set}.{mark.code}", results)
        yield check_result("drift", KEY, [result for result in results if result.suite == "drift"])
        yield check_result("gate", KEY, [*verdict.blocking, *verdict.warnings], report_of(lake, context.run_id))
        if not verdict.passed:
            raise dg.Failure(refusal(lake, verdict), metadata={"refused_by": "the gate"}, allow_retries=False)
        version, rows = _build(pond, mark, context.run_id, verdict, results, grains)
        seen = show_release(lake, version)
        prune(lake, pond.settings.keep_releases)
        held = f"built {version}; a rollback holds {current_version(lake)}: `fishpond publish --resume`"
        say(context, f"published {version}" if seen else held)
        yield dg.MaterializeResult(
            metadata={"version": version, "is_current": seen, "dagster/row_count": sum(rows.values()), "tables": len(rows),
                      "checks_passed": verdict.checks_passed, "checks_warned": len(verdict.warnings) + len(verdict.accepted)}
        )  # fmt: skip

    return release


def refusal(lake: Lake, verdict: Verdict) -> str:
    """What the person reads who started the run: what blocks, what readers see meanwhile, what to do."""
    named = "; ".join(f"{each.check} ({each.observed})" for each in verdict.blocking[:5])
    more = f" and {len(verdict.blocking) - 5} more" if len(verdict.blocking) > 5 else ""
    stays = f"{current_version(lake)} stays published" if current_version(lake) else "nothing is published yet"
    return f"the gate refused this candidate: {named}{more}. {stays}. Look: fishpond gate explain"


def _first_fence(pond: Pond) -> list[CheckResult]:
    out = held_out(pond.lake)
    with open_warehouse(pond.lake, pond.settings, read_only=True) as con:
        known = con.execute("select source || '/' || export, delivery_id from raw.lake__deliveries").fetchall()
    required = {ref.id for ref in pond.catalog.exports.values() if ref.export.required_for_publish}
    return held_out_results([(export, delivery, out[delivery]) for export, delivery in known if delivery in out], required)


def _build(
    pond: Pond, mark: BuildMark, run_id: str, verdict: Verdict, results: Sequence[CheckResult], grains: dict[str, tuple[str, ...]]
) -> tuple[str, dict[str, int]]:
    lake = pond.lake
    with open_warehouse(lake, pond.settings, read_only=True) as con:
        as_of_on, is_sample = con.execute("select as_of_on, is_sample from raw.lake__context").fetchall()[0]
        deliveries = con.execute("select count(*) from raw.lake__deliveries where status in ('loaded', 'stale_contract')").fetchall()[0][0]
    version = next_version(lake, as_of_on or date(1970, 1, 1))
    rows = count_rows(lake.warehouse, grains)
    warned = len(verdict.warnings) + len(verdict.accepted)
    facts = VersionFacts(version, run_id, as_of_on, is_sample, deliveries, verdict.checks_passed, warned, rows)
    records = {
        "quality.check_results": check_results(version, run_id, [asdict(result) for result in results]),
        "quality.publish_versions": publish_versions(lake, facts),
        **metric_records(lake.warehouse, current_file(lake), version, _is_new_code(lake, mark)),
        **customer_records(lake.warehouse, current_file(lake), version, current_version(lake), erased_since_published(lake)),
    }
    report = report_of(lake, run_id)
    build_release(lake, lake.warehouse, version, grains, records, record_comments(), mark.delivery_set, mark.code, run_id, report)
    return version, rows


def _is_new_code(lake: Lake, mark: BuildMark) -> bool:
    version = current_version(lake)
    return version is not None and release_note(lake, version).code != mark.code


@dg.definitions
def publishing() -> dg.Definitions:
    """The release of every mart that the dbt project has."""
    return dg.Definitions(assets=[release_asset(published_grains())])
