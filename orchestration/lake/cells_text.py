"""Cells that stay text: trimming, null tokens, ids, words of a vocabulary, flags, tags. SQL expressions over one VARCHAR expression.

Cheap path first: a CASE looks at the cell once (0.1 s per million cells) and only dirty cells pay for cleaning. Each cleaning step
uses its input once, because DuckDB repeats the text of an expression that a step would use twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from orchestration.lake.sql import cases, literal, literals

BLANK = r"[\s\x{a0}\x{3000}]*"
INVISIBLE = r"[\x{feff}\x{200b}\x{200c}\x{2060}\x00-\x08\x0b-\x1f\x7f]"
DIRTY = rf"^[\s=''`\x{{a0}}\x{{3000}}]|[\s\x{{a0}}\x{{3000}}]$|{INVISIBLE}"
BETWEEN = "\x1e"  # no export holds it; in one that does, it stays in the cell
INVISIBLE_IN_ROW = INVISIBLE.replace(r"\x0b-\x1f", r"\x0b-\x1d\x1f")
DIRTY_IN_ROW = rf"(?:^|\x1e)[\s=''`\x{{a0}}\x{{3000}}]|[\s\x{{a0}}\x{{3000}}](?:\x1e|$)|{INVISIBLE_IN_ROW}"
SHELL = rf"(?s)^{BLANK}(?:=\"{BLANK}(.*?){BLANK}\"|[''`]{BLANK}(.*?)|(.*?)){BLANK}$"  # ="…", one leading ' or `, or as it is
WIDE = "".join(chr(0xFF01 + step) for step in range(94)) + "\u3000"
NARROW = "".join(chr(0x21 + step) for step in range(94)) + " "
PLAIN_ID = "[0-9A-Za-z_*@:/#-]+"  # as every system writes its ids
DAMAGED_ID = r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{1,3}"
DAMAGED_IN_JAVA = r"[0-9]\.[0-9]+[Ee][0-9]{1,3}"  # without the sign, as Java and JSON writers have it; 1E10 alone may be a product code
WIDE_LETTERS = r"\x{ff10}-\x{ff19}\x{ff21}-\x{ff3a}\x{ff41}-\x{ff5a}"
WIDE_ID = rf"[0-9A-Za-z_.{WIDE_LETTERS}-]*[{WIDE_LETTERS}][0-9A-Za-z_.{WIDE_LETTERS}\x{{ff0d}}\x{{ff3f}}-]*"
TOTALS = ("合计", "总计", "小计", "汇总", "共计", "总合计", "合计:", "总计:", "合计：", "总计：", "total", "sum", "subtotal", "grand total")
NOTE = r"^(?:导出(?:时间|日期|人)|数据(?:来源|时间|更新)|统计(?:时间|日期|周期)|制表|备注[:：]|说明[:：]|注[:：]|共\s*[0-9]+\s*[条行])"
TRUE_WORDS = ("1", "true", "yes", "y", "t", "是", "有", "对", "√", "已开通", "已授权")
FALSE_WORDS = ("0", "false", "no", "n", "f", "否", "无", "没有", "×", "未开通", "未授权")


def stripped(raw: str) -> str:
    """The cell without its shell: blanks, tabs, BOM and control characters, `="…"`, one leading apostrophe or backtick. May be ''."""
    return rf"regexp_replace(regexp_replace({raw}, '{INVISIBLE}', '', 'g'), '{SHELL}', '\1\2\3')"


def narrow(text: str, more_from: str = "", more_to: str = "") -> str:
    """Full-width ASCII and the wide blank made narrow (the part of NFKC that numbers, times and ids need).

    `more_from` maps to `more_to`; characters beyond its end are taken out.
    """
    return f"translate({text}, {literal(more_from[: len(more_to)] + WIDE + more_from[len(more_to) :])}, {literal(more_to + NARROW)})"


def clean_text(raw: str, nulls: Iterable[str], tidy: str = "false") -> str:
    """The cell as text, NULL for empty cells and null tokens. `tidy` is SQL, true where the row is known to need no cleaning."""
    words = sorted(set(nulls))
    token = f"^(?:{'|'.join(pattern_of(word) for word in words)})$"
    cleaned = f"nullif(regexp_replace({stripped(raw)}, {literal(token)}, ''), '')"
    return cases(  # AND inside a CASE condition stops at the first false: most cells pay for their length only
        [
            (f"strlen({raw}) <= {_longest(words)} and {raw} in {literals(['', *words])}", "null"),
            (f"not {tidy} and regexp_matches({raw}, '{DIRTY}')", cleaned),
        ],
        raw,
    )


def is_no_token(raw: str, nulls: Iterable[str]) -> str:
    """True where the cell is none of the null tokens."""
    words = sorted(set(nulls))
    return f"(strlen({raw}) > {_longest(words)} or {raw} not in {literals(words)})" if words else "true"


def _longest(words: Iterable[str]) -> int:
    return max((len(word.encode()) for word in words), default=0)


def is_tidy(cells: Iterable[str]) -> str:
    """True where none of a row's cells needs cleaning: one search over all of them costs a fifth of one search in each."""
    joined = f"concat_ws(chr({ord(BETWEEN)}), {', '.join(cells)})"
    return f"not regexp_matches({joined}, '{DIRTY_IN_ROW}')"


