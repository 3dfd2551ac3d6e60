"""Regimes: the law in force at a place for a custodian, piece by piece of time.

Between two neighbouring dates of the acts known and in scope nothing changes, so each piece is
resolved once, when it is first asked for. What was known reduces to how many of the law's dates
of knowledge had passed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from habeas.kernel.instants import BEGINNING, FOREVER, Instant, UncertainInstant, earliest_of, latest_of
from habeas.kernel.intervals import Interval
from habeas.kernel.kleene import Kleene
from habeas.kernel.places import PlaceId
from habeas.kernel.timelines import Timeline
from habeas.law.attacks import attack_graph
from habeas.law.effectiveness import Resolver, Scopes, Standing, Vantage, point, shown_node
from habeas.law.formulas import Formula, Guard, disjunction
from habeas.law.reasons import LawStatus, Reasons
from habeas.law.targets import DatedAct, DatedActs, Law


class UnknownRef(LookupError):
    """A ref names no enactment, clause or act of the law."""

    def __init__(self, ref: str) -> None:
        """Show the ref."""
        self.ref = ref
        super().__init__(f"the law has no enactment, clause or act [{ref}]")


class Regime:
    """What law is in force throughout one interval, at one place, for one kind of custodian.

    Two regimes are equal if the same clauses are in force and the same acts work, under the same
    guards and doubts; why that is so may differ.
    """

    def __init__(self, law: Law, resolver: Resolver, interval: Interval) -> None:
        self.interval = interval
        """From and until when nothing about it can change; instants in UTC microseconds."""
        self._law = law
        self._resolver = resolver

    @property
    def place(self) -> PlaceId:
        """The place whose law it is."""
        return self._resolver.vantage.place

    @cached_property
    def _standing(self) -> Standing:
        return self._resolver.standing(self.interval.start)

    @cached_property
    def clauses(self) -> Mapping[str, Formula]:
        """Clauses by ref ``enactment#clause``, those plainly not in force left out."""
        texts = self._standing.texts
        return MappingProxyType({ref: value for ref, value in texts.items() if "#" in ref})

    def in_force(self, ref: str) -> Formula:
        """Whether an enactment, a clause or an act is in force.

        An enactment is, while any clause of it is; one that has no text of its own, such as a
        ruling that only suspends another enactment, is while any of its acts works.

        Raises:
            UnknownRef: the law has no such enactment, clause or act.
        """
        graph = self._resolver.graph
        if ref in graph.by_ref:
            return self._works(graph.by_ref[ref])
        if "#" in ref and ref in graph.texts:
            return self._standing.texts.get(ref, False)
        if ref not in graph.clauses:
            raise UnknownRef(ref)
        if acts := self._resolver.acts_alone(ref):
            return disjunction(map(self._works, acts))
        return disjunction(self._standing.texts.get(each, False) for each in graph.clauses[ref])

    def why(self, ref: str, guard_value: Callable[[Guard], Kleene] | None = None) -> LawStatus:
        """Why an enactment, clause or act is in force or not, as a tree.

        Args:
            ref: ``enactment``, ``enactment#clause`` or ``enactment!act``.
            guard_value: Whether each guard holds of one subject; left out, the tree says for
                whom each thing holds.

        Raises:
            UnknownRef: the law has no such enactment, clause or act.
        """
        self.in_force(ref)
        start = self.interval.start
        return Reasons(self._law, self._resolver, self._standing, start, guard_value).of(ref)

    def sentence(self, ref: str, guard_value: Callable[[Guard], Kleene] | None = None) -> str:
        """The same in one English sentence, with citations and dates in the place's zone.

        Raises:
            UnknownRef: the law has no such enactment, clause or act.
        """
        return self.why(ref, guard_value).sentence

    def __eq__(self, other: object) -> bool:
        """Whether the same clauses are in force and the same acts work, for the same subjects."""
        if not isinstance(other, Regime):
            return NotImplemented
        one, two = self._standing, other._standing
        return one is two or (one.texts == two.texts and one.halves == two.halves)

    def __hash__(self) -> int:
        """Equal regimes have the same clauses not plainly out of force."""
        return hash(frozenset(self._standing.texts))

    def _works(self, act: DatedAct) -> Formula:
        """Whether an act is in effect; one that begins text is while any of that text is."""
        halves, start = self._standing.halves, self.interval.start
        if begun := self._resolver.graph.begun(act):
            return disjunction(self._resolver.text_from(each, start, halves) for each in begun)
        return halves[shown_node(act)]


