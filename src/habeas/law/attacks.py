"""Which act defeats which, as far as verbs, targets and dates say: the same at every point.

Most acts have one half, that they *work*: begin text, halt, lift, undo. Acts that end text
have another, the *ending*, because an ending once done stays done while what else the act or
its enactment does may be halted, repealed or preempted later.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from functools import cached_property
from typing import overload

from msgspec import Struct

from habeas.kernel.instants import at_or_before, before
from habeas.kernel.kleene import Kleene, either
from habeas.law.enactments import Reach, Verb
from habeas.law.formulas import About, Doubt, Formula
from habeas.law.on_demand import OnDemand
from habeas.law.targets import (
    CONTINUING,
    ENDING,
    FROM_START,
    HALTING,
    OWN_TEXT,
    Cover,
    DatedAct,
    DatedActs,
    Law,
    Target,
    cover,
    target_of,
)


class Half(IntEnum):
    """Which half of an act is meant."""

    WORKS = 0
    """It does what its verb says, for as long as nothing defeats it."""
    ENDING = 1
    """It has ended the text it is aimed at."""


class Attack(Struct, frozen=True, eq=False):
    """One way in which an act defeats a text, or a half of another act."""

    by: DatedAct
    half: Half
    """Which half of the attacking act must stand."""
    counts: Formula = True
    """True, or the doubt on which it hangs whether this attack counts at all."""
    disposes: bool = False
    """It disposes of the proceeding that the attacked stay waits for."""

    @property
    def node(self) -> int:
        """The half of the attacking act, as a number in the graph."""
        return 2 * self.by.index + self.half


class Beginning(Struct, frozen=True, eq=False):
    """One act that begins a text, and what defeats or ends the text so begun."""

    act: DatedAct
    attacks: tuple[Attack, ...]


class AttackGraph:
    """Every act of a law with what attacks it, and every text with what begins and attacks it.

    What attacks something is read when it is first asked for: most acts and texts are of other
    places than the one asked about.
    """

    def __init__(self, law: Law, dated: DatedActs | None = None) -> None:
        """Take a law; its acts with their dates are shared with whoever else has ``dated``."""
        self.acts: Sequence[DatedAct] = (dated or DatedActs()).of(law)
        self._aimed = _Aims(self.acts)
        self.attacks: Sequence[tuple[Attack, ...]] = _Attacks(self.acts, self._aimed)
        """For each node, twice the act's index plus its half."""
        self.clauses: Mapping[str, tuple[str, ...]] = {
            name: tuple([f"{name}#{each.id}" for each in enactment.provisions]) or (name,)
            for name, enactment in law.enactments.items()
        }
        """The text refs of each enactment id."""
        refs = itertools.chain.from_iterable(self.clauses.values())
        self.texts: Mapping[str, tuple[Beginning, ...]] = OnDemand(refs, self._begun_text)
        """By ref ``enactment#clause``; by enactment id where an enactment has no clauses."""

    @property
    def own(self) -> Mapping[str, Sequence[DatedAct]]:
        """The acts of each enactment id that has any."""
        return self._aimed.own

    @cached_property
    def by_ref(self) -> Mapping[str, DatedAct]:
        """Every act by its ref."""
        return {act.ref: act for act in self.acts}

    def begun(self, act: DatedAct) -> tuple[Beginning, ...]:
        """The texts of its own enactment that an act begins."""
        if act.does not in OWN_TEXT:
            return ()
        refs = self.clauses[act.enactment.id]
        return tuple(each for ref in refs for each in self.texts[ref] if each.act is act)

    def texts_begun_by(self, acts: Iterable[DatedAct]) -> Iterator[str]:
        """The refs, in order, of every text that one of these acts may begin or revive."""
        names = {name for act in acts for name in _begins_in(act)}
        for name, refs in self.clauses.items():
            if name in names:
                yield from refs

    def _begun_text(self, ref: str) -> tuple[Beginning, ...]:
        return tuple(_beginnings(ref, self._aimed))


def attack_graph(law: Law, dated: DatedActs | None = None) -> AttackGraph:
    """The attacks between all acts and texts of a law.

    A target that names nothing in the law is left out here: whether it should exist is for the
    linter to say, and a law without one of its files must still answer.
    """
    return AttackGraph(law, dated)


