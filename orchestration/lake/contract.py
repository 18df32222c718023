"""What an export file looks like, said as data: the models behind `orchestration/sources/*.yml`.

One `Platform` per YAML file, one `Export` per kind of file a platform gives. Nothing here reads a delivered file.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

SNAKE = re.compile(r"[a-z][a-z0-9_]*")
LOADER_MEANING = 1  # raise when the loader itself gives equal bytes and an equal contract another meaning


def _snake(name: str) -> str:
    if not SNAKE.fullmatch(name):
        raise ValueError(f"{name!r} is not lower snake_case")
    return name


Name = Annotated[str, AfterValidator(_snake)]
ColumnType = Literal[
    "id", "text", "free_text", "money", "decimal", "integer", "percent", "timestamp", "date", "boolean",
    "enum", "region", "tags", "birth_month", "list",
]
Trust = Literal["platform", "platform_verified", "account", "member_file", "bridge", "profile", "receiver", "staff_remark", "device"]
Relation = Literal[
    "orders", "order_lines", "refunds", "order_costs", "payments", "touches", "spend", "metrics", "contacts",
    "contact_events", "referrals", "service", "channel_costs", "products", "members", "rulings",
]


class Strict(BaseModel):
    """An unknown word in a contract is an error, never a silent no-op."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Identity(Strict):
    """A column that is evidence for who somebody is.

    `scope` is a template: `global`, a literal, or text with `{account}`, `{<column>}`, `{week:<column>}` holes.
    `clear` keys (order and payment numbers: bridges between records) stay readable; all others become tokens.
    """

    type: Name
    scope: str = "global"
    trust: Trust = "account"
    clear: bool = False


class Column(Strict):
    """One output column. `from` lists header aliases (or JSON paths `a.b.c`), first one found wins."""

    headers: tuple[str, ...] = Field(alias="from", default=())
    type: ColumnType = "text"
    required: bool = False
    identity: Identity | None = None
    unit: Literal["yuan", "fen", "percent", "ratio"] | None = None
    rounding: Literal["exact", "half_up"] = "exact"
    epoch: Literal["s", "ms", "us"] | None = None
    zone: Literal["shanghai", "utc"] = "shanghai"
    may_be_future: bool = False
    values: dict[str, tuple[str, ...]] = {}
    patterns: dict[str, tuple[str, ...]] = {}
    level: Literal["province", "city"] | None = None
    fields: dict[Name, Column] = {}
    null_tokens: tuple[str, ...] = ()
    constant: str | None = None
    description: str = ""

    @model_validator(mode="after")
    def _fits_its_type(self) -> Column:
        wants = {"enum": "values", "tags": "patterns", "region": "level", "list": "fields"}
        for kind, word in wants.items():
            if (self.type == kind) != bool(getattr(self, word)):
                raise ValueError(f"`{word}` belongs to type `{kind}`, and `{kind}` needs it")
        if not self.headers and self.constant is None:
            raise ValueError("`from` or `constant` is missing")
        return self


class ContextRule(Strict):
    """Where account, business date or export time come from; rules are tried in order, the first that answers wins.

    `file_name` is a regular expression with one group; `folder` names a `key=value` folder; `column` takes the value
    (for times: the largest) of a loaded column; `payload` is a JSON path in the page around the records.
    """

    file_name: str | None = None
    folder: str | None = None
    column: str | None = None
    payload: str | None = None
    constant: str | None = None
    format: str | None = None
    epoch: Literal["s", "ms", "us"] | None = None

    @model_validator(mode="after")
    def _one_place(self) -> ContextRule:
        places = [self.file_name, self.folder, self.column, self.payload, self.constant]
        if sum(place is not None for place in places) != 1:
            raise ValueError("say exactly one of file_name, folder, column, payload, constant")
        return self


Control = Literal["equal", "at_least", "report"]


class SummaryRule(Strict):
    """Rows that are not records: `in` lists the words of the column's cell, `blank` takes an empty cell, `starts_with` a prefix."""

    column: str
    words: tuple[str, ...] = Field(alias="in", default=())
    starts_with: str | None = None
    blank: bool = False
    control: dict[str, Control] = {}


class Footer(Strict):
    """A block after the records: the line that begins with `starts_with` names the totals, the next line holds them."""

    starts_with: str
    totals: dict[str, str] = {}  # footer header → column whose sum it states, or `rows`
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
    """How a newer export changes what an older one said: by row, by group of rows, or as the whole state of a scope."""

    by: Literal["row", "group", "snapshot", "never"] = "row"
    columns: tuple[str, ...] = ()


class Export(Strict):
    """One kind of file. See DESIGN's words: key, restates, exported_at, feeds."""

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
    key: tuple[Name, ...]
    restates: Restates = Restates()
    updated_at: str | None = None
    event_time: tuple[str, ...] = ()
    skip_rows: tuple[SummaryRule, ...] = ()
    footer: Footer | None = None
    repair: Repair = Repair()
    null_tokens: tuple[str, ...] = ()
    withdrawn_when: dict[str, tuple[str, ...]] = {}  # column → values for which the record stops being evidence
    columns: dict[Name, Column]
    drop: tuple[str, ...] = ()
    feeds: dict[Relation, str] = {}  # canonical relation → suffix of the staging model ('' is the model itself)

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
        known = {*self.columns, "account", "business_on"} | ({"line_number"} if self.key == ("line_number",) else set())
        named = {
            "key": self.key, "restates": self.restates.columns, "event_time": self.event_time,
            "updated_at": (self.updated_at,) if self.updated_at else (),
            "skip_rows": tuple(rule.column for rule in self.skip_rows if rule.column != "*"),
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
