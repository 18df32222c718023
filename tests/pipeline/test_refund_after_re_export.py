"""A refund that only a later export knows, on the ledger itself: the order is shared out anew under every model, and nothing old stays."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import duckdb

from orchestration.defs.dbt_runs import run_nodes
from orchestration.lake.catalog import load_catalog
from orchestration.lake.landing import scan
from orchestration.lake.layout import Lake
from orchestration.lake.loader import load_export
from orchestration.lake.pepper import resolve_pepper
from orchestration.lake.raw import register
from orchestration.settings import read_settings

KEPT = Decimal("10.01")  # of what was paid; not to be shared evenly among two or three touches
LATER = "ExportOrderList20261003093000.csv"
BETWEEN = "stg_taobao__orders+,+fct_attribution"  # what stands between the export and the ledger
LEDGER = "select order_key, model, touch_key, channel, credit, attributed_revenue_cny from attribution.fct_attribution order by all"
SHARED = """
    select order_key from attribution.fct_attribution join intermediate.int_orders using (order_key)
    where fct_attribution.platform = 'taobao' and model = 'linear' and refunded_cny = 0 and net_revenue_cny > 20
    group by 1 having count(touch_key) > 1 order by max(touched_at) desc, 1
"""


def test_a_refund_in_a_later_export_re_closes_all_models_and_leaves_no_old_row(lake: Lake) -> None:
    before = _asked(lake, LEDGER)
    order_key = _asked(lake, SHARED)[0][0]
    _export_again(lake, order_key.partition(":")[2])
    _build_ledger(lake)
    after = _asked(lake, LEDGER)
    assert [row for row in after if row[0] != order_key] == [row for row in before if row[0] != order_key]
    was, now = ([row for row in rows if row[0] == order_key] for rows in (before, after))
    assert [row[:5] for row in now] == [row[:5] for row in was], "a refund moves money, never credit"
    models = {row[1] for row in now}
    assert len(models) == 8
    assert {model: sum(row[5] for row in now if row[1] == model) for model in models} == dict.fromkeys(models, KEPT)
    assert sum(row[5] for row in was) > sum(row[5] for row in now)


def _export_again(lake: Lake, order_id: str) -> None:
    """The order's newest row once more, in a file of a later day: all but KEPT given back, as the platform restates what was paid."""
    folder = lake.landing / "taobao" / "orders"
    for path in sorted(folder.rglob("*.csv"), key=lambda each: each.name, reverse=True):
        header, *rows = csv.reader(io.StringIO(path.read_bytes().decode("gb18030", "replace"), newline=""))
        row = next((row for row in rows if order_id in row[0]), None)
        if row is not None:
            break
    cells = dict(zip((name.strip() for name in header), row, strict=True))
    cells |= {"买家实际支付金额": str(KEPT), "退款金额": str(Decimal(cells["总金额"]) - KEPT)}
    out = io.StringIO()
    csv.writer(out).writerows([list(cells), list(cells.values())])
    (path.parents[1] / "date=2026-10-03").mkdir()
    (path.parents[1] / "date=2026-10-03" / LATER).write_bytes(out.getvalue().encode("gb18030"))


def _build_ledger(lake: Lake) -> None:
    """Load the new file and build what lies between it and the ledger, on what the other exports said."""
    settings, catalog = read_settings(), load_catalog()
    pepper = resolve_pepper(lake, settings.pepper)
    load_export(lake, catalog.exports["taobao/orders"], scan(lake, catalog), pepper, run_on=date(2026, 10, 3))
    with duckdb.connect(str(lake.warehouse)) as con:
        register(con, lake, catalog, {})
    runs = run_nodes(settings, ["run", "--select", BETWEEN], lambda *_: None)
    assert {run.status for run in runs} == {"success"}


def _asked(lake: Lake, query: str) -> list[tuple]:
    with duckdb.connect(str(lake.warehouse), read_only=True) as con:
        return con.execute(query).fetchall()
