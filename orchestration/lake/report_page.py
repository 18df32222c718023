"""One run's check results as a page that opens anywhere: one HTML file, styles inside, nothing loaded from elsewhere.

Here: results as plain data → text. Not here: where the page lies (`candidates`, `releases`), what blocks (the gate).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

ORDER = {"could_not_check": 0, "failed": 1, "passed": 2}
STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
body { max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
summary { cursor: pointer; padding: .2rem 0; }
.failed.critical, .could_not_check { color: #c0271d; font-weight: 600; }
.failed.warning { color: #a86400; }
.passed { color: #2a7d3c; }
code { font-size: .9em; }
"""


def report_page(title: str, facts: Mapping[str, str], results: Sequence[Mapping[str, Any]]) -> str:
    """The page: facts, findings (the worst first), then every suite with all its checks. Results have the words of a check result."""
    wrong = sorted((result for result in results if result["status"] != "passed"), key=_worst_first)
    suites: dict[str, list[Mapping[str, Any]]] = {}
    for result in results:
        suites.setdefault(f"{result['asset']} · {result['suite']}", []).append(result)
    head = "".join(f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in facts.items())
    findings = _table(wrong) if wrong else "<p class='passed'>Every check passed.</p>"
    all_suites = "".join(_suite(name, asked) for name, asked in sorted(suites.items()))
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1><table>{head}</table><h2>Findings ({len(wrong)})</h2>{findings}"
        f"<h2>All checks ({len(results):,})</h2>{all_suites}</body></html>\n"
    )


def _suite(name: str, results: Sequence[Mapping[str, Any]]) -> str:
    passed = sum(result["status"] == "passed" for result in results)
    is_open = " open" if passed < len(results) else ""
    summary = f"<summary>{escape(name)}: {passed} of {len(results)} passed</summary>"
    return f"<details{is_open}>{summary}{_table(sorted(results, key=_worst_first))}</details>"


def _table(results: Sequence[Mapping[str, Any]]) -> str:
    rows = "".join(
        f"<tr class='{escape(result['status'])} {escape(result['severity'])}'><td>{escape(result['status'].replace('_', ' '))}</td>"
        f"<td>{escape(result['severity'])}</td><td><code>{escape(result['suite'])}/{escape(result['expectation'])}</code></td>"
        f"<td>{escape(result['observed'])}</td><td>{escape(result['expected'])}</td>"
        f"<td>{escape('; '.join(result.get('samples') or ()))}</td></tr>"
        for result in results
    )
    words = ("status", "severity", "check", "observed", "expected", "first failing keys")
    return f"<table><tr>{''.join(f'<th>{word}</th>' for word in words)}</tr>{rows}</table>"


def _worst_first(result: Mapping[str, Any]) -> tuple[int, int, str, str]:
    return ORDER[result["status"]], result["severity"] != "critical", result["suite"], result["expectation"]
