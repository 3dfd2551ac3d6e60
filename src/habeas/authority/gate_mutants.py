"""Small wrongs done to a rulebook on purpose: to its limbs, its acts, its clocks, its provisions.

A rulebook whose tests all pass although one of these is in it has a word that no test reads. Each
mutant is named so that an enactment's file can say of it, under ``equivalent``, why it makes no
difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from msgspec import structs

from habeas.kernel.instants import CivilDate
from habeas.kernel.places import PlaceId
from habeas.law.checking import checked
from habeas.law.conditions import TypedCondition, TypedLimb, walk
from habeas.law.enactments import (
    DUTIES,
    HOLDING,
    Act,
    Clock,
    ClockKind,
    Condition,
    Effect,
    Enactment,
    OnRepeat,
    Provision,
    Scope,
    Uncertain,
)
from habeas.law.mutants import mutants
from habeas.law.rulebook import Rulebook

HEARD = (
    HOLDING
    | DUTIES
    | {
        Effect.CAP,
        Effect.DEFINES,
        Effect.COUNTS_AS,
        Effect.COMPUTES,
        Effect.IN_FORCE_WHEN,
        Effect.INVALID_WHEN,
    }
)
"""Effects that some part of an answer reports; of the others no test can notice a mutant."""

CLAUSE_PARTS = ("when", "only_if")
SCOPE_PART = "for"


class Sort(StrEnum):
    """What a mutant is a mutant of."""

    LIMB = "limb"
    ACT = "act"
    CLOCK = "clock"
    PROVISION = "provision"


@dataclass(frozen=True, slots=True)
class LimbChange:
    """One limb of a condition changed; the condition is told by its content."""

    part: str
    """``when``, ``only_if``, or ``for`` of an act's scope."""
    condition: Condition
    number: int
    """Which of the condition's mutants, in their order."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a provision or act changed, wherever it has the value to be changed."""

    path: tuple[str, ...]
    old: Any
    new: Any

    def applied(self, to: Any) -> Any:
        """The structure with the change made; itself where the field has another value."""
        return _changed(to, self.path, self)


class Dropped:
    """The whole act is left out."""


Change: TypeAlias = LimbChange | FieldChange | Dropped


@dataclass(frozen=True, slots=True)
class LawMutant:
    """A rulebook with one thing wrong in it, under every reading that has that thing."""

    sort: Sort
    ref: str
    """``enactment#clause`` or ``enactment!act``."""
    says: str
    """What is wrong, such as ``when.all[1]: without [instrument.complete]``."""
    change: Change
    heard: bool = True
    """Whether an answer reports anything that its provision says."""

    @property
    def enactment(self) -> str:
        """The id of the enactment whose file it is in."""
        return re.split("[#!]", self.ref)[0]

    @property
    def place(self) -> PlaceId:
        """The place of that enactment."""
        return PlaceId(self.enactment.rpartition("/")[0])

    @property
    def label(self) -> str:
        """Its name within its file: ``#clause when: without [...]``."""
        return f"{self.ref.removeprefix(self.enactment)} {self.says}"


def mutants_of(rulebook: Rulebook, places: Sequence[PlaceId] = ()) -> Iterator[LawMutant]:
    """Every mutant of the enactments of some places, in order; of all places where none is named."""
    for name in sorted(rulebook.artefact.enactments):
        if places and PlaceId(name.rpartition("/")[0]) not in places:
            continue
        found: dict[object, LawMutant] = {}
        for variant in rulebook.variants(name):
            for mutant in _of_enactment(rulebook, variant):
                found.setdefault((mutant.ref, mutant.says), mutant)
        yield from found.values()


class LimbPlace(NamedTuple):
    """Where a limb stands: the first three tell it apart."""

    ref: str
    part: str
    path: str
    text: str


def limbs_in(rulebook: Rulebook, places: Sequence[PlaceId] = ()) -> Iterator[LimbPlace]:
    """Every limb of every clause and scope of some places, under whichever reading has it."""
    for name in sorted(rulebook.artefact.enactments):
        if places and PlaceId(name.rpartition("/")[0]) not in places:
            continue
        for variant in rulebook.variants(name):
            for provision in variant.provisions:
                if provision.effect in HEARD:
                    for part in CLAUSE_PARTS:
                        tree = _tree(rulebook, variant, getattr(provision, part), provision.on, part)
                        yield from _limbs_of(f"{name}#{provision.id}", part, tree)
            for act in variant.acts:
                tree = _scope_tree(rulebook, variant, act)
                yield from _limbs_of(f"{name}!{act.id}", SCOPE_PART, tree)


