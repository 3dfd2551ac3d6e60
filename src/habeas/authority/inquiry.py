"""An inquiry: one record asked of one rulebook, as known, under one reading."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from habeas.authority.alike import Bearings, distance, goes_alike
from habeas.authority.aspects import AspectStore
from habeas.authority.belonging import rows_in, unbroken
from habeas.authority.derive import Derivation, Piece
from habeas.authority.doubts import Placing
from habeas.authority.regimen import Regimen, Where, fact_kinds
from habeas.authority.situations import Situations, Supposed, program_at
from habeas.custody.episodes import CustodyEpisode
from habeas.custody.facts import COLLECTIONS
from habeas.custody.record import CustodyRecord
from habeas.custody.rows import Row
from habeas.custody.setting import Setting
from habeas.kernel.instants import BEGINNING, FOREVER, Instant, earliest_of, latest_of
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId
from habeas.law.bearings import Bearing, Subject
from habeas.law.questions import Reading
from habeas.law.regimes import Regimes
from habeas.law.rulebook import Law, Rulebook

__all__ = ["Inquiry", "Regimen", "Where", "fact_kinds"]

_MOST_COMPARED = 1
"""Derivations of other readings that are tried, the likest first, before one is made anew."""

_DecidesBy: TypeAlias = tuple[int, Instant, frozenset[tuple[str, str]], Bearings]
"""The number of a custody, until when it is derived, what is left out, and what bears on its subjects."""


class _Kept:
    """What inquiries share that differ only by reading and by what is left out."""

    def __init__(self, record: CustodyRecord, rest: tuple[Setting, Regimen, Instant, Placing | None]) -> None:
        """Begin with nothing asked of a record; ``rest`` is all else that is the same."""
        self.record = record
        self.rest = rest
        self.store = AspectStore(record)
        self.others: dict[tuple[frozenset[object], frozenset[object]], Inquiry] = {}
        """By what is left out and the reading, so that none is made twice."""
        self.derived: dict[_DecidesBy, Derivation] = {}
        """By all that a derivation rests on: readings that decide alike share one."""
        self.made: list[tuple[Inquiry, int, Instant, Derivation]] = []
        """Derivations whose place among the shared ones nobody has asked for yet."""
        self.subjects: dict[tuple[int, frozenset[object]], tuple[Subject, ...]] = {}
        """The kinds of subject in each custody."""
        self.custody: tuple[CustodyEpisode, ...] | None = None


@dataclass(frozen=True, eq=False)
class Inquiry:
    """What is asked about, all but the instant.

    The record is the fold of one person's events as known at ``record.known_at``; law is
    asked as known at ``law_known_at``. Both at once are what ``known_at`` means elsewhere.
    """

    record: CustodyRecord
    setting: Setting
    regimen: Regimen
    law_known_at: Instant
    reading: Reading = field(default_factory=dict[str, str])
    without: frozenset[tuple[str, str]] = frozenset()
    """Subjects, as collection and row id, left out as if they had never been."""
    placing: Placing | None = None
    """What is supposed of the law's doubts."""
    _shared: _Kept | None = field(default=None, repr=False)

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook asked."""
        return self.regimen.rulebook

    @cached_property
    def law(self) -> Law:
        """The law under the inquiry's reading."""
        return self._in_force[0]

    @property
    def regimes(self) -> Regimes:
        """What is in force where and when, under the inquiry's reading."""
        return self._in_force[1]

    @cached_property
    def _in_force(self) -> tuple[Law, Regimes]:
        return self.regimen.under(self.reading)

    @cached_property
    def _kept(self) -> _Kept:
        rest = self.setting, self.regimen, self.law_known_at, self.placing
        kept = self._shared
        if kept is not None and kept.record is self.record and kept.rest == rest:
            return kept
        return _Kept(self.record, rest)

    @cached_property
    def _derivations(self) -> dict[tuple[int, Instant], Derivation]:
        return {}

    def applied(self, place: PlaceId, custodian: str | None, within: Interval) -> frozenset[object]:
        """What the law applied at a place over an interval comes to, for comparing readings."""
        return self.regimen.applied(self.law, (place, custodian, self.law_known_at, within))

    @property
    def custody(self) -> tuple[CustodyEpisode, ...]:
        """Unbroken custody, earliest first: episodes joined where one custodian delivers to another.

        A person handed over has not been released, so no clock that waits for release starts anew.
        """
        kept = self._kept
        if kept.custody is None:
            kept.custody = unbroken(self.record.episodes)
        return kept.custody

    def derivation(self, index: int, until: Instant = FOREVER) -> Derivation:
        """The answers over the person's unbroken custody of that number, or its beginning only."""
        key = (index, until)
        if key not in self._derivations:
            whole = self._derivations.get((index, FOREVER))
            if whole is None:
                self._derivations[key] = self._derive(index, until)
            elif whole.begins_alike(until):
                self._derivations[key] = whole.beginning(until)
            else:
                self._derivations[key] = made = whole.shortened(until)
                self._kept.made.append((self, index, until, made))
        return self._derivations[key]

    def _derive(self, index: int, until: Instant) -> Derivation:
        situations = Situations(
            self._kept.store,
            self.setting,
            self._in_force,
            self.law_known_at,
            self.custody[index],
            Supposed(self.without, self.placing),
        )
        made = Derivation(situations, until)
        self._kept.made.append((self, index, until, made))
        return made

    def decided(self, index: int, until: Instant = FOREVER) -> Derivation:
        """A derivation that decides as `derivation` does, made under this reading or another.

        Every rule that bears on the custody's subjects is the same; why the others are in force or
        not may differ, so no proof is written from it.
        """
        if until < FOREVER and (index, FOREVER) in self._derivations:
            return self.derivation(index, until)
        kept = self._kept
        while kept.made:
            asker, number, end, made = kept.made.pop()
            kept.derived.setdefault(asker._decides_by(number, end), made)  # noqa: SLF001 - one of its own kind
        for end in dict.fromkeys((FOREVER, until)):
            if any(key[:2] == (index, end) for key in kept.derived):
                found = self._derived_alike(index, end)
                if found is not None and (end == until or found.begins_alike(until)):
                    return found
                if found is not None:
                    return kept.derived.setdefault(self._decides_by(index, until), found.shortened(until))
        return self.derivation(index, until)

    def _derived_alike(self, index: int, until: Instant) -> Derivation | None:
        """A derivation made for as long under any reading, if this one decides as it does."""
        derived, key = self._kept.derived, self._decides_by(index, until)
        if key in derived:
            return derived[key]
        near: list[tuple[int, int, Derivation]] = []
        for made_by, made in derived.items():
            far = distance(made_by[3], key[3]) if made_by[:3] == key[:3] else None
            if far is not None:
                near.append((far, len(near), made))
        for _, _, made in sorted(near)[:_MOST_COMPARED]:
            if goes_alike(made, made.situations.under(self._in_force)):
                derived[key] = made
                return made
        return None

    def _decides_by(self, index: int, until: Instant) -> _DecidesBy:
        return index, until, self.without, self._bearings(index, until)

    def decides_like(self, other: Inquiry, index: int, until: Instant = FOREVER) -> bool:
        """Whether the same rules bear on the same subjects of a custody, up to an instant.

        Law that begins later cannot bear on the verdict at that instant.
        """
        return (
            self.record is other.record
            and self.without == other.without
            and self._bearings(index, until) == other._bearings(index, until)
        )

    def _bearings(self, index: int, until: Instant) -> Bearings:
        """What of the law bears on a custody's subjects, and from when, as long as it is asked."""
        key = index, until
        if key not in self._bearings_found:
            self._bearings_found[key] = self._find_bearings(index, until)
        return self._bearings_found[key]

    @cached_property
    def _bearings_found(self) -> dict[tuple[int, Instant], Bearings]:
        return {}

    def _find_bearings(self, index: int, until: Instant) -> Bearings:
        episode = self.custody[index]
        last = min(latest_of(episode.end), until)
        subjects = self._subjects(index)
        law, regimes = self._in_force
        found: list[tuple[Instant, str | None, tuple[Bearing, ...]]] = []
        for span in episode.spans:
            if span.place is None:
                continue
            place, custodian, known = span.place, span.custodian_kind, self.law_known_at
            edges = regimes.edges(place, custodian, known)
            first = earliest_of(span.start)
            within = edges[bisect_right(edges, first) : bisect_right(edges, min(latest_of(span.end), last))]
            held: object = None
            points = () if self.placing is None else self.placing.points.values()
            inside = {point for point in points if first < point <= min(latest_of(span.end), last)}
            for cut in (first, *sorted({*within, *inside})):
                regime = regimes.at(place, custodian, cut, known)
                program = program_at(law, regime, self.placing, (cut, known))
                here = program.bearings(subjects)
                if here is not held and here != held:
                    found.append((cut, custodian, here))
                held = here
        return tuple(found)

    def _subjects(self, index: int) -> tuple[Subject, ...]:
        """The kinds of subject that the rows of a custody are of, at any time."""
        key = index, self.without
        kept = self._kept.subjects
        if key not in kept:
            found = dict.fromkeys(
                subject
                for name in COLLECTIONS
                for row in rows_in(self.record, self.custody[index], name)
                if (name, row.id) not in self.without
                for subject in _kinds_of(row)
            )
            kept[key] = tuple(found)
        return kept[key]

    def episode_at(self, at: Instant) -> int | None:
        """The number of the unbroken custody that covers an instant, or else of one that may.

        Where a release is known only within bounds and the next custody begins within them, both
        may cover an instant; of the one that surely does it is known that the person is in it.
        """
        may = [(index, each) for index, each in enumerate(self.custody) if _may_cover(each, at)]
        sure = (index for index, each in may if each.covers(at) is True)
        return next(sure, may[0][0] if may else None)

    def piece_at(self, at: Instant, *, ahead: bool = False) -> Piece | None:
        """The piece of custody that covers an instant; None when nobody is held.

        What comes later cannot change what is said of it, so only with ``ahead`` is the rest of
        the custody derived, and only then does the piece end where the answer really changes.
        """
        index = self.episode_at(at)
        if index is None:
            return None
        return self.derivation(index, FOREVER if ahead else at).piece_at(at)

    def look_ahead(self, at: Instant) -> None:
        """Derive the whole of the custody that covers an instant, from which its beginning is then cut."""
        index = self.episode_at(at)
        if index is not None:
            self.derivation(index)

    def decided_at(self, at: Instant) -> Piece | None:
        """A piece that says of an instant what `piece_at` does, for its verdict and bases alone."""
        index = self.episode_at(at)
        return None if index is None else self.decided(index, at).piece_at(at)

    def of(self, record: CustodyRecord) -> Inquiry:
        """The same inquiry about another record, such as one with a fact supposed."""
        return replace(self, record=record, _shared=None)

    def supposing(self, record: CustodyRecord, placing: Placing) -> Inquiry:
        """The same inquiry about a record with facts supposed, the law's doubts supposed too."""
        return replace(self, record=record, placing=placing, _shared=None)

    def but_for(self, subject: tuple[str, str]) -> Inquiry:
        """The same inquiry had a paper or a charge never been, nor a refusal of bail because of it."""
        return self._other(self.reading, self.without | {subject})

    def under(self, reading: Reading) -> Inquiry:
        """The same inquiry under other alternatives; questions not named keep theirs."""
        return self._other({**self.reading, **reading}, self.without)

    def _other(self, reading: Reading, without: frozenset[tuple[str, str]]) -> Inquiry:
        key = without, frozenset(reading.items())
        others = self._kept.others
        if key not in others:
            others[key] = replace(self, reading=reading, without=without, _shared=self._kept)
        return others[key]


def _kinds_of(row: Row) -> Iterator[Subject]:
    if row.collection != "instrument":
        yield row.collection, None
        return
    for at in (BEGINNING, *row.edges()):
        kind = row.facts_at(at).get("kind")
        yield row.collection, kind if isinstance(kind, str) else None


def _may_cover(episode: CustodyEpisode, at: Instant) -> bool:
    return earliest_of(episode.start) <= at <= latest_of(episode.end) and at != episode.end
