"""What an export file looks like, said as data: the models behind `orchestration/sources/*.yml`.

One `Platform` per YAML file, one `Export` per kind of file a platform gives. Nothing here reads a delivered file.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Literal

from pydantic import Field, model_validator

from orchestration.lake.contract_column import Column, Identity, Name, Strict, Trust

__all__ = [
    "Column", "ContextRule", "Export", "Footer", "Identity", "Name", "Platform", "Records", "Repair", "Restates", "Strict",
    "SummaryRule", "Trust",
]  # fmt: skip

LOADER_MEANING = 3  # raise when the loader itself gives equal bytes and an equal contract another meaning
Relation = Literal[
    "orders", "order_lines", "refunds", "order_costs", "payments", "touches", "spend", "metrics", "contacts",
    "contact_events", "referrals", "service", "channel_costs", "products", "members", "rulings",
]


class ContextRule(Strict):
    """Where account, business date or export time come from; rules are tried in order, the first that answers wins.

    `file_name` is a regular expression with one group; `folder` names a `key=value` folder; `column` takes the value
    (for times: the largest) of a loaded column; `payload` is a JSON path in the page around the records.
    `pattern` is a regular expression with one group over what the place gave; without a match the rule does not answer.
    """

    file_name: str | None = None
    folder: str | None = None
    column: str | None = None
    payload: str | None = None
    constant: str | None = None
    pattern: str | None = None
    format: str | None = None
    epoch: Literal["s", "ms", "us"] | None = None

    @model_validator(mode="after")
    def _one_place(self) -> ContextRule:
        places = [self.file_name, self.folder, self.column, self.payload, self.constant]
        if sum(place is not None for place in places) != 1:
            raise ValueError("say exactly one of file_name, folder, column, payload, constant")
        for text in (self.file_name, self.pattern):
            if text is not None and re.compile(text).groups != 1:
                raise ValueError(f"{text!r} needs exactly one group")
        return self


Control = Literal["equal", "at_least", "report"]


class SummaryRule(Strict):
    """Rows that are not records: `in` lists the words of the column's cell, `blank` takes an empty cell, `starts_with` a prefix.

    `control` says what a total must be to its rows: `equal`; `at_least`, where rows leave something out and the surplus is kept as a row
    of its own downstream; `report`, where it is only told.
    """

    column: str
    words: tuple[str, ...] = Field(alias="in", default=())
    starts_with: str | None = None
    blank: bool = False
    control: dict[str, Control] = Field(default_factory=dict)


class Footer(Strict):
    """A block after the records: the line that begins with `starts_with` names the totals, the next line holds them."""

    starts_with: str
    totals: dict[str, str] = Field(default_factory=dict)  # footer header → column whose sum it states, or `rows`
    control: Control = "equal"


class Repair(Strict):
    """What may be done to a row with too many fields; without a rule such a row is quarantined."""

    trailing_empty: bool = False
    join_into: str | None = None


class Records(Strict):
    """Where JSON records stand: `path` to an array (`.` the document itself), `explode` one record per element of a nested array."""

    path: str = "."
    explode: str | None = None


class Restates(Strict):
    """How a newer export changes what an older one said: by row, by group of rows, or as the whole state of a scope.

    A snapshot given as pages is whole when some row of it has `last_page` (a cursor column) empty, and no number is missing among
    those of its pages (`page`, a column from `$.page_number`; pages without a number say nothing).
    """

    by: Literal["row", "group", "snapshot", "never"] = "row"
    columns: tuple[str, ...] = ()
    last_page: str | None = None
    page: str | None = None


class Export(Strict):
    """One kind of file. `key`, `restates`, `exported_at` and `feeds` decide what its rows mean.

    A key part `ordinal` is the row's position among the rows of its delivery that agree in the other key columns;
    the key `[line_number]` is the delivery and the line: for records that nothing in them names.
    `open_platform` is the WeChat open-platform account that unionids of the file live in.
    """

    label: str
    description: str
    kind: str
    evidence: Literal["verified", "unverified"] = "verified"
    cadence: Literal["daily", "weekly", "monthly", "on_change"] = "daily"
    required_for_publish: bool = False
    container: tuple[Literal["csv", "xlsx", "json", "jsonl", "parquet"], ...]
    encodings: tuple[Literal["utf-8", "gb18030", "utf-16"], ...] = ("utf-8", "gb18030")
    delimiter: str = ","
    sheets: str | None = None
    records: tuple[Records, ...] = (Records(),)
    exported_at: tuple[ContextRule, ...]
    account: tuple[ContextRule, ...] = ()
    date: tuple[ContextRule, ...] = ()
    open_platform: tuple[ContextRule, ...] = ()
    key: tuple[Name, ...]
    restates: Restates = Restates()
    updated_at: str | None = None
    event_time: tuple[str, ...] = ()
    skip_rows: tuple[SummaryRule, ...] = ()
    footer: Footer | None = None
    repair: Repair = Repair()
    null_tokens: tuple[str, ...] = ()
    withdrawn_when: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # column → values for which the record stops being evidence
    columns: dict[Name, Column]
    drop: tuple[str, ...] = ()
    feeds: dict[Relation, str] = Field(default_factory=dict)  # canonical relation → suffix of the staging model ('' is the model itself)

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: dict) -> dict:
        if isinstance(data, dict):
            if isinstance(data.get("feeds"), list):
                data = {**data, "feeds": {relation: "" for relation in data["feeds"]}}
            if isinstance(data.get("restates"), str):
                data = {**data, "restates": {"by": data["restates"]}}
        return data

    @model_validator(mode="after")
    def _names_its_columns(self) -> Export:
        known = {*self.columns, "account", "business_on"}
        named = {
            "key": tuple(part for part in self.key if part != "ordinal" and self.key != ("line_number",)),
            "restates": (*self.restates.columns, *(name for name in (self.restates.last_page, self.restates.page) if name)),
            "event_time": self.event_time,
            "updated_at": (self.updated_at,) if self.updated_at else (),
            "skip_rows": tuple(rule.column for rule in self.skip_rows if rule.column != "*"),
            "control": tuple(column for rule in self.skip_rows for column in rule.control),
            "footer": tuple(column for column in (self.footer.totals.values() if self.footer else ()) if column != "rows"),
            "context": tuple(rule.column for rule in (*self.exported_at, *self.account, *self.date, *self.open_platform) if rule.column),
            "repair": (self.repair.join_into,) if self.repair.join_into else (),
            "withdrawn_when": tuple(self.withdrawn_when),
        }
        for word, columns in named.items():
            for column in columns:
                if column not in known:
                    raise ValueError(f"`{word}` names `{column}`, which is no column of this export")
        return self

    @property
    def identity_columns(self) -> dict[str, Column]:
        """Top-level identity columns by name (those inside lists are found in `columns[…].fields`)."""
        return {name: column for name, column in self.columns.items() if column.identity}

    def fingerprint(self) -> str:
        """12 hex digits that change when, and only when, the contract's meaning for a loaded file changes."""
        meaning = self.model_dump(
            mode="json",
            exclude={"label", "description", "kind", "evidence", "cadence", "required_for_publish", "feeds",
                     "restates", "event_time", "updated_at", "withdrawn_when"},
        )
        meaning["is_never_restated"] = self.restates.by == "never"  # then a key may stand in one delivery once only
        _forget_descriptions(meaning)
        text = json.dumps([LOADER_MEANING, meaning], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _forget_descriptions(node: object) -> None:
    if isinstance(node, dict):
        node.pop("description", None)
        for child in node.values():
            _forget_descriptions(child)


class Platform(Strict):
    """One YAML file: a platform or channel and its exports."""

    platform: Name
    label: str
    domain: Literal["public", "partner", "private", "own"]
    extends: str | None = None
    exports: dict[Name, Export]
