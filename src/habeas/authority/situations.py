"""The situations of one custody, sharing what does not change between them.

What law makes of one subject rests on little: its own facts and the person's, the setting, what
sources cover, and which comparisons with the moment asked have flipped. As long as those are the
same its aspect is, however much else in the custody changes, and under every reading of law that
has the same bearing on it. So a custody is cut for all subjects together, and each is asked
only where something about it is new.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from msgspec.structs import replace as replace_in

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
from habeas.authority.situation import Aspect, Situation, concerns
from habeas.authority.supposed import AS_RECORDED, PlaceNotStated, Supposed, program_at
from habeas.custody.episodes import CustodyEpisode
from habeas.custody.facts import COLLECTIONS
from habeas.custody.rows import Row
from habeas.custody.setting import Setting
from habeas.kernel.instants import FOREVER, Instant, earliest_of, latest_of
from habeas.law.bearings import Bearing
from habeas.law.facts import Facts
from habeas.law.program import Program
from habeas.law.regimes import Regimes
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
        self.rows: Mapping[str, tuple[Row, ...]] = supposed.rows or {
            name: tuple(
                row for row in rows_in(store.record, episode, name) if (name, row.id) not in supposed.without
            )
            for name in COLLECTIONS
        }
        self._every_row = [row for rows in self.rows.values() for row in rows]
        self._papers = [index for index, row in enumerate(self._every_row) if row.collection == "instrument"]
        self._no_refusals = any(collection == "instrument" for collection, _ in supposed.without)
        self._footings: dict[Instant, Footing] = {}
        self._facts_there: dict[Instant, Sequence[FactRow]] = {}
        """The facts of every row, at instants that were looked at."""
        self._bases: dict[Instant, Base] = {}

    def under(self, in_force: tuple[Law, Regimes]) -> Situations:
        """The same custody under another reading of law; the facts of its rows are shared."""
        return self._of(in_force, self.episode)

    def _of(self, in_force: tuple[Law, Regimes], episode: CustodyEpisode) -> Situations:
        supposed = replace_in(self._supposed, rows=self.rows)
        return Situations(self.store, self.setting, in_force, self.law_known_at, episode, supposed)

    def law_edges(self) -> tuple[tuple[Instant, ...], ...]:
        """The instants at which the law in force may change, for each span of the custody."""
        return tuple(
            self._regimes.edges(span.place, span.custodian_kind, self.law_known_at)
            for span in self.episode.spans
            if span.place is not None
        )

    def program_at(self, situation: Situation) -> Program:
        """What is in force here where and when there is another situation of the same custody."""
        at = situation.at
        regime = self._regimes.at(situation.place, situation.custodian, at, self.law_known_at)
        return program_at(self.law, regime, self._supposed.placing, (at, self.law_known_at))

    def prolonged(self) -> Situations:
        """The same custody had nobody opened the door."""
        last = replace(self.episode.spans[-1], end=FOREVER)
        open_ended = replace(self.episode, end=FOREVER, ended_by=None, spans=(*self.episode.spans[:-1], last))
        # What came to light after the door bears on another custody.
        return self._of((self.law, self._regimes), open_ended)

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
        changing: dict[Instant, list[int]] = {}
        for index, row in enumerate(self._every_row):
            for edge in row.edges():
                changing.setdefault(edge, []).append(index)
        before: tuple[Instant, Footing, Sequence[FactRow]] | None = None
        for bound in bounds:
            footing = self.footing(bound)
            if before is None:
                facts: Sequence[FactRow] = [row.facts_at(bound) for row in self._every_row]
                yield bound
            else:
                facts = before[2]
                changed = changing.get(bound, ())
                if changed:
                    facts = list(facts)
                    for index in changed:
                        facts[index] = self._every_row[index].facts_at(bound)
                if not footing.is_same(before[1]) or self._differ(before, (bound, footing, facts), changed):
                    yield bound
            self._facts_there[bound] = facts
            before = bound, footing, facts

    def _differ(
        self,
        one: tuple[Instant, Footing, Sequence[FactRow]],
        other: tuple[Instant, Footing, Sequence[FactRow]],
        changed: Sequence[int],
    ) -> bool:
        """Whether between two bounds of one footing something else changes that an answer rests on."""
        program = other[1].program
        for index in changed:
            if self._read(index, one[2], program) != self._read(index, other[2], program):
                return True
        return any(
            lodged(one[2][index], one[0]) is not lodged(other[2][index], other[0]) for index in self._papers
        )

    def at(self, at: Instant, *, moment: Instant | None = None) -> Situation:
        """The situation at an instant; ``moment`` asks it later within the same base segment."""
        base = self._base(at)
        asked = at if moment is None else moment
        if not base.alone:
            return self._together(base, asked)
        aspects = self._aspects(base, asked)
        rows: dict[str, list[FactRow]] = {"person": [], "booking": [], "charge": [], "instrument": []}
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
        if base.families is None:
            base.families = tuple(self._families(base))
        found: list[Aspect] = []
        for family, (_, _, bearing) in zip(base.families, base.rows, strict=True):
            number = bisect_right(family.edges, at) if family.edges else 0
            aspect = family.aspects.get(number)
            if aspect is None:
                aspect = family.aspects[number] = self._aspect(base, family, bearing, at)
            found.append(aspect)
        return tuple(found)

    def _families(self, base: Base) -> Iterator[Family]:
        """The family of every row of a base segment."""
        kept = self.store.families
        alike = id(base.footing.common), id(base.rows[0][1]), self._no_refusals
        for row, facts, bearing in base.rows:
            others = bearing.asks_rows and tuple(
                id(each) for other, each, _ in base.rows if other.collection in bearing.asks_rows
            )
            key = bearing, id(facts), alike, others
            family = kept.get(key)
            if family is None:
                family = kept[key] = self._family(base, row, facts, bearing)
            yield family

    def _family(self, base: Base, row: Row, facts: FactRow, bearing: Bearing) -> Family:
        plain = self.store.plain(row, facts, no_refusals=self._no_refusals)
        edges: set[Instant] = set()
        flipping: set[Instant] = set()
        if bearing.timed:
            seen = self._facts(base, bearing, plain, _LAST)
            for rule in bearing.timed:
                of_rule = rule.edges(seen)
                edges.update(of_rule)
                if concerns(rule, plain) is not False:
                    flipping.update(of_rule)
        if bearing.collection == "instrument":
            edges.update(paper_edges(plain))
        known = (
            None if _is_defined(bearing, plain) else frozenset(edge for edge in flipping if edge < FOREVER)
        )
        return Family(plain, _is_encoded(base.footing, bearing), sorted(edges), known)

    def _aspect(self, base: Base, family: Family, bearing: Bearing, at: Instant) -> Aspect:
        row = family.plain
        if _is_defined(bearing, row):
            row = dict(row)
            define_alone(bearing, self._facts(base, bearing, row, at), row)
        return Aspect(row, bearing, family.encoded, flips=family.flips)

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
            footing = self.footing(at)
            there = self._facts_there.get(at) or [row.facts_at(at) for row in self._every_row]
            rows: list[tuple[Row, FactRow, Bearing]] = []
            for row, facts in zip(self._every_row, there, strict=True):
                name = row.collection
                kind = facts.get("kind") if name == "instrument" else None
                bearing = footing.program.bearing(name, kind if isinstance(kind, str) else None)
                rows.append((row, facts, bearing))
            alone = footing.program.is_row_by_row(frozenset([bearing for _, _, bearing in rows]))
            made = self._bases[at] = Base(footing, rows, alone)
        return made

    def footing(self, at: Instant) -> Footing:
        """What all subjects have in common at an instant."""
        made = self._footings.get(at)
        if made is None:
            made = self._footings[at] = self._made_footing(at)
        return made

    def _made_footing(self, at: Instant) -> Footing:
        common = self._common(at)
        regime = self._regimes.at(common.place, common.custodian, at, self.law_known_at)
        program = program_at(self.law, regime, self._supposed.placing, (at, self.law_known_at))
        return Footing(common, program)

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
        texts = rulebook.complete_of(place, custodian, at)
        made = kept[at] = self.store.common((place, custodian), setting, complete, texts)
        return made

    def _read(self, index: int, facts: Sequence[FactRow], program: Program) -> tuple[object, ...]:
        """Of the facts of a row those that some rule reads; of a sentence to be summed up, all."""
        name, here = self._every_row[index].collection, facts[index]
        whole = name == "instrument" and program.computes and here.get("kind") == "sentence"
        names = None if whole else program.read_of(name)
        kept = self.store.read
        key = id(here), names
        if key not in kept:
            if names is None:
                kept[key] = tuple(sorted([(each, repr(value)) for each, value in here.items()]))
            else:
                kept[key] = tuple([here.get(each) for each in (*_ALWAYS_READ, *names)])
        return kept[key]


def _is_defined(bearing: Bearing, row: FactRow) -> bool:
    """Whether law makes more of a row than its papers tell."""
    return bool(bearing.defining) or row.get("kind") == "sentence"


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
