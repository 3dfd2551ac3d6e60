"""What a reviewer of a rulebook should put right or look at again, all at once, each with its line.

Problems are what no reading makes sense of; warnings are what a careful drafter would ask about.
Whether the files can be read at all is told before, by :mod:`habeas.law.folder`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from habeas.custody.instruments import InstrumentKind
from habeas.kernel.places import PlaceId
from habeas.law import clocks, computations
from habeas.law.checking import ConditionError, checked
from habeas.law.conditions import reads, walk
from habeas.law.documents import Document, Path, Problem
from habeas.law.enactments import (
    COMMANDS,
    Act,
    Clock,
    Condition,
    Effect,
    Enactment,
    Provision,
    Selector,
    Stratum,
)
from habeas.law.lint_acts import act_problems, act_warnings
from habeas.law.lint_places import place_problems, place_warnings
from habeas.law.lint_readings import readings_of
from habeas.law.rulebook import Rulebook

_RELEASABLE = "releasable_at"


@dataclass(frozen=True, slots=True)
class Lint:
    """What was found in a rulebook's files."""

    problems: tuple[Problem, ...]
    """What no reading makes sense of."""
    warnings: tuple[Problem, ...]
    """What a careful drafter would ask about."""


def lint(rulebook: Rulebook, documents: Mapping[str, Document]) -> Lint:
    """Everything to put right and to look at in a rulebook that was read from these documents."""
    problems = {*place_problems(rulebook, documents), *act_problems(rulebook, documents)}
    warnings = {*place_warnings(rulebook, documents), *act_warnings(rulebook, documents)}
    for name in rulebook.artefact.enactments:
        document = documents[name]
        for variant in rulebook.variants(name):
            problems.update(_problems_in(rulebook, document, variant))
            warnings.update(_open_clocks(document, variant))
    warnings.update(_unused_definitions(rulebook, documents))
    return Lint(_in_order(problems), _in_order(warnings))