class _Attacks(Sequence[tuple[Attack, ...]]):
    """What attacks each half of each act, read on first use."""

    def __init__(self, acts: Sequence[DatedAct], aimed: _Aims) -> None:
        self._acts, self._aimed = acts, aimed
        self._made: list[tuple[Attack, ...] | None] = [None] * (2 * len(acts))

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, node: int) -> tuple[Attack, ...]: ...

    @overload
    def __getitem__(self, node: slice) -> Sequence[tuple[Attack, ...]]: ...

    def __getitem__(self, node: int | slice) -> tuple[Attack, ...] | Sequence[tuple[Attack, ...]]:
        if isinstance(node, slice):
            return [self[each] for each in range(*node.indices(len(self)))]
        made = self._made[node]
        if made is None:
            made = self._made[node] = tuple(self._on(node))
        return made

    def _on(self, node: int) -> Iterator[Attack]:
        act = self._acts[node >> 1]
        if node & 1 == Half.WORKS:
            return _on_working(act, self._aimed)
        return _on_ending(act, self._aimed) if act.does in ENDING else iter(())


def _begins_in(act: DatedAct) -> Iterator[str]:
    """The enactments of which an act may begin text."""
    if act.does in OWN_TEXT:
        yield act.enactment.id
    elif act.does is Verb.REVIVES:
        yield from (target_of(text).enactment for text in act.act.targets)


class _Aims:
    """Acts by what they are aimed at."""

    def __init__(self, acts: Iterable[DatedAct]) -> None:
        self.own: dict[str, list[DatedAct]] = {}
        self.disposing: dict[str, list[DatedAct]] = {}
        self._aimed: dict[str, dict[DatedAct, tuple[Target, ...]]] = {}
        for act in acts:
            self.own.setdefault(act.enactment.id, []).append(act)
            if act.act.disposes:
                self.disposing.setdefault(act.act.disposes, []).append(act)
            for target in map(target_of, act.act.targets):
                at = self._aimed.setdefault(target.enactment, {})
                at[act] = (*at.get(act, ()), target)

    def at(self, enactment: str) -> Iterator[tuple[DatedAct, tuple[Target, ...]]]:
        """Acts aimed at an enactment or a part of it, with the targets there."""
        yield from self._aimed.get(enactment, {}).items()

    def covering(self, act: DatedAct) -> Iterator[tuple[DatedAct, Cover]]:
        """Other acts that cover an act, and how."""
        for other, targets in self.at(act.enactment.id):
            if other is not act and (how := cover(targets, act)):
                yield other, how

    def ends_text(self, act: DatedAct) -> bool:
        """Whether an enactment the act is aimed at has text of its own to end.

        Text not known when the act was does not count: what became known later must not change
        what could be said before.
        """
        names = {target_of(text).enactment for text in act.act.targets}
        aims = (own for name in names for own in self.own.get(name, ()))
        return any(own.does in OWN_TEXT and at_or_before(own.known, act.known) is True for own in aims)


def _on_working(act: DatedAct, aimed: _Aims) -> Iterator[Attack]:
    for other, how in aimed.covering(act):
        if how.partial and act.does in OWN_TEXT:
            continue  # the clauses attacked fall by themselves; the rest of the act works
        if _defeats_working(other.does, act.does) or (other.does is Verb.ENDS and how.named):
            yield Attack(other, Half.WORKS)
        elif _ends_standing(other, how):
            counts = True if act.does in CONTINUING else _order(_came_first(other, act), other, act)
            if counts is not False:
                yield Attack(other, Half.ENDING, counts)
    if act.does is Verb.STAYS and act.act.proceeding:
        for other in aimed.disposing.get(act.act.proceeding, ()):
            if other is not act:
                yield Attack(other, Half.WORKS, disposes=True)


def _defeats_working(verb: Verb, attacked: Verb) -> bool:
    """Whether a verb, working, keeps an act it covers from working."""
    if verb is Verb.LIFTS:
        return attacked in {Verb.SUSPENDS, Verb.STAYS}
    if verb is Verb.PREEMPTS:
        return attacked is Verb.PREEMPTS  # a text preempts only for as long as it is effective
    return verb in FROM_START or verb in HALTING


