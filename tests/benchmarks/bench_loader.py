"""What the loader's care costs: our load of one order export against the bare DuckDB statement that does the same work.

The bare statement reads the file typed, hashes the same columns and writes Parquet; it checks nothing. For GB18030 it is measured
on the UTF-8 file too, since DuckDB alone cannot read the other. BENCH_ROWS sets the size (default 300,000 rows, 40 MB).
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

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
def test_load_costs_little_more_than_the_bare_statement(encoding: str, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake").prepare()
    file = lake.landing / "taobao" / "orders" / "account=shop" / "ExportOrderList20261001120000.csv"
    plain = _write_export(file, encoding)
    ours = _best(lambda: _load(lake), lambda: _forget(lake))
    bare = _best(lambda: _bare(plain, tmp_path / "bare.parquet"), lambda: None)
    ratios = [mine / theirs for mine, theirs in zip(ours, bare, strict=True)]
    print(f"\n{'':14}{'wall s':>9}{'cpu s':>9}   {ROWS:,} rows, {file.stat().st_size / 1e6:.0f} MB {encoding}")
    for name, (wall, cpu) in (("load", ours), ("bare DuckDB", bare), ("ratio", ratios)):
        print(f"{name:14}{wall:9.2f}{cpu:9.2f}")
    assert ratios[0] <= MOST[encoding], f"{ratios[0]:.2f} times the bare statement by the clock, at most {MOST[encoding]} are allowed"


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


def _best(work: Callable[[], None], before: Callable[[], None]) -> tuple[float, float]:
    """Least wall and processor seconds of some runs."""
    walls, cpus = [], []
    for _ in range(RUNS):
        before()
        wall, cpu = time.perf_counter(), _cpu()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(_cpu() - cpu)
    return min(walls), min(cpus)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


CATALOG = load_catalog()
