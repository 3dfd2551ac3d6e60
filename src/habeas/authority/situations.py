"""The situations of one custody, sharing what does not change between them.

What law makes of one subject rests on little: its own facts and the person's, the setting, what
sources cover, and which comparisons with the moment asked have flipped. As long as those are the
same its aspect is, however much else in the custody changes, and under every reading of law that
has the same bearing on it. So a custody is cut for all subjects together, and each is asked
only where something about it is new.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from habeas.authority.aspects import (
    PAPER_DATES,
    AspectStore,
    Base,
    Common,
    Family,
    Footing,
    paper_edges,
    plain_row,
)
from habeas.authority.belonging import FactRow, lodged, rows_in, span_at
from habeas.authority.defining import SUPPOSED, define, define_alone
from habeas.authority.doubts import Placing
from habeas.authority.situation import Aspect, Situation, concerns
from habeas.custody.episodes import CustodyEpisode
from habeas.custody.facts import COLLECTIONS
from habeas.custody.rows import Row
from habeas.custody.setting import Setting
from habeas.kernel.instants import FOREVER, Instant, earliest_of, latest_of
from habeas.kernel.kleene import Kleene
from habeas.law.bearings import Bearing
from habeas.law.facts import Facts
from habeas.law.program import Program
from habeas.law.regimes import Regime, Regimes
from habeas.law.rulebook import Law

__all__ = [
    "AS_RECORDED",
    "SUPPOSED",
    "Aspect",
    "FactRow",
    "PlaceNotStated",
    "Situation",
    "Situations",
    "Supposed",
    "flips",
    "lodged",
    "program_at",
]

_LAST = Instant(FOREVER - 1)
"""After everything recorded, and before the open end."""
_ALWAYS_READ = ("kind", "booking", "charge", *PAPER_DATES)


@dataclass(frozen=True)
class Supposed:
    """What is supposed otherwise than papers and law say."""

    without: frozenset[tuple[str, str]] = frozenset()
    """Subjects, as collection and row id, left out as if they had never been."""
    placing: Placing | None = None
    """What is supposed of the law's doubts."""


AS_RECORDED = Supposed()
"""Nothing is supposed."""


