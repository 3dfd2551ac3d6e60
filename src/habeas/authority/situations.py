"""What a record, its setting and the law in force amount to at one instant of an episode.

A situation is the input every provision is asked about: the rows of the record as they stand,
with what the law defines about them written beside what the papers say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from habeas.authority.belonging import FactRow, lodged, rows_in, span_at
from habeas.authority.doubts import Placing
from habeas.authority.sums import sum_of
from habeas.custody.episodes import CustodyEpisode
from habeas.custody.facts import COLLECTIONS
from habeas.custody.record import CustodyRecord
from habeas.custody.rows import Row
from habeas.custody.setting import Setting
from habeas.kernel.instants import (
    FOREVER,
    NEVER,
    Instant,
    UncertainInstant,
    earliest_of,
    latest_of,
)
from habeas.kernel.kleene import Kleene, both, either, negation
from habeas.kernel.places import PlaceId
from habeas.law.enactments import Effect
from habeas.law.facts import Facts
from habeas.law.program import Program, Rule
from habeas.law.regimes import Regime, Regimes
from habeas.law.rulebook import Law

if TYPE_CHECKING:
    from habeas.law.computations import Computation

__all__ = [
    "AS_RECORDED",
    "SUPPOSED",
    "FactRow",
    "PlaceNotStated",
    "Situation",
    "Situations",
    "Supposed",
    "lodged",
    "programs_of",
    "thresholds",
]

SUPPOSED = "supposed "
"""Before the name of a computed fact: its value supposed, where the sum cannot be done."""
_LAST = Instant(FOREVER - 1)
"""After everything recorded, and before the open end."""


def _nothing_computed() -> dict[str, Computation]:
    return {}


@dataclass(slots=True)
class Situation:
    """The rows, the rules in force and the place at one instant."""

    at: Instant
    place: PlaceId
    custodian: str | None
    program: Program
    rows: Mapping[str, Sequence[dict[str, Any]]]
    setting: Mapping[str, Any]
    complete: Mapping[str, bool]
    computed: dict[str, Computation] = field(default_factory=_nothing_computed)
    """By provision: the sentence arithmetic done for it."""
    refused: dict[str, str] = field(default_factory=dict[str, str])
    """By provision: why its arithmetic could not be done."""
    _force: dict[str, tuple[Kleene, Rule | None]] = field(
        default_factory=dict[str, "tuple[Kleene, Rule | None]"]
    )

    def facts(self, collection: str, row: FactRow) -> Facts:
        """The situation as one subject sees it."""
        return Facts(
            at=self.at,
            person=self.rows["person"][0],
            setting=self.setting,
            subject=row,
            subject_kind=collection,
            rows=self.rows,
            complete=self.complete,
            in_force=self.program.in_force,
        )

    def concerns(self, rule: Rule, row: FactRow) -> Kleene:
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

    def force(self, row: FactRow) -> tuple[Kleene, Rule | None]:
        """Whether a paper has force as a paper, and the rule that takes it away if one does."""
        name = row["id"]
        if name not in self._force:
            self._force[name] = self._force_of(row)
        return self._force[name]

    def _force_of(self, row: FactRow) -> tuple[Kleene, Rule | None]:
        facts = self.facts("instrument", row)
        force: Kleene = True
        blamed: Rule | None = None
        for rule in self.program.forcing:
            concerned = self.concerns(rule, row)
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


_ALWAYS_READ = ("kind", "booking", "charge", "lodged_at", "withdrawn_at", "ended_at")


def _read(facts: FactRow, owner: str, program: Program, at: Instant) -> Iterator[object]:
    if owner == "instrument":
        yield lodged(facts, at)
    if owner == "instrument" and program.computes and facts.get("kind") == "sentence":
        yield tuple(sorted((name, repr(value)) for name, value in facts.items()))
        return
    for name in _ALWAYS_READ:
        yield facts.get(name)
    for name in sorted(program.reads.get(owner, ())):
        yield facts.get(name)


def _paper_edges(row: Row) -> Iterator[Instant]:
    """When a paper arrives in the custodian's hands, and when it leaves them."""
    if row.collection == "instrument":
        facts = row.facts_at(_LAST)
        for name in ("lodged_at", "withdrawn_at", "ended_at"):
            when = facts.get(name)
            if isinstance(when, UncertainInstant):
                yield from (when.earliest, latest_of(when))
            elif isinstance(when, int) and when < FOREVER:
                yield Instant(when)