def _ends_standing(other: DatedAct, how: Cover) -> bool:
    """Whether an ending takes away what a covered act stands on: its enactment or its clause.

    An amendment takes away clauses and acts it names; the enactment amended stands.
    """
    if other.does is Verb.AMENDS:
        return how.named or bool(how.clauses)
    return other.does in ENDING


def _on_ending(act: DatedAct, aimed: _Aims) -> Iterator[Attack]:
    for other, how in aimed.covering(act):
        counts: Formula = False
        half = Half.WORKS
        if other.does in FROM_START:
            counts = True
        elif other.does in HALTING:
            counts = _undoes_ending(other, act, how, ends_text=aimed.ends_text(act))
        elif _ends_standing(other, how):
            counts, half = _order(_came_first(other, act), other, act), Half.ENDING
        if counts is not False:
            yield Attack(other, half, counts)


def _undoes_ending(other: DatedAct, act: DatedAct, how: Cover, *, ends_text: bool) -> Formula:
    """Whether a halting act undoes, while it works, the ending that a covered act has done."""
    doubt = Doubt(About.REACH, f"{other.ref} {act.ref}")
    reach = other.act.reaches
    if reach is Reach.TEXT:
        return False
    if reach is Reach.WHOLE:
        return doubt if how.partial else True
    aimed_at_ending = how.named and act.does not in OWN_TEXT
    return True if aimed_at_ending or not ends_text else doubt


def _beginnings(ref: str, aimed: _Aims) -> Iterator[Beginning]:
    name, _, clause = ref.partition("#")
    for act in aimed.own.get(name, ()):
        if act.does in OWN_TEXT and (not clause or clause in act.through):
            yield Beginning(act, tuple(_on_text(name, clause, act, aimed)))
    for act, targets in aimed.at(name):
        if act.does is Verb.REVIVES and any(_reaches(target, clause, aimed) for target in targets):
            yield Beginning(act, tuple(_on_text(name, clause, act, aimed)))


def _reaches(target: Target, clause: str, aimed: _Aims) -> bool:
    """Whether reviving a target brings back a clause."""
    if target.act:
        named = [act for act in aimed.own.get(target.enactment, ()) if act.act.id == target.act]
        return any(act.does in OWN_TEXT and (not clause or clause in act.through) for act in named)
    return not target.clause or target.clause == clause


def _on_text(name: str, clause: str, begun: DatedAct, aimed: _Aims) -> Iterator[Attack]:
    """What defeats or ends the text of a clause as begun by one act."""
    for other, targets in aimed.at(name):
        if other is begun or not any(_hits(target, clause, begun) for target in targets):
            continue
        if other.does in FROM_START or other.does in HALTING or other.does is Verb.PREEMPTS:
            yield Attack(other, Half.WORKS)
        elif other.does in ENDING:
            counts = _order(_bites(other, begun), other, begun)
            if counts is not False:
                yield Attack(other, Half.ENDING, counts)


def _hits(target: Target, clause: str, begun: DatedAct) -> bool:
    if target.act:
        return begun.enactment.id == target.enactment and begun.act.id == target.act
    return not target.clause or target.clause == clause


def _came_first(ending: DatedAct, act: DatedAct) -> Kleene:
    """Whether an ending came soon enough that what an act was to do never happens.

    Between acts of one enactment at one instant it did not: a statute that repeals another and
    expires with that has done its work.
    """
    if ending.enactment.id == act.enactment.id:
        return before(ending.done_at, act.done_at)
    return at_or_before(ending.done_at, act.done_at)


def _bites(ending: DatedAct, begun: DatedAct) -> Kleene:
    """Whether an ending ends text that an act begins.

    It does from the beginning on; before it, only if it was done in view of it: a statute may be
    repealed before it begins, while a repeal long past does not reach a later revival.
    """
    not_earlier = at_or_before(begun.done_at, ending.done_at)
    return either(not_earlier, before(begun.known, ending.known))


def _order(value: Kleene, first: DatedAct, second: DatedAct) -> Formula:
    return Doubt(About.ORDER, f"{first.ref} {second.ref}") if value is None else value
