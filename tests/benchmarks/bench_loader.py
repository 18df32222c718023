"""What the loader's care costs: our load of one order export against the bare DuckDB statement that does the same work, and against dlt.

The bare statement reads the file typed, hashes the same columns and writes Parquet; it checks nothing. dlt infers types and writes a DuckDB
table; it neither checks nor hashes, and makes floats of money. For GB18030 both are measured on the UTF-8 file too, since neither can read
the other. BENCH_ROWS sets the size (default 300,000 rows, 40 MB).
"""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import dlt
import duckdb
import pytest
from conftest import Bench
from dlt.sources.filesystem import filesystem, read_csv_duckdb

from orchestration.lake.catalog import load_catalog
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.loader import load_export
from orchestration.lake.tokens import hmac_sql
from orchestration.lake.workers import open_connection

ROWS = int(os.environ.get("BENCH_ROWS", "300000"))
PEPPER = b"a pepper of a benchmark"
RUNS = 3
MOST = {"utf-8": 2.5, "gb18030": 4.0}
HEADERS = (
    "订单编号", "买家会员名", "订单状态", "订单创建时间", "订单付款时间", "总金额", "买家实际支付金额", "退款金额", "收货地址", "联系手机",
    "宝贝标题", "宝贝总数量",
)  # fmt: skip
GENERATE = """
    select 2600000000000000000 + i * 7919, 'buyer_' || (i * 31 % 90000), case when i % 9 = 0 then '交易关闭' else '交易成功' end,
        strftime(timestamp '2026-01-01' + to_seconds(i * 61 % 23000000), '%Y-%m-%d %H:%M:%S'),
        strftime(timestamp '2026-01-01 00:03:00' + to_seconds(i * 61 % 23000000), '%Y-%m-%d %H:%M:%S'),
        cast(i % 90000 as decimal(18, 2)) / 100, cast(i % 90000 as decimal(18, 2)) / 100, '0.00', '浙江省 杭州市 西湖区',
        13900000000 + i * 7919 % 99999999, '明前龙井 ' || (i % 300), 1 + i % 4
    from range({rows}) as numbers(i) order by i
"""
BARE_TYPES = {
    "order_id": "VARCHAR", "buyer_nick": "VARCHAR", "order_status": "VARCHAR", "ordered_at": "TIMESTAMP", "paid_at": "TIMESTAMP",
    "order_total_cny": "DECIMAL(18,2)", "amount_paid_cny": "DECIMAL(18,2)", "refunded_cny": "DECIMAL(18,2)", "address": "VARCHAR",
    "receiver_phone": "VARCHAR", "item_title": "VARCHAR", "quantity": "BIGINT",
}  # fmt: skip


@pytest.mark.parametrize("encoding", list(MOST))
def test_load_costs_little_more_than_the_bare_statement(
    encoding: str, tmp_path: Path, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
    lake = Lake(tmp_path / "lake").prepare()
    file = lake.landing / "taobao" / "orders" / "account=shop" / "ExportOrderList20261001120000.csv"
    plain = _write_export(file, encoding)
    work = f"load {ROWS:,} orders, {file.stat().st_size / 1e6:.0f} MB {encoding}"
    ours = bench.ours(work, lambda: _load(lake), lambda: _forget(lake), RUNS)
    bare = bench.peer(work, "bare DuckDB", lambda: _bare(plain, tmp_path / "bare.parquet"), None, RUNS)
    bench.peer(work, "dlt", lambda: _dlt(plain, tmp_path), lambda: shutil.rmtree(tmp_path / "dlt", ignore_errors=True), RUNS)
    ratio = ours.wall / bare.wall
    assert ratio <= MOST[encoding], f"{ratio:.2f} times the bare statement by the clock, at most {MOST[encoding]} are allowed"


def _write_export(file: Path, encoding: str) -> Path:
    """The export in the given encoding; returns the same in UTF-8."""
    file.parent.mkdir(parents=True)
    plain = file.parents[4] / "plain.csv"
    names = ", ".join(f'"{name}"' for name in HEADERS)
    with duckdb.connect() as con:
        con.execute(f"copy (select * from ({GENERATE.format(rows=ROWS)}) as rows({names})) to '{plain}' (format csv, header)")
    file.write_bytes(plain.read_bytes() if encoding == "utf-8" else plain.read_text("utf-8").encode(encoding))
    return plain


def _load(lake: Lake) -> None:
    ref = CATALOG.exports["taobao/orders"]
    (receipt,) = load_export(lake, ref, scan(lake, CATALOG), PEPPER, run_on=date(2026, 10, 1))
    assert (receipt.status, receipt.rows_loaded) == ("loaded", ROWS), receipt


def _forget(lake: Lake) -> None:
    for file in lake.bronze.rglob("*.parquet"):
        file.unlink()


def _bare(plain: Path, out: Path) -> None:
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in BARE_TYPES.items())
    kept = [f"{hmac_sql(name)} as {name}" if name in ("buyer_nick", "receiver_phone") else name for name in BARE_TYPES]
    with open_connection(PEPPER) as con:
        con.execute(
            f"copy (select {', '.join(kept)} from "
            f"read_csv('{plain}', header=true, auto_detect=false, columns={{{types}}}, delim=',', quote='\"')) "
            f"to '{out}' (format parquet)"
        )


def _dlt(plain: Path, folder: Path) -> None:
    """The way its documentation shows for a CSV file; Arrow and Parquet on the way, which is its fastest."""
    destination = dlt.destinations.duckdb(str(folder / "dlt" / "out.duckdb"))
    (folder / "dlt").mkdir()
    pipeline = dlt.pipeline("loader", destination=destination, dataset_name="loaded", pipelines_dir=str(folder / "dlt"))
    files = filesystem(plain.parent.as_uri(), file_glob=plain.name)
    rows = files | read_csv_duckdb(chunk_size=50_000, use_pyarrow=True, names=list(BARE_TYPES), header=True)
    pipeline.run(rows.with_name("orders"), write_disposition="replace", loader_file_format="parquet")
    with duckdb.connect(folder / "dlt" / "out.duckdb") as con:
        assert con.execute("select count(*) from loaded.orders").fetchall() == [(ROWS,)]


CATALOG = load_catalog()
