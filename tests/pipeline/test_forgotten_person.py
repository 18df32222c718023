"""A person who is forgotten is nowhere any more, byte for byte and row for row, and no yuan moves."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline_lake import ask, everything_said

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
    traces = [*clear, *(one.encode() for one in tokens), customer.encode()]
    assert [(path, trace) for path in files(lake.landing) for trace in traces if trace in path.read_bytes()] == []
    assert [(path, table) for path, table, text in everything_said(lake) if any(each.decode() in text for each in traces)] == []
    said = capsys.readouterr().out
    assert "forgotten:" in said and customer not in said and not any(one.decode() in said for one in clear)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
