"""Identity keys: normalised, classed, and turned into tokens before they leave the loader.

A token is HMAC-SHA-256(pepper, normalised value) as 64 hex digits (RFC 2104), computed in SQL, bit-equal to Python's `hmac`.
The class says what kind of value stood there, because nobody can look at a phone number afterwards.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

import duckdb

from orchestration.lake.cells_text import narrow
from orchestration.lake.contract import Identity
from orchestration.lake.sql import cases, literal, literals

CLASSES = ("ok", "masked", "virtual", "placeholder", "ciphertext", "invalid", "blocked")
BLOCK = 64  # bytes of a SHA-256 block
MOBILE = r"1[3-9][0-9]{9}"
DIALLED = r"[-0-9+() .\x{2010}-\x{2015}\x{a0}]+"
FOREIGN = r"\+(?:[1-79][0-9]{6,14}|8[0-57-9][0-9]{5,13})"  # a country code other than 86
CIPHERTEXT = r"^(?:##|\$\$)|^\$.*\$[0-9]*\$?$|^~.*~[0-9]*~?$"
MASK = r"[*＊•]"
MASK_X = r"[0-9][xX]{3,}[0-9]"
EXTENSION = r"(?:\+?86[- ]?|0086[- ]?)?1[3-9][0-9]{9} *(?:[-_,#转]|ext\.?) *[0-9]{1,6}|95013[0-9]+(?:-[0-9]+)?"
FILLER = "|".join(
    [f"{digit}+" for digit in range(10)]
    + [f"[1{digit}]{{11}}" for digit in (0, *range(2, 10))]  # two digits in eleven: typed, not owned
    + [f"1[0-9]{{2}}{digit}{{8}}" for digit in range(10)]
    + [rf"1[0-9]{{2}}{run}" for run in ("01234567", "12345678", "23456789", "98765432", "87654321", "76543210")]
)
ADDRESS = r"[a-z0-9.!#$%&''+/=?^_`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"
ZEROS = r"[0:-]*0[0:-]*"
APPID = r"wx[0-9a-f]{16}"


def bind(con: duckdb.DuckDBPyConnection, pepper: bytes) -> None:
    """Give the connection the two HMAC pads as session variables: the pepper never stands in SQL text."""
    key = hashlib.sha256(pepper).digest() if len(pepper) > BLOCK else pepper
    key = key.ljust(BLOCK, b"\x00")
    con.execute("set variable fishpond_inner = $1::blob", [bytes(byte ^ 0x36 for byte in key)])
    con.execute("set variable fishpond_outer = $1::blob", [bytes(byte ^ 0x5C for byte in key)])


def hmac_sql(text: str) -> str:
    """HMAC-SHA-256 of a VARCHAR expression under the bound pepper, 64 lower-case hex digits; NULL stays NULL."""
    inner = f"unhex(sha256(getvariable('fishpond_inner') || encode({text})))"
    return f"sha256(getvariable('fishpond_outer') || {inner})"


def token(pepper: bytes, normalised: str) -> str:
    """The same token in Python, for one value (erasure requests, tests)."""
    return hmac.new(pepper, normalised.encode(), hashlib.sha256).hexdigest()


def normalised(kind: str, text: str) -> str:
    """The form of a cleaned key that equal persons share: phones as 11 digits or +country, e-mail lower-case, ids as they are."""
    if kind == "phone":
        dialled = f"regexp_replace({narrow(text)}, '[^0-9+]', '', 'g')"
        home = rf"regexp_replace({dialled}, '^(?:\+|00)?86({MOBILE})$', '\1')"
        abroad = rf"regexp_replace({home}, '^00([1-9])', '+\1')"
        is_number = f"regexp_full_match({narrow(text)}, '{DIALLED}')"
        return cases([(f"regexp_full_match({text}, '{MOBILE}')", text), (is_number, abroad)], text)
    if kind == "email":
        return f"lower(regexp_replace({narrow(text)}, '\\s', '', 'g'))"
    return text


def key_class(kind: str, text: str, placeholders: Mapping[str, tuple[str, ...]]) -> str:
    """One of CLASSES for a cleaned key, NULL where there is none. `placeholders` are shared.yml's lists by key type and `any`."""
    words = sorted({word.lower() for word in (*placeholders.get("any", ()), *placeholders.get(kind, ()))})
    known = literals(words)
    longest = max(len(word.encode()) for word in words)
    norm = normalised(kind, text)
    masks = f"{MASK}|{MASK_X}" if kind == "phone" else MASK
    empty = cases(
        [
            (f"strlen({text}) <= {longest}", f"lower({text}) in {known} or regexp_full_match({text}, '{ZEROS}')"),
            (f"starts_with({text}, '0')", f"regexp_full_match({text}, '{ZEROS}')"),
        ],
        "false",
    )
    otherwise = "'invalid'" if kind in ("phone", "email") else "'ok'"
    opaque = [
        (f"{text} is null", "null"),
        (f"regexp_matches({text}, '^[#$~]|{masks}')", f"case when regexp_matches({text}, '{CIPHERTEXT}') then 'ciphertext' "
         f"when regexp_matches({text}, '{masks}') then 'masked' else {otherwise} end"),
        (empty, "'placeholder'"),
    ]  # fmt: skip
    if kind == "phone":
        mobile = f"case when regexp_full_match({norm}, '{FILLER}') or {norm} in {known} then 'placeholder' else 'ok' end"
        return cases(
            [
                (f"regexp_full_match({text}, '{MOBILE}')", mobile.replace(norm, text)),
                *opaque,
                (f"regexp_full_match({narrow(text)}, '{EXTENSION}')", "'virtual'"),
                (f"regexp_full_match({norm}, '{MOBILE}') or regexp_full_match({norm}, '{FILLER}')", mobile),
                (f"regexp_full_match({norm}, '{FOREIGN}')", "'ok'"),
            ],
            "'invalid'",
        )
    if kind == "email":
        return cases([*opaque, (f"{norm} in {known}", "'placeholder'"), (f"regexp_full_match({norm}, '{ADDRESS}')", "'ok'")], "'invalid'")
    if kind == "openid":
        opaque.append((f"regexp_full_match({text}, '{APPID}')", "'invalid'"))
    return cases(opaque, "'ok'")


def scope_sql(template: str, holes: Mapping[str, str]) -> str:
    """The scope text of a key: `{name}` takes the SQL in `holes`, `{week:name}` its ISO week; NULL when a hole has no value."""
    parts = []
    for word in re.split(r"(\{[^}]*\})", template):
        if word.startswith("{"):
            name = word[1:-1]
            if name.startswith("week:"):
                parts.append(f"strftime({holes[name[5:]]}, '%G-W%V')")
            else:
                parts.append(f"cast({holes[name]} as varchar)")
        elif word:
            parts.append(literal(word))
    return " || ".join(parts) or "''"


def key_fields(
    name: str, identity: Identity, text: str, holes: Mapping[str, str], placeholders: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """The three fields that an identity column becomes, from its cleaned text: token (or clear value), class, scope."""
    norm = normalised(identity.type, text)
    scope = scope_sql(identity.scope, holes)
    return {
        name: text if identity.clear else hmac_sql(norm),
        f"{name}_class": key_class(identity.type, text, placeholders),
        f"{name}_scope": f"case when {text} is not null then {scope} end",
    }
