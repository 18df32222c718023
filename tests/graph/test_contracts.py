"""The contracts themselves: every source of the design is said, in one language and one spelling."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.lake.catalog import SOURCES, Catalog
from orchestration.lake.columns import clash
from orchestration.lake.contract import Column
from orchestration.lake.contract_column import SNAKE

PROMISED = {
    "taobao": {"orders", "order_items", "after_sales", "funds", "fans"},
    "tmall": {"orders", "order_items", "after_sales", "funds"},
    "jd": {"orders", "after_sales", "settlement", "ads"},
    "pinduoduo": {"orders", "refunds", "bills", "ads"},
    "vipshop": {"settlement"},
    "douyin": {"orders", "after_sales", "settlement", "live_sessions", "placements"},
    "kuaishou": {"orders", "funds", "ads"},
    "xiaohongshu": {"orders", "after_sales", "settlement", "notes", "placements"},
    "wechat_shop": {"orders", "orders_api", "after_sales", "funds"},
    "alimama": {"daily"}, "qianchuan": {"daily"}, "oceanengine": {"daily"}, "tencent_ads": {"daily"}, "juguang": {"daily"},
    "baidu": {"search", "feed", "content"}, "weibo": {"ads", "content"}, "zhihu": {"ads", "content"}, "qutoutiao": {"ads"},
    "sycm": {"traffic_sources"},
    "wecom": {"contacts", "contact_events", "groups", "staff_stats", "mass_sends", "moments", "payments"},
    "wechat_oa": {"users", "user_summary", "articles"}, "wechat_miniprogram": {"logins", "phone_bindings", "visits"},
    "wechat_pay": {"bills", "refunds"}, "youzan": {"orders", "orders_csv", "customers"}, "weimob": {"orders", "customers", "channels"},
    "wechat_personal": {"friends"}, "wechat_group": {"members"}, "sensors": {"events"}, "ga4": {"events"}, "snowplow": {"events"},
    "sms": {"sends"}, "email": {"sends"}, "crm": {"members", "consents"}, "store": {"tickets", "guide_bindings", "coupons"},
    "referral": {"relations"}, "service": {"complaints", "reviews"}, "partner": {"leads"},
    "finance": {"product_costs", "order_costs", "channel_costs"}, "rulings": {"identity", "orders", "channel_codes", "calendar"},
}  # fmt: skip
ORDER_STATUSES = {"pending_payment", "deposit_paid", "paid_unshipped", "shipped", "completed", "closed", "locked"}


def columns_of(catalog: Catalog) -> Iterator[tuple[str, str, Column]]:
    """Every column and every field of a list, as (export, name, column)."""
    for ref in catalog.exports.values():
        for name, column in ref.export.columns.items():
            yield ref.id, name, column
            for field, inner in column.fields.items():
                yield ref.id, f"{name}.{field}", inner


def test_every_promised_export_has_a_contract(catalog: Catalog) -> None:
    promised = {f"{platform}/{export}" for platform, exports in PROMISED.items() for export in exports}
    assert sorted(promised - set(catalog.exports)) == []


def test_names_are_snake_case_and_feeds_are_named(catalog: Catalog) -> None:
    for ref in catalog.exports.values():
        assert SNAKE.fullmatch(ref.platform.platform) and SNAKE.fullmatch(ref.name)
        assert ref.export.feeds, f"{ref.id} feeds no canonical relation"
        assert all(suffix == "" or SNAKE.fullmatch(suffix) for suffix in ref.export.feeds.values()), ref.id
        targets = list(ref.export.feeds.values())
        assert len(set(targets)) == len(targets), f"{ref.id}: two relations from one staging model"


def test_no_column_hides_one_that_the_loader_adds(catalog: Catalog) -> None:
    assert [(ref.id, found) for ref in catalog.exports.values() if (found := clash(ref.export))] == []


def test_money_ends_in_cny_and_times_in_at_or_on(catalog: Catalog) -> None:
    ends = {"money": ("_cny",), "timestamp": ("_at",), "date": ("_on",), "percent": ("_rate", "_share")}
    wrong = [(export, name, column.type) for export, name, column in columns_of(catalog) if not name.endswith(ends.get(column.type, ("",)))]
    assert wrong == []


def test_money_says_its_unit(catalog: Catalog) -> None:
    money = [(export, name, column.unit) for export, name, column in columns_of(catalog) if column.type == "money"]
    assert [found for found in money if found[2] not in {"yuan", "fen"}] == []


def test_every_order_export_bridges_by_its_order_number(catalog: Catalog) -> None:
    for ref in catalog.exports.values():
        if "orders" not in ref.export.feeds:
            continue
        identity = ref.export.columns["order_id"].identity
        assert identity is not None, ref.id
        said = (identity.type, identity.scope, identity.trust, identity.clear)
        assert said == ("order_id", ref.platform.platform, "bridge", True), ref.id


def test_order_statuses_are_canonical(catalog: Catalog) -> None:
    for export, name, column in columns_of(catalog):
        if name == "order_status":
            assert set(column.values) <= ORDER_STATUSES, export


def test_only_bridges_stay_readable(catalog: Catalog) -> None:
    clear = {column.identity.type for _, _, column in columns_of(catalog) if column.identity and column.identity.clear}
    assert clear <= {"order_id", "transaction_id", "out_trade_no", "coupon_code", "card_code"}


def test_no_header_is_both_kept_and_dropped(catalog: Catalog) -> None:
    for ref in catalog.exports.values():
        kept = {header for column in ref.export.columns.values() for header in column.headers}
        assert kept & set(ref.export.drop) == set(), ref.id


def test_no_contract_is_longer_than_a_person_reads() -> None:
    lengths = {file.name: len(file.read_text("utf-8").splitlines()) for file in SOURCES.glob("*.yml")}
    assert {name: lines for name, lines in lengths.items() if lines > 220} == {}
