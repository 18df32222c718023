"""What a build that goes on from a standing one must know of each table: a rule that forgets an input would keep rows that changed."""

from __future__ import annotations

import re

import pytest

from orchestration.lake.catalog import Catalog

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


def test_a_rule_looks_only_at_what_its_table_is_computed_from(rules: dict[str, str], tables: dict[str, dict]) -> None:
    """Whatever else it looked at might not have been computed yet."""
    wrong = [
        f"{name}: {seen}"
        for name, text in rules.items()
        for seen in sorted(set(re.findall(r"(?:intermediate|news)\.(int_\w+)", text)) - {name})
        if f"model.fishpond.{seen}" not in tables[name]["depends_on"]["nodes"]
    ]
    assert wrong == []


def test_what_is_computed_twice_over_touched_records_reads_nothing_else(rules: dict[str, str], tables: dict[str, dict]) -> None:
    wrong = [
        f"{name}: {parent}"
        for name, text in rules.items() if "'touched'" in text
        for parent in tables[name]["depends_on"]["nodes"]
        if not (parent.startswith("source.fishpond.") or parent.split(".")[2].startswith("stg_"))
    ]  # fmt: skip
    assert wrong == []


def test_staging_says_by_what_it_joins_or_numbers_several_records(manifest: dict, catalog: Catalog, rules: dict[str, str]) -> None:
    """Records that one row is made of must be touched together: by key, order or payment number, or what the model calls told_together."""
    feeding = {parent for name in rules for parent in _parents(manifest, name) if parent.startswith("model.") and ".stg_" in parent}
    assert len(feeding) > 60
    unsaid = []
    for model in sorted(feeding):
        node = manifest["nodes"][model]
        told = set(node["config"]["meta"].get("told_together", []))
        sources = ["/".join(each.split(".")[2:]) for each in node["depends_on"]["nodes"] if each.startswith("source.fishpond.")]
        keys = [set(catalog.exports[source].export.key) for source in sources if source in catalog.exports]
        for words, columns in _together(manifest, node):
            is_said = columns & LINKING or (told and told <= words) or any(key <= columns for key in keys)
            unsaid += [] if is_said else [f"{node['name']}: {', '.join(sorted(words))}"]
    assert unsaid == []


LINKING = {"_record_key", "order_id", "transaction_id"}
SEVERAL = (r"partition by (.+?)\s*(?:order by|\)\s*(?:as\b|=|,|$))", r"group by ([\w ,]+)", r"join .+? on (.+?)$", r"in \(select (\w+)")


def _together(manifest: dict, node: dict) -> list[tuple[set[str], set[str]]]:
    """Of each window, grouping, join and subselect of a staging model: all words, and those that are a column by themselves.

    What stands in the newest state is the contract's matter.
    """
    called = [manifest["macros"][name] for name in node["depends_on"]["macros"] if name.startswith("macro.fishpond.")]
    texts = [node["raw_code"], *(macro["macro_sql"] for macro in called if "newest.sql" not in macro["original_file_path"])]
    found = [columns for text in texts for pattern in SEVERAL for columns in re.findall(pattern, re.sub(r"--.*", "", text), re.M | re.S)]
    return [(set(re.findall(r"\w+", each)), set(re.findall(r"(?:^|[,=.\s])(\w+)(?=\s*(?:[,=]|and\b|$))", each.strip()))) for each in found]


def _parents(manifest: dict, name: str) -> list[str]:
    return manifest["nodes"][f"model.fishpond.{name}"]["depends_on"]["nodes"]
