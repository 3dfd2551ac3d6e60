"""What a record, its setting and the law in force amount to at one instant of an episode.

A situation is the input every provision is asked about: the rows of the record as they stand,
with what the law defines about them written beside what the papers say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from habeas.authority.belonging import FactRow
from habeas.kernel.instants import Instant
from habeas.kernel.kleene import Kleene, either, negation
from habeas.kernel.places import PlaceId
from habeas.law.bearings import Bearing
from habeas.law.enactments import Effect
from habeas.law.facts import Facts
from habeas.law.program import Program, Rule

if TYPE_CHECKING:
    from habeas.authority.duties import DutyFinding
    from habeas.authority.grounds import Standing
    from habeas.law.computations import Computation


class Aspect(Struct, eq=False):
    """One subject as the law sees it, for as long as nothing about it changes."""

    row: dict[str, Any]
    """Its facts, with what law defines about it beside what the papers say; not to be changed."""
    bearing: Bearing
    encoded: bool
    """Whether the rulebook is complete for this subject, so that silence means no basis."""
    standing: Standing | None = None
    """How it stands, once asked."""
    flips: frozenset[Instant] | None = None
    """The instants at which a comparison with the moment asked flips, once asked."""
    applying: dict[Rule, Kleene] = {}
    """Whether each duty applies to it, once asked."""
    duties: dict[tuple[Rule, tuple[object, ...] | None], tuple[DutyFinding, ...]] = {}
    """What each comes to, by the rows that its clock looks at; see `Clocks.seen_by`."""


class Situation(Struct, eq=False):
    """The rows, the rules in force and the place at one instant."""

    at: Instant
    place: PlaceId
    custodian: str | None
    program: Program
    rows: Mapping[str, Sequence[FactRow]]
    setting: Mapping[str, Any]
    complete: Mapping[str, bool]
    aspects: tuple[Aspect, ...] = ()
    """One for each row, collection by collection."""
    is_kept: bool = False
    """Whether its aspects are kept, so that the same row is the same object in another situation."""
    computed: dict[str, Computation] = {}
    """By provision: the sentence arithmetic done for it."""
    refused: dict[str, str] = {}
    """By provision: why its arithmetic could not be done."""
    _force: dict[str, tuple[Kleene, Rule | None]] = {}
    _identities: dict[tuple[str, ...], tuple[int, ...]] = {}
    _facts: dict[tuple[str, str], Facts] = {}

    def identity_of(self, names: tuple[str, ...]) -> tuple[int, ...] | None:
        """The rows of some collections by their identity; None where nobody keeps them."""
        if not self.is_kept:
            return None
        found = self._identities.get(names)
        if found is None:
            found = self._identities[names] = tuple(id(row) for name in names for row in self.rows[name])
        return found

    def facts(self, collection: str, row: FactRow) -> Facts:
        """The situation as one subject sees it."""
        key = collection, row["id"]
        made = self._facts.get(key)
        if made is None or made.subject is not row:
            made = self._facts[key] = Facts(
                at=self.at,
                person=self.rows["person"][0],
                setting=self.setting,
                subject=row,
                subject_kind=collection,
                rows=self.rows,
                complete=self.complete,
                in_force=self.program.in_force,
            )
        return made

    def concerns(self, rule: Rule, row: FactRow) -> Kleene:
        """Whether a rule speaks of this row's kind of paper."""
        return concerns(rule, row)

    def force(self, row: FactRow) -> tuple[Kleene, Rule | None]:
        """Whether a paper has force as a paper, and the rule that takes it away if one does."""
        name = row["id"]
        if name not in self._force:
            self._force[name] = self._force_of(row)
        return self._force[name]

    def _force_of(self, row: FactRow) -> tuple[Kleene, Rule | None]:
        forcing = self.program.bearing("instrument", row.get("kind")).forcing
        return force_by(forcing, row, self.facts("instrument", row))


def concerns(rule: Rule, row: FactRow) -> Kleene:
    """Whether a rule speaks of this row's kind of paper."""
    kinds = rule.provision.kinds
    if not kinds or rule.provision.on != "instrument":
        return True
    kind = row.get("kind")
    if kind in kinds:
        return True
    counted: Kleene = None if kind is None else False
    for name in kinds:
        counted = either(counted, row.get(f"counts as {name}", False))
    return counted


def force_by(forcing: Sequence[Rule], row: FactRow, facts: Facts) -> tuple[Kleene, Rule | None]:
    """Whether a paper has force by the rules about that, and the one that takes it away if one does."""
    force: Kleene = True
    blamed: Rule | None = None
    for rule in forcing:
        concerned = concerns(rule, row)
        if concerned is False:
            continue
        here = _force_under(rule, facts)
        if concerned is None and here is not True:
            here = None
        if here is False:
            return False, rule
        if here is None:
            force, blamed = None, rule
    return force, blamed


def _force_under(rule: Rule, facts: Facts) -> Kleene:
    applies = rule.applies(facts)
    if rule.provision.effect is Effect.INVALID_WHEN:
        return negation(applies)
    if rule.only_if is None:
        return applies
    return either(negation(applies), rule.only_if.evaluate(facts))