def _in_order(found: set[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(found, key=lambda each: (each.file, each.line, each.path, each.expected)))


def entry(document: Document, part: str, name: str) -> Path:
    """Where an act or provision stands in its file."""
    entries = document.tree.get(part)
    for index, each in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(each, dict) and each.get("id") == name:
            return part, index
    return (part,)


def _problems_in(rulebook: Rulebook, document: Document, enactment: Enactment) -> Iterator[Problem]:
    if not enactment.cite.strip():
        yield document.problem(("cite",), "a citation", "none")
    for provision in enactment.provisions:
        where = entry(document, "provisions", provision.id)
        yield from _uncited(document, where, provision)
        yield from _of_clock(rulebook, document, where, provision)
        yield from _unknown_kinds(rulebook, document, where, provision)
        for inside, condition in provision.conditions:
            path: Path = (*where, *inside)
            yield from _of_condition(rulebook, document, path, enactment, condition, provision.on)
        for problem in computations.problems_of(provision.steps) if provision.steps else ():
            yield document.problem((*where, "steps"), "steps that compute a sentence", problem)
        yield from _of_command(document, where, provision)
        if provision.exception_to and not _names_provision(rulebook, enactment, provision.exception_to):
            yield document.problem(
                (*where, "exception_to"), "a clause of the rulebook", f"[{provision.exception_to}]"
            )
    for act in enactment.acts:
        where = entry(document, "acts", act.id)
        if not act.cite.strip():
            yield document.problem(where, "a citation", "none")
        yield from _of_scope(rulebook, document, where, enactment, act)


def _of_command(document: Document, where: Path, provision: Provision) -> Iterator[Problem]:
    """A command names who must do what; nothing else does."""
    commands = provision.effect in COMMANDS
    for key, given in (("agency", provision.agency), ("verb", provision.verb)):
        if commands != bool(given.strip()):
            expected = f"[{key}]" if commands else f"[{key}] with the effects must and must-not only"
            yield document.problem(
                (*where, key) if given else where, expected, f"[{given}]" if given else "none"
            )
    if commands and provision.on != "person":
        yield document.problem((*where, "on"), "a command on: person", f"[{provision.on}]")


def _uncited(document: Document, where: Path, provision: Provision) -> Iterator[Problem]:
    if not provision.cite.strip():
        yield document.problem(where, "a citation", "none")
    if provision.clock is not None and not provision.clock.cite.strip():
        yield document.problem((*where, "clock"), "a citation", "none")
    if provision.strength == "protected" and not provision.strength_cite.strip():
        yield document.problem((*where, "strength"), "a citation for [protected]", "none")
    for index, step in enumerate(provision.steps):
        if not step.cite.strip():
            yield document.problem((*where, "steps", index), "a citation", "none")


def _of_clock(rulebook: Rulebook, document: Document, where: Path, provision: Provision) -> Iterator[Problem]:
    clock = provision.clock
    if clock is None:
        return
    inside = (*where, "clock")
    for problem in clocks.problems_of(clock):
        yield document.problem(inside, "a clock that can be computed", problem)
    if clock.holidays and clock.holidays not in rulebook.calendars:
        known = ", ".join(sorted(rulebook.calendars)) or "none"
        yield document.problem((*inside, "holidays"), f"a calendar ({known})", f"[{clock.holidays}]")
    if provision.effect is Effect.CAP and clock.anchor == _RELEASABLE:
        caught = sorted(_caught(rulebook, provision, clock))
        if caught:
            expected = "a cap on bases outside the strata whose end starts it"
            yield document.problem(inside, expected, f"a circle: it limits [{', '.join(caught)}]")


def _caught(rulebook: Rulebook, cap: Provision, clock: Clock) -> Iterator[str]:
    """Bases that a cap limits although their own end is what starts its clock."""
    for ref, provision in rulebook.under().provisions.items():
        if provision.effect not in {Effect.MAY_HOLD, Effect.MUST_HOLD} or provision.on != cap.on:
            continue
        kinds = set(provision.kinds or ("",)) & set(cap.kinds or provision.kinds or ("",))
        stratum = provision.stratum or Stratum.HOLD
        if kinds and stratum in clock.strata and _selects(cap.limits, ref, provision):
            yield ref


def _selects(selector: Selector | None, ref: str, provision: Provision) -> bool:
    if selector is None:
        return True
    if selector.provisions:
        return ref in selector.provisions
    if selector.strata and (provision.stratum or Stratum.HOLD) not in selector.strata:
        return False
    own = set(provision.kinds) if provision.on == "instrument" else {provision.on}
    return not selector.kinds or not own or bool(own & set(selector.kinds))


def _unknown_kinds(
    rulebook: Rulebook, document: Document, where: Path, provision: Provision
) -> Iterator[Problem]:
    known = {str(kind) for kind in InstrumentKind} | {
        each.defines for each in rulebook.under().provisions.values() if each.effect is Effect.COUNTS_AS
    }
    for kind in provision.kinds:
        if kind not in known:
            yield document.problem((*where, "kinds"), "a kind of instrument", f"[{kind}]")
    for name in ("limits", "ends"):
        selector: Selector | None = getattr(provision, name)
        for kind in selector.kinds if selector else ():
            if kind not in known | {"charge", "booking"}:
                yield document.problem((*where, name, "kinds"), "a kind of instrument", f"[{kind}]")
        for ref in selector.provisions if selector else ():
            if not any(ref in law.provisions for law in readings_of(rulebook)):
                yield document.problem((*where, name, "provisions"), "a clause of the rulebook", f"[{ref}]")


def _names_provision(rulebook: Rulebook, enactment: Enactment, ref: str) -> bool:
    return any(ref in law.provisions for law in readings_of(rulebook)) and bool(enactment.id)


def _of_condition(
    rulebook: Rulebook,
    document: Document,
    where: Path,
    enactment: Enactment,
    condition: Condition | None,
    subject: str,
) -> Iterator[Problem]:
    zone = rulebook.places.zone_of(PlaceId(enactment.place))
    try:
        tree = checked(condition, rulebook.vocabulary, subject=subject, zone=zone, limbs=rulebook.limbs)
    except ConditionError as error:
        for problem in error.problems:
            limb = f" in [{problem.text}]" if problem.text else ""
            yield document.problem(where, problem.expected, f"{problem.found}{limb}")
        return
    for _, node in walk(tree):
        for name in _asked_in_force(node):
            if name not in rulebook.artefact.enactments:
                yield document.problem(where, "an enactment of the rulebook", f"in_force [{name}]")


def _asked_in_force(node: object) -> Iterator[str]:
    test = getattr(node, "test", None)
    name = getattr(test, "enactment", None)
    if isinstance(name, str):
        yield name


def _of_scope(
    rulebook: Rulebook, document: Document, where: Path, enactment: Enactment, act: Act
) -> Iterator[Problem]:
    scope = act.scope
    known = {*(place.id for place in rulebook.places.places), *rulebook.places.territories}
    for name in ("places", "except_places", "unsure_places"):
        places: Sequence[str] = getattr(scope, name)
        for place in places:
            if place not in known:
                expected = "a place or territory of the rulebook"
                yield document.problem((*where, "scope", name), expected, f"[{place}]")
    if scope.condition is None or act.targets:
        return
    for subject in dict.fromkeys(provision.on for provision in enactment.provisions):
        inside = (*where, "scope", "for")
        yield from _of_condition(rulebook, document, inside, enactment, scope.condition, subject)


def _open_clocks(document: Document, enactment: Enactment) -> Iterator[Problem]:
    for provision in enactment.provisions:
        if provision.clock is not None and provision.clock.on_repeat is None:
            where = (*entry(document, "provisions", provision.id), "clock")
            yield document.problem(
                where, "[on_repeat]", "none: what a repeated anchor does is an open question"
            )


def _unused_definitions(rulebook: Rulebook, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Facts and kinds that some clause makes and no clause asks for, under any reading."""
    used: set[str] = set()
    made: dict[tuple[str, str], Provision] = {}
    for law in readings_of(rulebook):
        for ref, provision in law.provisions.items():
            name = provision.defines or provision.computes
            if name:
                made[ref, name] = provision
            used |= _uses(rulebook, law.enactments[ref.partition("#")[0]], provision)
    for (ref, name), provision in made.items():
        known_as = name if provision.effect is Effect.COUNTS_AS else f"{provision.on}.{name}"
        if known_as not in used:
            document = documents[ref.partition("#")[0]]
            where = entry(document, "provisions", provision.id)
            yield document.problem(
                where, "a clause that asks for what it defines", f"none asks for [{known_as}]"
            )


def _uses(rulebook: Rulebook, enactment: Enactment, provision: Provision) -> set[str]:
    zone = rulebook.places.zone_of(PlaceId(enactment.place))
    used = {*provision.kinds, *provision.discharges}
    for selector in (provision.limits, provision.ends):
        used |= {*selector.kinds} if selector is not None else set()
    clock = provision.clock
    if clock is not None:
        used |= {clock.anchor, clock.reset}
        used |= {clock.pause.begins, clock.pause.ends} if clock.pause is not None else set()
    conditions = [condition for _, condition in provision.conditions]
    conditions += [act.scope.condition for act in enactment.acts if act.scope.condition is not None]
    for condition in conditions:
        try:
            tree = checked(
                condition, rulebook.vocabulary, subject=provision.on, zone=zone, limbs=rulebook.limbs
            )
        except ConditionError:
            # It is a problem of its own, told above.
            continue
        used |= {f"{ref.owner}.{ref.name}" for ref in reads(tree)}
    return used
