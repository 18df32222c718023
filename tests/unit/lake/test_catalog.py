"""Contracts: read with lines, merged, named; a wrong word is an error that says where."""

from __future__ import annotations

import json
from pathlib import Path

import jinja2
import pytest
import yaml

from orchestration.lake.catalog import Catalog, ContractError, load_catalog
from orchestration.lake.columns import bronze_types
from orchestration.lake.registry import registry_macro, registry_rows, write_dbt_registry

PARENT = """
platform: aaa
label: A
domain: public
exports:
  orders: &orders
    label: Orders
    description: "It's {one} row"
    kind: orders
    container: [csv]
    exported_at: [{folder: date}]
    key: [order_id]
    columns:
      order_id: {from: [id], type: id, required: true, identity: {type: order_id, scope: aaa, trust: bridge, clear: true}}
      memo: {from: [memo], type: tags, patterns: $memo_tags}
      paid_at: {from: [paid], type: timestamp, null_tokens: [$null_tokens, 'on']}
      lines: {from: [lines], type: list, fields: {phone: {from: [tel], type: text, identity: {type: phone}}}}
    feeds: [orders]
  items: {<<: *orders, label: Items, feeds: {order_lines: '', order_costs: costs}}
"""
CHILD = """
platform: bbb
extends: aaa
label: B
domain: public
exports:
  orders:
    columns:
      memo: null
      extra: {from: [extra], type: money, unit: yuan}
  items:
"""


def write(folder: Path, **texts: str) -> Catalog:
    for name, text in texts.items():
        (folder / f"{name}.yml").write_text(text, "utf-8")
    return load_catalog(folder)


def test_every_contract_of_the_house_is_valid() -> None:
    catalog = load_catalog()
    assert list(catalog.exports) == sorted(catalog.exports) and catalog.exports
    assert len({ref.fingerprint for ref in catalog.exports.values()}) == len(catalog.exports)


def test_extends_merges_deep_and_inherits_only_what_it_names(tmp_path: Path) -> None:
    catalog = write(tmp_path, aaa=PARENT, bbb=CHILD)
    assert list(catalog.exports) == ["aaa/items", "aaa/orders", "bbb/items", "bbb/orders"]
    child = catalog.exports["bbb/orders"]
    assert list(child.export.columns) == ["order_id", "paid_at", "lines", "extra"]
    assert (child.relation, child.platform.label) == ("bbb__orders", "B")
    assert catalog.exports["bbb/items"].export == catalog.exports["aaa/items"].export
    assert catalog.exports["bbb/items"].fingerprint != catalog.exports["aaa/items"].fingerprint


def test_named_lists_stand_in_for_values_and_inside_lists(tmp_path: Path) -> None:
    columns = write(tmp_path, aaa=PARENT).exports["aaa/orders"].export.columns
    assert "brushing" in columns["memo"].patterns
    assert {"--", "on"} <= set(columns["paid_at"].null_tokens)


@pytest.mark.parametrize(
    ("before", "after", "line", "problem"),
    [
        ("type: timestamp,", "type: timestmp,", 16, "type"),
        ("$memo_tags", "$memo_tag", 15, "memo_tag"),
        ("key: [order_id]", "key: [order_no]", 12, "order_no"),
        ("    container: [csv]", "    container: [csv]\n    container: [csv]", 11, "said twice"),
        ("platform: aaa", "platform: zzz", 2, "aaa"),
        ("kind: orders", "kind: orders\n    sheet: x", 10, "sheet"),
        ("      memo:", "      account:", 15, "taken"),
        ("      memo:", "      order_id_class:", 15, "taken"),
        ("patterns: $memo_tags", "patterns: {x: ['(?<!a)b']}", 15, "look-around"),
        ("label: A\n", "label: [A\n", None, "YAML"),
    ],
)
def test_a_wrong_word_is_an_error_with_file_and_line(tmp_path: Path, before, after, line, problem) -> None:
    assert before in PARENT
    with pytest.raises(ContractError, match=problem) as caught:
        write(tmp_path, aaa=PARENT.replace(before, after, 1))
    assert caught.value.file.name == "aaa.yml" and (line is None or caught.value.line == line), caught.value


def test_extends_needs_a_parent_and_no_circle(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"no aaa\.yml"):
        write(tmp_path, bbb=CHILD)
    with pytest.raises(ContractError, match="circle"):
        write(tmp_path, aaa=CHILD.replace("bbb", "aaa").replace("extends: aaa", "extends: bbb"), bbb=CHILD)


def test_bronze_columns_stand_in_contract_order_with_the_fixed_ones_last(tmp_path: Path) -> None:
    types = bronze_types(write(tmp_path, aaa=PARENT).exports["aaa/orders"].export)
    assert list(types)[:5] == ["order_id", "order_id_class", "order_id_scope", "memo", "paid_at"] and list(types)[-1] == "_extra"
    assert types["lines"] == 'STRUCT("phone" VARCHAR, "phone_class" VARCHAR, "phone_scope" VARCHAR)[]'


def test_the_registry_says_what_dbt_generates_from(tmp_path: Path) -> None:
    catalog = write(tmp_path, aaa=PARENT)
    items = registry_rows(catalog)[0]
    assert items["feeds"] == {"order_lines": "stg_aaa__items", "order_costs": "stg_aaa__items__costs"}
    assert [(key["column"], key["list"]) for key in items["identity"]] == [("order_id", None), ("phone", "lines")]
    given = [{"platform": "p", "export": "e", "label": """x"y's \\d 万{{ '{% endif %}' }}""", "none": None, "list": [True, 1, {}]}]
    returned: list[dict[str, str]] = []
    jinja2.Template(registry_macro(given)).make_module({"return": returned.append}).registry_texts()
    assert {place: json.loads(text) for place, text in returned[0].items()} == {"p/e": given[0]}


def test_generated_files_change_only_with_the_contracts(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    catalog = write(tmp_path / "sources", aaa=PARENT)
    write_dbt_registry(catalog, tmp_path)
    files = [tmp_path / "models" / "staging" / "generated__sources.yml", tmp_path / "macros" / "generated__registry.sql"]
    before = [file.stat().st_mtime_ns for file in files]
    write_dbt_registry(catalog, tmp_path)
    assert [file.stat().st_mtime_ns for file in files] == before
    sources = yaml.safe_load(files[0].read_text("utf-8"))["sources"]
    assert [source["name"] for source in sources] == ["aaa", "lake"]
    table = sources[0]["tables"][1]
    assert (table["name"], table["identifier"], table["config"]["meta"]["dagster"]["asset_key"]) == (
        "orders",
        "aaa__orders",
        ["raw", "aaa", "orders"],
    )
