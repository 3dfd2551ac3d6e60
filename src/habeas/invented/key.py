"""The key: for each custody the minutes without authority, the early releases, and the causes.

Made from the oracle's walk and from nothing else. Causes are those of the glossary, in its order,
asked of the papers by plain questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from habeas.custody.events import Event
from habeas.invented.oracle import MUST, Minute, Support, Walk, is_lodged, merged
from habeas.invented.sheets import NO_END, CustodySheet, PaperSheet, Told, custodies
from habeas.invented.worlds import worlds
from habeas.kernel.instants import MINUTE, Instant

_HOLDS: Final = frozenset(
    {"immigration-detainer", "detainer", "hold", "violation-hold", "out-of-county-warrant"}
)
"""Papers by which another agency claims the person."""

_ENDS: Final = frozenset(
    {
        "ReleaseOrdered",
        "ChargeDisposed",
        "Sentenced",
        "BondPosted",
        "BondRefused",
        "HearingHeld",
        "WarrantWithdrawn",
        "WritReturned",
    }
)
"""Events that end what supported custody."""


class Side(StrEnum):
    """What a row of the key says."""

    LATE = "late"
    """Custody without authority from start to end."""
    EARLY = "early"
    """Liberty at start, while something still obliged the jail to keep the person."""
    OPEN = "open"
    """Nobody can say whether there was authority: a fact that would tell is not stated."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One row of the key."""

    person: str
    booking: str
    county: str
    side: Side
    start: int
    """Minutes since 1970 in UTC; the door, for an early release."""
    end: int
    """First minute after it; for an early release when the obligation ended, if that is known."""
    cause: str
    """A cause of the glossary; empty for what nobody can say."""
    basis: str = ""
    """For an early release: the charge or paper that still obliged."""

    @property
    def start_at(self) -> Instant:
        """Its start as an instant."""
        return Instant(self.start * MINUTE)

    @property
    def end_at(self) -> Instant:
        """Its end as an instant."""
        return Instant(self.end * MINUTE)


def key_of(events: Iterable[Event], horizon: Instant, *, stride: bool = False) -> tuple[KeyRow, ...]:
    """The key to one person's events.

    Args:
        events: All that was ever told of one person.
        horizon: The instant at which telling stops.
        stride: Whether to walk in strides; the rows are the same.
    """
    last = horizon // MINUTE
    return tuple(row for sheet in custodies(events) for row in _rows(sheet, last, stride=stride))


def _rows(sheet: CustodySheet, horizon: int, *, stride: bool) -> Iterator[KeyRow]:
    walks = [Walk(each, horizon) for each in worlds(sheet)]
    walked = [merged(walk.minutes(stride=stride)) for walk in walks]
    runs = merged(_agreed(walked))
    for index, run in enumerate(runs):
        if run.supports == _NOBODY_KNOWS:
            yield _row(sheet, Side.OPEN, (run.start, run.end), "")
        if not run.supports:
            before = runs[index - 1] if index else None
            yield from _late(_Stretch(sheet, walked[0], before, run, horizon))
    if sheet.freed and sheet.end < horizon:
        yield from _early(sheet, walks)


_NOBODY_KNOWS: Final = frozenset({Support("?", "?")})
_HELD: Final = frozenset({Support("held", "")})


def _agreed(walked: list[list[Minute]]) -> Iterator[Minute]:
    """Runs of minutes that are held in every way, held in none, or differ."""
    edges = sorted({edge for runs in walked for run in runs for edge in (run.start, run.end)})
    places = [0] * len(walked)
    for start, end in pairwise(edges):
        held: set[bool] = set()
        for number, runs in enumerate(walked):
            while runs[places[number]].end <= start:
                places[number] += 1
            held.add(bool(runs[places[number]].supports))
        found = _NOBODY_KNOWS if len(held) > 1 else _HELD if True in held else frozenset[Support]()
        yield Minute(start, end, found)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch without authority, with what came just before it."""

    sheet: CustodySheet
    walked: list[Minute]
    before: Minute | None
    run: Minute
    horizon: int

    @property
    def last(self) -> frozenset[Support]:
        """What supported custody in the minute before."""
        nothing: frozenset[Support] = frozenset()
        return next((run.supports for run in self.walked if run.end == self.run.start), nothing)


def _late(stretch: _Stretch) -> Iterator[KeyRow]:
    for start, end, cause in _parts(stretch):
        if start < end:
            yield _row(stretch.sheet, Side.LATE, (start, end), cause)


def _parts(stretch: _Stretch) -> Iterator[tuple[int, int, str]]:
    """The parts of a stretch with their causes, in the glossary's order."""
    sheet, start, end = stretch.sheet, stretch.run.start, stretch.run.end
    if stretch.before is None:
        yield start, end, "hold-void" if _void_paper(stretch) else "no-authority"
        return
    if stretch.before.supports == _NOBODY_KNOWS:
        yield start, end, "unknown"
        return
    of_hold = _cause_of_hold(stretch)
    acts = [told for told in sheet.told if told.at == start and _ends_one_of(told, stretch.last)]
    if of_hold:
        yield start, end, of_hold
    elif not acts and _stopped_by_a_clock(stretch):
        yield start, end, "clock"
    elif acts:
        yield from _after_acts(stretch, acts)
    elif any(support.sort == "sentence" for support in stretch.last):
        yield from _after_sentence(stretch)
    else:
        yield start, end, "unknown"


