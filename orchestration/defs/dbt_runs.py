"""How dbt is called: inside this process (0.8 s a call; a subprocess takes 6–7 s), one call per stretch of the road.

Here: the manifest, arguments, environment, and results as plain rows. Not here: which stretch exists and what Dagster makes of it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.defs.dbt_lean import lean
from orchestration.defs.dbt_specs import known_specs
from orchestration.defs.dbt_templates import kept_templates
from orchestration.lake.catalog import Catalog
from orchestration.lake.disk import disk_trouble, disk_trouble_in
from orchestration.lake.fingerprints import DBT_INPUTS, code_fingerprint
from orchestration.lake.layout import Lake
from orchestration.lake.registry import write_dbt_registry
from orchestration.settings import Settings, memory_bytes

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PROJECT = Path(__file__).parents[2] / "dbt_project"
# No log of its own: every line is searched for every secret of the environment, 5,000 times a run; what went wrong is in the results.
QUIET = ("--log-level", "none", "--no-print", "--no-use-colors", "--log-level-file", "none")
LEAN = ("--no-write-json",)  # writing a manifest of 150 models takes seconds, and `prepare_manifest` has written it

LARGE_SHARE = 0.1  # of memory: the largest models group four times the bytes of bronze
DBT_MODULES = ("dbt.cli.main", "dbt.adapters.duckdb", "dbt.task.build")  # what a call imports, for who imports ahead (1 s)

_PARSED: dict[Path, tuple[str, Manifest]] = {}  # target path of a lake → fingerprint of what was parsed, and the result


class DbtBroke(RuntimeError):
    """dbt could not do its work: a model that does not compile or run."""


@dataclass(frozen=True)
class NodeRun:
    """What became of one dbt node. `status`: success, error, skipped (models, seeds); pass, warn, fail, error, skipped (tests)."""

    unique_id: str
    status: str
    seconds: float
    failures: int
    message: str
    sql: str

    @property
    def kind(self) -> str:
        return self.unique_id.partition(".")[0]

    @property
    def name(self) -> str:
        return self.unique_id.split(".")[2]


def target_path(lake: Lake, target: str = "duckdb") -> Path:
    """Where dbt keeps manifest and parse state: each lake's own, and each engine's own, so that nobody spoils another's partial parse."""
    return lake.warehouse_dir / ("dbt" if target == "duckdb" else f"dbt_{target}")


def manifest_path(lake: Lake) -> Path:
    return target_path(lake) / "manifest.json"


def prepare_manifest(settings: Settings, catalog: Catalog) -> bool:
    """Write the registry that dbt reads, parse the project, and keep what the asset graph asks of it, unless all is as it should be;
    True if there was work."""
    lake, settings = Lake(settings.lake), replace(settings, target="duckdb")  # names and tests are the same on any engine
    write_dbt_registry(catalog, PROJECT)
    stamp, now = target_path(lake) / "inputs.txt", code_fingerprint(DBT_INPUTS)
    if manifest_path(lake).exists() and stamp.exists() and stamp.read_text("utf-8") == now:
        return False
    target_path(lake).mkdir(parents=True, exist_ok=True)
    _PARSED[target_path(lake)] = (now, call_dbt(settings, ["parse", "--write-json"]))
    known_specs(manifest_path(lake), PROJECT)  # now, while dbt is imported; whoever loads the code location then need not import it
    stamp.write_text(now, "utf-8")
    return True


def parsed_project(settings: Settings) -> Manifest:
    """The project for this lake and engine, parsed at most once per process: dbt would do it again for every call (3 s for 150 models)."""
    place, now = target_path(Lake(settings.lake), settings.target), code_fingerprint(DBT_INPUTS)
    known = _PARSED.get(place)
    if known is None or known[0] != now:
        _PARSED[place] = known = (now, call_dbt(settings, ["parse", *LEAN]))
    _forget_compiled(known[1])
    return known[1]


def _forget_compiled(parsed: Manifest) -> None:
    """dbt marks in the project which models have their ephemeral ones written in; the next call would believe it and leave them out."""
    for node in parsed.nodes.values():
        if getattr(node, "extra_ctes_injected", False):
            node.compiled, node.extra_ctes, node.extra_ctes_injected = False, [], False


