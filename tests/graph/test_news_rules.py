"""What a build that goes on from a standing one must know of each table: a rule that forgets an input would keep rows that changed."""

from __future__ import annotations

import pytest

RULE = "macro.fishpond.news_rule__"


@pytest.fixture(scope="module")
def rules(manifest: dict) -> dict[str, str]:
    """Model → the text of its rule, and of the macros of ours that it calls."""
    macros = manifest["macros"]

    def text(name: str) -> str:
        called = [each for each in macros[name]["depends_on"]["macros"] if each.startswith("macro.fishpond.")]
        return " ".join([macros[name]["macro_sql"], *map(text, called)])

    return {name.removeprefix(RULE): text(name) for name in macros if name.startswith(RULE)}


@pytest.fixture(scope="module")
def tables(manifest: dict) -> dict[str, dict]:
    nodes = manifest["nodes"].values()
    return {node["name"]: node for node in nodes if node["resource_type"] == "model" and node["config"]["materialized"] != "view"}


def test_every_rule_is_some_tables(rules: dict[str, str], tables: dict[str, dict]) -> None:
    assert set(rules) - set(tables) == set()
    kept = {name for name in rules if tables[name]["config"]["materialized"] in ("standing", "connected_components", "conflict_replay")}
    assert kept == set(rules)


def test_a_table_of_keys_knows_of_every_input_what_changed(rules: dict[str, str], tables: dict[str, dict]) -> None:
    forgotten = []
    for name, text in rules.items():
        for parent in tables[name]["depends_on"]["nodes"] if "'keyed'" in text else ():
            kind, _, source, *rest = parent.split(".")
            if kind == "model":
                known = any(said in text for said in (f"news.{source}", f"'{source}'", f"('{source}'"))
                # what is asked for by its changes must tell them
                forgotten += [f"{name}: {source}"] if not known or source not in rules else []
            elif kind == "source":
                forgotten += [f"{name}: {source}.{rest[0]}"] if rest[0] not in text else []
    assert forgotten == []


def test_what_is_computed_twice_over_touched_records_reads_nothing_else(rules: dict[str, str], tables: dict[str, dict]) -> None:
    wrong = [
        f"{name}: {parent}"
        for name, text in rules.items() if "'touched'" in text
        for parent in tables[name]["depends_on"]["nodes"]
        if not (parent.startswith("source.fishpond.") or parent.split(".")[2].startswith("stg_"))
    ]  # fmt: skip
    assert wrong == []
