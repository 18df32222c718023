"""One column of an export, said as data: where it stands, what type it is, whom it identifies.

Belongs here: the words of a column. Does not: the words of a file (contract), what the loader makes of a cell (cells).
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

SNAKE = re.compile(r"[a-z][a-z0-9_]*")
LOOK_AROUND = re.compile(r"\(\?(?:<?[=!]|P=)|\\[1-9]")


def _snake(name: str) -> str:
    if not SNAKE.fullmatch(name):
        raise ValueError(f"{name!r} is not lower snake_case")
    return name


Name = Annotated[str, AfterValidator(_snake)]
ColumnType = Literal[
    "id", "text", "free_text", "money", "decimal", "integer", "percent", "timestamp", "date", "boolean",
    "enum", "region", "tags", "birth_month", "list",
]
Trust = Literal[
    "platform", "platform_verified", "account", "member_file", "bridge", "profile", "receiver", "staff_remark", "device", "ruling",
]  # fmt: skip


class Strict(BaseModel):
    """An unknown word in a contract is an error, never a silent no-op."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Identity(Strict):
    """A column that is evidence for who somebody is.

    `scope` is a template: `global`, a literal, or text with `{account}`, `{open_platform}`, `{<column>}`, `{week:<column>}` holes;
    where a hole has no value the scope is NULL, and the key proves nothing.
    `clear` keys (order and payment numbers: bridges between records) stay readable; all others become tokens.
    `person` names a second person on the record (an inviter): keys of one such name are evidence of one person,
    apart from the record's own. The name `staff` says that the key is the brand's own people's, and links nobody anywhere.
    """

    type: Name
    scope: str = "global"
    trust: Trust = "account"
    clear: bool = False
    person: Name | None = None


class Column(Strict):
    """One output column. `from` lists header aliases or JSON paths (`a.b.c` in the record, `$.a.b` in the page around it); first wins.

    `required`: without its header the file is refused, and without a value the row; `header` asks for the header alone.
    `default` stands in where the header is missing or the cell is empty: a literal, or `{account}`, `{business_on}` of the context.
    `layouts` names the variant of the file: the first value whose headers all stand in it; `constant` is one value for all rows.
    """

    headers: tuple[str, ...] = Field(alias="from", default=())
    type: ColumnType = "text"
    required: bool | Literal["header"] = False
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
    default: str | None = None
    layouts: dict[str, tuple[str, ...]] = {}
    description: str = ""

    @model_validator(mode="after")
    def _fits_its_type(self) -> Column:
        wants = {"enum": "values", "tags": "patterns", "region": "level", "list": "fields"}
        for kind, word in wants.items():
            if (self.type == kind) != bool(getattr(self, word)):
                raise ValueError(f"`{word}` belongs to type `{kind}`, and `{kind}` needs it")
        for pattern in (pattern for some in self.patterns.values() for pattern in some):
            if LOOK_AROUND.search(pattern) or not re.compile(pattern):
                raise ValueError(f"{pattern!r}: look-around and back-references do not run in the engine (RE2)")
        if sum((bool(self.headers), self.constant is not None, bool(self.layouts))) > 1:
            raise ValueError("say only one of `from`, `constant`, `layouts`")
        if not self.headers and self.constant is None and self.default is None and not self.layouts:
            raise ValueError("`from`, `constant`, `default` or `layouts` is missing")
        return self
