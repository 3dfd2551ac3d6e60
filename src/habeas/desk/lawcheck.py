"""Whether a rulebook's files are sound: every problem at once, each with its file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from habeas.authority.inquiry import Regimen
from habeas.kernel.instants import BEGINNING
from habeas.kernel.places import PlaceId, UnknownPlace, ZoneNotStated
from habeas.law import folder, questions
from habeas.law.checking import ConditionError, LimbProblem, checked
from habeas.law.documents import Document, Problem, RulebookError
from habeas.law.documents import Path as TreePath
from habeas.law.enactments import Condition, Enactment
from habeas.law.lint import lint
from habeas.law.rulebook import Rulebook
from habeas.wire.tables import UnreadableTable, cases_of

_NOWHERE = PlaceId("nowhere")
_QUANTIFIERS = frozenset({"some", "every", "no", "count"})
_STEP = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What reading every file of a rulebook found."""

    files: int
    problems: tuple[Problem, ...]
    """What must be put right before the rulebook answers anything."""
    warnings: tuple[Problem, ...] = ()
    """What a reviewer should look at."""


def check(directory: Path) -> Checked:
    """Read every file of a folder, every condition under every alternative, and every test."""
    files = sum(1 for _ in directory.rglob("*.yaml"))
    try:
        documents = folder.read(directory)
        rulebook = folder.load(directory)
        places = rulebook.places
        for name in rulebook.artefact.enactments:
            places.zone_of(PlaceId(name.rpartition("/")[0]))
    except RulebookError as error:
        return Checked(files=files, problems=error.problems)
    except (UnknownPlace, ZoneNotStated) as error:
        found = Problem(str(directory), 1, "", "a place.yaml with a zone for every enactment", str(error))
        return Checked(files=files, problems=(found,))
    problems = {*_date_problems(rulebook, documents), *_condition_problems(rulebook, documents)}
    problems.update(_test_problems(rulebook, documents))
    if problems:
        # The linter compares dates and asks conditions, so these must be readable first.
        return Checked(files=files, problems=_ordered(problems))
    linted = lint(rulebook, documents)
    return Checked(files=files, problems=_ordered(linted.problems), warnings=_ordered(linted.warnings))


def _ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda each: (each.file, each.line, each.path)))


def _condition_problems(rulebook: Rulebook, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Conditions that cannot be asked under some alternative."""
    readings: list[questions.Reading] = [{}]
    for asked, question in rulebook.questions.items():
        readings += [{asked: each.id} for each in question.alternatives]
    seen: set[int] = set()
    for reading in readings:
        for name, enactment in rulebook.under(reading).enactments.items():
            if id(enactment) not in seen:
                seen.add(id(enactment))
                yield from _of_enactment(rulebook, documents[name], enactment)


def _date_problems(rulebook: Rulebook, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Dates of acts and of places' own files that name no instant."""
    for name in rulebook.artefact.enactments:
        for enactment in rulebook.variants(name):
            for act in enactment.acts:
                where = _entry(documents[name], "acts", act.id)
                for key, date in (("from", act.begins), ("known", act.known)):
                    if fault := _fault(partial(rulebook.instant, date, enactment.place)):
                        yield documents[name].problem(
                            (*where, key), "a date or local time", f"[{date}]: {fault}"
                        )
    for fault in (
        _fault(rulebook.setting_facts),
        _fault(lambda: rulebook.complete_of(_NOWHERE, None, BEGINNING)),
    ):
        if fault:
            yield Problem("setting.yaml or place.yaml", 1, "", "dates or local times", fault)


def _fault(read: Callable[[], object]) -> str:
    try:
        read()
    except ValueError as error:
        return str(error)
    return ""


def _of_enactment(rulebook: Rulebook, document: Document, enactment: Enactment) -> Iterator[Problem]:
    zone = rulebook.places.zone_of(PlaceId(enactment.place))
    for root, condition, subject in _conditions(enactment, document):
        try:
            checked(condition, rulebook.vocabulary, subject=subject, zone=zone, limbs=rulebook.limbs)
        except ConditionError as error:
            for problem in error.problems:
                yield _problem(document, root, problem)


def _conditions(enactment: Enactment, document: Document) -> Iterator[tuple[TreePath, Condition | None, str]]:
    for provision in enactment.provisions:
        where = _entry(document, "provisions", provision.id)
        for inside, condition in provision.conditions:
            yield (*where, *inside), condition, provision.on
    for act in enactment.acts:
        where = (*_entry(document, "acts", act.id), "scope", "for")
        if not act.targets:
            for subject in dict.fromkeys(provision.on for provision in enactment.provisions):
                yield where, act.scope.condition, subject


def _entry(document: Document, part: str, name: str) -> TreePath:
    """Where an act or provision stands in its file, alternatives counted."""
    entries = document.tree.get(part)
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict) and entry.get("id") == name:
            return part, index
    return (part,)


def _problem(document: Document, root: TreePath, problem: LimbProblem) -> Problem:
    steps = [_step(step) for step in _STEP.findall(problem.path)[1:]]
    limb = f" in [{problem.text}]" if problem.text else ""
    return document.problem((*root, *steps), problem.expected, f"{problem.found}{limb}")


def _test_problems(rulebook: Rulebook, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Tests beside a text that cannot be read."""
    regimen = Regimen(rulebook)
    for name in rulebook.artefact.enactments:
        document = documents[name]
        if "tests" in document.tree:
            try:
                cases_of(document, regimen, under="tests")
            except UnreadableTable as error:
                yield from error.problems


def _step(step: str) -> str | int:
    """A step of a condition as its file has it: what a quantifier asks of each row stands in `where`."""
    if step.isdigit():
        return int(step)
    return "where" if step in _QUANTIFIERS else step
