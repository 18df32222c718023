"""The dbt project keeps to the SQL that every engine reads alike; each rule of that finds what it is there for."""

from __future__ import annotations

import pytest
from sql_subset import LITERALS, OUTSIDE, RULES, Rule, compiled_findings, source_findings

ENGINE = ("macros/engine.sql", "macros/materializations/replaced.sql")  # where engines may differ: words, and how DuckDB replaces a table
# DuckDB's alone: Spark computes every table whole
GOES_ON = ("macros/news/", *(f"macros/materializations/{name}.sql" for name in ("standing", "news_inputs", "news_parts")))
NO_SQL = ("macros/generated__registry.sql", "macros/registry.sql", "macros/text_rows.sql", "macros/materializations/conflict_replay.sql")


def test_models_tests_and_macros_keep_to_the_subset(manifest: dict) -> None:
    ours = [macro for macro in manifest["macros"].values() if macro["package_name"] == "fishpond"]
    names = {macro["name"].removeprefix("test_") for macro in ours} | {macro["name"] for macro in ours}
    texts = {macro["original_file_path"] + "/" + macro["name"]: macro["macro_sql"] for macro in ours}
    nodes = ((node["original_file_path"], node["raw_code"]) for node in manifest["nodes"].values())
    texts |= {path: code for path, code in nodes if path.endswith(".sql")}
    assert len(texts) > 250
    judged = {path: text for path, text in texts.items() if not path.startswith((*ENGINE, *GOES_ON, *NO_SQL))}
    assert [f"{path}: {finding}" for path, text in sorted(judged.items()) for finding in source_findings(text, names)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_construct_of_one_engine_is_found_and_told_how_to_say(rule: Rule) -> None:
    assert any(finding.startswith(rule.name) and rule.instead in finding for finding in source_findings(rule.breaks, {"f"}))


@pytest.mark.parametrize("rule", [*LITERALS, *OUTSIDE], ids=lambda rule: rule.name)
def test_a_spelling_of_one_engine_is_found_in_compiled_sql(rule: Rule) -> None:
    assert any(finding.startswith(rule.name) for finding in compiled_findings(rule.breaks))


def test_a_function_that_nobody_compared_is_found() -> None:
    assert source_findings("select strftime(a, 'x') from {{ ref('t') }}", set())[0].startswith("strftime()")
    assert source_findings("select {{ dbt.dateadd('day', 1, 'a') }}", set()) != []


def test_plain_sql_passes_and_comments_are_not_read() -> None:
    plain = "select cast(a as bigint) as b, 'it is 一' as c -- group by all, it's\nfrom {{ ref('t') }} {# qualify #} group by 1, 2"
    assert source_findings(plain, set()) == []
    assert compiled_findings(plain.replace("{{ ref('t') }}", '"warehouse"."staging"."t"').replace("{# qualify #}", "")) == []
