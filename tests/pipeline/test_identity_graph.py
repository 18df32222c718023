"""The two graph materializations of the dbt project against other hands: scipy's components, and the replay in Python.

dbt's own unit tests run a model's select and never its materialization; hence a project of two models and our macros.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from orchestration.analytics.conflicts import replay

MACROS = Path(__file__).parents[2] / "dbt_project" / "macros" / "materializations"
PROFILES = Path(__file__).parents[2] / "dbt_project"
SEED = 7


def chain(size: int) -> list[tuple[int, int]]:
    """A path whose ids run in zigzag: the graph on which a fixed number of jumps does not finish."""
    ids = np.random.default_rng(SEED).permutation(size) + 1
    return list(zip(ids[:-1].tolist(), ids[1:].tolist(), strict=True))


def scattered(nodes: int, edges: int) -> list[tuple[int, int]]:
    """Random edges, repeated ones and loops included."""
    ends = np.random.default_rng(SEED).integers(1, nodes, size=(edges, 2))
    return [(int(a), int(b)) for a, b in ends]


def forest(nodes: int) -> list[tuple[int, int]]:
    """Trees of 1 to 50 nodes, most of which are leaves, with ids in no order; some edges are told twice, some leaves have a loop."""
    rng = np.random.default_rng(SEED)
    ids = rng.permutation(nodes) + 1
    back = np.minimum(np.arange(nodes) % 50, rng.integers(1, 20, size=nodes))
    tree = [(int(ids[node]), int(ids[node - step])) for node, step in enumerate(back.tolist())]
    return tree + tree[::7]


GRAPHS = {
    "lonely": [(5, 5), (9, 9)],
    "star": [(1_000, other) for other in range(1_001, 1_050)] + [(3, 1_049)],
    "chain": chain(3_000),
    "straight": [(node, node + 1) for node in range(1, 3_000)],
    "falling": [(node + 1, node) for node in range(1, 3_000)] + [(3_000, 3_001)] * 2,
    "ladder": [(node, 2_000 + node) for node in range(1_000)] + [(2_000 + node, node + 1) for node in range(999)],
    "scattered": scattered(2_000, 1_700),
    "forest": forest(3_000),
    "pairs": [(2, 1), (3, 4), (6, 5), (6, 5), (7, 8), (8, 9)],
    "sixty_bits": [(2**60 - 1, 2**59), (2**59, 17), (42, 42)],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in which both materializations have run over every graph."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("graphs")
    (folder / "models").mkdir()
    settings = {"name": "graphs", "version": "1.0.0", "profile": "fishpond", "macro-paths": [str(MACROS)], "model-paths": ["models"]}
    (folder / "dbt_project.yml").write_text(json.dumps(settings), "utf-8")
    for name in GRAPHS:
        sql = f"{{{{ config(materialized='connected_components') }}}} select node_a, node_b from given.{name}"
        (folder / "models" / f"components_{name}.sql").write_text(sql, "utf-8")
    (folder / "models" / "replayed.sql").write_text("{{ config(materialized='conflict_replay') }} select * from given.links", "utf-8")

    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        con.execute("create schema given")
        for name, edges in GRAPHS.items():
            con.register("edges", pa.table(dict(zip(("node_a", "node_b"), np.array(edges, np.int64).T, strict=True))))
            con.execute(f"create table given.{name} as select * from edges")
        links = link_table()
        con.register("link_rows", links)
        con.execute("create table given.links as select * from link_rows")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FISHPOND_WAREHOUSE", str(warehouse))
        paths = ["--project-dir", str(folder), "--profiles-dir", str(PROFILES), "--target-path", str(folder / "target")]
        paths += ["--log-path", str(folder / "logs"), "--quiet"]
        parsed = dbtRunner().invoke(["parse", *paths]).result
        for _ in range(2):  # the second run replaces the tables of the first
            answer = dbtRunner(manifest=parsed).invoke(["run", *paths, "--no-write-json"])
            assert answer.success, answer.exception or [each.message for each in answer.result]
        DuckDBConnectionManager.close_all_connections()
    con = duckdb.connect(str(warehouse), read_only=True)
    yield con
    con.close()


@pytest.mark.parametrize("name", GRAPHS)
def test_components_are_scipys_and_named_by_their_smallest_node(built: duckdb.DuckDBPyConnection, name: str) -> None:
    ids = sorted({node for edge in GRAPHS[name] for node in edge})
    place = {node: position for position, node in enumerate(ids)}
    ends = np.array([(place[a], place[b]) for a, b in GRAPHS[name]])
    graph = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(ids), len(ids)))
    _, label = connected_components(graph, directed=False)
    smallest = {part: min(np.array(ids)[label == part].tolist()) for part in set(label.tolist())}
    expected = [(node, smallest[label[place[node]]]) for node in ids]
    assert built.execute(f"select node_id, component from main.components_{name} order by node_id").fetchall() == expected


def families_by_phone() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Links of 60 components, strongest first: members (unique keys) and contacts that meet at shared phones; `family` per node."""
    draws = np.random.default_rng(SEED)
    left, right, component = [], [], []
    for part in range(60):
        members = part * 20 + np.arange(4)
        others = part * 20 + 4 + np.arange(16)
        pairs = {(int(m), int(o)) for m, o in zip(draws.choice(members, 14), draws.choice(others, 14), strict=True)}
        pairs |= {(int(a), int(b)) for a, b in draws.choice(others, (8, 2)) if a < b}
        for a, b in sorted(pairs, key=lambda _: draws.random()):
            left.append(a)
            right.append(b)
            component.append(part)
    family = np.where(np.arange(60 * 20) % 20 < 4, (np.arange(60 * 20) % 20) % 2, -1)  # two members of either CRM per part
    return np.array([left, right, component]), family, np.arange(60 * 20)


