"""The deadline sheet: one page that outlives the database, with its age in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from habeas.authority.findings import Verdict
from habeas.desk.due import Due, DueList
from habeas.kernel.instants import HOUR, MINUTE, SECOND, Instant, format_instant
from habeas.report.markup import Markup, tag
from habeas.report.page import page

STALE_MINUTES = 10

_AGE = """
(function () {
  var box = document.getElementById("age"), written = Number(box.dataset.written);
  function show() {
    var minutes = Math.floor((Date.now() - written) / 60000);
    box.textContent = minutes < 1 ? "less than a minute old" : minutes + " min old";
    if (minutes >= %d) { box.textContent += ": TOO OLD. Ask the records desk before you rely on it."; }
  }
  show();
  setInterval(show, 5000);
})();
"""


def deadline_sheet(found: DueList, origin: str, zone_of: Callable[[str], ZoneInfo]) -> str:
    """The page.

    Args:
        found: What is due.
        origin: Of which ledger.
        zone_of: The zone of a place, in which its instants are shown.
    """
    hours = found.within // HOUR
    written = format_instant(found.at, zone_of(found.due[0].place if found.due else ""))
    counts = f"{len(found.due)} entries of {found.people} people; {found.withheld} withheld by orders"
    unread = (
        f"; {found.unread} rows could not be read: a release order may be among them" if found.unread else ""
    )
    body = tag(
        "section",
        tag("h1", f"Due within {hours} hours"),
        tag(
            "p",
            f"Written {written}. Age: ",
            tag(
                "strong",
                f"not shown without scripts; past {STALE_MINUTES} minutes do not rely on it",
                id="age",
                data_written=str(found.at // (SECOND // 1000)),
            ),
        ),
        tag("p", counts + unread),
        tag(
            "table", _head(), tag("tbody", [_row(each, found.at, zone_of(each.place)) for each in found.due])
        ),
        tag("script", Markup(_AGE % STALE_MINUTES)),
        id="due",
    )
    contents: Mapping[str, str] = {"due": "What is due"}
    foot = "A legal calculation with its sources; not advice, and no substitute for an order of a court."
    return page(
        f"Deadline sheet of {origin}", "who must be let go or presented by when", contents, body, foot
    )


def left(by: Instant, at: Instant) -> str:
    """Time left, or since when it is overdue: ``5 h 30 min``."""
    minutes = abs(by - at) // MINUTE
    shown = f"{minutes // 60} h {minutes % 60:02d} min"
    return f"OVERDUE by {shown}" if by < at else shown


def _head() -> Markup:
    names = ("Left", "By", "Person", "What", "Whose duty", "Verdict now", "Law")
    return tag("thead", tag("tr", [tag("th", name, scope="col") for name in names]))


def _row(due: Due, at: Instant, zone: ZoneInfo) -> Markup:
    unverified = due.verdict is Verdict.UNDETERMINED
    cells = (
        "call" if unverified and due.by == at else left(due.by, at),
        format_instant(due.by, zone),
        due.person,
        due.what,
        due.bearer,
        due.verdict.value,
        due.cite,
    )
    return tag("tr", [tag("td", each) for each in cells])
