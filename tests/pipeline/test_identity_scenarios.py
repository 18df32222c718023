"""Who is one person: the project's identity models over every known shape of trouble.

They build a first day, a second, and the second with all rows in reverse order.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pytest
from builders import identity_scenarios as scenarios
from builders.identity_crowd import FAMILIES, LENDERS, RECYCLED, crowd, evidence, owner
from builders.identity_world import DBT, write_evidence, write_project

from orchestration.lake.run_records import customer_records

SECOND = {  # scenario → who is one person on the second day, by the ends of their tokens
    "chain": ["a b c d"], "fan_in": ["a b c x"], "fan_out": ["a b c x"], "diamond": ["a b c d"],
    "bridged_later": ["a b c d"], "older_root": ["a b"],
    "blocked": ["u1 x", "u2"],  # merge blocked by unique keys
    "after_merge": ["m1 n y", "m2"],  # conflicting unique ids found after the merge
    "three": ["a m1", "m2", "m3"],  # three conflicting ids in one component
    "back_dated": ["j n p"],
    "staff_phone": ["n1", "n2"], "family_phone": ["m1", "m2", "n"], "recycled": ["n1 p", "p w2"],
    "listed": ["d3", "m1 p", "n2 p"],  # … to which the brand still writes, and which its lists still show
    "two_wechats": ["m u w2", "p w1"],  # two people of one app who gave one phone: the app verified the one's
    "tablet": ["l1", "l2", "l3"],
    "card": ["m", "w1", "w2", "w3"],  # member card shared at the till
    "kiosk": ["w1", "w2", "w3", "w4", "w5"],  # the store's tablet, logged in for everybody
    "guide": ["m1", "m2", "w"], "own": ["m w"],  # the till paid by staff, and by the customer
    "lent": ["m", "w"],  # … and twice by somebody of whom no more is known
    "friend": ["buyer", "payer"],  # 代付
    "parcel": ["mum p2", "p1 son"],  # the order's receiver is not its buyer
    "gift_home": ["mum p2", "p1 son"],  # … whose own phone another record tells
    "sends": ["mum p2", "n n1 p1"],  # … or most of their orders
    "friends_parcel": ["e p1 u w", "mum p2"],  # … or another account of theirs
    "desk": ["p1 y1", "p2 y2", "w1", "w2"],  # the phone of a guide whom no list names
    "oaid": ["n1 o p1", "n2 o"],  # OAID in the next week
    "corp": ["e f u", "e w"],  # external_userid after a corp migration
    "superseded": ["n new old"], "withdrawn": ["a b", "c"], "erased": ["a", "c d"], "twice": ["a b"], "masked": ["n1", "n2"],
    "ruled_one": ["a b"], "ruled_apart": ["a b", "c"], "ruled_nobody": ["a", "b"], "revoked": ["a", "b"], "ruled_members": ["m1 m2"],
}  # fmt: skip
FIRST = {
    "bridged_later": ["a b", "c d"], "older_root": ["a", "b"], "after_merge": ["m1 n y"], "back_dated": ["n p"], "withdrawn": ["a b c"],
    "erased": ["a b c d"], "ruled_one": ["a", "b"], "ruled_apart": ["a b c"], "ruled_nobody": ["a b x"], "revoked": ["a b"],
}  # fmt: skip
TABLES = ("customer.customer_keys", "customer.identity_review", "main.int_record_customers", "main.int_customers")
PEOPLE = """
    select list_sort(list(distinct regexp_extract(key_token, '-(.*)$', 1))) from {}.customer.customer_keys
    where split_part(key_token, '-', 1) = ? group by customer_id order by 1"""


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the databases `first`, `second` and `reversed`, each built by the project's own models."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("identity")
    write_project(folder)
    days = {
        "first": (scenarios.first_day(), scenarios.FIRST_RULINGS),
        "second": (scenarios.second_day() + crowd(), scenarios.SECOND_RULINGS),
        "reversed": (crowd()[::-1] + scenarios.second_day()[::-1], scenarios.SECOND_RULINGS[::-1]),
    }
    paths = ["--project-dir", str(folder), "--profiles-dir", str(DBT), "--target-path", str(folder / "target"), "--log-path", str(folder)]
    warehouse, parsed = folder / "warehouse.duckdb", None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FISHPOND_WAREHOUSE", str(warehouse))
        for name, (records, rulings) in days.items():
            with duckdb.connect(str(warehouse)) as writing:
                write_evidence(writing, records, rulings)
            for command in ("seed", "run") if parsed is None else ("run",):
                parsed = parsed or dbtRunner().invoke(["parse", *paths, "--quiet"]).result
                answer = dbtRunner(manifest=parsed).invoke([command, *paths, "--quiet", "--no-write-json"])
                assert answer.success, answer.exception or [each.message for each in answer.result]
                DuckDBConnectionManager.close_all_connections()
            shutil.copy(warehouse, folder / f"{name}.duckdb")
    return folder


@pytest.fixture(scope="module")
def con(days: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        for name in ("first", "second", "reversed"):
            opened.execute(f"attach '{days / f'{name}.duckdb'}' as {name} (read_only)")
        yield opened


@pytest.fixture(scope="module")
def records(days: Path) -> dict[str, list[dict]]:
    """What publishing the second day over the first says of its customers."""
    tables = customer_records(days / "second.duckdb", days / "first.duckdb", "v2", "v1")
    return {name: table.to_pylist() for name, table in tables.items()}


def people(con: duckdb.DuckDBPyConnection, day: str, scenario: str) -> list[str]:
    return [" ".join(tokens) for (tokens,) in con.execute(PEOPLE.format(day), [scenario]).fetchall()]


def customer(con: duckdb.DuckDBPyConnection, day: str, token: str) -> str:
    query = f"select customer_id from {day}.customer.customer_keys where key_token = ? order by valid_from"
    return con.execute(query, [token]).fetchall()[0][0]


@pytest.mark.parametrize("scenario", SECOND)
def test_who_is_one_person(con: duckdb.DuckDBPyConnection, scenario: str) -> None:
    assert people(con, "second", scenario) == SECOND[scenario]


@pytest.mark.parametrize("scenario", FIRST)
def test_who_was_one_person_on_the_day_before(con: duckdb.DuckDBPyConnection, scenario: str) -> None:
    assert people(con, "first", scenario) == FIRST[scenario]


def test_a_long_chain_in_one_batch_is_one_person(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute("""select customer_id, count(*) from second.customer.customer_keys
        where key_token like 'long-%' group by 1""").fetchall()
    assert [count for _, count in found] == [scenarios.CHAIN]


@pytest.mark.parametrize("table", TABLES)
def test_everything_in_reverse_order_gives_the_same_rows(con: duckdb.DuckDBPyConnection, table: str) -> None:
    assert con.execute(f"select count(*) from ((from second.{table} except all from reversed.{table}) union all "
                       f"(from reversed.{table} except all from second.{table}))").fetchall() == [(0,)]  # fmt: skip


def test_the_older_customer_keeps_the_name_in_a_merge_and_back_dated_data_rename(con: duckdb.DuckDBPyConnection) -> None:
    assert customer(con, "second", "older_root-a") == customer(con, "first", "older_root-b") != customer(con, "first", "older_root-a")
    assert customer(con, "second", "back_dated-n") != customer(con, "first", "back_dated-n")
    assert customer(con, "second", "bridged_later-d") == customer(con, "first", "bridged_later-a")


def test_a_recycled_phone_is_two_peoples_in_two_windows_that_do_not_overlap(con: duckdb.DuckDBPyConnection) -> None:
    windows = con.execute("""select customer_id, cast(valid_from as date), cast(valid_to as date)
        from second.customer.customer_keys where key_token = 'recycled-p' order by valid_from""").fetchall()
    assert windows[0][0] != windows[1][0]
    assert windows[0][2] == windows[1][1] and windows[1][2] is None


def test_a_superseded_receiver_phone_keeps_linking_and_says_until_when(con: duckdb.DuckDBPyConnection) -> None:
    query = "select cast(valid_to as date) is not null from second.customer.customer_keys where key_token = ?"
    assert [con.execute(query, [f"superseded-{phone}"]).fetchall()[0][0] for phone in ("old", "new")] == [True, False]


def test_the_same_record_twice_counts_once(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("select distinct records from second.customer.customer_keys where key_token like 'twice-%'").fetchall() == [(1,)]


def test_an_order_whose_only_key_is_a_staff_phone_is_a_guides(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute("select record_key from second.main.int_identity_proxies where record_key not like '%#staff'").fetchall()
    assert found == [("staff-proxy",)]


@pytest.mark.parametrize(("rule", "token"), [
    ("cannot_link", "blocked-x"), ("cannot_link", "after_merge-y"), ("cannot_link", "three-a"), ("fan_out", "family_phone-p"),
    ("fan_out", "tablet-d"), ("staff", "staff_phone-s"), ("recycled", "recycled-p"), ("pays_for_others", "card-pay2"),
    ("pays_for_others", "guide-pay1"), ("crowd", "kiosk-y"), ("paid_by_other", "friend-x"), ("ruling", "ruled_nobody-x"),
    ("receiver", "parcel-p2"), ("receiver", "gift_home-p2"), ("receiver", "sends-p2"),
    ("receiver", "friends_parcel-p2"), ("receiver", "desk-guide"), ("card_shown", "lent-pay2"), ("holder_unknown", "listed-d3"),
    ("cannot_link", "two_wechats-p"),
    ("cannot_link", "ruled_apart-b"),
])  # fmt: skip
def test_every_refused_edge_stands_in_the_review(con: duckdb.DuckDBPyConnection, rule: str, token: str) -> None:
    query = """select other_key_token, records from second.customer.identity_review
        where rule = ? and ? in (key_token, other_key_token)"""
    rows = con.execute(query, [rule, token]).fetchall()
    assert rows and all(records > 0 for _, records in rows)
    assert rule in ("recycled",) or any(other for other, _ in rows)


@pytest.mark.parametrize(("before", "after", "change", "cause"), [
    ("bridged_later-c", "bridged_later-a", "merged", "new_data"), ("older_root-a", "older_root-b", "merged", "new_data"),
    ("back_dated-n", "back_dated-n", "renamed", "back_dated"), ("withdrawn-a", "withdrawn-c", "split", "withdrawn"),
    ("erased-a", "erased-c", "split", "withdrawn"), ("ruled_one-b", "ruled_one-a", "merged", "ruling"),
    ("ruled_apart-a", "ruled_apart-c", "split", "ruling"), ("ruled_nobody-a", "ruled_nobody-b", "split", "ruling"),
    ("revoked-a", "revoked-b", "split", "ruling"), ("ruled_members-m1", "ruled_members-m2", "merged", "ruling"),
])  # fmt: skip
def test_a_change_of_customers_names_its_cause(
    con: duckdb.DuckDBPyConnection, records: dict[str, list[dict]], before: str, after: str, change: str, cause: str
) -> None:
    old, new = customer(con, "first", before), customer(con, "second", after)
    rows = [row for row in records["customer.customer_changes"] if {old, new} & {row["customer_id"], row["from_customer_id"]}]
    told = {(row["change"], row["cause"]) for row in rows}
    assert told == {(change, cause)}


def test_the_history_tells_what_an_id_was_called_before(con: duckdb.DuckDBPyConnection, records: dict[str, list[dict]]) -> None:
    history = {row["customer_id"]: row for row in records["customer.customer_id_history"]}
    old, new = customer(con, "first", "back_dated-n"), customer(con, "second", "back_dated-n")
    assert (history[old]["current_customer_id"], history[old]["last_version"], history[old]["change"]) == (new, "v1", "renamed")
    assert (history[new]["first_version"], history[new]["last_version"]) == ("v2", None)


def test_in_a_crowd_with_hard_cases_nobody_is_two_people_and_nearly_all_the_evidence_counts(con: duckdb.DuckDBPyConnection) -> None:
    """Families with one phone, recycled numbers, lent cards, the store's tablet, guides' phones, parcels to other people's homes. Pairs of
    keys but phones, which are lawfully two people's."""
    told = dict(con.execute(
        "select key_token, customer_id from second.customer.customer_keys where key_token like 'crowd-%' and key_type <> 'phone'"
    ).fetchall())  # fmt: skip
    linked = evidence(crowd())
    said, true, due, found = (
        pairs(kind(token, customer) for token, customer in told.items() if owner(token).isdigit())
        for kind in (
            lambda token, customer: customer, lambda token, customer: (customer, owner(token)),
            lambda token, customer: linked.get(token, token), lambda token, customer: (customer, linked.get(token, token)),
        )
    )  # fmt: skip
    assert len(told) > 1000 and true / said >= 0.999 and found / due >= 0.999
    whole = [len({customer for token, customer in told.items() if linked.get(token, token) == part}) for part in set(linked.values())]
    assert len(set(told.values())) > 200 and whole.count(1) / len([parts for parts in whole if parts]) >= 0.99  # people, each weighed once


def test_in_the_crowd_each_guard_parts_people_and_none_refuses_evidence_of_one(con: duckdb.DuckDBPyConnection) -> None:
    """Refused edges by rule. A payment is named after its payer, and only lenders' payments are for another's card; a family's phone lets
    two payers seem one account's."""
    edges = con.execute("""select distinct rule, key_token, other_key_token, key_type = 'transaction_id'
        from second.customer.identity_review
        where key_token like 'crowd-%' and (key_type = 'transaction_id' or other_key_token <> '')""").fetchall()
    parted, lost = Counter(), Counter()
    for rule, token, other, is_payment in edges:
        shared = not owner(token).isdigit() or int(owner(token)) in FAMILIES or int(owner(token)) in RECYCLED
        rightly = int(owner(token)) in (*LENDERS, *FAMILIES) if is_payment else shared or owner(token) != owner(other)
        (parted if rightly else lost)[rule] += 1
    assert not lost, lost
    assert set(parted) == {"fan_out", "staff", "crowd", "receiver", "paid_by_other", "pays_for_others"}, parted


def pairs(groups: Iterable[object]) -> int:
    """Pairs of members of one group."""
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())
