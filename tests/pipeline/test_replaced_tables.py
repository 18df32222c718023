"""How a table or view of the dbt project takes the place of the one before it: whole, with its comments, and never against its contract.

dbt's unit tests run a model's select and never its materialization; hence a project of four models and our macros.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

MACROS = Path(__file__).parents[2] / "dbt_project" / "macros" / "materializations"
PROFILES = Path(__file__).parents[2] / "dbt_project"
PROMISED = """
version: 2
models:
  - name: promised
    description: "It's promised. 约定"
    config: {contract: {enforced: true}, persist_docs: {relation: true, columns: true}}
    columns:
      - {name: id, data_type: bigint, description: "Its number. 编号"}
      - {name: amount_cny, data_type: "decimal(18,2)", description: "What's owed, yuan. 金额（元）"}
"""
FIRST = {
    "promised": "select cast(1.5 as decimal(18,2)) as amount_cny, cast(1 as bigint) as id",
    "changing": "{{ config(materialized='view') }} select 1 as a",
    "reading": "select id, amount_cny * 2 as twice from {{ ref('promised') }}",
    "seen": "{{ config(materialized='view') }} select id from {{ ref('promised') }}",
}
SECOND = {"promised": "select 1.5 as amount_cny, cast(2 as bigint) as id", "changing": "{{ config(materialized='table') }} select 2 as b"}
THIRD = {"promised": FIRST["promised"].replace("cast(1 ", "cast(3 ").replace("1.5", "2.5"), "reading": "select no_such_column from nowhere"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, str], dict[str, object]]]:
    """Three builds of one project over one file: each gives what became of the models, and what stands in the file then."""
    folder = tmp_path_factory.mktemp("replaced")
    (folder / "models").mkdir()
    settings = {
        "name": "replaced", "version": "1.0.0", "profile": "fishpond", "macro-paths": [str(MACROS)], "model-paths": ["models"],
        "models": {"+materialized": "table"},
    }  # fmt: skip
    (folder / "dbt_project.yml").write_text(json.dumps(settings), "utf-8")
    (folder / "models" / "promised.yml").write_text(PROMISED, "utf-8")
    return [_build(folder, models) for models in (FIRST, SECOND, THIRD)]


def _build(folder: Path, models: dict[str, str]) -> tuple[dict[str, str], dict[str, object]]:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    for name, sql in models.items():
        (folder / "models" / f"{name}.sql").write_text(sql, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FISHPOND_WAREHOUSE", str(folder / "warehouse.duckdb"))
        paths = ["--project-dir", str(folder), "--profiles-dir", str(PROFILES), "--target-path", str(folder / "target")]
        answer = dbtRunner().invoke(["run", *paths, "--log-path", str(folder / "logs"), "--quiet"])
        DuckDBConnectionManager.close_all_connections()
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
        relations = "select table_name from duckdb_tables() union all select view_name from duckdb_views() where not internal"
        stands = {
            "relations": sorted(name for (name,) in con.execute(relations).fetchall()),
            "promised": con.execute("select * from promised").fetchall(),
            "changing": con.execute("select * from changing").fetchall(),
            "reading": con.execute("select * from reading").fetchall(),
            "seen": con.execute("select * from seen").fetchall(),
            "comment": con.execute("select comment from duckdb_tables() where table_name = 'promised'").fetchone(),
            "columns": con.execute(
                "select column_name, data_type, comment from duckdb_columns() where table_name = 'promised' order by column_index"
            ).fetchall(),
        }
    return {run.node.name: run.message or "" for run in answer.result if str(run.status) == "error"}, stands


def test_a_table_has_the_columns_and_the_words_of_its_contract(runs: list) -> None:
    errors, stands = runs[0]
    assert errors == {}
    assert stands["comment"] == ("It's promised. 约定",)
    assert stands["columns"] == [("id", "BIGINT", "Its number. 编号"), ("amount_cny", "DECIMAL(18,2)", "What's owed, yuan. 金额（元）")]


def test_a_table_that_breaks_its_contract_leaves_the_old_one(runs: list) -> None:
    errors, stands = runs[1]
    assert list(errors) == ["promised"] and "amount_cny" in errors["promised"] and "DECIMAL(2,1)" in errors["promised"]
    assert {part: stands[part] for part in ("promised", "comment", "columns")} == {
        part: runs[0][1][part] for part in ("promised", "comment", "columns")
    }


def test_a_view_gives_way_to_a_table_of_its_name(runs: list) -> None:
    assert (runs[0][1]["changing"], runs[1][1]["changing"], runs[2][1]["changing"]) == ([(1,)], [(2,)], [(2,)])


def test_what_cannot_be_built_leaves_the_old_table_and_its_readers_see_the_new_one(runs: list) -> None:
    errors, stands = runs[2]
    assert list(errors) == ["reading"]
    assert (stands["promised"], stands["seen"]) == ([(3, 2.5)], [(3,)]), "a view reads the table that took the old one's place"
    assert stands["reading"] == runs[0][1]["reading"]


def test_nothing_is_left_beside_the_models(runs: list) -> None:
    assert [stands["relations"] for _, stands in runs] == [["changing", "promised", "reading", "seen"]] * 3
