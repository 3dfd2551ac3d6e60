"""What every figure of an audit must bear: that its people are invented, and where its bookings are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from habeas.desk.audit_findings import CustodyFinding
from habeas.desk.audit_report import AuditReport
from habeas.report.markup import Content, tag
from habeas.report.page import folded

INVENTED: Final = "invented people"
"""The mark of figures that speak of nobody."""
_MOST_LISTED = 250


def marked(report: AuditReport, words: str) -> str:
    """A title, heading or axis; of invented people it says so."""
    return f"{words} ({INVENTED})" if report.invented else words


def unit(report: AuditReport, words: str) -> str:
    """The unit of an axis; of invented people it says so."""
    return f"{words}, {INVENTED}" if report.invented else words


def row_id(found: CustodyFinding) -> str:
    """The id of a custody's row on the page."""
    return f"custody-{found.person}-{found.booking}-{found.start}".replace(" ", "_").replace(",", "")


def drill(report: AuditReport, count: int, counts: Callable[[CustodyFinding], bool]) -> Content:
    """The custodies behind a number, each a link to its row; nothing for none."""
    if not count:
        return None
    found = [each for each in report.custodies if counts(each)][:_MOST_LISTED]
    if not found:
        return None
    links = [
        tag("li", tag("a", each.booking or each.person, href=f"#{row_id(each)}"))
        for each in sorted(found, key=lambda each: (-each.late.least, -each.late.most, each.booking))
    ]
    more = f", {len(found):,} listed here" if len(found) < count else ""
    return folded(f"which {count:,}{more}", tag("ul", links, class_="which"))
