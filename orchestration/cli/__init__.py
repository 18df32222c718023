"""`fishpond …`: every verb is a run of a Dagster job or a read of what the lake holds. Logic stands in the rooms behind it.

Exit codes: 0 published or nothing new, 1 the gate refused, 2 called wrongly, 3 broke.
"""

from __future__ import annotations

import atexit
import gc
import logging
import os
import sys

BATCHES = {"DAGSTER_EVENT_BATCH_SIZE": "1000"}  # what a run plans, 900 events, is written in one transaction
SILENCE = {
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}


def main() -> None:
    """The console script. Nothing is sent anywhere: the switches are set before a library that could send is imported."""
    for name, value in {**SILENCE, **BATCHES}.items():
        os.environ.setdefault(name, value)
    logging.raiseExceptions = False  # a log that cannot be written, on a full disk, is no page of tracebacks on the terminal
    gc.set_threshold(100_000, 50, 100)  # nearly all objects stay (manifest, suites): looking through them costs 7 % of a run
    from orchestration.cli.app import call

    code = call(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # DuckDB's bindings tell of objects that libraries still hold when the interpreter is torn down: a page of noise after a good run
    atexit._run_exitfuncs()
    os._exit(code)
