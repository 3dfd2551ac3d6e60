"""Whether another reading decides a custody step for step as one that is derived already.

Most sides of a dispute change one rule, and most changed rules say of the papers at hand what they
said before: a cap whose clock skips other holidays than those in the week, a ban that none of the
papers meets. So each changed rule is asked again where the derivation asked it, and if it says the
same everywhere nothing else can differ. Whatever is not compared here counts as a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from habeas.authority.clocks import clock_of
from habeas.authority.duties import BINDING, DutyFinding, applies_to, duties_anew, duties_found
from habeas.authority.grounds import limits_any_hold, selects
from habeas.authority.situation import Aspect, Situation, concerns, force_by
from habeas.kernel.instants import FOREVER, Instant
from habeas.kernel.kleene import Kleene, either, negation
from habeas.law.bearings import DEFINING, FORCING, Bearing
from habeas.law.enactments import DUTIES, HOLDING, Effect

if TYPE_CHECKING:
    from habeas.authority.derive import Derivation
    from habeas.authority.pieces import Piece
    from habeas.authority.situations import Situations
    from habeas.law.program import Program, Rule

Changed: TypeAlias = "tuple[Rule | None, Rule | None]"
"""A rule as it was and as it is; None where there is none."""

_DECIDING = frozenset({*DEFINING, *HOLDING})
"""Effects whose rules must be the very same."""


def changes(one: Bearing, other: Bearing) -> tuple[Changed, ...] | None:
    """The rules by which two bearings differ; None where one defines or holds otherwise."""
    if other not in one.compared:
        one.compared[other] = _changes(one, other)
    return one.compared[other]


def _changes(one: Bearing, other: Bearing) -> tuple[Changed, ...] | None:
    if one.defining != other.defining or one.holding != other.holding or one.order is not other.order:
        return None
    if one.asked != other.asked:  # some condition would be answered otherwise, or is asked anew
        return None
    ours = {rule.ref: rule for rule in one.rules if rule not in other.rules}
    theirs = {rule.ref: rule for rule in other.rules if rule not in one.rules}
    found = tuple((ours.get(ref), theirs.get(ref)) for ref in dict.fromkeys((*ours, *theirs)))
    effects = {rule.provision.effect for pair in found for rule in pair if rule is not None}
    return found if effects.isdisjoint(_DECIDING) else None


Bearings: TypeAlias = tuple[tuple[Instant, str | None, tuple[Bearing, ...]], ...]
"""What of the law bears on a custody's subjects: from when, for what kind of custodian, and what."""


def distance(one: Bearings, other: Bearings) -> int | None:
    """By how many rules the law on a custody differs; None where it surely decides otherwise."""
    if len(one) != len(other):
        return None
    found = 0
    for here, there in zip(one, other, strict=True):
        if here is there:
            continue
        if here[:2] != there[:2]:
            return None
        for ours, theirs in zip(here[2], there[2], strict=True):
            if ours is not theirs:
                changed = changes(ours, theirs)
                if changed is None:
                    return None
                found += len(changed)
    return found


def goes_alike(made: Derivation, other: Situations) -> bool:
    """Whether deriving the same custody from other situations would go as a derivation went.

    Args:
        made: The derivation, under one reading.
        other: The situations of the same custody under another reading.
    """
    if not all(piece.situation.is_kept for piece in made.criminal) or not _cut_alike(made, other):
        return False
    open_at: dict[tuple[object, ...], Sequence[_Open] | None] = {}
    for piece in made.pieces:
        situation = piece.situation
        program = other.program_at(situation)
        if situation.program is program:
            continue
        # All else that rules are asked of is the same between pieces of the same aspects.
        alike = id(situation.setting), id(situation.complete)
        key = program, situation.program, situation.aspects, alike
        if key not in open_at:
            open_at[key] = _left_open(made, situation, program)
        rest = open_at[key]
        if rest is None or not all(_does_the_same(made, piece, *each) for each in rest):
            return False
    return True