def _cause_of_hold(stretch: _Stretch) -> str:
    """Hold stale or lapsed, where a hold supported custody to the last."""
    now = stretch.run.start
    for support in sorted(stretch.last):
        paper = stretch.sheet.papers.get(support.about)
        if paper is None or paper.kind not in _HOLDS:
            continue
        if paper.withdrawn <= now:
            return "hold-stale"
        if not any(told.at == now and support.about in told.touches for told in stretch.sheet.told):
            return "hold-lapsed"
    return ""


def _stopped_by_a_clock(stretch: _Stretch) -> bool:
    """Whether something would support the first minute if the clocks of ch. 910 were not watched."""
    unwatched = Walk(stretch.sheet, stretch.horizon, clocks_run=False)
    return bool(unwatched.supports(stretch.run.start))


def _ends_one_of(told: Told, last: frozenset[Support]) -> bool:
    named = {support.about for support in last}
    return told.name in _ENDS and bool(told.touches & named)


def _after_acts(stretch: _Stretch, acts: list[Told]) -> Iterator[tuple[int, int, str]]:
    start, end = stretch.run.start, stretch.run.end
    seen = _within(stretch, max(told.known for told in acts))
    unreadable = any(told.terms.get("order_readable") is False for told in acts)
    names = {told.about for told in acts}
    cleared = [t.at for t in stretch.sheet.told if t.name == "OrderClarified" and t.about in names]
    clear = _within(stretch, max(seen, min(cleared, default=NO_END))) if unreadable else seen
    yield start, seen, "order-unseen"
    yield seen, clear, "order-unclear"
    yield clear, end, _waiting(stretch)


def _after_sentence(stretch: _Stretch) -> Iterator[tuple[int, int, str]]:
    start, end = stretch.run.start, stretch.run.end
    papers = [stretch.sheet.papers[s.about] for s in sorted(stretch.last) if s.sort == "sentence"]
    projected = _projection(stretch.sheet, start, {paper.id for paper in papers})
    if projected is None:
        yield start, end, "unknown"
        return
    until = _within(stretch, projected[0])
    yield start, until, _miscounted(projected[1], papers)
    yield until, end, _waiting(stretch)


def _projection(sheet: CustodySheet, now: int, papers: set[str]) -> tuple[int, object] | None:
    """The jail's own date in use at a minute, and the credit it counted."""
    found: tuple[int, object] | None = None
    for told in sheet.told:
        due = told.terms.get("projected_release_at")
        if (
            told.name == "ReleaseProjected"
            and told.about in papers
            and told.at <= now
            and isinstance(due, int)
        ):
            found = due // MINUTE, told.terms.get("projected_credit_days")
    return found


def _miscounted(counted: object, papers: list[PaperSheet]) -> str:
    return "arithmetic" if counted is None or counted == papers[-1].credit_days else "credit"


def _waiting(stretch: _Stretch) -> str:
    return "hold-void" if _void_paper(stretch) else "queue"


def _void_paper(stretch: _Stretch) -> bool:
    """Whether a hold is in the jail's hands, not declined, that never supported custody."""
    now = stretch.run.start
    once = {each.about for run in stretch.walked if run.end <= now for each in run.supports}
    return any(
        paper.kind in _HOLDS and is_lodged(paper, now) and paper.declined > now and paper.id not in once
        for paper in stretch.sheet.papers.values()
    )


def _within(stretch: _Stretch, minute: int) -> int:
    return min(max(minute, stretch.run.start), stretch.run.end)


def _early(sheet: CustodySheet, walks: list[Walk]) -> Iterator[KeyRow]:
    """An early release: at the door itself something in every way still obliged the jail."""
    door = sheet.end
    standing = [{s for s in walk.supports(door) if s.sort in MUST} for walk in walks]
    if not all(standing):
        return
    sure = [support for support in sorted(standing[0]) if all(support in each for each in standing)]
    basis = (sure or sorted(standing[0]))[0]
    end = walks[0].end_of_sentences(door) if basis.sort == "sentence" else None
    until = door if end is None else end
    yield _row(sheet, Side.EARLY, (door, until), _cause_of_early(sheet, basis, door), basis.about)


_GIVES: Final = {
    "detention": "BailDenied",
    "revoked": "BailRevoked",
    "sentence": "",
    "warrant": "",
    "other-county": "",
    "violation": "",
}
"""The event that gives each sort of obligation; for a paper whatever lodged it."""


def _cause_of_early(sheet: CustodySheet, basis: Support, door: int) -> str:
    told = [each for each in sheet.told if each.about == basis.about and each.at <= door]
    wanted = _GIVES[basis.sort]
    giving = [t for t in told if (t.name == wanted if wanted else "Lodged" in t.name or "Received" in t.name)]
    if giving and min(each.known for each in giving) > door:
        return "order-unseen"
    cleared = [each for each in told if each.name == "OrderClarified"]
    if any(each.terms.get("order_readable") is False for each in told) and not cleared:
        return "order-unclear"
    projected = _projection(sheet, door, {basis.about})
    if basis.sort == "sentence" and projected is not None and projected[0] <= door:
        return _miscounted(projected[1], [sheet.papers[basis.about]])
    return "unknown"


def _row(sheet: CustodySheet, side: Side, span: tuple[int, int], cause: str, basis: str = "") -> KeyRow:
    return KeyRow(sheet.person, sheet.booking, sheet.county, side, *span, cause, basis)
