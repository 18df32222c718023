"""`fishpond ui`: Dagster's web server and daemon over this lake, on 127.0.0.1 only, until Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress

import dagster as dg
from rich.console import Console

from orchestration.defs.dbt_runs import prepare_manifest
from orchestration.defs.instance import bury_dead_runs, workspace_file
from orchestration.lake.catalog import load_catalog
from orchestration.lake.layout import Lake
from orchestration.lake.one_writer import LakeBusy, one_writer
from orchestration.settings import read_settings

COMMAND = ["-m", "dagster", "dev", "--host", "127.0.0.1"]


def serve(console: Console, port: int) -> int:
    """Prepare what the code location reads at import, then serve until interrupted; the server's exit code."""
    settings = read_settings()
    lake = Lake(settings.lake).prepare()
    prepare_manifest(settings, load_catalog())
    workspace = workspace_file(lake)
    with suppress(LakeBusy), one_writer(lake, patience=0.0), dg.DagsterInstance.get() as instance:
        bury_dead_runs(instance)
    console.print(f"http://127.0.0.1:{port} in about 15 s; Ctrl-C stops it")
    server = subprocess.Popen([sys.executable, *COMMAND, "--workspace", str(workspace), "--port", str(port)])
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        return server.wait()
    except KeyboardInterrupt:
        server.wait()
        return 0