_Open: TypeAlias = "tuple[Aspect, Rule | None, Rule | None]"
"""A subject, and a changed rule whose clock it is that may make a difference."""


def _cut_alike(made: Derivation, other: Situations) -> bool:
    """Whether the custody is cut at the same instants before any rule is asked."""
    if made.situations.law_edges() != other.law_edges() and made.bounds_of(other) != made.bounds:
        return False
    here = [made.situations.footing(bound).program for bound in made.bounds]
    there = [other.footing(bound).program for bound in made.bounds]
    if all(one is two or one.reads_like(two) for one, two in dict.fromkeys(zip(here, there, strict=True))):
        return all(
            (a is b) is (c is d) for (a, b), (c, d) in zip(pairwise(here), pairwise(there), strict=True)
        )
    return list(other.apart(made.bounds)) == made.apart


def _left_open(made: Derivation, situation: Situation, program: Program) -> Sequence[_Open] | None:
    """What of a situation must be compared piece by piece; None where it surely differs."""
    bearings: set[Bearing] = set()
    found: list[_Open] = []
    for aspect in situation.aspects:
        here = aspect.bearing
        there = program.bearing(here.collection, here.kind)
        bearings.add(there)
        if there is here:
            continue
        changed = changes(here, there)
        if changed is None or not _asked_alike(situation, aspect, there, changed):
            return None
        found += [(aspect, *pair) for pair in changed if not _runs_the_same(made, situation, aspect, *pair)]
    if not program.is_row_by_row(frozenset(bearings)):
        return None
    one, two = (
        _inside(made, made.fact_windows(situation, [rule for rule in caps if rule not in others]))
        for caps, others in ((situation.program.caps, program.caps), (program.caps, situation.program.caps))
    )
    return found if one == two else None


def _asked_alike(situation: Situation, aspect: Aspect, there: Bearing, changed: Sequence[Changed]) -> bool:
    """Whether changed rules leave a paper its force, and flip where they did."""
    forcing = (rule.provision.effect in FORCING for pair in changed for rule in pair if rule is not None)
    if aspect.bearing.collection == "instrument" and any(forcing):
        facts = situation.facts(aspect.bearing.collection, aspect.row)
        if situation.force(aspect.row)[0] is not force_by(there.forcing, aspect.row, facts)[0]:
            return False
    return all(_flips(situation, aspect, one) == _flips(situation, aspect, other) for one, other in changed)


def _runs_the_same(
    made: Derivation, situation: Situation, aspect: Aspect, one: Rule | None, other: Rule | None
) -> bool:
    """Whether it can be told without an instant that a changed cap or duty does what it did."""
    rules = [rule for rule in (one, other) if rule is not None]
    if all(rule.provision.effect is not Effect.CAP and rule.provision.effect not in DUTIES for rule in rules):
        return True
    values = {rule: applies_to(situation, aspect, rule) for rule in rules}
    if all(value is False for value in values.values()):
        return True
    if one is None or other is None or values[one] is not values[other] or not _is_kin(one, other):
        return False
    if one.provision.effect is Effect.CAP:
        standing = aspect.standing
        if standing is None:
            return False
        ways = [
            made.release_ways(situation, rule, standing) or made.windows_on(situation, rule, aspect.row)
            for rule in rules
        ]
        return ways[0] == ways[1]
    told = [
        [(duty.due, duty.done) for duty in _duties_made(made, situation, aspect, (rule, values[rule]))]
        for rule in rules
    ]
    return told[0] == told[1]


def _is_kin(one: Rule, other: Rule) -> bool:
    """Whether two rules differ in nothing that decides but their conditions and their clocks."""
    ours, theirs = one.provision, other.provision
    if ours.clock is None or theirs.clock is None:
        return False
    same = ours.clock.anchor == theirs.clock.anchor and ours.clock.strata == theirs.clock.strata
    return same and all(getattr(ours, name) == getattr(theirs, name) for name in _DECISIVE)


