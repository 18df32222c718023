"""Tables that only publishing can write, since they depend on past runs: their columns, types, and comments in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

RECORD_TABLES: dict[str, tuple[str, dict[str, tuple[pa.DataType, str]]]] = {
    "quality.check_results": (
        "What was checked before this version was published, and what came of it 质检结果. One row per expectation.",
        {
            "version": (pa.string(), "Published version 发布版本"),
            "run_id": (pa.string(), "Run that checked it 运行编号"),
            "asset": (pa.string(), "Checked table or export 被检对象"),
            "suite": (pa.string(), "Suite of expectations 检查集"),
            "expectation": (pa.string(), "Name of the check 检查项"),
            "severity": (pa.string(), "critical blocks publishing, warning does not 严重程度"),
            "status": (pa.string(), "passed, failed, or could_not_check 结果"),
            "observed": (pa.string(), "What was seen 实际"),
            "expected": (pa.string(), "What was expected 预期"),
            "failing_rows": (pa.int64(), "Rows that failed; NULL where rows cannot be counted 未通过行数"),
        },
    ),
    "quality.publish_versions": (
        "Every version that readers ever saw, this one last 发布记录. One row per version.",
        {
            "version": (pa.string(), "Version: data day and a number that only grows 发布版本"),
            "published_at": (pa.timestamp("us"), "When it was built for publishing, Shanghai time 发布时间"),
            "run_id": (pa.string(), "Run that built it 运行编号"),
            "as_of_on": (pa.date32(), "Latest export date of its data 数据截止日"),
            "is_sample": (pa.bool_(), "Simulated data, no real customers 是否样例数据"),
            "deliveries": (pa.int64(), "Deliveries in it 交付文件数"),
            "checks_passed": (pa.int64(), "Checks passed 通过的检查数"),
            "checks_warned": (pa.int64(), "Checks that warned, or were accepted by a person 告警或被人工接受的检查数"),
            "rows_per_table": (pa.string(), "Rows of every table as JSON 各表行数"),
            "replaced_version": (pa.string(), "Version seen before it 被替换的版本"),
        },
    ),
    "quality.metric_changes": (
        "Which published figures differ from the version before, and why 指标变动. "
        "One row per version, month, dimension, member, metric and cause.",
        {
            "version": (pa.string(), "Version that brought the change 发布版本"),
            "month": (pa.string(), "Month of the figure, e.g. 2026-09 月份"),
            "dimension": (pa.string(), "platform or channel 维度"),
            "member": (pa.string(), "The platform or channel 维度值"),
            "metric": (pa.string(), "paid_orders, gross_revenue_cny, net_revenue_cny, identified_orders, attributed_revenue_cny (last), "
                       "spend_cny 指标"),
            "before": (pa.decimal128(18, 2), "Figure in the version before 变动前"),
            "after": (pa.decimal128(18, 2), "Figure in this version 变动后"),
            "cause": (pa.string(), "late_file, refund, status, identity, ruling, or rule_change 原因"),
            "change": (pa.decimal128(18, 2), "What this cause moved; over all causes after − before 该原因的变动额"),
        },
    ),
    "customer.customer_changes": (
        "How customers differ from the version before 客户变更. One row per version, change, customer and earlier customer.",
        {
            "version": (pa.string(), "Version that brought the change 发布版本"),
            "change": (pa.string(), "new, merged, split, renamed, or retired 变更类型"),
            "cause": (
                pa.string(),
                "new_data, back_dated (an older record came), ruling, rule (a guard began or ceased), withdrawn (evidence), erasure 原因",
            ),
            "customer_id": (pa.string(), "Customer after the change; for retired the one that is gone 变更后客户"),
            "from_customer_id": (pa.string(), "Customer before the change; NULL for new 变更前客户"),
            "evidence": (pa.string(), "Types of the keys that show it, and the rules that came or went 依据的标识类型与规则"),
        },
    ),
    "customer.customer_id_history": (
        "Where a customer id of any earlier version is now 客户编号沿革. One row per customer id ever published.",
        {
            "customer_id": (pa.string(), "Id that was published 曾发布的客户编号"),
            "current_customer_id": (pa.string(), "Id that stands for it now; NULL if its keys are gone 现客户编号"),
            "first_version": (pa.string(), "First version with it 首次出现版本"),
            "last_version": (pa.string(), "Last version with it; NULL while it lives 最后出现版本"),
            "change": (pa.string(), "What ended it: merged, split, renamed, retired 终止原因"),
        },
    ),
}


def record_schema(table: str) -> pa.Schema:
    """The Arrow schema of a record table."""
    return pa.schema([(name, kind) for name, (kind, _) in RECORD_TABLES[table][1].items()])


def record_rows(table: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of the record table's columns; other keys of a row are left out."""
    schema = record_schema(table)
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema)


def record_comments() -> dict[str, str]:
    """Comments by `schema.table` and `schema.table.column`, as a release wants them."""
    said = {table: text for table, (text, _) in RECORD_TABLES.items()}
    return said | {f"{table}.{name}": text for table, (_, columns) in RECORD_TABLES.items() for name, (_, text) in columns.items()}
