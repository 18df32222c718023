"""BI clients of other makes, each in an environment of its own, reading while fifty versions are switched: whole versions only.

The DuckDB command line (`duckdb-cli`) and SQLAlchemy through `duckdb-engine`, both with DuckDB 1.x: what a BI team installs, not what
the pipeline runs on. Needs a package index. Says how many readings each made, and how many versions it saw.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.lake.layout import Lake
from tests.pipeline.faults.test_readers_and_switches import DONE, SWITCHES, publish

PACKAGES = {"command line": ["duckdb-cli"], "SQLAlchemy": ["duckdb-engine==0.17.0", "duckdb==1.5.6", "sqlalchemy==2.0.58"]}
COUNTS = "select (select count(*) from customer.fct_orders), (select count(*) from customer.customer_keys)"
COMMAND_LINE = f"""
import subprocess, sys
def read(path):
    told = subprocess.run([sys.argv[3], "-readonly", "-csv", "-noheader", path, {COUNTS!r}], capture_output=True, text=True)
    return tuple(map(int, told.stdout.split(","))) if told.returncode == 0 else None
"""
SQLALCHEMY = f"""
import sys, sqlalchemy as sa
def read(path):
    engine = sa.create_engine("duckdb:///" + path, connect_args={{"read_only": True}}, poolclass=sa.pool.NullPool)
    try:
        with engine.connect() as connection:
            return tuple(connection.execute(sa.text({COUNTS!r})).one())
    except sa.exc.DBAPIError:
        return None
    finally:
        engine.dispose()
"""
LOOP = """
import os
current, done = sys.argv[1:3]
while not os.path.exists(done):
    seen = read(os.path.realpath(current) + "/fishpond.duckdb")
    if seen:
        print(*seen, flush=True)
"""


@pytest.mark.parametrize(("client", "script"), [("command line", COMMAND_LINE), ("SQLAlchemy", SQLALCHEMY)])
def test_a_client_of_another_make_sees_only_whole_versions(tmp_path: Path, client: str, script: str) -> None:
    room = tmp_path / "room"
    subprocess.run([sys.executable, "-m", "venv", room], check=True)
    subprocess.run([room / "bin" / "python", "-m", "pip", "install", "--quiet", *PACKAGES[client]], check=True)
    lake = Lake(tmp_path / "lake").prepare()
    publish(lake.root, 1)
    arguments = [room / "bin" / "python", "-c", script + LOOP, lake.current, lake.root / DONE, room / "bin" / "duckdb"]
    reader = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    for rows in range(2, SWITCHES + 2):
        publish(lake.root, rows)
    (lake.root / DONE).touch()
    seen = [tuple(map(int, line.split())) for line in reader.communicate()[0].splitlines()]
    print(f"\n{client}: {len(seen)} readings of {len(set(seen))} versions while {SWITCHES} were switched")
    assert seen and [reading for reading in seen if reading[0] != reading[1]] == []
