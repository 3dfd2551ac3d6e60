"""A rulebook ready to be asked under any reading, and what inquiries of it share."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import msgspec

from habeas.custody.facts import FACTS, FactKind, FactKinds
from habeas.custody.setting import Setting
from habeas.kernel.instants import Instant
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId
from habeas.law.enactments import Enactment, Provision
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


_MOST_READINGS = 4096
"""Readings of which the law is looked up without completing them first."""


class Regimen:
    """The rulebook's regimes, made once per reading and shared by every inquiry."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._asked: dict[frozenset[tuple[str, str]], tuple[Law, Regimes]] = {}
        self._made: dict[int, tuple[Law, Regimes]] = {}
        self._regimes: dict[frozenset[tuple[str, bytes]], Regimes] = {}
        self._applied: dict[tuple[int, Where], frozenset[object]] = {}
        self._contents: dict[int, tuple[Provision, bytes]] = {}
        self._acts: dict[int, tuple[Enactment, bytes]] = {}
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
        asked = frozenset(reading.items())
        if (known := self._asked.get(asked)) is not None:
            return known
        found = self._found(self.rulebook.under(reading))
        if len(self._asked) < _MOST_READINGS:
            self._asked[asked] = found
        return found

    def _found(self, law: Law) -> tuple[Law, Regimes]:
        found = self._made.get(id(law))
        if found is None:
            shape = self._shape(law)
            if shape not in self._regimes:
                self._regimes[shape] = Regimes(law, next(iter(self._regimes.values()), None))
            # The law is kept beside its regimes so that its id stays its own.
            found = self._made[id(law)] = (law, self._regimes[shape])
        return found

    def _shape(self, law: Law) -> frozenset[tuple[str, bytes]]:
        """What of a law decides which clauses are in force: its acts and its clauses' names.

        Readings that differ in a limb or a clock alone share their regimes.
        """
        return frozenset(
            (name, self._acts_of(made))
            for name, made in law.enactments.items()
            if self.rulebook.turns_on(name)
        )

    def _acts_of(self, enactment: Enactment) -> bytes:
        kept = self._acts.get(id(enactment))
        if kept is None:
            content = msgspec.json.encode((enactment.acts, [each.id for each in enactment.provisions]))
            # The enactment is kept beside its bytes so that its id stays its own.
            kept = self._acts[id(enactment)] = (enactment, content)
        return kept[1]