class _Alike:
    """What an answer at an instant rests on, compared with that at another."""

    __slots__ = ("facts", "key", "lodgings", "program", "read")

    def __init__(
        self,
        key: tuple[object, ...],
        program: Program,
        lodgings: list[Kleene],
        read: list[tuple[object, ...]],
        facts: list[FactRow],
    ) -> None:
        self.key, self.program, self.lodgings, self.read = key, program, lodgings, read
        self.facts = facts
        """Not compared: facts that no rule reads may change."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Alike):
            return NotImplemented
        if self.lodgings != other.lodgings or self.key != other.key:
            return False
        return self.read is other.read or self.read == other.read

    def __hash__(self) -> int:
        return hash(self.key)


class Situations:
    """Makes situations for one episode, sharing what does not change between them."""

    def __init__(
        self,
        store: AspectStore,
        setting: Setting,
        in_force: tuple[Law, Regimes],
        law_known_at: Instant,
        episode: CustodyEpisode,
        supposed: Supposed = AS_RECORDED,
    ) -> None:
        """Take everything an episode's situations are made of, and what is supposed against it."""
        self.store, self.record, self.setting = store, store.record, setting
        self.law, self._regimes = in_force
        self.episode, self.law_known_at = episode, law_known_at
        self._supposed = supposed
        self.rows = {
            name: tuple(
                row for row in rows_in(store.record, episode, name) if (name, row.id) not in supposed.without
            )
            for name in COLLECTIONS
        }
        self._every_row = [row for rows in self.rows.values() for row in rows]
        self._papers = [index for index, row in enumerate(self._every_row) if row.collection == "instrument"]
        self._no_refusals = any(collection == "instrument" for collection, _ in supposed.without)
        self._footings: dict[Instant, Footing] = {}
        self._bases: dict[Instant, Base] = {}

    def prolonged(self) -> Situations:
        """The same custody had nobody opened the door."""
        last = replace(self.episode.spans[-1], end=FOREVER)
        open_ended = replace(self.episode, end=FOREVER, ended_by=None, spans=(*self.episode.spans[:-1], last))
        in_force = (self.law, self._regimes)
        made = Situations(self.store, self.setting, in_force, self.law_known_at, open_ended, self._supposed)
        # What came to light after the door bears on another custody.
        made.rows, made._every_row, made._papers = self.rows, self._every_row, self._papers
        return made

    def edges(self) -> set[Instant]:
        """Instants at which a row, the setting, the place or the law in force changes."""
        found: set[Instant] = set(self.setting.edges())
        if self._supposed.placing is not None:
            found.update(self._supposed.placing.points.values())
        for rows in self.rows.values():
            for row in rows:
                found.update(row.edges())
                if row.collection == "instrument":
                    found.update(paper_edges(row.facts_at(_LAST)))
        for span in self.episode.spans:
            found |= {earliest_of(span.start), latest_of(span.start)}
            if span.place is not None:
                kind, known = span.custodian_kind, self.law_known_at
                found.update(self._regimes.edges(span.place, kind, known))
                found.update(self.law.rulebook.complete_edges(span.place))
        return found

    def apart(self, bounds: Sequence[Instant]) -> Iterator[Instant]:
        """Of instants in order, the first and those at which something an answer rests on changes.

        The law in force, the place, the setting, what sources cover, and of every row the facts
        that some rule reads: equal at two neighbours, nothing between them differs.
        """
        before: _Alike | None = None
        for bound in bounds:
            here = self._alike(bound, before)
            if before is None or here != before:
                yield bound
            before = here

    def _alike(self, at: Instant, before: _Alike | None) -> _Alike:
        footing = self._footing(at)
        facts = [row.facts_at(at) for row in self._every_row]
        lodgings = [lodged(facts[index], at) for index in self._papers]
        if before is not None and before.program is footing.program:
            unread = all(map(operator.is_, facts, before.facts))
            read = before.read if unread else self._read_of(facts, footing.program)
        else:
            read = self._read_of(facts, footing.program)
        return _Alike(footing.key, footing.program, lodgings, read, facts)

    def at(self, at: Instant, *, moment: Instant | None = None) -> Situation:
        """The situation at an instant; ``moment`` asks it later within the same base segment."""
        base = self._base(at)
        asked = at if moment is None else moment
        if not base.alone:
            return self._together(base, asked)
        aspects = self._aspects(base, asked)
        rows: dict[str, list[FactRow]] = {name: [] for name in COLLECTIONS}
        for aspect in aspects:
            rows[aspect.bearing.collection].append(aspect.row)
        return self._situation(base, asked, rows, aspects)

    def _situation(
        self, base: Base, at: Instant, rows: Mapping[str, Sequence[FactRow]], aspects: tuple[Aspect, ...]
    ) -> Situation:
        footing = base.footing
        return Situation(
            at=at,
            place=footing.common.place,
            custodian=footing.common.custodian,
            program=footing.program,
            rows=rows,
            setting=footing.common.setting,
            complete=footing.common.complete,
            aspects=aspects,
            is_kept=base.alone,
        )

    def _together(self, base: Base, at: Instant) -> Situation:
        """Where what law defines of one row rests on others, all are worked out anew."""
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in COLLECTIONS}
        aspects: list[Aspect] = []
        for row, facts, bearing in base.rows:
            made = plain_row(row, facts, no_refusals=self._no_refusals)
            rows[row.collection].append(made)
            aspects.append(Aspect(made, bearing, _is_encoded(base.footing, bearing)))
        situation = self._situation(base, at, rows, tuple(aspects))
        define(situation, self.record, rows)
        return situation

    def _aspects(self, base: Base, at: Instant) -> tuple[Aspect, ...]:
        found: list[Aspect] = []
        for row, facts, bearing in base.rows:
            family = self._family(base, row, facts, bearing)
            number = bisect_right(family.edges, at)
            aspect = family.aspects.get(number)
            if aspect is None:
                aspect = family.aspects[number] = self._aspect(base, family, bearing, at)
            found.append(aspect)
        return tuple(found)

    def _family(self, base: Base, row: Row, facts: FactRow, bearing: Bearing) -> Family:
        footing = base.footing
        others = bearing.asks_rows and tuple(
            id(each) for other, each, _ in base.rows if other.collection in bearing.asks_rows
        )
        person = id(base.rows[0][1])
        key = bearing, id(facts), person, footing.common.key, self._no_refusals, others
        family = self.store.families.get(key)
        if family is None:
            plain = self.store.plain(row, facts, no_refusals=self._no_refusals)
            family = self.store.families[key] = Family(plain, _is_encoded(footing, bearing), ())
            family.edges = self._edges_of(base, bearing, plain)
        return family

    def _edges_of(self, base: Base, bearing: Bearing, plain: dict[str, Any]) -> Sequence[Instant]:
        found: set[Instant] = set()
        if bearing.timed:
            facts = self._facts(base, bearing, plain, _LAST)
            for rule in bearing.timed:
                found.update(rule.edges(facts))
        if bearing.collection == "instrument":
            found.update(paper_edges(plain))
        return sorted(found)

    def _aspect(self, base: Base, family: Family, bearing: Bearing, at: Instant) -> Aspect:
        row = family.plain
        if bearing.defining or row.get("kind") == "sentence":
            row = dict(row)
            define_alone(bearing, self._facts(base, bearing, row, at), row)
        return Aspect(row, bearing, family.encoded)

    def _facts(self, base: Base, bearing: Bearing, row: FactRow, at: Instant) -> Facts:
        footing = base.footing
        return Facts(
            at=at,
            person=self._plain_of(*base.rows[0][:2]),
            setting=footing.common.setting,
            subject=row,
            subject_kind=bearing.collection,
            rows={
                name: [self._plain_of(each, facts) for each, facts, _ in base.rows if each.collection == name]
                for name in bearing.asks_rows
            },
            complete=footing.common.complete,
            in_force=footing.program.in_force,
        )

    def _plain_of(self, row: Row, facts: FactRow) -> dict[str, Any]:
        return self.store.plain(row, facts, no_refusals=self._no_refusals)

    def _base(self, at: Instant) -> Base:
        made = self._bases.get(at)
        if made is None:
            footing = self._footing(at)
            rows: list[tuple[Row, FactRow, Bearing]] = []
            for name, those in self.rows.items():
                for row in those:
                    facts = row.facts_at(at)
                    kind = facts.get("kind") if name == "instrument" else None
                    bearing = footing.program.bearing(name, kind if isinstance(kind, str) else None)
                    rows.append((row, facts, bearing))
            alone = footing.program.is_row_by_row(frozenset(bearing for _, _, bearing in rows))
            made = self._bases[at] = Base(footing, rows, alone)
        return made

    def _footing(self, at: Instant) -> Footing:
        made = self._footings.get(at)
        if made is None:
            made = self._footings[at] = self._made_footing(at)
        return made

    def _made_footing(self, at: Instant) -> Footing:
        common = self._common(at)
        regime = self._regimes.at(common.place, common.custodian, at, self.law_known_at)
        program = program_at(self.law, regime, self._supposed.placing, (at, self.law_known_at))
        return Footing(common, program, (common.key, program))

    def _common(self, at: Instant) -> Common:
        """What of the footing is the same under every reading."""
        kept = self.store.common_of(self.episode)
        made = kept.get(at)
        if made is not None:
            return made
        span = span_at(self.episode, at)
        if span.place is None:
            raise PlaceNotStated(self.record.person)
        place, custodian = span.place, span.custodian_kind
        rulebook = self.law.rulebook
        setting = self.setting.values_at(rulebook.lineage(place), at, self.record.known_at)
        complete = self.record.lists_at(at)
        begun, encoded = rulebook.complete_of(place, custodian, at)
        key = place, custodian, tuple(setting.items()), tuple(complete.values()), begun
        made = kept[at] = Common(place, custodian, setting, complete, encoded, key)
        return made

    def _read_of(self, facts: Sequence[FactRow], program: Program) -> list[tuple[object, ...]]:
        """Of the facts of every row those that some rule reads; of sentences to be summed up, all."""
        found: list[tuple[object, ...]] = []
        kept = self.store.read
        for row, here in zip(self._every_row, facts, strict=True):
            name = row.collection
            whole = name == "instrument" and program.computes and here.get("kind") == "sentence"
            names = None if whole else program.read_of(name)
            key = id(here), names
            if key not in kept:
                if names is None:
                    kept[key] = tuple(sorted((each, repr(value)) for each, value in here.items()))
                else:
                    kept[key] = tuple(here.get(each) for each in (*_ALWAYS_READ, *names))
            found.append(kept[key])
        return found


