"""Personal data in text that nobody promised to be free of it: masked in free text and `_extra`, or reduced to a shape. SQL expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orchestration.lake.sql import literal

SUSPECT = r"[0-9０-９](?:[- ]?[0-9０-９]){6,}|@|(?i:wechat|weixin|vx|wx|qq)|微信|薇信|威信|[路街巷弄村道][0-9０-９]"
EDGE_L, EDGE_R = r"(^|[^0-9])", r"($|[^0-9])"
MASKS = (
    (r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", "<email>"),
    (rf"{EDGE_L}[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}[01][0-9][0-3][0-9][0-9]{{3}}[0-9Xx]{EDGE_R}", r"\1<national id>\2"),
    (rf"{EDGE_L}(?:\+?86|0086)?[- ]?1[3-9][0-9][- ]?[0-9]{{4}}[- ]?[0-9]{{4}}(?:-[0-9]{{1,6}})?{EDGE_R}", r"\1<phone>\2"),
    (rf"{EDGE_L}[3-6][0-9]{{3}}(?:[- ]?[0-9]{{4}}){{3}}(?:[- ]?[0-9]{{1,3}})?{EDGE_R}", r"\1<card>\2"),
    (rf"{EDGE_L}(?:0[0-9]{{2,3}}[- ]?[2-9][0-9]{{6,7}}|400[- ]?[0-9]{{3}}[- ]?[0-9]{{4}}){EDGE_R}", r"\1<phone>\2"),
    (r"(?i)((?:wechat|weixin|vx|wx|qq|微信|薇信|威信)(?:号|id)?) *[:：=]? *[a-z0-9][-_a-z0-9]{4,19}", r"\1 <account>"),
    (r"[\p{Han}A-Za-z0-9]+(?:路|街|大道|巷|弄|胡同|村)[0-9]{1,5}(?:号|弄|幢|栋)[\p{Han}A-Za-z0-9-]*", "<address>"),
)
DIGITS_WIDE, DIGITS = "０１２３４５６７８９", "0123456789"


def scrubbed(text: str) -> str:
    """The text with phones, e-mails, national ids, bank cards, chat accounts and street addresses masked.

    Neighbouring hits share an edge character, so the masks that need edges run twice.
    """
    masked = f"translate({text}, '{DIGITS_WIDE}', '{DIGITS}')"
    for pattern, mask in MASKS:
        for _ in range(2 if EDGE_L in pattern else 1):
            masked = f"regexp_replace({masked}, {literal(pattern)}, {literal(mask)}, 'g')"
    return f"case when {is_suspect(text)} then {masked} else {text} end"


def is_suspect(text: str) -> str:
    """True where the text may hold something that `scrubbed` masks."""
    return f"regexp_matches({text}, {literal(SUSPECT)})"


def shape(text: str) -> str:
    """What the text looks like without what it says: CJK → 汉, other letters → a, digits → 9. At most 200 characters."""
    han = f"regexp_replace(substr({text}, 1, 200), '[\\p{{Han}}\\p{{Hangul}}\\p{{Hiragana}}\\p{{Katakana}}]', '汉', 'g')"
    return f"regexp_replace(regexp_replace({han}, '\\p{{Nd}}', '9', 'g'), '[^\\P{{L}}汉]', 'a', 'g')"


def shape_of(text: str) -> str:
    """`shape` in Python."""
    kinds = ("汉" if re.match(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]", c)
             else "9" if c.isdecimal() else "a" if c.isalpha() else c for c in text[:200])  # fmt: skip
    return "".join(kinds)


def hints_at_person(header: str, hints: Iterable[str]) -> bool:
    """True where a header sounds like personal data. Latin hints up to three letters must be whole words (ip, tel)."""
    text = header.lower()
    words = set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", header).lower()))
    return any(hint in words if hint.isascii() and len(hint) <= 3 else hint in text for hint in hints)
