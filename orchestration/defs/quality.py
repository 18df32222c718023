"""Fences 2 and 3 as Dagster shows them: one asset check per table, with every expectation's numbers and the first failing keys.

The decision is not made here: publishing asks the same fences itself where no result of exactly this build is at hand.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import dagster as dg

from expectations.checks import CheckResult
from orchestration.defs.dbt_graph import published_grains
from orchestration.defs.fences import check_canonical, check_marts
from orchestration.defs.gate import canonical_suites
from orchestration.defs.resources import Pond
from orchestration.defs.run_log import say
from orchestration.lake.build_marks import BuildMark, need_canonical, whole_build
from orchestration.lake.layout import Lake
from orchestration.lake.previews import hide

FIRST = {"dagster/priority": "10"}  # one process runs one step at a time: show the checks before the publish step decides


def fence(name: str, tables: Iterable[str], build: Callable[[Lake], BuildMark], run: Callable[[Lake, BuildMark], list[CheckResult]]):
    """The asset checks of one fence: `<name>` on each of its tables."""
    specs = [dg.AssetCheckSpec(name, asset=_key(table), description=f"Every expectation on {table}.") for table in tables]

    @dg.multi_asset_check(name=name, specs=specs, op_tags=FIRST, can_subset=True)
    def check(context: dg.AssetCheckExecutionContext, pond: Pond) -> Iterator[dg.AssetCheckResult]:
        results = run(pond.lake, build(pond.lake))
        for key in sorted(context.selected_asset_check_keys):
            about = [result for result in results if _key(result.asset) == key.asset_key]
            yield check_result(name, key.asset_key, about)
        wrong = [result for result in results if not result.passed]
        critical = sum(result.severity == "critical" for result in wrong)
        say(context, f"{name}: {len(results):,} checks, {len(wrong) - critical} warned, {critical} critical")

    return check


def check_result(name: str, key: dg.AssetKey, results: Sequence[CheckResult], report: Path | None = None) -> dg.AssetCheckResult:
    """Expectations on one table as one Dagster check: ERROR when a critical one did not pass, else WARN. `report`: the page of all."""
    wrong = [result for result in results if not result.passed]
    severe = any(result.severity == "critical" for result in wrong)
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=key,
        passed=not wrong,
        severity=dg.AssetCheckSeverity.ERROR if severe else dg.AssetCheckSeverity.WARN,
        metadata={
            "expectations": len(results),
            "failing_rows": sum(result.failing_rows or 0 for result in wrong),
            **({"report": dg.MetadataValue.url(report.absolute().as_uri())} if report else {}),
            **({"findings": dg.MetadataValue.md(findings(wrong))} if wrong else {}),
        },
    )


def findings(wrong: Sequence[CheckResult], shown: int = 20) -> str:
    """A Markdown table of what did not pass: severity, expectation, observed, and at most five keys of failing rows."""
    rows = [
        f"| {each.severity} | {each.check} | {each.status} | {each.observed} | {each.expected} | {hide('; '.join(each.samples))} |"
        for each in sorted(wrong, key=lambda result: (result.severity, result.check))[:shown]
    ]
    return "\n".join(["| severity | check | status | observed | expected | first keys |", "|---|---|---|---|---|---|", *rows])


def _key(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("/") if "/" in table else table.split("."))


@dg.definitions
def quality() -> dg.Definitions:
    """Fence 2 on the canonical relations that have suites, fence 3 on every candidate table."""
    canonical = sorted({suite.table for suite in canonical_suites()})
    fences = [fence("fence_3", published_grains(), whole_build, check_marts)]
    return dg.Definitions(asset_checks=[*([fence("fence_2", canonical, need_canonical, check_canonical)] if canonical else []), *fences])
