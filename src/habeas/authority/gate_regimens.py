"""A rulebook asked with one thing wrong in it, made from the right one at the least cost.

Only what the wrong touches is made anew: a changed limb is put in the place of its compiled
condition, a changed clock makes new programs, a changed act makes new regimes.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from copy import copy

from habeas.authority.gate_mutants import SCOPE_PART, LawMutant, LimbChange, Sort, written
from habeas.authority.inquiry import Regimen
from habeas.kernel.places import PlaceId
from habeas.law.checking import checked
from habeas.law.compile import Compiled
from habeas.law.enactments import Act, Condition, Enactment, Provision
from habeas.law.mutants import mutants
from habeas.law.questions import Reading
from habeas.law.regimes import Regimes
from habeas.law.rulebook import Law, Rulebook

_Key = tuple[int, str, str, str]


class WrongRegimen(Regimen):
    """The regimes of a rulebook that has one mutant in it, under any reading."""

    def __init__(self, right: Regimen, mutant: LawMutant) -> None:
        super().__init__(right.rulebook)
        self.mutant = mutant
        self._right = right
        self._wrong: dict[int, tuple[Law, Regimes]] = {}
        self._swapped: dict[_Key, tuple[Condition | None, Compiled] | None] = {}

    def under(self, reading: Reading) -> tuple[Law, Regimes]:
        """The law with the mutant in it; the right law where the reading does not have that part."""
        law, regimes = self._right.under(reading)
        if id(law) not in self._wrong:
            made = self._made_wrong(law, regimes)
            self._wrong[id(law)] = made
            self._made[id(made[0])] = made
        return self._wrong[id(law)]

    def put_back(self) -> None:
        """Take the changed limb out of the rulebook's compiled conditions again."""
        for key, was in self._swapped.items():
            if was is None:
                self.rulebook.compiled.pop(key, None)
            else:
                self.rulebook.compiled[key] = was
        self._swapped.clear()

    def _made_wrong(self, law: Law, regimes: Regimes) -> tuple[Law, Regimes]:
        enactment = law.enactments.get(self.mutant.enactment)
        if enactment is None:
            return law, regimes
        change = self.mutant.change
        if isinstance(change, LimbChange):
            keys = list(_keys(law, self.mutant.ref, enactment, change))
            # Guards stand in the law that the regimes were made of, which other readings may share.
            shared = regimes.law.enactments.get(self.mutant.enactment)
            if change.part == SCOPE_PART and shared is not None and shared is not enactment:
                keys += _keys(law, self.mutant.ref, shared, change)
            if not keys:
                return law, regimes
            self._swap(keys, change)
            return _fresh(law), regimes
        made = written(self.mutant)(enactment)
        if made is enactment:
            return law, regimes
        wrong = _fresh(law)
        wrong.enactments = {**law.enactments, enactment.id: made}
        wrong.__dict__.pop("provisions", None)
        return wrong, Regimes(wrong) if self.mutant.sort is Sort.ACT else regimes

    def _swap(self, keys: list[_Key], change: LimbChange) -> None:
        kept = self.rulebook.compiled
        for key in keys:
            if key in self._swapped:
                continue
            _, subject, place, root = key
            compiled = wrong_limb(self.rulebook, change, subject, place, root)
            self._swapped[key] = kept.get(key)
            if compiled is not None:
                kept[key] = (change.condition, compiled)


@contextmanager
def wrong(right: Regimen, mutant: LawMutant) -> Generator[WrongRegimen]:
    """The rulebook with a mutant in it, for as long as the block lasts."""
    made = WrongRegimen(right, mutant)
    try:
        yield made
    finally:
        made.put_back()


def wrong_limb(
    rulebook: Rulebook, change: LimbChange, subject: str, place: str, root: str
) -> Compiled | None:
    """The changed condition as asked of a kind of subject; None where that kind cannot be asked."""
    zone = rulebook.places.zone_of(PlaceId(place))
    try:
        tree = checked(
            change.condition,
            rulebook.vocabulary,
            subject=subject,
            zone=zone,
            root=root,
            limbs=rulebook.limbs,
        )
    except ValueError:
        return None
    found = list(mutants(tree, root))
    if change.number >= len(found):
        return None
    return Compiled(found[change.number].tree, subject=subject, root=root)


def _keys(law: Law, ref: str, enactment: Enactment, change: LimbChange) -> Iterator[_Key]:
    """Where the condition stands among the compiled ones of a rulebook."""
    name = ref[len(enactment.id) + 1 :]
    if change.part != SCOPE_PART:
        for provision in enactment.provisions:
            condition = _part(provision, change.part)
            if provision.id == name and condition is not None and condition == change.condition:
                yield id(condition), provision.on, enactment.place, change.part
        return
    for act in enactment.acts:
        if act.id == name and _scope(act) == change.condition:
            asked = {(p.on, each.place) for each in law.enactments.values() for p in each.provisions}
            for subject, place in sorted(asked):
                yield id(act.scope.condition), subject, place, SCOPE_PART


def _part(provision: Provision, part: str) -> Condition | None:
    return provision.when if part == "when" else provision.only_if


def _scope(act: Act) -> Condition | None:
    return act.scope.condition


def _fresh(law: Law) -> Law:
    """The same law with no program made of it yet."""
    made = copy(law)
    made.programs = {}
    return made
