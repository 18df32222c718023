"""A person who is forgotten is nowhere any more, byte for byte and row for row, and no yuan moves."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
from pipeline_lake import ask

from orchestration.cli.app import call
from orchestration.lake.layout import Lake
from orchestration.lake.pepper import resolve_pepper
from orchestration.lake.tokens import token

PHONE = re.compile(rb"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
BUYER = """
    select keys.customer_id, list(distinct keys.key_token) filter (where length(keys.key_token) = 64)
    from customer.customer_keys as keys
    where keys.customer_id in (select customer_id from customer.fct_orders)
      and keys.customer_id in (select customer_id from private_domain.fct_contacts)
      and keys.customer_id in (select customer_id from customer.customer_keys where key_type = 'phone')
    group by 1 order by count(*) desc, 1 limit 1
"""
REVENUE = "select platform, count(*), sum(net_revenue_cny), sum(receivable_cny) from customer.fct_orders group by 1 order by 1"


def test_nothing_of_a_forgotten_person_remains_and_no_revenue_moves(lake: Lake, capsys) -> None:
    ((customer, tokens),) = ask(lake, BUYER)
    pepper = resolve_pepper(lake, None)
    phones = {found for path in files(lake.landing) for found in PHONE.findall(path.read_bytes())}
    clear = {phone for phone in phones if token(pepper, phone.decode()) in tokens}
    assert clear and tokens
    revenue, orders = ask(lake, REVENUE), ask(lake, f"select order_key from customer.fct_orders where customer_id = '{customer}'")
    assert call(["forget", "--customer", customer]) == 0
    assert ask(lake, REVENUE) == revenue
    named = ", ".join(f"'{key}'" for (key,) in orders)
    assert ask(lake, f"select count(*), count(customer_id) from customer.fct_orders where order_key in ({named})") == [(len(orders), 0)]
    assert len(list(lake.releases.iterdir())) == 2
    traces = [*clear, *(one.encode() for one in tokens)]
    assert [(path, trace) for path in files(lake.root) for trace in traces if trace in path.read_bytes()] == []
    assert [name for name, text in rows(lake) if any(trace in text for trace in (customer, *(each.decode() for each in traces)))] == []
    said = capsys.readouterr().out
    assert "forgotten:" in said and customer not in said and not any(one.decode() in said for one in clear)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def rows(lake: Lake) -> list[tuple[str, str]]:
    """Every row of every table and Parquet file as text, by where it stands: files are compressed, so bytes do not tell all."""
    found = []
    with duckdb.connect() as con:
        for path in files(lake.root):
            if path.suffix == ".parquet":
                found.append((path.name, str(con.execute("select * from read_parquet($1)", [str(path)]).fetchall())))
            elif path.suffix == ".duckdb":
                con.execute(f"attach '{path}' as looked_at (read_only)")
                named = "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'looked_at'"
                for (table,) in con.execute(named).fetchall():
                    found.append((f"{path.name} {table}", str(con.execute(f"select * from looked_at.{table}").fetchall())))
                con.execute("detach looked_at")
    return found
