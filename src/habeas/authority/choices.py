"""The values that stand for all that an unknown could be, and what to call them.

An unknown instant matters only by its order with what it is compared with, a number only by the
side of each number on which it lies. Between two neighbours of what it is compared with every
value decides alike, so the first and the last of them stand for all: the first, because some
comparisons are with "at or after", the last, because others are with "after".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import TypeAlias

from habeas.authority.belonging import span_at
from habeas.authority.clocks import circumstances
from habeas.authority.derive import Derivation, Piece
from habeas.authority.doubts import DATE
from habeas.authority.findings import Atom, Verdict
from habeas.authority.inquiry import Inquiry
from habeas.authority.situations import SUPPOSED
from habeas.custody.facts import INHERENT
from habeas.kernel.calendars import OutsideCalendar
from habeas.kernel.instants import (
    DAY,
    FOREVER,
    Instant,
    UncertainInstant,
    format_instant,
    latest_of,
    rfc3339,
)
from habeas.law.clocks import Circumstances, deadline
from habeas.law.clocks.terms import terms_of
from habeas.law.conditions import (
    AT,
    FactRef,
    FixedInstant,
    InstantTest,
    LimbTest,
    Moment,
    NumberTest,
    OneOf,
)
from habeas.law.enactments import Clock, ClockKind
from habeas.law.program import Program, Rule
from habeas.law.vocabulary import FactSpec

Choice: TypeAlias = "bool | str | int | Instant"

GREAT_MANY = 36_500
"""More days than any sentence served in a jail: a hundred years."""
_LONG_AGO = Instant(-(10**16))
"""Before anything a record holds: the year 1653, which every calendar and zone here can name."""


def choices_for(inquiry: Inquiry, atom: Atom, at: Instant, among: int = 1) -> Sequence[Choice]:
    """Values that stand for all that an atom could be, as far as an instant can tell them apart.

    Args:
        inquiry: What is asked.
        atom: What is not known.
        at: The instant asked about.
        among: How many unknown instants are placed together: so many may lie between two
            neighbours of what they are compared with, in any order.

    Returns:
        The values in ascending order; none where they cannot be listed.
    """
    if atom[0] == "when":
        return _placements(inquiry, atom[1], at, among)
    if atom[0] == "law":
        return _dates(inquiry, atom[1], at, among) if atom[2] == DATE else (True, False)
    spec = spec_of(inquiry, atom)
    if spec.type == "bool":
        return (True, False)
    if spec.type == "instant":
        bounds = (_LONG_AGO, *compared_with(inquiry, at, frozenset({spec.name})), FOREVER)
        never = () if spec.name in INHERENT else (FOREVER,)
        return (*_between(bounds, among), *never)
    if spec.type == "number":
        return _numbers(inquiry, at, spec.name)
    return tuple(spec.values) if spec.type == "code" else ()


def ends_between(
    inquiry: Inquiry, atom: Atom, bounds: tuple[Instant, Instant], at: Instant, among: int
) -> Sequence[Instant]:
    """Instants that stand for every end a sum can come to, between the least and the greatest."""
    name = spec_of(inquiry, atom).name
    inside = compared_with(inquiry, at, frozenset({name}))
    low, high = bounds
    return _between((low, *(each for each in inside if low < each <= high), Instant(high + 1)), among)


ANY_END = _LONG_AGO, Instant(FOREVER - 1)
"""The bounds of a sum of which nothing is known."""


def spec_of(inquiry: Inquiry, atom: Atom) -> FactSpec:
    """What the vocabulary says of the fact that an atom is, or that is supposed for a sum."""
    return inquiry.law.vocabulary.fact(f"{atom[0]}.{atom[2].removeprefix(SUPPOSED)}")


def is_instant(inquiry: Inquiry, atom: Atom) -> bool:
    """Whether an atom is an unknown point in time."""
    if atom[0] in {"when", "law"}:
        return atom[0] == "when" or atom[2] == DATE
    return spec_of(inquiry, atom).type == "instant"


def _dates(inquiry: Inquiry, key: str, at: Instant, among: int) -> Sequence[Instant]:
    """Instants at which a date of law may lie, one for each order with all that matters."""
    when = inquiry.regimes.points.get(key)
    if when is None:
        return ()
    moments = {*compared_with(inquiry, at, frozenset()), inquiry.law_known_at}
    inside = sorted(each for each in moments if when.earliest < each < when.latest)
    return _between((when.earliest, *inside, when.latest), among)


def _between(bounds: Sequence[Instant], among: int) -> list[Instant]:
    """So many instants from each bound up to the next one, the first and the last included."""
    found: set[Instant] = set()
    for low, high in pairwise(bounds):
        last, steps = high - 1, max(among - 1, 1)
        found |= {Instant(low + (last - low) * step // steps) for step in range(steps + 1)}
    return sorted(found)


def _placements(inquiry: Inquiry, key: str, at: Instant, among: int) -> Sequence[Instant]:
    """Instants at which an uncertain one may lie, one for each order with all that matters."""
    when = inquiry.record.uncertain.get(key)
    if when is None:
        return ()
    piece = inquiry.piece_at(at)
    names = frozenset[str]() if piece is None else _bearing(piece, key)
    compared = compared_with(inquiry, at, names)
    inside = [each for each in compared if when.earliest < each < when.latest]
    return _between((when.earliest, *inside, when.latest), among)


def _bearing(piece: Piece, key: str) -> frozenset[str]:
    """The facts that are an uncertain instant, or follow from it."""
    return frozenset(
        f"{owner}.{name}"
        for owner, rows in piece.situation.rows.items()
        for row in rows
        for name, value in row.items()
        if isinstance(value, UncertainInstant) and value.key == key
    )


def _numbers(inquiry: Inquiry, at: Instant, name: str) -> Sequence[int]:
    """Whole numbers an unknown one may be: none, a great many, and both sides of each compared."""
    compared: set[int] = set()
    for piece in _pieces(inquiry, at):
        for test in piece.situation.program.tests:
            compared |= set(_numbers_beside(test, name, piece))
    near = {number + step for number in compared for step in (-1, 0, 1)}
    return tuple(sorted({0, GREAT_MANY, *near}))


def _numbers_beside(test: LimbTest, name: str, piece: Piece) -> Iterator[int]:
    """What a limb compares a number with."""
    if isinstance(test, OneOf) and _name(test.fact) == name:
        yield from (value for value in test.values if isinstance(value, int))
    if not isinstance(test, NumberTest):
        return
    for one, other in ((test.fact, test.other), (test.other, test.fact)):
        if isinstance(one, FactRef) and _name(one) == name:
            values = _values(piece, other) if isinstance(other, FactRef) else (other,)
            yield from (value for value in values if isinstance(value, int))


def _pieces(inquiry: Inquiry, at: Instant) -> tuple[Piece, ...]:
    index = inquiry.episode_at(at)
    return () if index is None else inquiry.derivation(index, at).pieces


def compared_with(inquiry: Inquiry, at: Instant, names: frozenset[str]) -> Sequence[Instant]:
    """What an instant of these names may be compared with, in order.

    The instant asked, every one at which the answer changes before it, those that a limb writes,
    the facts beside it in some limb, and from where its clocks would run out at one of these.
    """
    index = inquiry.episode_at(at)
    if index is None:
        return (at,)
    derivation = inquiry.derivation(index, at)
    moments = {at, *(piece.start for piece in derivation.pieces)}
    found = set(moments)
    programs: set[int] = set()
    for piece in derivation.pieces:
        program = piece.situation.program
        found |= program.fixed_instants
        if id(program) not in programs:
            programs.add(id(program))
            for test in program.tests:
                found |= set(_instants_beside(test, names, piece, moments))
            found |= _from_where(derivation, piece, names, moments)
    return sorted(each for each in found if _LONG_AGO < each < FOREVER)


def _instants_beside(
    test: LimbTest, names: frozenset[str], piece: Piece, moments: Iterable[Instant]
) -> Iterator[Instant]:
    """What a limb compares an instant with, less what it adds to that one."""
    if not isinstance(test, InstantTest):
        return
    for one, other in ((test.left, test.right), (test.right, test.left)):
        if not isinstance(one, Moment) or _name(one.fact) not in names:
            continue
        if isinstance(other, FixedInstant):
            yield Instant(other.at - one.offset)
        else:
            values = moments if other.fact == AT else _instants(_values(piece, other.fact))
            yield from (Instant(value + other.offset - one.offset) for value in values)


def _values(piece: Piece, fact: FactRef) -> Iterator[object]:
    for row in piece.situation.rows.get(fact.owner, ()):
        yield row.get(fact.name)


def _instants(values: Iterable[object]) -> Iterator[Instant]:
    for value in values:
        if isinstance(value, UncertainInstant):
            yield from (value.earliest, Instant(value.latest))
        elif isinstance(value, int):
            yield Instant(value)


def _name(fact: FactRef) -> str:
    return f"{fact.owner}.{fact.name}"


def _from_where(
    derivation: Derivation, piece: Piece, names: frozenset[str], moments: Iterable[Instant]
) -> set[Instant]:
    """The anchors of these names whose clocks run out at one of the moments."""
    situation = piece.situation
    found: set[Instant] = set()
    for rule in _clocked(situation.program, names):
        clock = rule.provision.clock
        assert clock is not None, "asked of rules with a clock"
        for row in situation.rows[rule.provision.on]:
            bears = circumstances(derivation.situations.record, situation, rule, row)
            plain = terms_of(clock).runs_at_once and not (bears.pauses or bears.grants or bears.resets)
            for moment in moments:
                if plain:
                    found.add(Instant(moment - terms_of(clock).length))
                else:
                    found |= set(_last_to_run_out(clock, bears, moment))
    return found


def _clocked(program: Program, names: frozenset[str]) -> Iterator[Rule]:
    return (rule for rule in program.rules if rule.provision.clock and rule.provision.clock.anchor in names)


def _last_to_run_out(clock: Clock, bears: Circumstances, moment: Instant) -> Iterator[Instant]:
    """The first anchor from which a clock has not run out by a moment.

    A later anchor never gives an earlier deadline, so halving finds it.
    """
    terms = terms_of(clock)
    longest = terms.length if terms.clock.kind is not ClockKind.CIVIL_DAYS else terms.length * DAY
    low, high = Instant(moment - _SLOWEST * longest - _LONG_PAUSE), moment
    try:
        while high - low > 1:
            middle = Instant((low + high) // 2)
            out = latest_of(deadline(clock, middle, bears).at) <= moment
            low, high = (middle, high) if out else (low, middle)
    except OutsideCalendar:
        return
    yield high


_SLOWEST = 8
"""A clock that runs one day of the week takes seven times its length."""
_LONG_PAUSE = 3 * 366 * DAY


def said(inquiry: Inquiry, atom: Atom, found: Mapping[Choice, Verdict], at: Instant) -> Mapping[str, Verdict]:
    """What each value of an unknown would give, neighbours that give the same told as one.

    Args:
        inquiry: What is asked.
        atom: What is not known.
        found: For each of its choices, in ascending order, the verdict.
        at: The instant asked about.
    """
    if not is_instant(inquiry, atom):
        return {_plain(choice): verdict for choice, verdict in found.items()}
    placed = [(Instant(int(choice)), verdict) for choice, verdict in found.items() if choice != FOREVER]
    told = dict(_stretches(placed, _Zoned(inquiry, at)))
    if FOREVER in found:
        told["never"] = found[FOREVER]
    return told


def _plain(choice: Choice) -> str:
    if isinstance(choice, bool):
        return "yes" if choice else "no"
    return "a great many" if choice == GREAT_MANY else str(choice)


class _Zoned:
    """Instants as read where the person is held."""

    def __init__(self, inquiry: Inquiry, at: Instant) -> None:
        index = inquiry.episode_at(at)
        place = span_at(inquiry.custody[index or 0], at).place
        self._zone = None if place is None else inquiry.law.places.zone_of(place)

    def __call__(self, instant: Instant) -> str:
        return rfc3339(instant) if self._zone is None else format_instant(instant, self._zone)


def _stretches(placed: Sequence[tuple[Instant, Verdict]], shown: _Zoned) -> Iterator[tuple[str, Verdict]]:
    """Runs of neighbours of one verdict, each in words; no supposed instant is ever shown."""
    runs = [(verdict, [each for each, _ in run]) for verdict, run in groupby(placed, lambda pair: pair[1])]
    for index, (verdict, run) in enumerate(runs):
        words: list[str] = []
        if index:
            last = runs[index - 1][1][-1]
            words.append(f"from {shown(run[0])}" if run[0] == last + 1 else f"after {shown(last)}")
        if index + 1 < len(runs):
            following = runs[index + 1][1][0]
            joined = following == run[-1] + 1
            words.append(f"before {shown(following)}" if joined else f"until {shown(run[-1])}")
        yield " and ".join(words) or "at any time", verdict
