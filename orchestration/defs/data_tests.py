"""What dbt's data tests found, as people read it: one check per table, every broken rule by its name.

Here: results of tests in words, and the failure that ends a refused build. Not here: running dbt (dbt_runs), the rules (dbt_project).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
import duckdb

from orchestration.defs.dbt_graph import DATA_TESTS
from orchestration.defs.dbt_runs import NodeRun
from orchestration.lake.disk import disk_trouble_in

SHOWN_SQL = 3000  # characters of a failing test's query
OF_MANY_RULES = ["rule", "failing_rows"]  # the columns of a test that stands for many rules (`holds`, `feeds_hold`)
Findings = Mapping[str, Sequence[tuple[str, int]]]  # unique id of a test → what it found: rule and rows


def findings(con: duckdb.DuckDBPyConnection, runs: Sequence[NodeRun]) -> Findings:
    """What each test that did not pass found. dbt only counts rows: a test of many rules is asked once more which of them are broken."""
    return {run.unique_id: _rules(con, run) for run in runs if run.kind == "test" and run.status in ("fail", "warn")}


def _rules(con: duckdb.DuckDBPyConnection, run: NodeRun) -> list[tuple[str, int]]:
    columns = [name for name, *_ in con.execute(f"describe (\n{run.sql}\n)").fetchall()]
    if columns != OF_MANY_RULES:
        return [(run.name, run.failures)]
    return con.execute(f"select rule, failing_rows from (\n{run.sql}\n) order by failing_rows desc, rule").fetchall()


def tests_of(key: dg.AssetKey, runs: Sequence[NodeRun], found: Findings) -> dg.AssetCheckResult:
    """All tests of one table as one check: ERROR when a test of that severity failed, WARN when only warnings did."""
    wrong = [run for run in runs if run.status != "pass"]
    facts: dict[str, Any] = {"tests": len(runs), "failing_rows": sum(run.failures for run in wrong)}
    if wrong:
        rows = [
            f"| {rule} | {run.status} | {count} | {run.message.splitlines()[0] if run.message else ''} |"
            for run in wrong
            for rule, count in found.get(run.unique_id, [(run.name, run.failures)])
        ]
        facts["findings"] = dg.MetadataValue.md("\n".join(["| rule | status | rows | says |", "|---|---|---|---|", *rows]))
        facts["query"] = dg.MetadataValue.md(f"```sql\n{wrong[0].sql.strip()[:SHOWN_SQL]}\n```")
    severe = any(run.status != "warn" for run in wrong)
    severity = dg.AssetCheckSeverity.ERROR if severe else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(check_name=DATA_TESTS, asset_key=key, passed=not wrong, severity=severity, metadata=facts)


def refuse_broken(runs: Sequence[NodeRun], found: Findings, about: Mapping[str, dg.AssetKey]) -> None:
    """Raise if a model broke (a fault of ours) or a test of severity error failed (a fault of the data, exit 1 at the CLI).

    `about`: unique id of a test → its table, which the failure names with the rule.
    """
    broken = [run for run in runs if run.status == "error"]
    if trouble := next(filter(None, (disk_trouble_in(run.message) for run in broken)), None):
        raise dg.Failure(str(trouble), allow_retries=False)
    if broken:
        raise dg.Failure("dbt broke at " + "; ".join(f"{run.name}: {run.message}" for run in broken[:5]), allow_retries=False)
    failed = [run for run in runs if run.status == "fail"]
    if failed:
        named = [
            f"{about[run.unique_id].to_user_string() + ': ' if run.unique_id in about else ''}{rule} ({rows} rows)"
            for run in failed
            for rule, rows in found.get(run.unique_id, [(run.name, run.failures)])
        ]
        words = f"{len(named)} data tests failed: {'; '.join(named[:5])}"
        raise dg.Failure(words, metadata={"refused_by": "data tests"}, allow_retries=False)
