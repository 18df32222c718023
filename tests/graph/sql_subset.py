"""The SQL that DuckDB and Spark both read, and read alike: what slips out of it, and what to say instead.

Here: rules over text. What a rule cannot see (a sort key that may be NULL, a sum of doubles) the parity of results shows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

SAME_ON_BOTH = """
    abs avg bool_or cast ceil coalesce count date_trunc decimal dense_rank exp extract greatest lag lead least length ln lower lpad
    max md5 median min nullif power rank regexp_extract round row_number split_part sqrt substr sum try_cast upper values year month"""
OF_JINJA = """
    append batch call config create_table_as env_var get indent items join length list load_cached_relation log map max min namespace
    persist_docs range ref registry reject replace return run_hooks run_query sort source split statement trim update var"""
KNOWN = frozenset(re.findall(r"\w+", SAME_ON_BOTH + " " + OF_JINJA))
OF_DBT = frozenset({"date_trunc", "hash", "any_value", "bool_or", "intersect", "except"})
INSTEAD_OF = {
    "array_agg": "collect_sorted", "list": "collect_sorted", "string_agg": "joined_in_order", "group_concat": "joined_in_order",
    "unnest": "explode", "len": "list_size", "struct_pack": "struct", "date_diff": "seconds_between or days_between",
    "datediff": "days_between", "generate_series": "days_from_to", "regexp_matches": "regexp_like", "concat": "||",
    "instr": "regexp_like, like or split_part", "strpos": "regexp_like, like or split_part", "list_sum": "list_sum of macros/engine.sql",
    "now": "as_of()", "arg_max": "row_number in a subquery", "max_by": "row_number in a subquery", "mod": "int_div and a difference",
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """A construct that is refused wherever it stands in SQL text without comments. `breaks` is an example of it."""

    name: str
    pattern: str
    instead: str
    breaks: str


RULES = (
    Rule("cast by ::", r"::", "cast(x as type)", "select a::bigint from t"),
    Rule("qualify", r"\bqualify\b", "a subquery with row_number", "select a from t qualify row_number() over (order by a) = 1"),
    Rule("group by all", r"\bgroup\s+by\s+all\b", "name the columns", "select a, count(*) from t group by all"),
    Rule("order by all", r"\border\s+by\s+all\b", "name the columns", "select a from t order by all"),
    Rule("distinct on", r"\bdistinct\s+on\b", "a subquery with row_number", "select distinct on (a) a, b from t"),
    Rule(
        "filter in a window", r"\bfilter\s*\(\s*where\b[^()]*(\([^()]*\)[^()]*)*\)\s*over\b", "case inside the window",
        "select sum(a) filter (where b in (1)) over (partition by c) from t",
    ),
    Rule("columns by exception", r"\*\s*(exclude|replace|except)\s*\(", "name the columns", "select * exclude (a) from t"),
    Rule("columns by pattern", r"\bcolumns\s*\(\s*['*]", "name the columns", "select columns('a.*') from t"),
    Rule(
        "semi or anti join", r"(\bleft\s+)?\b(semi|anti|asof|positional)\s+join\b",
        "exists or a join", "select a from t anti join u on t.a = u.a",
    ),
    Rule("union by name", r"\bby\s+name\b", "union all of named columns", "select a from t union all by name select a from u"),
    Rule("pivot", r"\b(un)?pivot\b", "case inside aggregates", "pivot t on a using sum(b)"),
    Rule(
        "recursion", r"\bwith\s+recursive\b",
        "the materialization connected_components, or levels in a loop", "with recursive r as (select 1) select 1",
    ),
    Rule(
        "frame of groups", r"\bgroups\s+between\b",
        "rows or range", "select sum(a) over (order by b groups between 1 preceding and current row) from t",
    ),
    Rule("sample", r"\b(using\s+sample|tablesample)\b", "a condition on a hash", "select a from t using sample 10"),
    Rule("interval without quotes", r"\binterval\s+[0-9]", "interval '1' day", "select a + interval 1 day from t"),
    Rule("element by number", r"\b[a-z_]+\[[1-9][0-9]*\]", "first_item or only_item", "select lines[1].title from t"),
    Rule("lambda", r"\blambda\s+\w+\s*:|\(\s*\w+\s*->", "a macro in macros/engine.sql", "select f(a, lambda x: x + 1) from t"),
    Rule("pattern operator", r"\bsimilar\s+to\b|\bilike\b|\bglob\s+'", "regexp_like or lower() like", "select a from t where a ilike 'x'"),
)  # fmt: skip
LITERALS = (
    Rule("backslash in a literal", r"\\", "[0-9] for digits, [.] for a point", r"select a from t where a like '\d'"),
    Rule("apostrophe in a literal", r"(?<=.)''(?=.)", "’, or text_rows()", "select 'it''s' from t"),
)
OUTSIDE = (
    Rule("quoted identifier", r'"', "a lower snake_case name that is no reserved word", 'select "Order" from t'),
    Rule("tilde", r"~", "regexp_like", "select a from t where a ~ 'x'"),
    Rule("capitals", r"\b[A-Za-z_]*[A-Z]\w*\b", "lower case", "select orderId from t"),
    Rule("identifier in Chinese", r"[\u0080-\uffff]+", "an English name", "select 金额 from t"),
)
LITERAL = re.compile(r"'(?:[^']|'')*'")
RELATION = re.compile(r'"\w+"\."\w+"\."\w+"')  # how dbt writes a relation of DuckDB


def source_findings(text: str, macros: Collection[str]) -> list[str]:
    """What slipped out of a model's, test's or macro's source. `macros`: names that the project defines, which may be called."""
    text = without_comments(text)
    return [*_constructs(text), *_functions(text, macros)]


def compiled_findings(sql: str) -> list[str]:
    """What slipped out of SQL that dbt compiled: what only shows when every macro has said its part."""
    sql = without_comments(sql)
    bare = LITERAL.sub("''", RELATION.sub("relation", sql))
    found = [_say(rule, hit[0]) for rule in OUTSIDE if (hit := re.search(rule.pattern, bare))]
    inside = (literal[1:-1] for literal in LITERAL.findall(sql))
    return found + sorted({_say(rule, text) for text in inside for rule in LITERALS if re.search(rule.pattern, text)})


def without_comments(text: str) -> str:
    """SQL or its template without comments of either kind; literals stay."""
    return re.sub(r"'(?:[^'\n]|'')*'|\{#.*?#\}|--[^\n]*", lambda part: part[0] if part[0].startswith("'") else " ", text, flags=re.S)


def _constructs(text: str) -> Iterator[str]:
    for rule in RULES:
        if hit := re.search(rule.pattern, text, re.IGNORECASE):
            yield _say(rule, hit[0])


def _functions(text: str, macros: Collection[str]) -> Iterator[str]:
    """Functions are allowed by name: what nobody compared on both engines is said in macros/engine.sql, once per engine."""
    for owner, name in sorted(set(re.findall(r"((?:\b[\w]+\.)?)\b([a-z_][a-z0-9_]*)\(", text))):
        if owner == "dbt." and name not in OF_DBT and not name.startswith("type_"):
            yield f"dbt.{name}: a macro of our own, since this one says nothing or something else on Spark"
        if not owner and name not in KNOWN and name not in macros:
            yield f"{name}(): say {INSTEAD_OF.get(name, 'it in macros/engine.sql, or compare both engines and add it to SAME_ON_BOTH')}"


def _say(rule: Rule, seen: str) -> str:
    return f"{rule.name} ({seen.strip()[:60]}): say {rule.instead}"
