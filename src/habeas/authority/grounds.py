"""What supports custody on each subject at one instant, before any cap that waits for release.

Different instruments never conflict, so each subject is settled by itself: what the rules in
force say of it, which of them governs, and which caps limit what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from habeas.authority.findings import Because, NoForceReason, SubjectKey
from habeas.authority.situations import FactRow, Situation, lodged
from habeas.kernel.kleene import Kleene, both, negation
from habeas.law.enactments import Effect, Selector, Stratum
from habeas.law.precedence import Outcome, Saying, Settled, settle
from habeas.law.program import Rule


@dataclass(slots=True)
class Ground:
    """One rule that supports custody on one subject, if its value is true."""

    rule: Rule
    value: Kleene
    caps: tuple[tuple[Kleene, Rule], ...] = ()
    """Caps that limit it, each with whether it applies."""

    @property
    def stratum(self) -> Stratum:
        """The family of the basis; a hold unless its provision says otherwise."""
        return self.rule.provision.stratum or Stratum.HOLD


@dataclass(slots=True)
class Standing:
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

    @property
    def is_assured(self) -> bool:
        """Whether some ground supports custody however the unknown ones fall, none by itself."""
        return self.settled.outcome.holds and not any(g.value is True for g in self.grounds)

    @property
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
    complete_for = situation.program.law.rulebook.complete_for
    found: list[Standing] = []
    for collection, rows in situation.rows.items():
        for row in rows:
            kind = row.get("kind") if collection == "instrument" else collection
            encoded = collection == "person" or (
                kind is not None
                and complete_for(situation.place, situation.custodian, str(kind), situation.at)
            )
            found.append(_standing(situation, collection, row, encoded=encoded))
    return found


def _standing(situation: Situation, collection: str, row: FactRow, *, encoded: bool) -> Standing:
    is_paper = collection == "instrument"
    here = lodged(row, situation.at) if is_paper else True
    sayings: list[Saying] = []
    rules: dict[str, Rule] = {}
    if here is not False:
        for rule, saying in _heard(situation, collection, row):
            sayings.append(saying)
            rules[saying.ref] = rule
    force, force_rule = situation.force(row) if is_paper and sayings else (True, None)
    papers = both(here, force)
    heard = tuple(_weighed(saying, papers) for saying in sayings)
    settled = settle(heard, situation.program.law.order(situation.place))
    grounds = _grounds(situation, collection, row, settled, heard, rules)
    if not encoded and settled.outcome is Outcome.MAY_HOLD:
        # A text of the place that was not read may forbid what only removes a bar.
        for ground in grounds:
            bare = ground.rule.provision.strength != "protected"
            ground.value = None if bare and ground.value is True else ground.value
    ceilings = () if encoded else tuple(_caps(situation, collection, row, _limits_any_hold))
    return Standing(
        (collection, row["id"]), row, settled, grounds, here, force, force_rule, heard, encoded, ceilings
    )


def _heard(situation: Situation, collection: str, row: FactRow) -> Iterator[tuple[Rule, Saying]]:
    facts = situation.facts(collection, row)
    for rule in situation.program.holding_on.get(collection, ()):
        concerned = situation.concerns(rule, row)
        if concerned is False:
            continue
        value = both(concerned, rule.applies(facts))
        effect = rule.provision.effect
        if rule.only_if is None or value is False:
            yield rule, _saying(rule, effect, value)
            continue
        inside = rule.only_if.evaluate(facts)
        yield rule, _saying(rule, effect, both(value, inside))
        outside = both(value, negation(inside))
        yield rule, _saying(rule, Effect.MUST_NOT_HOLD, outside, suffix=" outside its only-if")


def _saying(rule: Rule, effect: Effect, value: Kleene, suffix: str = "") -> Saying:
    provision, enactment = rule.provision, rule.enactment
    return Saying(
        ref=rule.ref + suffix,
        effect=effect,
        value=value,
        kind=enactment.kind,
        body=enactment.body,
        begun_at=rule.begun_at,
        cite=provision.cite,
        protected=provision.strength == "protected",
        exception_to=provision.exception_to,
    )


def _weighed(saying: Saying, papers: Kleene) -> Saying:
    """A paper without force supports nothing; a ban needs no paper in force."""
    if saying.effect is Effect.MUST_NOT_HOLD or papers is True:
        return saying
    return Saying(
        saying.ref,
        saying.effect,
        both(saying.value, papers),
        saying.kind,
        saying.body,
        saying.begun_at,
        saying.cite,
        saying.protected,
        saying.exception_to,
    )


def _grounds(
    situation: Situation,
    collection: str,
    row: FactRow,
    settled: Settled,
    heard: Sequence[Saying],
    rules: Mapping[str, Rule],
) -> list[Ground]:
    outcome = settled.outcome
    if outcome in {Outcome.BARRED, Outcome.SILENT}:
        return []
    # An unknown ground stays beside a sure one: a cap or a breached duty may end the sure one first.
    grounds: list[Ground] = []
    for saying in heard:
        if saying.effect is Effect.MUST_NOT_HOLD or saying.value is False:
            continue
        value: Kleene = saying.value if outcome.holds else None
        rule = rules[saying.ref]
        grounds.append(Ground(rule, value, _caps_on(situation, collection, row, rule)))
    return grounds


def _caps_on(
    situation: Situation, collection: str, row: FactRow, held_by: Rule
) -> tuple[tuple[Kleene, Rule], ...]:
    return tuple(_caps(situation, collection, row, lambda cap: selects(cap.provision.limits, held_by, row)))


def _caps(
    situation: Situation, collection: str, row: FactRow, chosen: Callable[[Rule], bool]
) -> Iterator[tuple[Kleene, Rule]]:
    for rule in situation.program.caps:
        if rule.provision.on != collection or not chosen(rule):
            continue
        concerned = situation.concerns(rule, row)
        if concerned is False:
            continue
        applies = both(concerned, rule.applies(situation.facts(collection, row)))
        if applies is not False:
            yield applies, rule


def _limits_any_hold(cap: Rule) -> bool:
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