def link_table() -> pa.Table:
    """The same links as `int_identity_replayed` gives them to its materialization, leaves marked, and who holds which family."""
    (left, right, component), family, _ = families_by_phone()
    degree = np.bincount(np.concatenate([left, right]), minlength=len(family))
    leaves = [
        next((end for end in pair if family[end] < 0 and degree[end] == 1), None)
        for pair in zip(left.tolist(), right.tolist(), strict=True)
    ]
    number, seen = [], {}
    for part, leaf in zip(component.tolist(), leaves, strict=True):
        seen[part] = seen.get(part, 0) + (leaf is None)
        number.append(seen[part] if leaf is None else None)

    links = pa.table({
        "component": component, "link_number": pa.array(number, pa.int64()), "node_a": left, "node_b": pa.array(right, pa.int64()),
        "is_ruled": pa.repeat(False, len(left)), "leaf_id": pa.array(leaves, pa.int64()), "family": pa.nulls(len(left), pa.string()),
    })  # fmt: skip
    linked = sorted({*left.tolist(), *right.tolist()})
    unique = [node for node in linked if family[node] >= 0]
    held = pa.table({
        "component": [node // 20 for node in unique], "link_number": pa.nulls(len(unique), pa.int64()), "node_a": unique,
        "node_b": pa.nulls(len(unique), pa.int64()), "is_ruled": pa.repeat(False, len(unique)),
        "leaf_id": pa.nulls(len(unique), pa.int64()), "family": [f"member|crm{family[node]}" for node in unique],
    })  # fmt: skip
    return pa.concat_tables([links, held])


def test_the_replay_in_sql_is_the_replay_in_python(built: duckdb.DuckDBPyConnection) -> None:
    (left, right, _), family, nodes = families_by_phone()
    outcome = replay(len(nodes), left, right, family)
    linked = sorted(set(left.tolist()) | set(right.tolist()))
    expected = [(node, int(outcome.component[node])) for node in linked]
    assert outcome.refused.sum() > 20  # there is something to refuse
    assert built.execute("select node_id, component from main.replayed order by node_id").fetchall() == expected
