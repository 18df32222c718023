"""Landing alone knows who anybody is: what a run writes elsewhere holds no clear key and no pepper, and Dagster hears of nobody."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from pipeline_lake import ask, everything_said

from orchestration.lake.layout import Lake

WORD = re.compile(r"[\w@.+-]{6,}")
DAGSTER_AND_LOGS = ("dagster", "logs", "dbt")
SEEN_KINDS = {"phone", "email", "openid", "unionid", "external_userid", "member_id", "taobao_nick"}


@pytest.fixture
def keys(truth: Path) -> dict[str, str]:
    """Every clear key of every person of the sample → its type."""
    with duckdb.connect() as con:
        said = con.execute("select raw_value, min(key_type) from read_parquet($1) group by 1", [str(truth / "identifiers.parquet")])
        return dict(said.fetchall())


def test_nothing_behind_landing_holds_a_clear_key_or_the_pepper(untouched: Lake, keys: dict[str, str]) -> None:
    landed = "\n".join(path.read_bytes().decode("utf-8", "replace") for path in untouched.landing.rglob("*") if path.is_file())
    assert {keys[word] for word in WORD.findall(landed) if word in keys} >= SEEN_KINDS, "this looks for what does stand in landing"
    pepper = (untouched.landing / ".pepper").read_text("utf-8").strip()
    assert WORD.fullmatch(pepper) and len(pepper) >= 32
    secrets = keys | {pepper: "pepper"}
    said = ((path, table, {*WORD.findall(text)}) for path, table, text in everything_said(untouched))
    assert [(path, table, secrets[word]) for path, table, words in said for word in words & secrets.keys()] == []


def test_dagster_and_the_logs_are_never_told_a_customer_or_a_whole_token(untouched: Lake) -> None:
    """They keep what they are told for good: a person who is forgotten later could not be taken out of them."""
    people = {customer for (customer,) in ask(untouched, "select customer_id from customer.dim_customers")}
    tokens = {token for (token,) in ask(untouched, "select key_token from customer.customer_keys where length(key_token) = 64")}
    assert people and tokens
    for folder in (untouched.warehouse_dir / name for name in DAGSTER_AND_LOGS):
        for path in (path for path in folder.rglob("*") if path.is_file()):
            told = set(re.findall(r"[0-9a-z]{16,}", path.read_bytes().decode("utf-8", "replace")))
            assert not told & (people | tokens), path
