"""The worklist: who has to be looked at first, why, and what the next seventy-two hours hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup

from habeas.authority.findings import Because, Verdict
from habeas.desk.roles import Act, may
from habeas.desk.worklist import AHEAD, BEHIND, Band, Line, Why, counts, ordered
from habeas.kernel.instants import DAY, FOREVER, SECOND, Instant, civil_date_of, start_of_day
from habeas.report.axis import day_text
from habeas.report.markup import tag
from habeas.web.documents import BoardDocument, LineForm
from habeas.web.drawing import page, safe
from habeas.web.visits import Reply, Visit, document, go_to
from habeas.wire.instants import instant_text

PAGE = 50
"""Lines on one page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One line as a page shows it."""

    line: Line
    band: Band
    zone: ZoneInfo
    strip: Markup
    place: str
    step: str
    """What to do next, in two or three words."""
    to: str
    """Where that is done."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which lines are asked for."""

    band: Band | None
    why: Why | None
    name: str

    def leave(self, line: Line, at: Instant) -> bool:
        """Whether a line is among them."""
        return (
            (self.band is None or line.band(at) is self.band)
            and (self.why is None or line.why is self.why)
            and (not self.name or self.name.lower() in line.person.lower())
        )

    def address(self, **other: str) -> str:
        """The worklist with these filters, some of them changed."""
        mine = {
            "band": self.band.name if self.band else "",
            "why": self.why.name if self.why else "",
            "name": self.name,
        }
        query = urlencode({key: value for key, value in {**mine, **other}.items() if value})
        return f"/worklist?{query}" if query else "/worklist"


def home(visit: Visit) -> Reply:
    """Go where one's role begins."""
    if may(visit.account.role, Act.SEE_WORKLIST):
        return go_to("/worklist")
    return go_to("/accounts" if may(visit.account.role, Act.KEEP_ACCOUNTS) else "/law")


def worklist(visit: Visit) -> Reply:
    """Everybody in custody whom one may see, the least time left first."""
    board, at = visit.site.live.board, visit.at
    mine = [each for each in board.lines.values() if visit.account.sees(each.place, each.stream)]
    filters = Filters(_band(visit.asked("band")), _why(visit.asked("why")), visit.asked("name")[:80])
    lines = ordered((each for each in mine if filters.leave(each, at)), at)
    first = _number(visit.asked("from"))
    if visit.is_json:
        return document(_document(visit, mine, lines, first))
    shown = [_shown(visit, each) for each in lines[first : first + PAGE]]
    return page(
        visit,
        "worklist.html",
        "Worklist",
        invented=any(visit.site.invents(each.place) for each in mine[:1]),
        bands=[(band, count) for band, count in counts(mine, at).items()],
        whys=[(why, sum(1 for each in mine if each.why is why)) for why in Why],
        groups=_grouped(shown),
        filters=filters,
        total=len(lines),
        everybody=len(mine),
        first=first,
        size=PAGE,
        axis=_axis(at, shown[0].zone) if shown else "",
    )


def handover(visit: Visit) -> Reply:
    """What the next shift has to know, on paper: everything pressing, with room to sign."""
    board, at = visit.site.live.board, visit.at
    mine = [each for each in board.lines.values() if visit.account.sees(each.place, each.stream)]
    pressing = [each for each in ordered(mine, at) if each.band(at) not in {Band.LATER, Band.UNSET}]
    return page(
        visit,
        "handover.html",
        "Hand-over sheet",
        invented=any(visit.site.invents(each.place) for each in mine[:1]),
        shown=[_shown(visit, each) for each in pressing],
        bands=[(band, count) for band, count in counts(mine, at).items()],
        everybody=len(mine),
    )


def _document(visit: Visit, mine: Sequence[Line], lines: Sequence[Line], first: int) -> BoardDocument:
    board, at = visit.site.live.board, visit.at
    home = visit.site.zone_of(visit.account.places[0] if visit.account.places else None)
    return BoardDocument(
        at=instant_text(board.at, home),
        position=board.position,
        made=board.made,
        people=board.people,
        withheld=board.withheld,
        counts={band.value: count for band, count in counts(mine, at).items()},
        total=len(lines),
        lines=[_line_form(visit, each) for each in lines[first : first + PAGE]],
    )


