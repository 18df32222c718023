"""Who finds the components of one identity graph soonest: our SQL loop, scipy, networkx, Splink's clustering; and ours alone on many edges.

The graph stands in a DuckDB file and the answer has to stand there too, so every peer pays for carrying edges out and labels in. It is
shaped like identity: stars of a few keys, some bridges between them, and one chain. BENCH_EDGES (2 million) and BENCH_CHAIN (10,000) set
its size. The run under a limit of memory has 5 million edges in 0.8 GB; BENCH_LARGE_EDGES=50000000 BENCH_MEMORY_GB=8 makes it the full one.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from conftest import Bench, Line
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

DBT = Path(__file__).parents[2] / "dbt_project"
EDGES, CHAIN = int(os.environ.get("BENCH_EDGES", "2000000")), int(os.environ.get("BENCH_CHAIN", "10000"))
LARGE, MEMORY_GB = int(os.environ.get("BENCH_LARGE_EDGES", "5000000")), float(os.environ.get("BENCH_MEMORY_GB", "0.8"))
KEYS = 5  # of a person
INTERPRETER_MB = 400  # Python with dbt, before the first edge
SAME = "select count(*) from (from {0} except from main.components union all (from main.components except from {0}))"


def numbered(text: str) -> str:
    """The SQL of a key's number: the first 60 bits of its md5, as in identity."""
    return f"cast('0x' || substr(md5({text}), 1, 15) as bigint)"


def write_graph(database: Path, edges: int) -> None:
    """`main.edges` (node_a, node_b) with about so many edges."""
    bridges = edges // 100
    stars = edges - bridges - CHAIN
    person, key, link = numbered("'p' || {}"), numbered("'k' || i"), numbered("'c' || {}")
    one, other = (person.format(f"hash(i + {offset}) % {stars // KEYS}") for offset in (0, 0.5))
    with duckdb.connect(str(database)) as con:
        con.execute(f"""create table main.edges as
            select {person.format(f"(i // {KEYS})")} as node_a, {key} as node_b from range({stars}) as keys (i)
            union all select {one}, {other} from range({bridges}) as bridges (i)
            union all select {link.format("i")}, {link.format("(i + 1)")} from range({CHAIN} - 1) as chain (i)""")


