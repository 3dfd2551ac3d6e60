"""An inquiry: one record asked of one rulebook, as known, under one reading."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TypeAlias

import msgspec

from habeas.authority.derive import Derivation, Piece
from habeas.authority.doubts import Placing
from habeas.authority.situations import Situations, Supposed
from habeas.custody.episodes import CustodyEpisode
from habeas.custody.facts import FACTS, FactKind, FactKinds
from habeas.custody.record import CustodyRecord
from habeas.custody.setting import Setting
from habeas.kernel.instants import FOREVER, Instant, earliest_of, latest_of
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId
from habeas.law.enactments import Provision
from habeas.law.questions import Reading
from habeas.law.regimes import Regimes
from habeas.law.rulebook import Law, Rulebook
from habeas.law.vocabulary import FactType, Vocabulary


@lru_cache(maxsize=8)
def fact_kinds(vocabulary: Vocabulary) -> FactKinds:
    """What sort of value each fact has, for folding records, those only a rulebook knows included."""
    known = {spec.name: _KINDS[spec.type] for spec in vocabulary if spec.type in _KINDS}
    return FactKinds({**known, **FACTS})


_KINDS = {
    FactType.BOOL: FactKind.BOOL,
    FactType.INSTANT: FactKind.INSTANT,
    FactType.CODE: FactKind.CODE,
    FactType.NUMBER: FactKind.NUMBER,
    FactType.SET: FactKind.SET,
}


Where: TypeAlias = tuple[PlaceId, str | None, Instant, Interval]
"""A place, a custodian kind, what was known of law, and an interval."""


class Regimen:
    """The rulebook's regimes, made once per reading and shared by every inquiry."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._made: dict[int, tuple[Law, Regimes]] = {}
        self._regimes: dict[frozenset[tuple[str, bytes]], Regimes] = {}
        self._applied: dict[tuple[int, Where], frozenset[object]] = {}
        self._contents: dict[int, tuple[Provision, bytes]] = {}
        self._setting = Setting(rulebook.setting_facts())

    def applied(self, law: Law, where: Where) -> frozenset[object]:
        """Every provision in force somewhere in an interval, from when, and for whom.

        Two laws of which this is equal decide alike there, so an inquiry need ask only one.
        """
        key = (id(law), where)
        if key not in self._applied:
            place, custodian, known, within = where
            regimes = self._made[id(law)][1]
            edges = regimes.edges(place, custodian, known)
            cuts = [within.start, *(edge for edge in edges if within.start < edge < within.end)]
            self._applied[key] = frozenset(
                (cut, ref, formula, self._content(law.provisions[ref]))
                for cut in cuts
                for ref, formula in regimes.at(place, custodian, cut, known).clauses.items()
            )
        return self._applied[key]

    def _content(self, provision: Provision) -> bytes:
        kept = self._contents.get(id(provision))
        if kept is None:
            # The provision is kept beside its bytes so that its id stays its own.
            kept = self._contents[id(provision)] = (provision, msgspec.json.encode(provision))
        return kept[1]

    def setting(self) -> Setting:
        """The dated facts about places that the rulebook itself states."""
        return self._setting

    def under(self, reading: Reading) -> tuple[Law, Regimes]:
        """The law and its regimes under a reading."""
        law = self.rulebook.under(reading)
        found = self._made.get(id(law))
        if found is None:
            shape = self._shape(law)
            if shape not in self._regimes:
                self._regimes[shape] = Regimes(law)
            # The law is kept beside its regimes so that its id stays its own.
            found = self._made[id(law)] = (law, self._regimes[shape])
        return found

    def _shape(self, law: Law) -> frozenset[tuple[str, bytes]]:
        """What of a law decides which clauses are in force: its acts and its clauses' names.

        Readings that differ in a limb or a clock alone share their regimes.
        """
        return frozenset(
            (name, msgspec.json.encode((made.acts, [each.id for each in made.provisions])))
            for name, made in law.enactments.items()
            if self.rulebook.turns_on(name)
        )


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
    _others: dict[frozenset[tuple[str, str]], Inquiry] = field(
        default_factory=dict[frozenset[tuple[str, str]], "Inquiry"], repr=False
    )
    """This inquiry under every reading asked so far, so that none is derived twice."""

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook asked."""
        return self.regimen.rulebook

    @cached_property
    def law(self) -> Law:
        """The law under the inquiry's reading."""
        return self.regimen.under(self.reading)[0]

    @property
    def regimes(self) -> Regimes:
        """What is in force where and when, under the inquiry's reading."""
        return self.regimen.under(self.reading)[1]

    @cached_property
    def _derivations(self) -> dict[tuple[int, Instant], Derivation]:
        return {}

    def applied(self, place: PlaceId, custodian: str | None, within: Interval) -> frozenset[object]:
        """What the law applied at a place over an interval comes to, for comparing readings."""
        return self.regimen.applied(self.law, (place, custodian, self.law_known_at, within))

    @cached_property
    def custody(self) -> tuple[CustodyEpisode, ...]:
        """Unbroken custody, earliest first: episodes joined where one custodian delivers to another.

        A person handed over has not been released, so no clock that waits for release starts anew.
        """
        joined: list[CustodyEpisode] = []
        for episode in self.record.episodes:
            if joined and joined[-1].end == episode.start and joined[-1].end != FOREVER:
                joined[-1] = _joined(joined[-1], episode)
            else:
                joined.append(episode)
        return tuple(joined)

    def derivation(self, index: int, until: Instant = FOREVER) -> Derivation:
        """The answers over the person's unbroken custody of that number, or its beginning only."""
        key = (index, until)
        if key not in self._derivations:
            situations = Situations(
                self.record,
                self.setting,
                self.regimen.under(self.reading),
                self.law_known_at,
                self.custody[index],
                Supposed(self.without, self.placing),
            )
            self._derivations[key] = Derivation(situations, until)
        return self._derivations[key]

    def episode_at(self, at: Instant) -> int | None:
        """The number of the unbroken custody that covers, or may cover, an instant."""
        return next((index for index, each in enumerate(self.custody) if _may_cover(each, at)), None)

    def piece_at(self, at: Instant, *, ahead: bool = False) -> Piece | None:
        """The piece of custody that covers an instant; None when nobody is held.

        What comes later cannot change what is said of it, so only with ``ahead`` is the rest of
        the custody derived, and only then does the piece end where the answer really changes.
        """
        index = self.episode_at(at)
        if index is None:
            return None
        return self.derivation(index, FOREVER if ahead else at).piece_at(at)

    def of(self, record: CustodyRecord) -> Inquiry:
        """The same inquiry about another record, such as one with a fact supposed."""
        return replace(self, record=record, _others={})

    def supposing(self, record: CustodyRecord, placing: Placing) -> Inquiry:
        """The same inquiry about a record with facts supposed, the law's doubts supposed too."""
        return replace(self, record=record, placing=placing, _others={})

    def but_for(self, subject: tuple[str, str]) -> Inquiry:
        """The same inquiry had a paper or a charge never been, nor a refusal of bail because of it."""
        return replace(self, without=self.without | {subject}, _others={})

    def under(self, reading: Reading) -> Inquiry:
        """The same inquiry under other alternatives; questions not named keep theirs."""
        wanted = {**self.reading, **reading}
        key = frozenset(wanted.items())
        if key not in self._others:
            self._others[key] = replace(self, reading=wanted)
        return self._others[key]


def _joined(one: CustodyEpisode, other: CustodyEpisode) -> CustodyEpisode:
    return replace(
        one,
        end=other.end,
        ended_by=other.ended_by,
        spans=(*one.spans, *other.spans),
        bookings=one.bookings | other.bookings,
    )


def _may_cover(episode: CustodyEpisode, at: Instant) -> bool:
    return earliest_of(episode.start) <= at <= latest_of(episode.end) and at != episode.end
