"""The rules in force that bear on one kind of subject, chosen once instead of for every row.

Most clauses of a place speak of other papers than the one at hand. What is left when they are set
aside is small, and the same under most readings and through most of time. So it is made once, and
two points of law that have one bearing on a subject are known to decide alike on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakKeyDictionary

from habeas.kernel.instants import Instant
from habeas.kernel.kleene import Kleene
from habeas.kernel.places import PlaceId
from habeas.law.enactments import DUTIES, HOLDING, Effect, Provision
from habeas.law.precedence import Order, Saying, Settled, settle

if TYPE_CHECKING:
    from habeas.law.rules import Rule

DEFINING = frozenset({Effect.DEFINES, Effect.COUNTS_AS, Effect.COMPUTES})
"""Effects that give a subject a fact."""
FORCING = frozenset({Effect.IN_FORCE_WHEN, Effect.INVALID_WHEN})
"""Effects that give a paper force, or take it away."""

Asked: TypeAlias = tuple[tuple[str, object], ...]
"""Enactments by name, each with whether it is in force."""
Subject: TypeAlias = tuple[str, str | None]
"""A collection, and for instruments the kind of paper; None where it is not known."""

_MOST_SETTLED = 4096
"""Combinations of sayings that one bearing remembers the outcome of."""


class Bearing:
    """What the law in force at a place says of one kind of subject.

    Compared by identity: a rulebook has one object for one content.
    """

    def __init__(
        self, place: PlaceId, subject: Subject, rules: tuple[Rule, ...], order: Order, asked: Asked = ()
    ) -> None:
        """Take the rules that may speak of the subject, those that define facts in their order."""
        self.place = place
        self.collection, self.kind = subject
        self.rules = rules
        self.order = order
        self.asked = asked
        """Every enactment that a rule asks to be in force, and whether it is."""
        effects = [(rule, rule.provision.effect) for rule in rules]
        self.defining = tuple(rule for rule, effect in effects if effect in DEFINING)
        self.forcing = tuple(rule for rule, effect in effects if effect in FORCING)
        self.holding = tuple(rule for rule, effect in effects if effect in HOLDING)
        self.caps = tuple(rule for rule, effect in effects if effect is Effect.CAP)
        self.duties = tuple(rule for rule, effect in effects if effect in DUTIES)
        self.timed = tuple(rule for rule in rules if rule.is_timed)
        self.asks_rows = frozenset(name for rule in rules for name in rule.collections)
        """The collections whose rows some rule asks."""
        self.compared: WeakKeyDictionary[Bearing, tuple[tuple[Rule | None, Rule | None], ...] | None] = (
            WeakKeyDictionary()
        )
        """The rules by which others differ, for :mod:`habeas.authority.alike`."""
        self._settled: dict[tuple[Saying, ...], Settled] = {}

    def settle(self, sayings: tuple[Saying, ...]) -> Settled:
        """What the sayings of its rules amount to; each combination is worked out once."""
        found = self._settled.get(sayings)
        if found is None:
            found = settle(sayings, self.order)
            if len(self._settled) < _MOST_SETTLED:
                self._settled[sayings] = found
        return found


class Sayings:
    """What one rule can say of a subject: one object for each value, inside and outside its only-if."""

    __slots__ = ("_inside", "_outside")

    def __init__(self, ref: str, provision: Provision, made_by: tuple[str, str], begun_at: Instant) -> None:
        """Take what the sayings have in common; ``made_by`` is the enactment's kind and its body."""
        kind, body = made_by

        def said(effect: Effect, suffix: str = "") -> Mapping[Kleene, Saying]:
            return {
                value: Saying(
                    ref=ref + suffix,
                    effect=effect,
                    value=value,
                    kind=kind,
                    body=body,
                    begun_at=begun_at,
                    cite=provision.cite,
                    protected=provision.strength == "protected",
                    exception_to=provision.exception_to,
                )
                for value in (True, False, None)
            }

        self._inside = said(provision.effect)
        self._outside = said(Effect.MUST_NOT_HOLD, " outside its only-if")

    def inside(self, value: Kleene) -> Saying:
        """What it says where its condition has this value."""
        return self._inside[value]

    def outside(self, value: Kleene) -> Saying:
        """The ban outside its ``only-if``."""
        return self._outside[value]