def _is_encoded(footing: Footing, bearing: Bearing) -> bool:
    """Whether the place's rulebook is complete for a kind of subject."""
    kind = bearing.kind if bearing.collection == "instrument" else bearing.collection
    return kind == "person" or (kind is not None and kind in footing.common.encoded)


def flips(situation: Situation) -> set[Instant]:
    """Instants at which some rule's comparison with the moment asked can flip."""
    found: set[Instant] = set()
    for aspect in situation.aspects:
        if aspect.flips is None:
            aspect.flips = _flips_of(situation, aspect)
        found |= aspect.flips
    return found


def _flips_of(situation: Situation, aspect: Aspect) -> frozenset[Instant]:
    bearing, row = aspect.bearing, aspect.row
    if not bearing.timed:
        return frozenset()
    facts = situation.facts(bearing.collection, row)
    speaking = (rule for rule in bearing.timed if concerns(rule, row) is not False)
    return frozenset(edge for rule in speaking for edge in rule.edges(facts) if edge < FOREVER)


def program_at(law: Law, regime: Regime, placing: Placing | None, at: tuple[Instant, Instant]) -> Program:
    """The compiled program of a regime, made once for as long as the law is kept.

    Args:
        law: The law under one reading.
        regime: What of it is in force.
        placing: What is supposed of its doubts.
        at: The instant asked about, and as known at which law is asked.
    """
    sides = None if placing is None else placing.sides(*at)
    key = id(regime), None if sides is None else frozenset(sides.items())
    found = law.programs.get(key)
    if found is None:
        # The program keeps its regime, so that the regime's id stays its own.
        found = law.programs[key] = Program(law, regime, sides)
    return found


class PlaceNotStated(LookupError):
    """A record holds somebody in custody and no event says in which place."""

    def __init__(self, person: str) -> None:
        super().__init__(f"expected an event that names the place of custody of [{person}]; none does")
