"""What the definition says of one subject in one state, asked once for each different state.

A subject's state is everything that what the law says of it turns on: the footing, its facts and the
person's that are no instants, and how every comparison of instants that a rule makes comes out. Two
subjects in one state stand alike, so the definition is asked of the first and all are answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from habeas.authority.aspects import Footing
from habeas.authority.defining import define_alone
from habeas.authority.duties import DutyFinding
from habeas.authority.findings import Because
from habeas.authority.grounds import selects, standing_of
from habeas.authority.situation import Aspect, Situation, concerns
from habeas.bulk.footings import Line
from habeas.bulk.plan import Plan
from habeas.custody.facts import COLLECTIONS
from habeas.kernel.instants import Instant
from habeas.kernel.kleene import Kleene, both
from habeas.law.bearings import Bearing
from habeas.law.enactments import Consequence, Effect
from habeas.law.facts import Facts
from habeas.law.program import Rule

NO, OPEN, YES = 0, 1, 2
"""False, not known and true, so that the least of several is their conjunction."""
_BECAUSE: Final = {None: 0, Because.MISSING: 1, Because.CONTESTED: 2}
_COMMITMENTS: Final = frozenset({"commitment", "sentence"})


def trit(value: Kleene) -> int:
    """A value of Kleene's logic as a number."""
    return OPEN if value is None else YES if value else NO


@dataclass(slots=True)
class GroundSeen:
    """One ground of a subject in some state."""

    ref: str
    value: int
    stratum: str
    requires: bool
    """Whether it must be held: must-hold, or a commitment."""
    caps: tuple[tuple[int, int], ...]
    """Whether each cap applies, and its place in the plan."""
    ended_by: tuple[int, ...]
    """Places in the plan of duties whose breach ends it, whoever's they are."""
    ended_by_own: tuple[int, ...]
    """The same of duties on the very subject."""


@dataclass(slots=True)
class Seen:
    """What the definition says of a subject in some state."""

    grounds: tuple[GroundSeen, ...]
    assured: bool
    because: int
    encoded: bool
    duties: tuple[tuple[int, int], ...]
    """Place in the plan of each duty that may apply, and whether it does."""
    ceilings: tuple[tuple[int, int], ...]


