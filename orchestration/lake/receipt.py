"""What became of one delivery: the record that stands inside its bronze or quarantine file and makes a manifest needless."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal

from pyarrow import parquet

KEY = "fishpond"  # of the Parquet key-value metadata
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
Status = Literal["loaded", "refused", "duplicate", "stale_contract"]


@dataclass(frozen=True)
class Receipt:
    """One delivery's fate. rows_in_file = rows_loaded + rows_quarantined + rows_skipped.

    `controls`: {column, rule, stated, found, ok} per control total. `notes`: {kind, …} per thing that a person should know: unknown
    and missing columns, unknown words with counts, skipped rows. `retry_from`: a refusal that holds only before that run day.
    `empty_list`: a whole list without records, and whose it is.
    Times are Shanghai wall time.
    """

    delivery_id: str
    file_hash: str
    source: str
    export: str
    file_name: str
    fingerprint: str
    status: Status
    loaded_at: datetime
    account: str | None = None
    exported_at: datetime | None = None
    rows_in_file: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_skipped: int = 0
    reason: str | None = None
    controls: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    retry_from: date | None = None
    empty_list: dict[str, Any] | None = None

    def to_json(self) -> str:
        """As it stands in the Parquet metadata."""
        return json.dumps(asdict(self), ensure_ascii=False, default=lambda value: value.isoformat())


def receipt_from_json(text: str | bytes) -> Receipt:
    """The receipt that `to_json` wrote."""
    values = json.loads(text)
    for name, kind in (("loaded_at", datetime), ("exported_at", datetime), ("retry_from", date)):
        if values.get(name) is not None:
            values[name] = kind.fromisoformat(values[name])
    return Receipt(**values)


def read_receipt(file: Any) -> Receipt | None:
    """The receipt inside a Parquet file (footer only, about 0.3 ms); None when it has none."""
    metadata: Mapping[bytes, bytes] = parquet.read_metadata(file).metadata or {}
    text = metadata.get(KEY.encode())
    return receipt_from_json(text) if text else None


def now_in_shanghai() -> datetime:
    """Wall time of the loader's clock: for receipts and the run day, never for data."""
    return datetime.now(SHANGHAI).replace(tzinfo=None, microsecond=0)