def _line_form(visit: Visit, line: Line) -> LineForm:
    zone = visit.site.zone_of(line.place)
    return LineForm(
        person=line.stream,
        place=line.place,
        verdict=line.verdict,
        because=line.because,
        band=line.band(visit.at).value,
        by=instant_text(line.by, zone),
        left_seconds=None if line.by >= FOREVER else (line.by - visit.at) // SECOND,
        why=line.why.value,
        says=line.says,
        cite=line.cite,
        until=None if line.until is None else instant_text(line.until, zone),
        unread=line.unread,
        facts=line.facts,
        law=line.law,
    )


def _shown(visit: Visit, line: Line) -> Shown:
    zone = visit.site.zone_of(line.place)
    step, to = _step(line)
    return Shown(
        line=line,
        band=line.band(visit.at),
        zone=zone,
        strip=_strip(line, visit.at, zone),
        place=visit.site.name_of(line.place),
        step=step,
        to=f"/people/{line.stream}{to}",
    )


def _step(line: Line) -> tuple[str, str]:
    """What to do next and where; to let go is never further away than to hold on."""
    match line.why:
        case Why.NONE:
            return "Release now", "/release"
        case Why.UNKNOWN:
            return "Find out", ""
        case Why.DETAINER | Why.SENTENCE | Why.END:
            return "Prepare release", "/release"
        case Why.COURT | Why.CUSTODIAN:
            return "See duty", ""
        case _:
            return "See answer", ""


def _grouped(shown: Sequence[Shown]) -> list[tuple[Band, list[Shown]]]:
    found = [(band, [each for each in shown if each.band is band]) for band in Band]
    return [(band, each) for band, each in found if each]


def _band(text: str) -> Band | None:
    return Band.__members__.get(text)


def _why(text: str) -> Why | None:
    return Why.__members__.get(text)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


# ------------------------------------------------------------------ strips

WIDTH = 234
"""Units of a strip: three an hour."""


_STRIP: Final = {"aria_hidden": "true", "focusable": "false", "preserveAspectRatio": "xMinYMid"}


def _x(at: Instant, now: Instant) -> float:
    return round(WIDTH * (at - now + BEHIND) / (AHEAD + BEHIND), 1)


def _strip(line: Line, at: Instant, zone: ZoneInfo) -> Markup:
    """The hours around now: hatched where authority lacked, never in time that has not come."""
    parts = [
        tag("rect", x=_x(start, at), y=3, width=max(_x(end, at) - _x(start, at), 1.5), height=12, class_=look)
        for start, end, look in _stretches(line, at)
    ]
    midnights = [tag("path", d=f"M{_x(day, at)} 0V18", class_="day") for day in _midnights(at, zone)]
    now = tag("path", d=f"M{_x(at, at)} 0V18", class_="now")
    view = f"0 0 {WIDTH} 18"
    return safe(tag("svg", parts, midnights, now, viewBox=view, class_="strip", **_STRIP))


def _stretches(line: Line, at: Instant) -> Iterator[tuple[Instant, Instant, str]]:
    """Each stretch with its look, cut where time has not come yet."""
    first = Instant(at - BEHIND)
    for each in line.strip:
        start = Instant(max(each.start, first))
        if each.end <= start:
            continue
        look = _look(each.verdict, each.because)
        if look != "s-none" or each.end <= at:
            yield start, each.end, look
        elif start < at:
            yield start, at, look
            yield at, each.end, "s-over"
        else:
            yield start, each.end, "s-over"


def _look(verdict: Verdict, because: Because | None) -> str:
    if verdict is Verdict.UNDETERMINED:
        return "s-unknown" if because is Because.MISSING else "s-open"
    return "s-held" if verdict is Verdict.LAWFUL else "s-none"


def _midnights(at: Instant, zone: ZoneInfo) -> list[Instant]:
    days = [civil_date_of(Instant(at + number * DAY), zone) for number in (1, 2, 3)]
    return [start for day in days if at < (start := start_of_day(day, zone)) < at + AHEAD]


def _axis(at: Instant, zone: ZoneInfo) -> Markup:
    """The names of days over the strips."""
    labels = [
        tag("text", day_text(civil_date_of(day, zone)), x=_x(day, at) + 2, y=10)
        for day in _midnights(at, zone)
        if _x(day, at) < WIDTH - 46
    ]
    marks = [tag("path", d=f"M{_x(day, at)} 0V14", class_="day") for day in _midnights(at, zone)]
    first = tag("text", "now", x=_x(at, at) - 18, y=10)
    return safe(tag("svg", first, marks, labels, viewBox=f"0 0 {WIDTH} 14", class_="strip axis", **_STRIP))
