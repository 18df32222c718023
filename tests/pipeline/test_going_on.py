"""A build that goes on gives every table of a build from nothing, whatever came late: restated amounts, sales of closed months, keys of
another person that make two customers one, whole lists."""

from __future__ import annotations

import random
import shutil

import pytest
from builders.going_on import build, differing
from builders.late_news import WAYS, deliver_late

from orchestration.lake import news
from orchestration.lake.catalog import load_catalog
from orchestration.lake.layout import Lake
from orchestration.settings import read_settings

SEED, FILES = 20261122, 36


def test_late_news_of_any_kind_leave_the_tables_of_a_build_from_nothing(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "LEAST_BYTES", 0)
    monkeypatch.setattr(news, "MOST_NEWS", 1)
    settings, catalog = read_settings(), load_catalog()
    told = deliver_late(lake, catalog, random.Random(SEED), FILES)
    assert {each.split(" ", 1)[1] for each in told} == set(WAYS) and len({each.split("/")[0] for each in told}) > 5
    build(lake, catalog, settings, goes_on=True)
    gone_on = lake.root.with_name("gone_on.duckdb")
    shutil.copy(lake.warehouse, gone_on)
    build(lake, catalog, settings, goes_on=False)
    assert differing(gone_on, lake.warehouse) == []