def _limbs_of(ref: str, part: str, tree: TypedCondition | None) -> Iterator[LimbPlace]:
    for path, node in walk(tree, part):
        if isinstance(node, TypedLimb):
            yield LimbPlace(ref, part, path, node.text)


def _of_enactment(rulebook: Rulebook, enactment: Enactment) -> Iterator[LawMutant]:
    for provision in enactment.provisions:
        yield from _of_clause(rulebook, enactment, provision)
    for act in enactment.acts:
        ref = f"{enactment.id}!{act.id}"
        yield LawMutant(Sort.ACT, ref, "without the act", Dropped())
        for says, field in _of_act(act):
            yield LawMutant(Sort.ACT, ref, says, field)
        condition = act.scope.condition
        if condition is not None:
            tree = _scope_tree(rulebook, enactment, act)
            for says, change in _limb_mutants(tree, condition, SCOPE_PART):
                yield LawMutant(Sort.LIMB, ref, says, change)


def _of_clause(rulebook: Rulebook, enactment: Enactment, provision: Provision) -> Iterator[LawMutant]:
    ref, heard = f"{enactment.id}#{provision.id}", provision.effect in HEARD
    for part in CLAUSE_PARTS:
        condition: Condition | None = getattr(provision, part)
        if condition is not None:
            tree = _tree(rulebook, enactment, condition, provision.on, part)
            for says, change in _limb_mutants(tree, condition, part):
                yield LawMutant(Sort.LIMB, ref, says, change, heard)
    if provision.clock is not None:
        for says, field in _of_clock(provision.clock):
            inside = FieldChange(("clock", *field.path), field.old, field.new)
            yield LawMutant(Sort.CLOCK, ref, f"clock {says}", inside, heard)
    for says, field in _of_provision(provision):
        yield LawMutant(Sort.PROVISION, ref, says, field, heard)


def _limb_mutants(
    tree: TypedCondition | None, condition: Condition, part: str
) -> Iterator[tuple[str, LimbChange]]:
    for number, mutant in enumerate(mutants(tree, part)):
        yield f"{mutant.path}: {mutant.description}", LimbChange(part, condition, number)


def _tree(
    rulebook: Rulebook, enactment: Enactment, condition: Condition | None, subject: str, part: str
) -> TypedCondition | None:
    zone = rulebook.places.zone_of(PlaceId(enactment.place))
    return checked(
        condition, rulebook.vocabulary, subject=subject, zone=zone, root=part, limbs=rulebook.limbs
    )


def _scope_tree(rulebook: Rulebook, enactment: Enactment, act: Act) -> TypedCondition | None:
    """A scope's condition; it may speak of a subject that the enactment's own clauses do not."""
    own = enactment.provisions[0].on if enactment.provisions else "instrument"
    for kind in (own, *sorted({"person", "charge", "instrument", "booking"} - {own})):
        try:
            return _tree(rulebook, enactment, act.scope.condition, kind, SCOPE_PART)
        except ValueError:
            continue
    return None


def _of_provision(provision: Provision) -> Iterator[tuple[str, FieldChange]]:
    if provision.exception_to:
        yield "without the exception", FieldChange(("exception_to",), provision.exception_to, "")
    if provision.effect is Effect.CAP:
        # An effect that no part of an answer reports: the cap is there and limits nothing.
        yield "without the cap", FieldChange(("effect",), Effect.CAP, Effect.MAY_INTERVIEW)


def _of_act(act: Act) -> Iterator[tuple[str, FieldChange]]:
    if act.begins != "start":
        for days in (1, -1):
            moved = _moved(act.begins, days)
            yield f"from {days:+d} day", FieldChange(("begins",), act.begins, moved)
    empty = Scope()
    for part in ("places", "except_places", "unsure_places", "custodians", "condition"):
        if getattr(act.scope, part):
            shown = SCOPE_PART if part == "condition" else part
            change = FieldChange(("scope", part), getattr(act.scope, part), getattr(empty, part))
            yield f"without scope {shown}", change


