"""The definition: one episode of custody cut into maximal pieces, each with its answer.

Everything a provision can depend on is constant between two neighbouring edges: edges of the
facts, of the setting, of the law in force, of comparisons with the moment asked, of clocks.
So the episode is cut at every edge and each piece is decided once, at its first instant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from habeas.authority.clocks import Clocks, named_instant
from habeas.authority.duties import DutyFinding, breaches, duties_from, duties_in
from habeas.authority.findings import Because, SubjectKey, Verdict
from habeas.authority.grounds import Ground, Standing, standings
from habeas.authority.release import Release, in_window, right_edges
from habeas.authority.situations import FactRow, Situation, Situations, thresholds
from habeas.kernel.instants import (
    FOREVER,
    Instant,
    at_or_before,
    before,
    earliest_of,
    latest_of,
)
from habeas.kernel.kleene import Kleene, any_of, both, either, negation
from habeas.law.clocks import Window
from habeas.law.enactments import Consequence, Stratum
from habeas.law.program import Rule


@dataclass(slots=True)
class Support:
    """One basis at one piece: the ground, and whether it supports custody after every cap."""

    subject: SubjectKey
    ground: Ground
    value: Kleene

    @property
    def key(self) -> tuple[str, SubjectKey]:
        """A basis is keyed by provision and subject."""
        return self.ground.rule.ref, self.subject


@dataclass(slots=True)
class Piece:
    """A maximal interval of an episode over which nothing changes."""

    start: Instant
    end: Instant
    custody: Kleene
    situation: Situation
    standings: list[Standing]
    duties: list[DutyFinding]
    supports: list[Support] = field(default_factory=list[Support])
    facts_complete: bool = True
    closed: frozenset[SubjectKey] = frozenset()
    """Subjects on which no hold can stand any more, whatever text was not read."""

    @property
    def held_by(self) -> Kleene:
        """Whether some basis supports custody."""
        return any_of(support.value for support in self.supports)

    @property
    def verdict(self) -> Verdict:
        """The answer over this piece, each unknown left unknown."""
        if self.custody is False:
            return Verdict.NOT_IN_CUSTODY
        if self.custody is True and self.held_by is True:
            return Verdict.LAWFUL
        if self.custody is True and self.held_by is False and self.because is None:
            return Verdict.UNLAWFUL
        return Verdict.UNDETERMINED

    @property
    def because(self) -> Because | None:
        """Why the verdict is open, if something leaves it open."""
        if self.custody is None or self.held_by is True:
            return Because.MISSING if self.custody is None else None
        open_subjects = {support.subject for support in self.supports if support.value is None}
        reasons = {
            standing.because
            for standing in self.standings
            if standing.subject in open_subjects
            or (not (standing.grounds and standing.encoded) and standing.subject not in self.closed)
        } - {None}
        if Because.CONTESTED in reasons:
            return Because.CONTESTED
        missing = bool(reasons) or self.held_by is None or not self.facts_complete
        return Because.MISSING if missing else None


class Derivation:
    """The answers over one whole custody episode, under one reading, as known."""

    def __init__(self, situations: Situations, until: Instant = FOREVER) -> None:
        """Derive one custody, or only its beginning up to and including an instant."""
        self.situations = situations
        self._until = until if until >= FOREVER else Instant(until + 1)
        self.episode = situations.episode
        self._clocks = Clocks(situations.record)
        self._releases: dict[tuple[Stratum, ...], tuple[Release, ...]] = {}
        self._criminal = self._first_pass()

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Every piece in order, the last one open while custody is."""
        cuts: set[Instant] = set()
        for piece in self._criminal:
            cuts.update(self._deadlines(piece))
            for duty in self._duties_on_release(piece.situation):
                cuts.update(duty.edges())
        return tuple(self._finished(part) for piece in self._criminal for part in _cut(piece, cuts))

    def piece_at(self, at: Instant) -> Piece | None:
        """The piece that covers an instant; None outside the episode."""
        return next((piece for piece in self.pieces if piece.start <= at < piece.end), None)

    def releases(self, strata: tuple[Stratum, ...] = (Stratum.CRIMINAL,)) -> tuple[Release, ...]:
        """The instants at which all bases of some strata had ended."""
        if strata not in self._releases:
            self._releases[strata] = right_edges(
                (piece.start, piece.end, self._stands(piece, strata)) for piece in self._criminal
            )
        return self._releases[strata]

    def windows_for(self, piece: Piece, cap: Rule, standing: Standing) -> tuple[Window, ...]:
        """The windows a cap opens on one subject."""
        if cap.waits_for_release:
            return self._release_windows(piece.situation, cap, standing)
        return self._windows_of(piece.situation, cap, standing.row)

    def _first_pass(self) -> list[Piece]:
        episode = self.episode
        first, last = earliest_of(episode.start), min(latest_of(episode.end), self._until)
        edges = self.situations.edges()
        edges |= {latest_of(episode.start), earliest_of(episode.end)}
        bounds = [first, *sorted(edge for edge in edges if first < edge < last), last]
        pieces: list[Piece] = []
        for start, end in pairwise(self._apart(bounds)):
            pieces.extend(self._pieces_between(start, end))
        return pieces

    def _apart(self, bounds: Sequence[Instant]) -> list[Instant]:
        """The bounds without those at which nothing that an answer rests on changes."""
        custody = (latest_of(self.episode.start), earliest_of(self.episode.end))
        kept = [bounds[0]]
        before_it = self.situations.alike(bounds[0])
        for bound in bounds[1:-1]:
            here = self.situations.alike(bound)
            if here != before_it or bound in custody:
                kept.append(bound)
            before_it = here
        return [*kept, bounds[-1]]

    def _pieces_between(self, start: Instant, end: Instant) -> Iterator[Piece]:
        """One base segment, cut where a comparison or a deadline inside it flips."""
        situation = self.situations.at(start)
        cuts = thresholds(situation, situation.program.timed) | self._fact_windows(situation)
        there = {start: (situation, self._duties(situation))}
        # A duty may begin or end inside the segment, and its deadline with it.
        for moment in _bounds(start, cuts, end)[1:-1]:
            later = self.situations.at(start, moment=moment)
            there[moment] = later, self._duties(later)
        cuts |= {edge for _, duties in there.values() for duty in duties for edge in duty.edges()}
        for left, right in pairwise(_bounds(start, cuts, end)):
            if left not in there:
                later = self.situations.at(start, moment=left)
                there[left] = later, self._duties(later)
            yield self._piece(left, right, *there[left])

    def _duties(self, situation: Situation) -> list[DutyFinding]:
        return duties_in(self._clocks, situation)

    def _duties_on_release(self, situation: Situation) -> list[DutyFinding]:
        return duties_from(self._clocks, situation, self.releases)

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

    def _fact_windows(self, situation: Situation) -> set[Instant]:
        """Deadlines of caps whose clocks start from a plain fact."""
        edges: set[Instant] = set()
        for rule in situation.program.caps:
            for row in situation.rows[rule.provision.on]:
                for window in self._windows_of(situation, rule, row):
                    edges |= _edges_of(window)
        return edges

    def _windows_of(self, situation: Situation, rule: Rule, row: FactRow) -> tuple[Window, ...]:
        if rule.provision.clock is None or rule.waits_for_release:
            return ()
        return self._clocks.from_facts(situation, rule, row)

    def _stands(self, piece: Piece, strata: tuple[Stratum, ...]) -> Kleene:
        """Whether some basis of these strata stands; caps that wait for release left aside."""
        value: Kleene = False
        for support in self._supports(piece, waiting=False):
            if support.ground.stratum in strata:
                value = either(value, support.value)
        for standing in piece.standings:
            if standing.because is not None and _may_be_in(standing, strata):
                value = either(value, None)
        return both(value, None if piece.custody is None else piece.custody)

    def _deadlines(self, piece: Piece) -> set[Instant]:
        edges: set[Instant] = set()
        for standing in piece.standings:
            for ground in standing.grounds:
                for _, cap in ground.caps:
                    for made in self._release_ways(piece.situation, cap, standing):
                        edges.update(edge for window in made for edge in _edges_of(window))
        return edges

    def _release_windows(self, situation: Situation, cap: Rule, standing: Standing) -> tuple[Window, ...]:
        clock = cap.provision.clock
        if clock is None or not cap.waits_for_release:
            return ()
        return self._clocks.from_releases(situation, cap, standing.row, self.releases(clock.strata))

    def _release_ways(
        self, situation: Situation, cap: Rule, standing: Standing
    ) -> Iterator[tuple[Window, ...]]:
        """The windows a cap opens, in each way the ends nobody is sure of may fall.

        A first end that may not have been one may have used the clock up, or have started none.
        """
        clock = cap.provision.clock
        if clock is None or not cap.waits_for_release:
            return
        releases = self.releases(clock.strata)
        unsure = next((n for n, each in enumerate(releases) if each.certain), len(releases))
        for first in range(unsure + 1):
            yield self._clocks.from_releases(situation, cap, standing.row, releases[first:])

    def _supports(self, piece: Piece, *, waiting: bool) -> Iterator[Support]:
        breached = breaches(piece.duties, piece.start)
        for standing in piece.standings:
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
            within = self._within(piece, cap, standing, waiting=waiting)
            value = both(value, either(negation(applies), within))
        return value

    def _within(self, piece: Piece, cap: Rule, standing: Standing, *, waiting: bool) -> Kleene:
        clock = cap.provision.clock
        if clock is None:
            return True
        if cap.waits_for_release:
            if not waiting:
                return True
            sure = {release.at for release in self.releases(clock.strata) if release.certain}
            ways = self._release_ways(piece.situation, cap, standing)
            inside = {in_window(made, sure, piece.start) for made in ways}
            return inside.pop() if len(inside) == 1 else None
        anchor = named_instant(piece.situation, clock.anchor, standing.row)
        if anchor is None:
            return None
        made = self._windows_of(piece.situation, cap, standing.row)
        return in_window(made, {window.anchor.at for window in made}, piece.start)

    def _finished(self, piece: Piece) -> Piece:
        piece.duties = [*piece.duties, *self._duties_on_release(piece.situation)]
        piece.supports = list(self._supports(piece, waiting=True))
        piece.closed = frozenset(
            standing.subject for standing in piece.standings if self._is_closed(piece, standing)
        )
        return piece

    def _is_closed(self, piece: Piece, standing: Standing) -> bool:
        """Whether some cap on any hold of this kind has run out, or not begun to run."""
        return any(
            applies is True and self._within(piece, cap, standing, waiting=True) is False
            for applies, cap in standing.ceilings
        )


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


def _edges_of(window: Window) -> set[Instant]:
    ends = (window.anchor.at, window.deadline.at)
    found = {edge for end in ends for edge in (earliest_of(end), latest_of(end))}
    return {edge for edge in found if edge < FOREVER}
