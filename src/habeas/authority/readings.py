"""Which disputes an answer turns on: only the questions its proof reaches are varied."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from habeas.authority.derive import Piece
from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Inquiry
from habeas.authority.unknowns import settled
from habeas.kernel.instants import Instant
from habeas.kernel.places import PlaceId
from habeas.law.enactments import Enactment
from habeas.law.rulebook import Rulebook

MOST_READINGS = 64
"""Joint readings beyond this many are not tried; the questions are then varied one at a time."""


class Sensitivity(Struct, frozen=True, kw_only=True):
    """A question whose other alternative changes the verdict."""

    question: str
    asks: str
    taken: str
    verdicts: Mapping[str, Verdict]
    """Alternative -> the verdict under it, everything else as asked."""


class Spread(Struct, frozen=True, kw_only=True):
    """The verdicts under every joint reading of the questions reached."""

    questions: tuple[str, ...]
    verdicts: Mapping[tuple[str, ...], Verdict]
    """One alternative per question, in order -> the verdict."""

    @property
    def verdict(self) -> Verdict:
        """The one verdict of every reading, or UNDETERMINED where they differ."""
        found = set(self.verdicts.values())
        return found.pop() if len(found) == 1 else Verdict.UNDETERMINED


def varied(inquiry: Inquiry, piece: Piece) -> tuple[str, ...]:
    """The questions that the law applied over a piece turns on, in the rulebook's order."""
    kinds = frozenset(row.get("kind") for row in piece.situation.rows["instrument"])
    collections = frozenset(name for name, rows in piece.situation.rows.items() if rows)
    return _questions_on(inquiry.rulebook, piece.situation.place, collections, kinds)


@lru_cache(maxsize=1024)
def _questions_on(
    rulebook: Rulebook, place: PlaceId, collections: frozenset[str], kinds: frozenset[object]
) -> tuple[str, ...]:
    reached = _reached(rulebook, place, collections, kinds)
    turning = {asked for name in reached for asked in rulebook.turns_on(name)}
    return tuple(asked for asked in rulebook.questions if asked in turning)


def sensitivity(inquiry: Inquiry, piece: Piece, at: Instant, verdict: Verdict) -> tuple[Sensitivity, ...]:
    """The questions reached whose other alternative changes the verdict, varied one at a time."""
    found: list[Sensitivity] = []
    for asked in varied(inquiry, piece):
        question = inquiry.rulebook.questions[asked]
        verdicts = {
            alternative.id: _verdict_under(inquiry, asked, alternative.id, at, verdict)
            for alternative in question.alternatives
            if alternative.id != inquiry.law.reading[asked]
        }
        if any(other is not verdict for other in verdicts.values()):
            taken = inquiry.law.reading[asked]
            found.append(
                Sensitivity(
                    question=asked,
                    asks=question.asks,
                    taken=taken,
                    verdicts={taken: verdict, **verdicts},
                )
            )
    return tuple(found)


def spread(inquiry: Inquiry, at: Instant) -> Spread:
    """The verdicts under all readings of the questions that some reading's proof reaches."""
    questions = _reached_under_any(inquiry, at)
    alternatives = [
        [each.id for each in inquiry.rulebook.questions[asked].alternatives] for asked in questions
    ]
    joint = list(itertools.islice(itertools.product(*alternatives), MOST_READINGS + 1))
    if len(joint) > MOST_READINGS:
        joint = list(_one_at_a_time(inquiry, questions))
    verdicts = {
        chosen: settled(inquiry.under(dict(zip(questions, chosen, strict=True))), at) for chosen in joint
    }
    return Spread(questions=questions, verdicts=verdicts)


def _verdict_under(inquiry: Inquiry, asked: str, alternative: str, at: Instant, verdict: Verdict) -> Verdict:
    """The verdict under another alternative; the same one where it changes no rule that bears on it."""
    other = inquiry.under({asked: alternative})
    index = inquiry.episode_at(at)
    if index is not None and inquiry.decides_like(other, index, at):
        return verdict
    return settled(other, at)


def _reached_under_any(inquiry: Inquiry, at: Instant) -> tuple[str, ...]:
    """Questions that change what is said of some subject, alone or after another is answered."""
    found: set[str] = set()
    waiting: list[Inquiry] = [inquiry]
    while waiting:
        here = waiting.pop()
        for asked in _turning(here, at, {*found, *inquiry.reading}):
            found.add(asked)
            others = inquiry.rulebook.questions[asked].alternatives
            waiting += [inquiry.under({asked: other.id}) for other in others]
    return tuple(asked for asked in inquiry.rulebook.questions if asked in found)


def _turning(inquiry: Inquiry, at: Instant, known: Collection[str]) -> Iterator[str]:
    """The questions not known yet of which some alternative changes what the law says of a subject then."""
    index, piece = inquiry.episode_at(at), inquiry.decided_at(at)
    if index is None or piece is None:
        return
    now = _said(piece)
    for asked in varied(inquiry, piece):
        if asked in known:
            continue
        alternatives = inquiry.rulebook.questions[asked].alternatives
        others = [inquiry.under({asked: each.id}) for each in alternatives]
        changed = [other for other in others if not inquiry.decides_like(other, index, at)]
        if any(_said(there) != now for other in changed if (there := other.decided_at(at))):
            yield asked


def _said(piece: Piece) -> frozenset[object]:
    """What is said of every subject, and what supports custody on it."""
    said = {
        (standing.subject, standing.settled.outcome, heard.ref, heard.value)
        for standing in piece.standings
        for heard in standing.heard
    }
    held = {(support.key, support.value) for support in piece.supports}
    return frozenset(said | held)


def _one_at_a_time(inquiry: Inquiry, questions: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    taken = [inquiry.law.reading[asked] for asked in questions]
    yield tuple(taken)
    for index, asked in enumerate(questions):
        for alternative in inquiry.rulebook.questions[asked].alternatives:
            if alternative.id != taken[index]:
                yield (*taken[:index], alternative.id, *taken[index + 1 :])


def _reached(
    rulebook: Rulebook, place: PlaceId, collections: frozenset[str], kinds: frozenset[object]
) -> frozenset[str]:
    """Enactments that speak of a subject here, and those that act on them, however far.

    What an enactment says or does under any alternative counts: a provision that only another
    reading brings in is reached too.
    """
    places = {place, *(each.id for each in rulebook.places.ancestors(place))}
    names = rulebook.artefact.enactments
    reached = {
        name
        for name in names
        if name.rpartition("/")[0] in places
        and any(_speaks(each, collections, kinds) for each in rulebook.variants(name))
    }
    targets = {name: _targets(rulebook, name) for name in names}
    found: set[str] = set()
    while reached != found:
        found = set(reached)
        reached |= {name for name in names if targets[name] & found}
        reached |= {target for name in found for target in targets[name] if target in targets}
    return frozenset(found)


def _speaks(enactment: Enactment, collections: frozenset[str], kinds: frozenset[object]) -> bool:
    return any(
        provision.on in collections
        and (not provision.kinds or provision.on != "instrument" or kinds & {*provision.kinds, None})
        for provision in enactment.provisions
    )


def _targets(rulebook: Rulebook, name: str) -> frozenset[str]:
    return frozenset(
        target.partition("#")[0].partition("!")[0]
        for each in rulebook.variants(name)
        for act in each.acts
        for target in act.targets
    )
