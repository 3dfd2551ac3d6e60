"""Whether tests ask one second either side of every instant at which law or a clock changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from habeas.authority.derive import Derivation
from habeas.authority.gate_asks import LawLine, Question
from habeas.authority.inquiry import Regimen
from habeas.kernel.instants import FOREVER, SECOND, Instant, When, earliest_of, latest_of, parse_instant
from habeas.kernel.places import PlaceId, lies_within
from habeas.law.enactments import Act, Enactment


@dataclass(frozen=True, slots=True)
class Edge:
    """One instant of law, or one clock's deadline, and on which of its sides a test asks."""

    ref: str
    says: str
    before: bool = False
    """Some test asks at most one second before it."""
    after: bool = False
    """Some test asks at it, or at most one second after."""

    @property
    def is_tested(self) -> bool:
        """Whether both sides are asked."""
        return self.before and self.after

    def joined(self, other: Edge) -> Edge:
        """The same edge with what either has shown."""
        return replace(self, before=self.before or other.before, after=self.after or other.after)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that a clock comes to in the custody of a question, and the instant it asks about."""

    ref: str
    when: When
    asked_at: Instant


def edges_of(
    regimen: Regimen,
    questions: Sequence[Question],
    lines: Sequence[LawLine],
    places: Sequence[PlaceId],
    deadlines: Sequence[Due],
) -> tuple[Edge, ...]:
    """The edges of every act and clock of some places, each with the sides that are tested.

    ``deadlines`` are those of the questions' own custodies, found where these were derived.
    """
    moments = [(question.place, question.asked.at) for question in questions]
    moments += [(line.trial.place, parse_instant(str(line.line["at"]), line.trial.zone)) for line in lines]
    found: dict[tuple[str, str], Edge] = {}
    for edge in _of_acts(regimen, moments, places):
        found.setdefault((edge.ref, edge.says), edge)
    for edge in (*_untested_clocks(regimen, places), *map(_of_clock, deadlines)):
        if PlaceId(edge.ref.partition("#")[0].rpartition("/")[0]) in places:
            kept = found.setdefault((edge.ref, edge.says), edge)
            found[edge.ref, edge.says] = kept.joined(edge)
    return tuple(found.values())


def _of_acts(
    regimen: Regimen, moments: Sequence[tuple[PlaceId, Instant]], places: Sequence[PlaceId]
) -> Iterator[Edge]:
    rulebook = regimen.rulebook
    for name in sorted(rulebook.artefact.enactments):
        for variant in rulebook.variants(name) if PlaceId(name.rpartition("/")[0]) in places else ():
            for act in variant.acts:
                when = rulebook.instant(act.begins, variant.place)
                asked = [at for place, at in moments if _may_bear(act, variant, place)]
                if act.begins != "start":
                    yield _edge(f"{name}!{act.id}", f"from {_shown(act)}", when, asked)


def _shown(act: Act) -> str:
    return act.begins if isinstance(act.begins, str) else act.begins.earliest


def _may_bear(act: Act, enactment: Enactment, place: PlaceId) -> bool:
    return bool(act.scope.places) or lies_within(place, PlaceId(enactment.place))


def _edge(ref: str, says: str, when: When, asked: Sequence[Instant]) -> Edge:
    """An edge known only to lie between two instants is asked before the first and after the last."""
    first, last = earliest_of(when), latest_of(when)
    return Edge(
        ref,
        says,
        before=any(first - SECOND <= at < first for at in asked),
        after=any(last <= at <= last + SECOND for at in asked),
    )


def _untested_clocks(regimen: Regimen, places: Sequence[PlaceId]) -> Iterator[Edge]:
    for name in sorted(regimen.rulebook.artefact.enactments):
        if PlaceId(name.rpartition("/")[0]) in places:
            for variant in regimen.rulebook.variants(name):
                for provision in variant.provisions:
                    if provision.clock is not None:
                        yield Edge(f"{name}#{provision.id}", "deadline")


def _of_clock(due: Due) -> Edge:
    return _edge(due.ref, "deadline", due.when, [due.asked_at])


def deadlines_in(derivation: Derivation, asked_at: Instant) -> Iterator[Due]:
    """Every deadline that a clock comes to in one custody."""
    for ref, when in _deadlines(derivation):
        if earliest_of(when) < FOREVER:
            yield Due(ref, when, asked_at)


def _deadlines(derivation: Derivation) -> Iterator[tuple[str, When]]:
    found: dict[tuple[str, When], None] = {}
    for piece in derivation.pieces:
        for duty in piece.duties:
            if duty.due is not None:
                found[duty.rule.ref, duty.due.at] = None
        for standing in piece.standings:
            for ground in standing.grounds:
                for _, cap in ground.caps:
                    for window in derivation.windows_for(piece, cap, standing):
                        found[cap.ref, window.deadline.at] = None
    yield from found
