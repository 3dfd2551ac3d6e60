"""What supports custody on each subject at one instant, before any cap that waits for release.

Different instruments never conflict, so each subject is settled by itself: what the rules in
force say of it, which of them governs, and which caps limit what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct

from habeas.authority.belonging import FactRow, lodged
from habeas.authority.findings import Because, NoForceReason, SubjectKey
from habeas.authority.situation import Aspect, Situation, concerns
from habeas.kernel.kleene import Kleene, both, negation
from habeas.law.enactments import Effect, Selector, Stratum
from habeas.law.precedence import Outcome, Saying, Settled
from habeas.law.program import Rule


class Ground(Struct):
    """One rule that supports custody on one subject, if its value is true."""

    rule: Rule
    value: Kleene
    caps: tuple[tuple[Kleene, Rule], ...] = ()
    """Caps that limit it, each with whether it applies."""

    @property
    def stratum(self) -> Stratum:
        """The family of the basis; a hold unless its provision says otherwise."""
        return self.rule.provision.stratum or Stratum.HOLD


class Support(Struct):
    """One basis at one piece: the ground, and whether it supports custody after every cap."""

    subject: SubjectKey
    ground: Ground
    value: Kleene

    @property
    def key(self) -> tuple[str, SubjectKey]:
        """A basis is keyed by provision and subject."""
        return self.ground.rule.ref, self.subject


class Standing(Struct, eq=False, dict=True):
    """How one subject stands: what the law in force says, and what supports custody on it."""

    subject: SubjectKey
    row: FactRow
    settled: Settled
    grounds: list[Ground]
    lodged: Kleene
    force: Kleene
    force_rule: Rule | None
    heard: tuple[Saying, ...]
    encoded: bool
    """Whether the rulebook is complete for this subject, so that silence means no basis."""
    ceilings: tuple[tuple[Kleene, Rule], ...] = ()
    """Where it is not complete: caps that would limit any hold on it, read or not."""

    @cached_property
    def plain(self) -> tuple[Support, ...] | None:
        """What supports custody while no duty is breached; None where some cap limits it in time."""
        if any(ground.caps for ground in self.grounds):
            return None
        return tuple(
            Support(self.subject, ground, True if self.is_assured else ground.value)
            for ground in self.grounds
        )

    @cached_property
    def is_assured(self) -> bool:
        """Whether some ground supports custody however the unknown ones fall, none by itself."""
        return self.settled.outcome.holds and not any(g.value is True for g in self.grounds)

    @cached_property
    def because(self) -> Because | None:
        """Why this subject leaves the verdict open, if it does."""
        if self.lodged is False or self.force is False:
            return None
        if self.settled.outcome is Outcome.CONTESTED:
            return Because.CONTESTED
        if self.settled.outcome is Outcome.UNKNOWN or any(g.value is None for g in self.grounds):
            return Because.MISSING
        if not self.encoded and self.settled.outcome is not Outcome.BARRED:
            return Because.MISSING
        return None


def standings(situation: Situation) -> list[Standing]:
    """Every subject that a rule speaks of, or that could support custody, and how it stands."""
    return [standing_of(situation, aspect) for aspect in situation.aspects]


def standing_of(situation: Situation, aspect: Aspect) -> Standing:
    """How one subject of a situation stands; worked out once for each aspect of it."""
    if aspect.standing is None:
        aspect.standing = _standing(situation, aspect)
    return aspect.standing


def _standing(situation: Situation, aspect: Aspect) -> Standing:
    row, bearing = aspect.row, aspect.bearing
    is_paper = bearing.collection == "instrument"
    here = lodged(row, situation.at) if is_paper else True
    said = _said(situation, aspect) if here is not False and bearing.holding else []
    force, force_rule = situation.force(row) if is_paper and said else (True, None)
    papers = both(here, force)
    heard = tuple(_weighed(each, papers) for each in said)
    settled = bearing.settle(heard)
    grounds = _grounds(situation, aspect, settled, heard, [rule for rule, _, _ in said])
    if not aspect.encoded and settled.outcome is Outcome.MAY_HOLD:
        # A text of the place that was not read may forbid what only removes a bar.
        for ground in grounds:
            bare = ground.rule.provision.strength != "protected"
            ground.value = None if bare and ground.value is True else ground.value
    ceilings = () if aspect.encoded else tuple(_caps(situation, aspect, limits_any_hold))
    return Standing(
        subject=(bearing.collection, row["id"]),
        row=row,
        settled=settled,
        grounds=grounds,
        lodged=here,
        force=force,
        force_rule=force_rule,
        heard=heard,
        encoded=aspect.encoded,
        ceilings=ceilings,
    )


_Said: TypeAlias = tuple[Rule, bool, Kleene]
"""A rule, whether it speaks outside its ``only-if``, and whether what it says applies."""


def _said(situation: Situation, aspect: Aspect) -> list[_Said]:
    row = aspect.row
    facts = situation.facts(aspect.bearing.collection, row)
    found: list[_Said] = []
    for rule in aspect.bearing.holding:
        concerned = concerns(rule, row)
        if concerned is False:
            continue
        value = both(concerned, rule.applies(facts))
        if rule.only_if is None or value is False:
            found.append((rule, False, value))
            continue
        inside = rule.only_if.evaluate(facts)
        found += [(rule, False, both(value, inside)), (rule, True, both(value, negation(inside)))]
    return found


def _weighed(said: _Said, papers: Kleene) -> Saying:
    """A paper without force supports nothing; a ban needs no paper in force."""
    rule, outside, value = said
    if outside:
        return rule.sayings.outside(value)
    if papers is True or rule.provision.effect is Effect.MUST_NOT_HOLD:
        return rule.sayings.inside(value)
    return rule.sayings.inside(both(value, papers))


def _grounds(
    situation: Situation,
    aspect: Aspect,
    settled: Settled,
    heard: Sequence[Saying],
    rules: Sequence[Rule],
) -> list[Ground]:
    outcome = settled.outcome
    if outcome is Outcome.BARRED or outcome is Outcome.SILENT:
        return []
    # An unknown ground stays beside a sure one: a cap or a breached duty may end the sure one first.
    grounds: list[Ground] = []
    for rule, saying in zip(rules, heard, strict=True):
        if saying.effect is Effect.MUST_NOT_HOLD or saying.value is False:
            continue
        value: Kleene = saying.value if outcome.holds else None
        grounds.append(Ground(rule, value, _caps_on(situation, aspect, rule)))
    return grounds


def _caps_on(situation: Situation, aspect: Aspect, held_by: Rule) -> tuple[tuple[Kleene, Rule], ...]:
    if not aspect.bearing.caps:
        return ()
    row = aspect.row
    return tuple(_caps(situation, aspect, lambda cap: selects(cap.provision.limits, held_by, row)))


def _caps(
    situation: Situation, aspect: Aspect, chosen: Callable[[Rule], bool]
) -> Iterator[tuple[Kleene, Rule]]:
    row, collection = aspect.row, aspect.bearing.collection
    for rule in aspect.bearing.caps:
        if not chosen(rule):
            continue
        concerned = concerns(rule, row)
        if concerned is False:
            continue
        applies = both(concerned, rule.applies(situation.facts(collection, row)))
        if applies is not False:
            yield applies, rule


def limits_any_hold(cap: Rule) -> bool:
    """Whether a cap would limit any hold, whichever provision gives it."""
    limits = cap.provision.limits
    return limits is None or (not limits.provisions and Stratum.HOLD in (limits.strata or (Stratum.HOLD,)))


def selects(selector: Selector | None, held_by: Rule, row: FactRow) -> bool:
    """Whether a cap or consequence names a basis that a rule gives on a row."""
    if selector is None:
        return True
    provision = held_by.provision
    if selector.provisions:
        return held_by.ref in selector.provisions
    if selector.strata and (provision.stratum or Stratum.HOLD) not in selector.strata:
        return False
    kind = row.get("kind", provision.on) if provision.on == "instrument" else provision.on
    return (
        not selector.kinds
        or kind in selector.kinds
        or any(row.get(f"counts as {name}") is True for name in selector.kinds)
    )


def no_force_reason(standing: Standing) -> NoForceReason:
    """Why a paper on which nothing stands supports nothing, leaving its clocks aside."""
    row = standing.row
    if standing.lodged is False:
        withdrawn = isinstance(row.get("withdrawn_at"), int)
        return NoForceReason.WITHDRAWN if withdrawn else NoForceReason.NOT_LODGED
    if standing.force is False and standing.force_rule is not None:
        reason = standing.force_rule.provision.reason
        return NoForceReason(reason) if reason else NoForceReason.VOID
    if standing.settled.outcome is Outcome.BARRED:
        return NoForceReason.BARRED
    return NoForceReason.CONDITION_UNMET if standing.heard else NoForceReason.NO_RULE