def pattern_of(word: str) -> str:
    """The word as a regular expression that matches it alone (RE2 knows fewer escapes than Python)."""
    return re.sub(r"([\\.+*?()|\[\]{}^$/-])", r"\\\1", word)


def is_damaged_id(text: str) -> str:
    """True where a spreadsheet turned a long number into 1.23457E+18: the digits are gone, nothing may be guessed."""
    return (
        f"case when contains({text}, '+') then regexp_full_match({text}, '{DAMAGED_ID}') "
        f"when contains({text}, '.') then regexp_full_match({text}, '{DAMAGED_IN_JAVA}') else false end"
    )


def plain_id(text: str) -> str:
    """An id as everybody else writes it: 13800000000.0 (a number that a program read and wrote) and １２３ are the digits alone."""
    wide = f"strlen({text}) <> length({text}) and regexp_full_match({text}, '{WIDE_ID}')"
    return cases([(f"ends_with({text}, '.0')", rf"regexp_replace({text}, '^([0-9]{{5,}})\.0$', '\1')"), (wide, narrow(text))], text)


def is_total(text: str) -> str:
    """True where a key says 合计 instead of naming a record: a total, or a note, that the contract does not know."""
    return f"lower({text}) in {literals(TOTALS)}"


def is_note(text: str) -> str:
    """True where an id begins like the line that tools write below a table. Titles may begin so, ids never."""
    return f"case when strlen({text}) <> length({text}) then regexp_matches({text}, '{NOTE}') else false end"


def folded(text: str) -> str:
    """Text for comparing words: narrow, lower case, no blanks and no commas."""
    return f"lower(regexp_replace({narrow(text)}, '[\\s,，、]', '', 'g'))"


def fold(word: str) -> str:
    """What `folded` does, in Python."""
    narrowed = word.translate({ord(wide): small for wide, small in zip(WIDE, NARROW, strict=True)})
    return re.sub(r"[\s,，、]", "", narrowed).lower()


def enum(text: str, values: Mapping[str, Iterable[str]], scrub: str) -> str:
    """The canonical word; an unknown one becomes `unknown:<word>` (`scrub` is the scrubbed text)."""
    exact = _exact(text, values)
    loose = [
        (f"{folded(text)} in {literals(sorted({fold(word) for word in words}))}", literal(canon))
        for canon, words in values.items()
        if words
    ]
    unknown = f"'unknown:' || substr({scrub}, 1, 40)"
    return cases([(f"{text} is null", "null"), *exact, *loose], unknown)


def exact_word(text: str, values: Mapping[str, Iterable[str]]) -> str:
    """The canonical word of one that is spelled as in the contract."""
    return cases(_exact(text, values))


def _exact(text: str, values: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    return [(f"{text} in {literals(words)}", literal(canon)) for canon, words in values.items() if words]


def boolean(text: str) -> str:
    """Yes and no in both languages; anything else is NULL and a problem."""
    return cases([(f"lower({text}) in {literals(TRUE_WORDS)}", "true"), (f"lower({text}) in {literals(FALSE_WORDS)}", "false")])


def tags(text: str, patterns: Mapping[str, Iterable[str]]) -> str:
    """The sorted, comma-joined names whose patterns are found in the text; NULL when none is. The text itself is not kept."""
    found = [f"case when regexp_matches({text}, {literal('|'.join(f'(?:{one})' for one in some))}) then {literal(tag)} end"
             for tag, some in sorted(patterns.items())]  # fmt: skip
    return f"case when {text} is not null then nullif(concat_ws(',', {', '.join(found)}), '') end"