def ours(folder: Path, database: Path, memory_gb: float) -> tuple[float, float]:
    """Build `main.components` with the project's own materialization: wall seconds of the model as dbt tells them, and CPU seconds of dbt's
    whole run. Its start-up is no part of the first: the road starts dbt once for all its models."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    project = folder / "project"
    (project / "models").mkdir(parents=True, exist_ok=True)
    settings = {
        "name": "fishpond", "version": "1.0.0", "profile": "fishpond", "model-paths": ["models"],
        "macro-paths": [str(DBT / "macros" / "materializations")], "on-run-start": [f"set memory_limit = '{memory_gb}GB'"],
    }  # fmt: skip
    (project / "dbt_project.yml").write_text(json.dumps(settings), "utf-8")
    select = "{{ config(materialized='connected_components') }} select node_a, node_b from main.edges"
    (project / "models" / "components.sql").write_text(select, "utf-8")
    os.environ["FISHPOND_WAREHOUSE"] = str(database)
    paths = ["--project-dir", str(project), "--profiles-dir", str(DBT), "--target-path", str(folder / "target"), "--log-path", str(folder)]
    parsed = dbtRunner().invoke(["parse", *paths, "--quiet"]).result
    started = time.process_time()
    answer = dbtRunner(manifest=parsed).invoke(["run", *paths, "--quiet", "--no-write-json"])
    assert answer.success, answer.exception or [each.message for each in answer.result]
    DuckDBConnectionManager.close_all_connections()
    (took,) = (each.execution_time for each in answer.result if each.node.resource_type == "model")
    return took, time.process_time() - started


def scipy_components(con: duckdb.DuckDBPyConnection) -> None:
    """Out as arrays, numbered, labelled, and in again."""
    edges = con.execute("select node_a, node_b from main.edges").fetchnumpy()
    ids, place = np.unique(np.concatenate([edges["node_a"], edges["node_b"]]), return_inverse=True)
    a, b = np.split(place, 2)
    _, label = connected_components(coo_matrix((np.ones(len(a), np.int8), (a, b)), shape=(len(ids), len(ids))), directed=False)
    smallest = np.full(label.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(smallest, label, ids)
    _store(con, "scipy", ids, smallest[label])


def networkx_components(con: duckdb.DuckDBPyConnection) -> None:
    import networkx

    graph = networkx.Graph()
    graph.add_edges_from(con.execute("select node_a, node_b from main.edges").fetchall())
    found = [(node, min(part)) for part in map(list, networkx.connected_components(graph)) for node in part]
    ids, labels = (np.fromiter(column, np.int64, len(found)) for column in zip(*found, strict=True))
    _store(con, "networkx", ids, labels)


def splink_components(con: duckdb.DuckDBPyConnection) -> None:
    """Splink clusters in the same database; its cluster is named by its smallest node, as ours."""
    from splink import DuckDBAPI
    from splink.clustering import cluster_pairwise_predictions_at_threshold

    con.execute("create or replace table main.nodes as select node_a as node_id from main.edges union select node_b from main.edges")
    found = cluster_pairwise_predictions_at_threshold(
        con.table("main.nodes"), con.table("main.edges"), DuckDBAPI(con), "node_id", "node_a", "node_b"
    )
    con.execute(f"create or replace table main.splink as select node_id, cluster_id as component from {found.physical_name}")


def _store(con: duckdb.DuckDBPyConnection, name: str, ids: np.ndarray, labels: np.ndarray) -> None:
    con.register("found", pa.table({"node_id": ids, "component": labels}))
    con.execute(f"create or replace table main.{name} as select * from found")
    con.unregister("found")


PEERS: dict[str, Callable[[duckdb.DuckDBPyConnection], None]] = {
    "scipy": scipy_components, "networkx": networkx_components, "splink": splink_components,
}  # fmt: skip


def test_our_components_are_not_slower_than_scipys_and_the_same_as_everybodys(tmp_path: Path, bench: Bench) -> None:
    database = tmp_path / "graph.duckdb"
    write_graph(database, EDGES)
    work = f"components of {EDGES:,} edges, a chain of {CHAIN:,}"
    mine = bench.told(Line(work, "Fishpond", *min(ours(tmp_path, database, 8) for _ in range(2))))
    seconds = {}
    with duckdb.connect(str(database), config={"threads": 2}) as con:
        for name, find in PEERS.items():
            seconds[name] = bench.peer(work, name, partial(find, con)).wall
            assert con.execute(SAME.format(f"main.{name}")).fetchall() == [(0,)], f"{name} finds other components"
    assert mine.wall <= seconds["scipy"]


def test_many_edges_fit_a_limit_of_memory(tmp_path: Path, bench: Bench) -> None:
    """In a process of its own, so that its peak of memory is its own."""
    write_graph(tmp_path / "graph.duckdb", LARGE)
    told = subprocess.run([sys.executable, __file__, str(tmp_path)], check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    wall, cpu, megabytes, parts = (float(number) for number in told.split())
    bench.told(Line(f"{parts:,.0f} components of {LARGE:,} edges within {MEMORY_GB} GB", "Fishpond", wall, cpu, megabytes))
    assert megabytes < 1024 * MEMORY_GB + INTERPRETER_MB


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    wall, cpu = ours(folder, folder / "graph.duckdb", MEMORY_GB)
    # not getrusage: its peak is inherited from the process that started this one
    peak = int(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))[0]) / 1024
    with duckdb.connect(str(folder / "graph.duckdb"), read_only=True) as reading:
        counted = reading.execute("select count(distinct component) from main.components").fetchall()[0][0]
    print(wall, cpu, peak, counted)
