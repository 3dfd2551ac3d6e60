"""Acts with their dates as instants, and which act or clause a target covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

from habeas.kernel.instants import UncertainInstant, When
from habeas.kernel.places import PlaceTree
from habeas.law.enactments import Act, Enactment, Uncertain, Verb

FROM_START = frozenset({Verb.REVERSES, Verb.VOIDS})
"""Verbs that reach from the start of their target, whenever they were done."""
HALTING = frozenset({Verb.SUSPENDS, Verb.STAYS, Verb.VACATES})
"""Verbs that keep a text or an act from working while they work themselves."""
CONTINUING = frozenset({Verb.PREEMPTS, Verb.SUSPENDS, Verb.STAYS})
"""Verbs that stop working when the enactment they stand in is repealed or ends."""
ENDING = frozenset({Verb.REPEALS, Verb.SUPERSEDES, Verb.RESCINDS, Verb.AMENDS, Verb.ENDS})
"""Verbs that end text; an ending once done stays done."""
ONLY_END = ENDING - {Verb.AMENDS, Verb.ENDS}
"""Verbs that end text and do nothing else."""
OWN_TEXT = frozenset({Verb.ENACTS, Verb.AMENDS})
"""Verbs that begin the enactment's own text."""


class Law(Protocol):
    """What the resolver needs of the law under one reading."""

    @property
    def enactments(self) -> Mapping[str, Enactment]:
        """Every enactment by id, holding only the acts that exist under the reading."""
        ...

    @property
    def places(self) -> PlaceTree:
        """The tree of places, with zones and territories."""
        ...

    def instant(self, date: str | Uncertain, place: str, /) -> When:
        """A date of a rulebook file as an instant in that place's zone."""
        ...


class Target(NamedTuple):
    """What an act is aimed at: an enactment, one clause of it, or one act of it."""

    enactment: str
    clause: str = ""
    act: str = ""


@lru_cache(maxsize=4096)
def target_of(text: str) -> Target:
    """Read ``enactment``, ``enactment#clause`` or ``enactment!act``."""
    enactment, hash_sign, clause = text.partition("#")
    if hash_sign:
        return Target(enactment, clause=clause)
    enactment, _, act = text.partition("!")
    return Target(enactment, act=act)


class DatedAct:
    """An act of an enactment, its dates read in the enactment's place; compared by identity."""

    def __init__(self, index: int, act: Act, enactment: Enactment, begins: When, known: When) -> None:
        """Take an act and its dates."""
        self.index = index
        """Its position among all acts of the law."""
        self.act = act
        self.enactment = enactment
        self.begins = begins
        """From when it works; `BEGINNING` where the file says ``start``."""
        self.known = known
        """When it was publicly known."""
        self.ref = f"{enactment.id}!{act.id}"
        """``enactment!act``."""
        self.does: Verb = act.does
        """What it does to law."""

    @cached_property
    def done_at(self) -> When:
        """When it was done, for the order of acts; one said to reach from the start, when known."""
        reaches_back = self.act.begins == "start" and self.act.does in FROM_START
        return self.known if reaches_back else self.begins

    @cached_property
    def through(self) -> frozenset[str]:
        """Own clauses the act works through; empty for one that stands on none in particular."""
        if self.act.clauses or self.act.does not in OWN_TEXT:
            return frozenset(self.act.clauses)
        return frozenset(provision.id for provision in self.enactment.provisions)


class DatedActs:
    """The acts of laws with their dates, those made once that stand in the same place of several."""

    def __init__(self) -> None:
        """Begin with none."""
        self._made: dict[tuple[int, int], tuple[Enactment, tuple[DatedAct, ...]]] = {}

    def of(self, law: Law) -> Sequence[DatedAct]:
        """Every act of a law in the order of enactment ids, then as written."""
        found: list[DatedAct] = []
        for _, enactment in sorted(law.enactments.items()):
            key = id(enactment), len(found)
            if key not in self._made:
                # The enactment is kept beside its acts so that its id stays its own.
                self._made[key] = enactment, tuple(_dated(law, enactment, len(found)))
            found += self._made[key][1]
        return found


def dated_acts(law: Law) -> Sequence[DatedAct]:
    """Every act of one law in the order of enactment ids, then as written."""
    return DatedActs().of(law)


def _dated(law: Law, enactment: Enactment, first: int) -> Iterator[DatedAct]:
    for index, act in enumerate(enactment.acts, first):
        begins = _own(law.instant(act.begins, enactment.place), enactment)
        known = _own(law.instant(act.known, enactment.place), enactment)
        yield DatedAct(index, act, enactment, begins, known)


def _own(when: When, enactment: Enactment) -> When:
    """An uncertain date of one text is a point of its own: two texts of one day need not be of one hour."""
    if not isinstance(when, UncertainInstant):
        return when
    return replace(when, key=f"{when.key}:{enactment.id}")


class Cover(NamedTuple):
    """How one act's targets cover another act."""

    named: bool = False
    """One target is the act itself."""
    whole: bool = False
    """One target is the enactment it stands in."""
    clauses: frozenset[str] = frozenset()
    """The clauses, among those it works through, that are targets."""
    partial: bool = False
    """Only some of the clauses it works through are targets, and nothing wider."""

    def __bool__(self) -> bool:
        """Whether it is covered at all."""
        return self.named or self.whole or bool(self.clauses)


def cover(targets: tuple[Target, ...], act: DatedAct) -> Cover:
    """How targets cover an act."""
    own = [target for target in targets if target.enactment == act.enactment.id]
    named = any(target.act == act.act.id for target in own)
    whole = any(not target.act and not target.clause for target in own)
    clauses = act.through & {target.clause for target in own}
    partial = bool(clauses) and clauses != act.through and not named and not whole
    return Cover(named, whole, clauses, partial)
