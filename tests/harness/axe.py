"""axe-core over a page: what people with a screen reader, a keyboard or weak eyes would stumble over."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_SCRIPT = Path(__file__).parents[1] / "browser/node_modules/axe-core/axe.min.js"


@cache
def _source() -> str:
    if not _SCRIPT.exists():
        raise RuntimeError("axe-core is missing: make tests/browser/node_modules/.installed")
    return _SCRIPT.read_text()


def serious_findings(page: Page) -> list[str]:
    """One line for each serious or critical finding on the page as it is drawn now: rule, help, where.

    Through the debugger rather than a script element, so the page's own CSP stays in force.
    """
    page.evaluate(_source())
    report: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{finding['impact']} {finding['id']}: {finding['help']} at {', '.join(map(str, node['target']))}"
        for finding in report["violations"]
        if finding["impact"] in {"serious", "critical"}
        for node in finding["nodes"]
    ]