class _Line:
    """The pieces of one vantage, resolved as they are asked for."""

    __slots__ = ("_law", "_resolver", "edges", "regimes")

    def __init__(self, law: Law, resolver: Resolver) -> None:
        self._law = law
        self._resolver = resolver
        self.edges = tuple(edge for edge in resolver.edges() if BEGINNING < edge < FOREVER)
        self.regimes: list[Regime | None] = [None] * (len(self.edges) + 1)

    def resolve(self, index: int) -> Regime:
        """The regime of one piece, made on first use."""
        if (made := self.regimes[index]) is not None:
            return made
        start = self.edges[index - 1] if index else BEGINNING
        end = self.edges[index] if index < len(self.edges) else FOREVER
        regime = Regime(self._law, self._resolver, Interval(start, end))
        self.regimes[index] = regime
        return regime


class Alike(NamedTuple):
    """What the readings of one rulebook share."""

    dated: DatedActs
    scopes: Scopes


class Regimes:
    """The law in force, by place, custodian, instant and what was known; one law, one reading."""

    def __init__(self, law: Law, like: Regimes | None = None) -> None:
        """Take a law; ``like`` are regimes of another reading of it, with which what is alike is shared."""
        self._law = law
        self.alike: Alike = Alike(DatedActs(), Scopes(law.places)) if like is None else like.alike
        """What is the same under every reading."""
        self._graph = attack_graph(law, self.alike.dated)
        self._scopes = self.alike.scopes
        known = {at for act in self._graph.acts for at in (earliest_of(act.known), latest_of(act.known))}
        self._known = sorted(known)
        self._lines: dict[tuple[PlaceId, str | None, int], _Line] = {}

    @property
    def law(self) -> Law:
        """The law they were made of; readings that put the same in force share it."""
        return self._law

    @cached_property
    def points(self) -> Mapping[str, UncertainInstant]:
        """By the key of a doubt: each date of the law that is known only within bounds."""
        dates = (when for act in self._graph.acts for when in (act.begins, act.known))
        return {point(when): when for when in dates if isinstance(when, UncertainInstant)}

    def named(self, ref: str) -> DatedAct | None:
        """The act of that ref; None where the law has none."""
        return self._graph.by_ref.get(ref)

    def dated_by(self, key: str) -> tuple[DatedAct, ...]:
        """The acts of which that point is a date."""
        return tuple(
            act
            for act in self._graph.acts
            if any(
                isinstance(when, UncertainInstant) and point(when) == key for when in (act.begins, act.known)
            )
        )

    def at(self, place: PlaceId, custodian: str | None, instant: Instant, law_known_at: Instant) -> Regime:
        """The regime at a point; after first use of its piece this only looks it up.

        Args:
            place: Where the person is held.
            custodian: The custodian's kind, such as ``county-jail``; None where not known.
            instant: The instant asked about.
            law_known_at: Acts that became known later are left out.

        Raises:
            UnknownPlace: the place is not in the tree.
        """
        line = self._lines.get((place, custodian, bisect_right(self._known, law_known_at)))
        if line is None:
            line = self._open(place, custodian, law_known_at)
        index = bisect_right(line.edges, instant)
        return line.regimes[index] or line.resolve(index)

    def edges(self, place: PlaceId, custodian: str | None, law_known_at: Instant) -> tuple[Instant, ...]:
        """The instants, in order, at which one regime may give way to another; none is resolved.

        Raises:
            UnknownPlace: the place is not in the tree.
        """
        return self._line(place, custodian, law_known_at).edges

    def segments(self, place: PlaceId, custodian: str | None, law_known_at: Instant) -> Timeline[Regime]:
        """All of time in maximal pieces, a new one wherever a clause or an act changes.

        Raises:
            UnknownPlace: the place is not in the tree.
        """
        line = self._line(place, custodian, law_known_at)
        pieces = (line.resolve(index) for index in range(len(line.regimes)))
        return Timeline((piece.interval.start, piece.interval.end, piece) for piece in pieces)

    def _line(self, place: PlaceId, custodian: str | None, law_known_at: Instant) -> _Line:
        key = (place, custodian, bisect_right(self._known, law_known_at))
        return self._lines.get(key) or self._open(place, custodian, law_known_at)

    def _open(self, place: PlaceId, custodian: str | None, law_known_at: Instant) -> _Line:
        place = self._law.places[place].id
        index = bisect_right(self._known, law_known_at)
        known = self._known[index - 1] if index else BEGINNING
        line = _Line(self._law, Resolver(self._graph, self._scopes, Vantage(place, custodian, known)))
        self._lines[place, custodian, index] = line
        return line