@dataclass(frozen=True)
class Supposed:
    """What is supposed otherwise than papers and law say."""

    without: frozenset[tuple[str, str]] = frozenset()
    """Subjects, as collection and row id, left out as if they had never been."""
    placing: Placing | None = None
    """What is supposed of the law's doubts."""


AS_RECORDED = Supposed()
"""Nothing is supposed."""


class Situations:
    """Makes situations for one episode, sharing what does not change between them."""

    def __init__(
        self,
        record: CustodyRecord,
        setting: Setting,
        in_force: tuple[Law, Regimes],
        law_known_at: Instant,
        episode: CustodyEpisode,
        supposed: Supposed = AS_RECORDED,
    ) -> None:
        """Take everything an episode's situations are made of, and what is supposed against it."""
        self.record, self.setting = record, setting
        self.law, self._regimes = in_force
        self.episode, self.law_known_at = episode, law_known_at
        self._supposed = supposed
        self.rows = {
            name: tuple(
                row for row in rows_in(record, episode, name) if (name, row.id) not in supposed.without
            )
            for name in COLLECTIONS
        }
        self._complete: dict[PlaceId, frozenset[Instant]] = {}
        self._no_refusals = any(collection == "instrument" for collection, _ in supposed.without)
        self._programs: dict[object, Program] = {}

    def prolonged(self) -> Situations:
        """The same custody had nobody opened the door."""
        last = replace(self.episode.spans[-1], end=FOREVER)
        open_ended = replace(self.episode, end=FOREVER, ended_by=None, spans=(*self.episode.spans[:-1], last))
        in_force = (self.law, self._regimes)
        return Situations(self.record, self.setting, in_force, self.law_known_at, open_ended, self._supposed)

    def edges(self) -> set[Instant]:
        """Instants at which a row, the setting, the place or the law in force changes."""
        found: set[Instant] = set(self.setting.edges())
        if self._supposed.placing is not None:
            found.update(self._supposed.placing.points.values())
        for rows in self.rows.values():
            for row in rows:
                found.update(row.edges())
                found.update(_paper_edges(row))
        for span in self.episode.spans:
            found |= {earliest_of(span.start), latest_of(span.start)}
            if span.place is not None:
                kind, known = span.custodian_kind, self.law_known_at
                found.update(self._regimes.edges(span.place, kind, known))
                found.update(self.law.rulebook.complete_edges(span.place))
        return found

    def _row(self, row: Row, at: Instant) -> dict[str, Any]:
        facts = {**row.facts_at(at), "id": row.id, "ref": row.collection}
        if self._no_refusals and facts.get("refused_because") == "detainer":
            # Without the paper nobody would have refused bail because of it.
            facts |= {"refused_at": NEVER, "refused_because": "none"}
        return facts

    def alike(self, at: Instant) -> object:
        """What an answer at an instant rests on: equal at two instants, nothing between differs.

        The law in force, the place, the setting, what sources cover, and of every row the facts
        that some rule reads.
        """
        span = span_at(self.episode, at)
        if span.place is None:
            raise PlaceNotStated(self.record.person)
        regime = self._regimes.at(span.place, span.custodian_kind, at, self.law_known_at)
        program = self._program(regime, at)
        lineage = (span.place, *(place.id for place in self.law.places.ancestors(span.place)))
        values = self.setting.values_at(lineage, at, self.record.known_at)
        covered = tuple(self.record.covers(name, at) for name in COLLECTIONS)
        read = tuple(
            tuple(_read(row.facts_at(at), name, program, at))
            for name, rows in self.rows.items()
            for row in rows
        )
        if span.place not in self._complete:
            self._complete[span.place] = self.law.rulebook.complete_edges(span.place)
        begun = sum(edge <= at for edge in self._complete[span.place])
        return span.place, span.custodian_kind, id(program), tuple(values.items()), covered, begun, read

    def _program(self, regime: Regime, at: Instant) -> Program:
        sides = (
            None if self._supposed.placing is None else self._supposed.placing.sides(at, self.law_known_at)
        )
        key = id(regime) if sides is None else (id(regime), frozenset(sides.items()))
        program = self._programs.get(key)
        if program is None:
            made = programs_of(self.law, regime) if sides is None else Program(self.law, regime, sides)
            program = self._programs[key] = made
        return program

    def at(self, at: Instant, *, moment: Instant | None = None) -> Situation:
        """The situation at an instant; ``moment`` asks it later within the same base segment."""
        span = span_at(self.episode, at)
        if span.place is None:
            raise PlaceNotStated(self.record.person)
        regime = self._regimes.at(span.place, span.custodian_kind, at, self.law_known_at)
        program = self._program(regime, at)
        lineage = (span.place, *(place.id for place in self.law.places.ancestors(span.place)))
        situation = Situation(
            at=at if moment is None else moment,
            place=span.place,
            custodian=span.custodian_kind,
            program=program,
            rows={name: [self._row(row, at) for row in rows] for name, rows in self.rows.items()},
            setting=self.setting.values_at(lineage, at, self.record.known_at),
            complete={name: self.record.covers(name, at) for name in COLLECTIONS},
        )
        _define(situation, self.record)
        return situation