class View:
    """One custody at one instant, as the definition sees it: made for a few, asked in the place of many."""

    def __init__(self, plan: Plan, footing: Footing, at: Instant, rows: Mapping[str, Sequence[Any]]) -> None:
        """Take plain rows by collection, with their facts, ``id`` and ``ref``."""
        self.plan, self.footing, self.at, self.plain = plan, footing, at, rows
        common = footing.common
        bearings = {name: [self._bearing(name, row) for row in rows[name]] for name in COLLECTIONS}
        made: dict[str, list[dict[str, Any]]] = {name: [] for name in COLLECTIONS}
        self.aspects: dict[tuple[str, int], Aspect] = {}
        for name in COLLECTIONS:
            for number, (row, bearing) in enumerate(zip(rows[name], bearings[name], strict=True)):
                defined = dict(row)
                define_alone(_without_sums(bearing), self._facts(name, defined, rows), defined)
                made[name].append(defined)
                self.aspects[name, number] = Aspect(defined, bearing, self._encoded(bearing))
        self.situation = Situation(
            at=at,
            place=common.place,
            custodian=common.custodian,
            program=footing.program,
            rows=made,
            setting=common.setting,
            complete=common.complete,
            aspects=tuple(self.aspects.values()),
        )

    def _bearing(self, name: str, row: Mapping[str, Any]) -> Bearing:
        kind = row.get("kind") if name == "instrument" else None
        return self.footing.program.bearing(name, kind if isinstance(kind, str) else None)

    def _encoded(self, bearing: Bearing) -> bool:
        kind = bearing.kind if bearing.collection == "instrument" else bearing.collection
        return kind == "person" or (kind is not None and kind in self.footing.common.encoded)

    def _facts(self, name: str, row: Mapping[str, Any], rows: Mapping[str, Sequence[Any]]) -> Facts:
        common = self.footing.common
        return Facts(
            at=self.at,
            person=rows["person"][0],
            setting=common.setting,
            subject=row,
            subject_kind=name,
            rows=rows,
            complete=common.complete,
            in_force=self.footing.program.in_force,
        )

    def answers(self, name: str, number: int) -> tuple[int, ...]:
        """What each quantifier's part comes to of one row."""
        row = self.aspects[name, number].row
        facts = self._facts(name, row, self.situation.rows)
        return tuple(trit(part.evaluate(facts)) for _, part in self.plan.on[name].parts)

    def seen(self, name: str, number: int) -> Seen:
        """How one subject stands."""
        aspect = self.aspects[name, number]
        standing = standing_of(self.situation, aspect)
        because = _BECAUSE[standing.because]
        return Seen(
            grounds=tuple(
                GroundSeen(
                    ref=ground.rule.ref,
                    value=trit(ground.value),
                    stratum=ground.stratum.value,
                    requires=self._requires(name, ground.rule, aspect.row),
                    caps=tuple((trit(applies), self._cap(cap)) for applies, cap in ground.caps),
                    ended_by=tuple(self._ended_by(ground.rule, aspect.row, own=False)),
                    ended_by_own=tuple(self._ended_by(ground.rule, aspect.row, own=True)),
                )
                for ground in standing.grounds
            ),
            assured=standing.is_assured,
            because=because,
            encoded=standing.encoded,
            duties=tuple(self._duties(name, aspect)),
            ceilings=tuple((trit(applies), self._cap(cap)) for applies, cap in standing.ceilings),
        )

    def _requires(self, name: str, rule: Rule, row: Mapping[str, Any]) -> bool:
        provision = rule.provision
        if provision.effect is Effect.MUST_HOLD:
            return True
        is_criminal = provision.stratum is not None and provision.stratum.value == "criminal"
        return is_criminal and name == "instrument" and row.get("kind") in _COMMITMENTS

    def _cap(self, cap: Rule) -> int:
        return next(number for number, each in enumerate(self.plan.caps) if each is cap)

    def _ended_by(self, held_by: Rule, row: Mapping[str, Any], *, own: bool) -> list[int]:
        found: list[int] = []
        for number, duty in enumerate(self.plan.duties):
            selector = duty.provision.ends
            is_own = selector is not None and selector.same_subject
            if is_own is own and selects(selector, held_by, row):
                if own and held_by.provision.on != duty.provision.on:
                    continue
                found.append(number)
        return found

    def _duties(self, name: str, aspect: Aspect) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        program = self.footing.program
        for number, rule in enumerate(self.plan.duties):
            if rule not in aspect.bearing.duties or rule not in program.duties:
                continue
            concerned = concerns(rule, aspect.row)
            if concerned is False:
                continue
            applies = both(concerned, rule.applies(self.situation.facts(name, aspect.row)))
            if applies is not False:
                found.append((number, trit(applies)))
        return found


_stripped: dict[int, tuple[Bearing, Bearing]] = {}


def _without_sums(bearing: Bearing) -> Bearing:
    """The same rules but those that sum sentences: the sums are made by columns of their own."""
    if not any(rule.provision.effect is Effect.COMPUTES for rule in bearing.defining):
        return bearing
    kept = _stripped.get(id(bearing))
    if kept is None:
        rules = tuple(rule for rule in bearing.rules if rule.provision.effect is not Effect.COMPUTES)
        subject = bearing.collection, bearing.kind
        # The bearing is kept beside what was made of it, so that its id stays its own.
        kept = _stripped[id(bearing)] = bearing, Bearing(bearing.place, subject, rules, bearing.order)
    return kept[1]


def shifts_burden(duty: Rule) -> bool:
    """Whether a breach leaves a basis unknown instead of ending it."""
    return duty.provision.consequence is Consequence.BURDEN_SHIFTS


__all__ = ["NO", "OPEN", "YES", "DutyFinding", "GroundSeen", "Line", "Seen", "View", "shifts_burden", "trit"]
