"""The law that bears on one custody episode, as lanes: what was in force when, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import pairwise

from habeas.authority.derive import Piece
from habeas.authority.inquiry import Inquiry
from habeas.kernel.instants import Instant
from habeas.kernel.kleene import Kleene, any_of
from habeas.kernel.places import PlaceId
from habeas.law.checking import ConditionError
from habeas.law.compile import compile_condition
from habeas.law.enactments import Enactment, Verb
from habeas.law.facts import Facts
from habeas.law.formulas import Formula, Guard, evaluate

_HALTING = frozenset({Verb.SUSPENDS, Verb.STAYS, Verb.PREEMPTS})
_CUSTODY = ("instrument", "charge", "booking")


class Force(StrEnum):
    """How an enactment stands over a stretch of time."""

    IN_FORCE = "in force"
    OTHERS = "in force, not for this person"
    """Its scope is limited to somebody else."""
    DOUBTFUL = "in doubt"
    """Whether it is in force, or for this person, is not settled."""
    HALTED = "halted"
    """Suspended, stayed or preempted by law drawn beside it."""


@dataclass(frozen=True, slots=True)
class LawStretch:
    """How an enactment stands from one instant until another, end not included."""

    start: Instant
    end: Instant
    force: Force


@dataclass(frozen=True, slots=True)
class LawLane:
    """One enactment over the time shown."""

    ref: str
    place: str
    kind: str
    title: str
    cite: str
    stretches: tuple[LawStretch, ...]


def law_lanes(inquiry: Inquiry, pieces: Sequence[Piece], start: Instant, end: Instant) -> tuple[LawLane, ...]:
    """The enactments that speak of the papers here or act on those that do, widest place first."""
    law = inquiry.law
    found: list[LawLane] = []
    for name in sorted(
        _bearing(inquiry, pieces), key=lambda each: (law.enactments[each].place.count("/"), each)
    ):
        enactment = law.enactments[name]
        stretches = tuple(_stretches(inquiry, pieces, enactment, (start, end)))
        if stretches:
            found.append(
                LawLane(
                    ref=name,
                    place=law.places[PlaceId(enactment.place)].name,
                    kind=enactment.kind.replace("-", " "),
                    title=enactment.title,
                    cite=enactment.cite,
                    stretches=stretches,
                )
            )
    return tuple(found)


def _bearing(inquiry: Inquiry, pieces: Sequence[Piece]) -> frozenset[str]:
    """Enactments heard on a paper here, and those that act on them, however far."""
    law = inquiry.law
    found: set[str] = set()
    for piece in pieces:
        for standing in piece.standings:
            if standing.subject[0] == "instrument":
                found.update(_name(saying.ref) for saying in standing.heard)
            for ground in standing.grounds:
                if standing.subject[0] == "instrument":
                    found.update(cap.enactment.id for _, cap in ground.caps)
            if standing.force_rule is not None:
                found.add(standing.force_rule.enactment.id)
    reached: set[str] = set()
    while reached != found:
        reached = set(found)
        found |= {name for name, each in law.enactments.items() if _acted_on(each) & reached}
        found |= {target for name in reached for target in _halts(law.enactments[name])}
    return frozenset(name for name in found if name in law.enactments)


def _name(ref: str) -> str:
    return ref.partition("#")[0].partition("!")[0].partition(" ")[0]


def _acted_on(enactment: Enactment) -> frozenset[str]:
    return frozenset(_name(target) for act in enactment.acts for target in act.targets)


def _halts(enactment: Enactment) -> frozenset[str]:
    return frozenset(
        _name(target) for act in enactment.acts if act.does in _HALTING for target in act.targets
    )


def _stretches(
    inquiry: Inquiry, pieces: Sequence[Piece], enactment: Enactment, span: tuple[Instant, Instant]
) -> Iterator[LawStretch]:
    start, end = span
    last: LawStretch | None = None
    for left, right, piece in _segments(inquiry, pieces, start, end):
        force = _force(inquiry, piece, enactment, left)
        if last is not None and last.force is force:
            last = replace(last, end=right)
            continue
        if last is not None:
            yield last
        last = None if force is None else LawStretch(left, right, force)
    if last is not None:
        yield last


def _segments(
    inquiry: Inquiry, pieces: Sequence[Piece], start: Instant, end: Instant
) -> Iterator[tuple[Instant, Instant, Piece]]:
    """The time shown, cut where the law may change, each part with the custody nearest to it."""
    situation = pieces[0].situation
    edges = inquiry.regimes.edges(situation.place, situation.custodian, inquiry.law_known_at)
    cuts = [start, *(edge for edge in edges if start < edge < end), end]
    for left, right in pairwise(cuts):
        here = next((piece for piece in pieces if piece.start <= left < piece.end), None)
        nearest = pieces[0] if left < pieces[0].start else pieces[-1]
        yield left, right, here or nearest


def _force(inquiry: Inquiry, piece: Piece, enactment: Enactment, at: Instant) -> Force | None:
    situation = piece.situation
    regime = inquiry.regimes.at(situation.place, situation.custodian, at, inquiry.law_known_at)
    formula = regime.in_force(enactment.id) if enactment.acts else False
    if formula is False:
        return Force.HALTED if _is_halted(inquiry, piece, enactment, at) else None
    value = any_of(_for_subjects(inquiry, piece, formula, enactment))
    if value is None:
        return Force.DOUBTFUL
    if value:
        return Force.IN_FORCE
    return Force.HALTED if _is_halted(inquiry, piece, enactment, at) else Force.OTHERS


def _is_halted(inquiry: Inquiry, piece: Piece, enactment: Enactment, at: Instant) -> bool:
    """Whether some act that halts it works now, so that without it the text would be in force."""
    situation = piece.situation
    regime = inquiry.regimes.at(situation.place, situation.custodian, at, inquiry.law_known_at)
    for name, other in inquiry.law.enactments.items():
        for act in other.acts:
            aims = any(_name(target) == enactment.id and "!" not in target for target in act.targets)
            if act.does in _HALTING and aims and regime.in_force(f"{name}!{act.id}") is True:
                return True
    return False


def _for_subjects(inquiry: Inquiry, piece: Piece, formula: Formula, enactment: Enactment) -> Iterator[Kleene]:
    """Whether it is in force for each paper and charge here, or for the person where there are none."""
    rows = [(name, row) for name in _CUSTODY for row in piece.situation.rows[name]]
    for collection, row in rows or [("person", piece.situation.rows["person"][0])]:
        holds = partial(_guard, inquiry, enactment, collection, piece.situation.facts(collection, row))
        yield evaluate(formula, holds)


def _guard(inquiry: Inquiry, enactment: Enactment, collection: str, facts: Facts, guard: Guard) -> Kleene:
    """Whether an act's ``for`` holds of one row; one that cannot be asked of it does not."""
    law = inquiry.law
    try:
        compiled = compile_condition(
            guard.condition,
            law.vocabulary,
            subject=collection,
            zone=law.places.zone_of(PlaceId(enactment.place)),
            root="for",
            limbs=law.rulebook.limbs,
        )
    except ConditionError:
        # A scope that speaks of charges says nothing of a paper: some other row decides.
        return False
    return compiled.evaluate(facts)