def _moved(date: str | Uncertain, days: int) -> str | Uncertain:
    if isinstance(date, Uncertain):
        return Uncertain(_day_moved(date.earliest, days), _day_moved(date.latest, days))
    return _day_moved(date, days)


def _day_moved(text: str, days: int) -> str:
    width = len("2000-01-01")
    return (CivilDate.fromisoformat(text[:width]) + timedelta(days=days)).isoformat() + text[width:]


def _of_clock(clock: Clock) -> Iterator[tuple[str, FieldChange]]:
    for says, length in _lengths(clock):
        yield says, FieldChange(("length",), clock.length, length)
    for name in ("excluded", "roll_forward"):
        days: tuple[str, ...] = getattr(clock, name)
        for day in days:
            rest = tuple(each for each in days if each != day)
            yield f"without [{day}] {name}", FieldChange((name,), days, rest)
    for name, without in _LEFT_OUT.items():
        value = getattr(clock, name)
        if value and name not in {"excluded", "roll_forward"}:
            yield f"without {name}", FieldChange((name,), value, without)
    if clock.kind is ClockKind.CIVIL_DAYS:
        other = "not-counted" if clock.first_day == "counted" else "counted"
        yield f"first_day {other}", FieldChange(("first_day",), clock.first_day, other)
    if clock.on_repeat in {OnRepeat.ONCE, OnRepeat.RESUME}:
        yield "on_repeat restart", FieldChange(("on_repeat",), clock.on_repeat, OnRepeat.RESTART)


_LEFT_OUT: Mapping[str, object] = {"pause": None, "reset": "", "extensions": ()}


def _lengths(clock: Clock) -> Iterator[tuple[str, str]]:
    if clock.kind is ClockKind.WALL:
        hours, minutes = clock.length.split(":")
        yield "an hour earlier", f"{int(hours) - 1:02d}:{minutes}"
        yield "a minute earlier", _minute_before(int(hours), int(minutes))
    elif clock.kind is ClockKind.CIVIL_DAYS:
        days = int(clock.length.removesuffix("d"))
        yield "+1 day", f"{days + 1}d"
        if days > 1:
            yield "-1 day", f"{days - 1}d"
    else:
        yield "+1 hour", f"{clock.length} 1h"
        yield "-1 hour", _less_an_hour(clock.length)


def _minute_before(hours: int, minutes: int) -> str:
    before = (hours * 60 + minutes - 1) % (24 * 60)
    return f"{before // 60:02d}:{before % 60:02d}"


def _less_an_hour(length: str) -> str:
    minutes = sum(
        int(number) * {"d": 24 * 60, "h": 60, "m": 1}[unit]
        for number, unit in re.findall(r"(\d+)([dhm])", length)
    )
    return f"{max(minutes - 60, 1)}m"


def _changed(to: Any, path: tuple[str, ...], change: FieldChange) -> Any:
    name, *inner = path
    value = getattr(to, name, None)
    if inner:
        new = _changed(value, tuple(inner), change)
        return to if new is value else structs.replace(to, **{name: new})
    if to is None or value != change.old:
        return to
    return structs.replace(to, **{name: change.new})


Applied: TypeAlias = Callable[[Enactment], Enactment]
"""What a change that is written in the file makes of an enactment."""


def written(mutant: LawMutant) -> Applied:
    """The mutant as a change of its enactment; of a limb, which is changed where it is compiled, none."""
    name = re.split("[#!]", mutant.ref)[1]
    change = mutant.change

    def of_acts(enactment: Enactment) -> Enactment:
        acts = tuple(
            change.applied(act) if act.id == name and isinstance(change, FieldChange) else act
            for act in enactment.acts
            if act.id != name or not isinstance(change, Dropped)
        )
        return enactment if _same(acts, enactment.acts) else structs.replace(enactment, acts=acts)

    def of_provisions(enactment: Enactment) -> Enactment:
        made = tuple(
            change.applied(each) if each.id == name and isinstance(change, FieldChange) else each
            for each in enactment.provisions
        )
        same = _same(made, enactment.provisions)
        return enactment if same else structs.replace(enactment, provisions=made)

    return of_acts if "!" in mutant.ref else of_provisions


def _same(one: Sequence[object], other: Sequence[object]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