_DECISIVE = ("on", "effect", "kinds", "limits", "met_by", "consequence", "ends")


def _does_the_same(
    made: Derivation, piece: Piece, aspect: Aspect, one: Rule | None, other: Rule | None
) -> bool:
    """Whether over a piece a changed rule does to a subject what it did."""
    return _cap_of(made, piece, aspect, one) == _cap_of(made, piece, aspect, other) and _duties_of(
        made, piece, aspect, one
    ) == _duties_of(made, piece, aspect, other)


def _flips(situation: Situation, aspect: Aspect, rule: Rule | None) -> frozenset[Instant]:
    if rule is None or not rule.is_timed or concerns(rule, aspect.row) is False:
        return frozenset()
    facts = situation.facts(aspect.bearing.collection, aspect.row)
    return frozenset(edge for edge in rule.edges(facts) if edge < FOREVER)


def _inside(made: Derivation, edges: Iterable[Instant]) -> set[Instant]:
    """Of some instants those at which a custody can be cut."""
    first, last = made.bounds[0], made.last
    return {edge for edge in edges if first < edge < last}


_Cap: TypeAlias = "tuple[Kleene, bool, bool, frozenset[str], frozenset[Instant]]"
_NO_CAP: _Cap = (True, False, False, frozenset(), frozenset())


def _cap_of(made: Derivation, piece: Piece, aspect: Aspect, rule: Rule | None) -> _Cap:
    """What a cap does to a subject: whether it lets bases stand, bars every hold, which, and its cuts."""
    standing = aspect.standing
    if rule is None or standing is None or rule.provision.effect is not Effect.CAP:
        return _NO_CAP
    limits = rule.provision.limits
    bases = frozenset(
        ground.rule.ref for ground in standing.grounds if selects(limits, ground.rule, aspect.row)
    )
    ceiling = not aspect.encoded and limits_any_hold(rule)
    applies = applies_to(piece.situation, aspect, rule) if bases or ceiling else False
    if applies is False:
        return _NO_CAP
    within = made.within(piece, rule, standing)
    ways = made.release_ways(piece.situation, rule, standing) if bases else ()
    edges = _inside(made, (edge for windows in ways for window in windows for edge in window.edges()))
    lets, closes = either(negation(applies), within), applies is True and within is False
    if lets is True and not closes and not edges:
        return _NO_CAP
    return lets, closes, rule.waits_for_release, bases, frozenset(edges)


_Duties: TypeAlias = tuple[object, ...]


def _duties_of(made: Derivation, piece: Piece, aspect: Aspect, rule: Rule | None) -> _Duties:
    """What the duties do that a rule makes: where they cut, and whether bases end with their breach."""
    if rule is None or rule.provision.effect not in DUTIES:
        return ()
    applies = applies_to(piece.situation, aspect, rule)
    if applies is False:
        return ()
    found = [
        (_inside(made, duty.edges()), _broken(piece, duty))
        for duty in _duties_made(made, piece.situation, aspect, (rule, applies))
    ]
    telling = [each for each in found if each != (set(), False)]
    return (rule.waits_for_release, *telling) if telling else ()


def _broken(piece: Piece, duty: DutyFinding) -> object:
    """Whether a breach bears on bases; with it, on which and how."""
    provision = duty.rule.provision
    broken = duty.broken_at(piece.start) if provision.consequence in BINDING else False
    return False if broken is False else (broken, provision.consequence, provision.ends)


def _duties_made(
    made: Derivation, situation: Situation, aspect: Aspect, applying: tuple[Rule, Kleene]
) -> Iterator[DutyFinding]:
    rule, applies = applying
    if rule.waits_for_release:
        releases = made.releases(clock_of(rule).strata)
        return duties_anew(made.clocks, situation, releases, (rule, aspect.row, applies))
    return duties_found(made.clocks, situation, rule, aspect.row, applies)