def programs_of(law: Law, regime: Regime) -> Program:
    """The compiled program of a regime, made once for as long as the law is kept."""
    found = law.programs.get(id(regime))
    if found is None:
        # The program keeps its regime, so that the regime's id stays its own.
        found = law.programs[id(regime)] = Program(law, regime)
    return found


class PlaceNotStated(LookupError):
    """A record holds somebody in custody and no event says in which place."""

    def __init__(self, person: str) -> None:
        super().__init__(f"expected an event that names the place of custody of [{person}]; none does")


def _compute(
    situation: Situation, record: CustodyRecord, rule: Rule, row: dict[str, Any], value: Kleene
) -> None:
    """Give a row the end that its sentences come to; an end that a paper states governs."""
    name = rule.provision.computes
    stated = row.get(name)
    if value is False or (stated is not None and stated != NEVER):
        return
    from habeas.law.computations import UnsupportedSentence  # noqa: PLC0415 - as in `sums`

    try:
        found = sum_of(situation, record, rule, row)
    except UnsupportedSentence as refused:
        situation.refused[rule.ref] = str(refused)
        row[name] = None
        return
    if found is None:
        return
    made, end = found
    situation.computed[rule.ref] = made
    end = row.get(f"{SUPPOSED}{name}") if end is None else end
    row[name] = end if value is True else None


def _define(situation: Situation, record: CustodyRecord) -> None:
    for rule in situation.program.defining:
        effect = rule.provision.effect
        for row in situation.rows[rule.provision.on]:
            concerned = situation.concerns(rule, row)
            if concerned is False:
                continue
            value = both(concerned, rule.applies(situation.facts(rule.provision.on, row)))
            name = rule.provision.defines
            if effect is Effect.COUNTS_AS:
                row[f"counts as {name}"] = either(row.get(f"counts as {name}", False), value)
            elif effect is Effect.COMPUTES:
                _compute(situation, record, rule, row, value)
            elif effect is Effect.DEFINES:
                row[name] = value if name not in row else either(row[name], value)
    for row in situation.rows["instrument"]:
        if row.get("kind") == "sentence" and row.get("expires_at") == NEVER:
            # Every sentence ends; one whose papers and law give no end is not for ever.
            row["expires_at"] = None


def thresholds(situation: Situation, rules: Iterable[Rule]) -> set[Instant]:
    """Instants at which some rule's comparison with the moment asked can flip."""
    found: set[Instant] = set()
    for rule in rules:
        for row in situation.rows[rule.provision.on]:
            if situation.concerns(rule, row) is not False:
                found.update(rule.edges(situation.facts(rule.provision.on, row)))
    return {instant for instant in found if instant < FOREVER}