def run_nodes(settings: Settings, arguments: Sequence[str], on_node: Callable[[str, str, float], None]) -> list[NodeRun]:
    """Call dbt and give every node's fate in the order of finishing; `on_node(name, status, seconds)` hears of them as they finish.

    A failed test is a result, not an error; `DbtBroke` is raised only when dbt could not start its work.
    """

    def listen(event: object) -> None:
        info, data = event.info, event.data  # type: ignore[attr-defined]
        if info.name == "NodeFinished":
            on_node(data.node_info.node_name, data.node_info.node_status, data.run_result.execution_time)

    outcome = call_dbt(settings, [*arguments, *nodes_at_once(settings), *LEAN], [listen], parsed_project(settings)).results
    return [
        NodeRun(
            unique_id=each.node.unique_id,
            status=str(each.status),
            seconds=round(each.execution_time, 2),
            failures=each.failures or 0,
            message=each.message or "",
            sql=getattr(each.node, "compiled_code", None) or "",
        )
        for each in outcome
    ]


def nodes_at_once(settings: Settings) -> list[str]:
    """dbt's argument for one model at a time where bronze is large beside DuckDB's memory, else nothing: `profiles.yml` says how many.

    Many small models wait for dbt, so two at once are faster; large ones wait for memory, of which two at once have half each, and spill.
    """
    if settings.target != "duckdb":
        return []
    bronze = sum(file.stat().st_size for file in Lake(settings.lake).bronze.rglob("*.parquet"))
    return ["--threads", "1"] if bronze > LARGE_SHARE * memory_bytes(settings.memory_limit) else []


def call_dbt(
    settings: Settings, arguments: Sequence[str], listeners: Sequence[Callable[[object], None]] = (), parsed: Manifest | None = None
) -> Any:
    """One dbt command on this lake; gives what dbt gives. Leaves no open connection, changed directory or environment behind."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # late: dbt costs 1.5 s to import
    from dbt.cli.main import dbtRunner

    lake = Lake(settings.lake)
    paths = [*dbt_paths(lake, settings.target), "--target", _output(settings)]
    kept = kept_templates(target_path(lake, settings.target))
    with contextlib.chdir(PROJECT), environment(dbt_environment(settings)), lean(), kept:
        try:
            answer = dbtRunner(manifest=parsed, callbacks=list(listeners)).invoke([*arguments, *paths, *QUIET])
        finally:
            DuckDBConnectionManager.close_all_connections()
    if answer.exception is not None:
        raise what_broke(answer.exception) from answer.exception
    return answer.result


def what_broke(error: BaseException) -> BaseException:
    """The error to raise for one that dbt gave up with: DiskTrouble, DbtBroke, or an interrupt that dbt caught, as it is.

    What stopped dbt may stand behind it: a connection with which another thread still works refuses to be closed, and that refusal is the
    last thing that went wrong; or within it: dbt wraps some errors in one that has no words."""
    error = getattr(error, "exception", error)
    if not isinstance(error, Exception):
        return error
    while isinstance(error, duckdb.ResourceInUseException) and isinstance(error.__context__, Exception):
        error = error.__context__
    return disk_trouble(error) or disk_trouble_in(str(error)) or DbtBroke(str(error))


def dbt_paths(lake: Lake, engine: str = "duckdb") -> list[str]:
    """The arguments that say where everything is; always the same per lake, or dbt would parse from nothing."""
    project, target, logs = str(PROJECT), str(target_path(lake, engine)), str(lake.warehouse_dir / "logs")
    return ["--project-dir", project, "--profiles-dir", project, "--target-path", target, "--log-path", logs]


def _output(settings: Settings) -> str:
    """The output of `profiles.yml`: Spark inside this process, or a Thrift server."""
    return "spark_thrift" if settings.target == "spark" and settings.spark_thrift else settings.target


def dbt_environment(settings: Settings) -> dict[str, str]:
    """What `profiles.yml` and the sources read: paths and, where set, the limits and places of the engine."""
    lake = Lake(settings.lake)
    limits: dict[str, object] = {"FISHPOND_MEMORY_LIMIT": settings.memory_limit, "FISHPOND_THREADS": settings.threads}
    if settings.target == "spark":
        host, _, port = (settings.spark_thrift or "").partition(":")
        limits |= {
            "FISHPOND_SPARK_HOME": lake.spark_home, "FISHPOND_SPARK_TABLES": spark_tables(settings),
            "FISHPOND_SPARK_MASTER": settings.spark_master, "FISHPOND_SPARK_HOST": host or None, "FISHPOND_SPARK_PORT": port or None,
            "SPARK_CONF_DIR": None if settings.spark_master else PROJECT / "spark_local",
        }  # fmt: skip
    return {
        "FISHPOND_WAREHOUSE": str(lake.warehouse),
        "FISHPOND_ANALYTICS": str(lake.warehouse_dir / "analytics"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        **{name: str(value) for name, value in limits.items() if value is not None},
    }


def spark_tables(settings: Settings) -> Path:
    """Where Spark's tables lie, as this machine sees it."""
    return settings.spark_tables or Lake(settings.lake).spark_home / "tables"


@contextlib.contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the block only (`settings.py` would refuse the dbt ones as unknown afterwards)."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
