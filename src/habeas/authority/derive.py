"""The definition: one episode of custody cut into maximal pieces, each with its answer.

Everything a provision can depend on is constant between two neighbouring edges: edges of the
facts, of the setting, of the law in force, of comparisons with the moment asked, of clocks.
So the episode is cut at every edge and each piece is decided once, at its first instant.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from itertools import pairwise

from habeas.authority.clocks import Clocks, clock_of, named_instant
from habeas.authority.duties import DutyFinding, duties_from, duties_in
from habeas.authority.grounds import Ground, Standing, Support, standings
from habeas.authority.pieces import Piece
from habeas.authority.release import Release, in_window, right_edges
from habeas.authority.situations import FactRow, Situation, Situations, flips
from habeas.kernel.instants import (
    FOREVER,
    Instant,
    UncertainInstant,
    When,
    at_or_before,
    before,
    earliest_of,
    latest_of,
)
from habeas.kernel.kleene import Kleene, both, either, negation
from habeas.law.clocks import Window
from habeas.law.enactments import Consequence, Stratum
from habeas.law.program import Rule

__all__ = ["Derivation", "Piece", "Support"]


class Derivation:
    """The answers over one whole custody episode, under one reading, as known."""

    def __init__(
        self, situations: Situations, until: Instant = FOREVER, like: Derivation | None = None
    ) -> None:
        """Derive one custody, or only its beginning up to and including an instant.

        Args:
            situations: The custody as the law sees it.
            until: Where to stop.
            like: The same custody under the same law derived for longer, or had it ended otherwise:
                what is the same is taken from it.
        """
        self.situations = situations
        self._until = until if until >= FOREVER else Instant(until + 1)
        self.episode = situations.episode
        self.clocks: Clocks = Clocks(situations.record, situations.store) if like is None else like.clocks
        self._ways: dict[tuple[object, ...], tuple[tuple[Window, ...], ...]] = {}
        self._releases: dict[tuple[Stratum, ...], tuple[Release, ...]] = {}
        self._not_waited: dict[Piece, list[Support]] = {}
        self._sure_ends: dict[tuple[Stratum, ...], frozenset[When]] = {}
        longer = like if like is not None and like.episode is self.episode else None
        bounds = self.bounds_of(situations) if longer is None else self._cut_short(longer.bounds)
        self.bounds: Sequence[Instant] = bounds
        """Where something may change before any rule is asked, the end left out."""
        # Bounds at which nothing that an answer rests on changes cut nothing.
        apart = list(situations.apart(bounds)) if longer is None else self._cut_short(longer.apart)
        self.apart: Sequence[Instant] = apart
        """Those at which something does change that an answer rests on."""
        self._segments: dict[tuple[Instant, Instant], Sequence[Piece]] = {}
        self.criminal: Sequence[Piece] = self._first_pass({} if like is None else like.before_the_door())
        """Every piece before clocks that wait for release are asked, in order."""

    def begins_alike(self, until: Instant) -> bool:
        """Whether deriving the beginning alone, up to an instant, would say the same of it.

        It would know less of an end of the bases that lies somewhere about that instant.
        """
        if not self.pieces:  # with them, every end that a clock waits for is found
            return False
        ends = [release.at for releases in self._releases.values() for release in releases]
        return not any(
            isinstance(end, UncertainInstant) and end.earliest <= until < latest_of(end) for end in ends
        )

    def beginning(self, until: Instant) -> Derivation:
        """The answers up to and including an instant, cut from the whole."""
        made = copy(self)
        end = Instant(until + 1)
        found = list(self.pieces[: bisect_right(self.pieces, until, key=_start_of)])
        if found and found[-1].end > end:
            found[-1] = found[-1].ending(end)
        made.__dict__["pieces"] = tuple(found)
        return made

    def shortened(self, until: Instant) -> Derivation:
        """What deriving the beginning alone, up to and including an instant, comes to.

        All that was cut before the segment in which the instant lies is as it was; the ends that
        clocks wait for are found anew, for nothing is known of what comes later.
        """
        return Derivation(self.situations, until, self)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Every piece in order, the last one open while custody is."""
        cuts: set[Instant] = set()
        for piece in self.criminal:
            cuts.update(self._deadlines(piece))
            for duty in self._duties_on_release(piece.situation):
                cuts.update(duty.edges())
        return tuple(self._finished(part) for piece in self.criminal for part in _cut(piece, cuts))

    def piece_at(self, at: Instant) -> Piece | None:
        """The piece that covers an instant; None outside the episode."""
        pieces = self.pieces
        index = bisect_right(pieces, at, key=_start_of) - 1
        return pieces[index] if index >= 0 and at < pieces[index].end else None

    def releases(self, strata: tuple[Stratum, ...] = (Stratum.CRIMINAL,)) -> tuple[Release, ...]:
        """The instants at which all bases of some strata had ended."""
        if strata not in self._releases:
            self._releases[strata] = right_edges(
                (piece.start, piece.end, self._stands(piece, strata)) for piece in self.criminal
            )
        return self._releases[strata]

    def windows_for(self, piece: Piece, cap: Rule, standing: Standing) -> tuple[Window, ...]:
        """The windows a cap opens on one subject."""
        if cap.waits_for_release:
            return self._release_windows(piece.situation, cap, standing)
        return self.windows_on(piece.situation, cap, standing.row)

    def before_the_door(self) -> Mapping[tuple[Instant, Instant], Sequence[Piece]]:
        """The pieces of every segment that is over before custody may be: they do not turn on its end."""
        door = earliest_of(self.episode.end)
        return {ends: pieces for ends, pieces in self._segments.items() if ends[1] <= door}

    def _first_pass(self, known: Mapping[tuple[Instant, Instant], Sequence[Piece]]) -> list[Piece]:
        cutting = {*self.apart, latest_of(self.episode.start), earliest_of(self.episode.end)}
        starts = [bound for bound in self.bounds if bound in cutting]
        pieces: list[Piece] = []
        for ends in pairwise([*starts, self.last]):
            self._segments[ends] = known.get(ends) or tuple(self._pieces_between(*ends))
            pieces += self._segments[ends]
        return pieces

    def _cut_short(self, bounds: Sequence[Instant]) -> Sequence[Instant]:
        return bounds[: max(1, bisect_left(bounds, self.last))]

    def bounds_of(self, situations: Situations) -> Sequence[Instant]:
        """Where something may change in situations of this custody."""
        first = earliest_of(self.episode.start)
        edges = situations.edges() | {latest_of(self.episode.start), earliest_of(self.episode.end)}
        return [first, *sorted([edge for edge in edges if first < edge < self.last])]

    @property
    def last(self) -> Instant:
        """The end of what is derived."""
        return min(latest_of(self.episode.end), self._until)

    def _pieces_between(self, start: Instant, end: Instant) -> Iterator[Piece]:
        """One base segment, cut where a comparison or a deadline inside it flips."""
        situation = self.situations.at(start)
        cuts = flips(situation) | self.fact_windows(situation, situation.program.caps)
        there = {start: (situation, self._duties(situation))}
        # A duty may begin or end inside the segment, and its deadline with it.
        before_it = start
        for moment in _bounds(start, cuts, end)[1:-1]:
            there[moment] = self._later(start, moment, *there[before_it])
            before_it = moment
        cuts |= {edge for _, duties in there.values() for duty in duties for edge in duty.edges()}
        before_it = start
        for left, right in pairwise(_bounds(start, cuts, end)):
            if left not in there:
                there[left] = self._later(start, left, *there[before_it])
            before_it = left
            yield self._piece(left, right, *there[left])

    def _later(
        self, start: Instant, moment: Instant, situation: Situation, duties: list[DutyFinding]
    ) -> tuple[Situation, list[DutyFinding]]:
        """The situation later in a base segment, and its duties: the same while no subject changes."""
        later = self.situations.at(start, moment=moment)
        same = later.aspects == situation.aspects
        return later, duties if same else self._duties(later)

    def _duties(self, situation: Situation) -> list[DutyFinding]:
        return duties_in(self.clocks, situation)

    def _duties_on_release(self, situation: Situation) -> list[DutyFinding]:
        return duties_from(self.clocks, situation, self.releases)

    def _piece(self, start: Instant, end: Instant, situation: Situation, duties: list[DutyFinding]) -> Piece:
        custody = both(at_or_before(self.episode.start, start), before(start, self.episode.end))
        return Piece(
            start=start,
            end=end,
            custody=custody,
            situation=situation,
            standings=standings(situation),
            duties=duties,
            facts_complete=all(situation.complete[name] for name in ("charge", "instrument")),
        )

    def fact_windows(self, situation: Situation, caps: Iterable[Rule]) -> set[Instant]:
        """Deadlines of those caps whose clocks start from a plain fact."""
        edges: set[Instant] = set()
        for rule in caps:
            if rule.provision.clock is None or rule.waits_for_release:
                continue
            for row in situation.rows[rule.provision.on]:
                for window in self.windows_on(situation, rule, row):
                    edges |= window.edges()
        return edges

    def windows_on(self, situation: Situation, rule: Rule, row: FactRow) -> tuple[Window, ...]:
        """The windows of a clock that starts from a plain fact; none of any other."""
        if rule.provision.clock is None or rule.waits_for_release:
            return ()
        return self.clocks.from_facts(situation, rule, row)

    def _stands(self, piece: Piece, strata: tuple[Stratum, ...]) -> Kleene:
        """Whether some basis of these strata stands; caps that wait for release left aside."""
        value: Kleene = False
        for support in self._waiting(piece):
            if support.ground.stratum in strata:
                value = either(value, support.value)
        for standing in piece.standings:
            if standing.because is not None and _may_be_in(standing, strata):
                value = either(value, None)
        return both(value, None if piece.custody is None else piece.custody)

    def _waiting(self, piece: Piece) -> list[Support]:
        """What supports custody over a piece, caps that wait for release left aside."""
        if piece not in self._not_waited:
            self._not_waited[piece] = list(self._supports(piece, waiting=False))
        return self._not_waited[piece]

    def _deadlines(self, piece: Piece) -> set[Instant]:
        edges: set[Instant] = set()
        for standing in piece.standings:
            for ground in standing.grounds:
                for _, cap in ground.caps:
                    for made in self.release_ways(piece.situation, cap, standing):
                        edges.update(edge for window in made for edge in window.edges())
        return edges

    def _release_windows(self, situation: Situation, cap: Rule, standing: Standing) -> tuple[Window, ...]:
        clock = cap.provision.clock
        if clock is None or not cap.waits_for_release:
            return ()
        return self.clocks.from_releases(situation, cap, standing.row, self.releases(clock.strata))

    def release_ways(
        self, situation: Situation, cap: Rule, standing: Standing
    ) -> tuple[tuple[Window, ...], ...]:
        """The windows a cap opens, in each way the ends nobody is sure of may fall.

        A first end that may not have been one may have used the clock up, or have started none.
        """
        if not cap.waits_for_release:
            return ()
        key = cap, standing.subject, self.clocks.seen_by(situation, cap)
        if key[2] is None:
            return tuple(self._made_ways(situation, cap, standing))
        if key not in self._ways:
            self._ways[key] = tuple(self._made_ways(situation, cap, standing))
        return self._ways[key]

    def _made_ways(self, situation: Situation, cap: Rule, standing: Standing) -> Iterator[tuple[Window, ...]]:
        releases = self.releases(clock_of(cap).strata)
        unsure = next((n for n, each in enumerate(releases) if each.certain), len(releases))
        for first in range(unsure + 1):
            yield self.clocks.from_releases(situation, cap, standing.row, releases[first:])

    def _supports(self, piece: Piece, *, waiting: bool) -> Iterator[Support]:
        breached = piece.breached
        for standing in piece.standings:
            if not standing.grounds:
                continue
            if standing.plain is not None and not breached:
                yield from standing.plain
                continue
            limits = [
                both(
                    self._capped(piece, ground, standing, waiting=waiting),
                    _unbroken(breached, ground, standing),
                )
                for ground in standing.grounds
            ]
            # Where only some one of several grounds is sure to hold, their limits must all agree.
            assured = standing.is_assured and all(limit is True for limit in limits)
            for ground, limit in zip(standing.grounds, limits, strict=True):
                value = True if assured else both(ground.value, limit)
                yield Support(standing.subject, ground, value)

    def _capped(self, piece: Piece, ground: Ground, standing: Standing, *, waiting: bool) -> Kleene:
        """Whether every cap on a ground lets it stand."""
        value: Kleene = True
        for applies, cap in ground.caps:
            within = self.within(piece, cap, standing, waiting=waiting)
            value = both(value, either(negation(applies), within))
        return value

    def within(self, piece: Piece, cap: Rule, standing: Standing, *, waiting: bool = True) -> Kleene:
        """Whether a piece begins in a window of a cap; one that waits for release only if ``waiting``."""
        clock = cap.provision.clock
        if clock is None:
            return True
        if cap.waits_for_release:
            if not waiting:
                return True
            sure = self._sure(clock.strata)
            ways = self.release_ways(piece.situation, cap, standing)
            inside = {in_window(made, sure, piece.start) for made in ways}
            return inside.pop() if len(inside) == 1 else None
        anchor = named_instant(piece.situation, clock.anchor, standing.row)
        if anchor is None:
            return None
        made = self.windows_on(piece.situation, cap, standing.row)
        return in_window(made, {window.anchor.at for window in made}, piece.start)

    def _sure(self, strata: tuple[Stratum, ...]) -> frozenset[When]:
        """The ends of these strata that certainly happened."""
        if strata not in self._sure_ends:
            ends = frozenset(release.at for release in self.releases(strata) if release.certain)
            self._sure_ends[strata] = ends
        return self._sure_ends[strata]

    def _finished(self, piece: Piece) -> Piece:
        if piece.situation.program.duties_on_release:
            piece.duties = [*piece.duties, *self._duties_on_release(piece.situation)]
            piece.__dict__.pop("breached", None)
        piece.supports = list(self._supports(piece, waiting=True))
        piece.closed = frozenset(
            standing.subject for standing in piece.standings if self._is_closed(piece, standing)
        )
        return piece

    def _is_closed(self, piece: Piece, standing: Standing) -> bool:
        """Whether some cap on any hold of this kind has run out, or not begun to run."""
        return any(
            applies is True and self.within(piece, cap, standing, waiting=True) is False
            for applies, cap in standing.ceilings
        )


def _start_of(piece: Piece) -> Instant:
    return piece.start


def _unbroken(breached: Sequence[tuple[DutyFinding, Kleene]], ground: Ground, standing: Standing) -> Kleene:
    """Whether no breached duty has ended a ground; a shifted burden leaves it unknown."""
    value: Kleene = True
    for duty, broken in breached:
        if duty.ends(ground.rule, standing.row):
            shifts = duty.consequence is Consequence.BURDEN_SHIFTS and broken is True
            value = both(value, None if shifts else negation(broken))
    return value


def _may_be_in(standing: Standing, strata: tuple[Stratum, ...]) -> bool:
    if not standing.grounds:
        # Nothing is known of what might support custody on it, so any family might.
        return not standing.encoded
    return any(ground.stratum in strata for ground in standing.grounds)


def _bounds(start: Instant, cuts: set[Instant], end: Instant) -> list[Instant]:
    return [start, *sorted(cut for cut in cuts if start < cut < end), end]


def _cut(piece: Piece, cuts: Iterable[Instant]) -> Iterator[Piece]:
    inside = sorted(cut for cut in cuts if piece.start < cut < piece.end)
    bounds: Sequence[Instant] = [piece.start, *inside, piece.end]
    for start, end in pairwise(bounds):
        yield Piece(
            start=start,
            end=end,
            custody=piece.custody,
            situation=piece.situation,
            standings=piece.standings,
            duties=piece.duties,
            facts_complete=piece.facts_complete,
        )
