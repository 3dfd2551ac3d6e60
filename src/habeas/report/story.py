"""A story told from data: the same questions put to the engine under each reading and each knowledge.

A story file names people, events, questions and dates; this module only asks. Its cases have the
shape of the case tables (see :mod:`habeas.authority.trials`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from habeas.authority.answer import Answer, answer
from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Inquiry, Regimen
from habeas.authority.readings import spread
from habeas.authority.trials import Asked, Trial, UnreadableCase
from habeas.kernel.instants import Instant, parse_instant
from habeas.law.documents import Tree
from habeas.law.enactments import Question
from habeas.law.yaml_text import parse


@dataclass(frozen=True)
class Told:
    """One answer of a story: under one reading, with one knowledge of law and facts."""

    alternative: str
    """The alternative taken of the question varied."""
    known_at: Instant
    inquiry: Inquiry
    at: Instant

    @cached_property
    def answer(self) -> Answer:
        """The answer at the instant asked."""
        return answer(self.inquiry, self.at)


@dataclass(frozen=True, slots=True)
class Together:
    """The verdicts that readings of the questions reached give."""

    verdicts: frozenset[Verdict]

    @property
    def verdict(self) -> Verdict:
        """The one verdict of all, or UNDETERMINED where they differ."""
        return next(iter(self.verdicts)) if len(self.verdicts) == 1 else Verdict.UNDETERMINED

    @property
    def words(self) -> str:
        """The same in words."""
        if len(self.verdicts) > 1:
            return "The readings differ"
        return _TOGETHER[self.verdict]


_TOGETHER = {
    Verdict.LAWFUL: "May be held on every reading",
    Verdict.UNLAWFUL: "No authority on any reading",
    Verdict.UNDETERMINED: "Open on every reading",
    Verdict.NOT_IN_CUSTODY: "Not in custody",
}


@dataclass(frozen=True)
class Scene:
    """One person of a story, asked at one instant under every reading, then and in hindsight."""

    id: str
    name: str
    says: str
    at: Instant
    hindsight: Instant
    question: Question
    trial: Trial

    @cached_property
    def then(self) -> tuple[Told, ...]:
        """One answer for each reading, as known at the instant asked."""
        return tuple(self._told(each.id, self.at, self.at) for each in self.question.alternatives)

    @cached_property
    def later(self) -> tuple[Told, ...]:
        """The same, law and facts as known in hindsight."""
        return tuple(
            self._told(each.id, self.hindsight, self.hindsight) for each in self.question.alternatives
        )

    def drawn(self, alternative: str, law_known_at: Instant) -> Inquiry:
        """All facts as recorded in the end, under law as known at an instant: for a picture."""
        return self._told(alternative, self.hindsight, law_known_at).inquiry

    def together(self, known_at: Instant) -> Together:
        """What all joint readings of every question reached come to, as known at an instant."""
        return Together(
            frozenset(spread(self._told(None, known_at, known_at).inquiry, self.at).verdicts.values())
        )

    def _told(self, alternative: str | None, facts: Instant, law: Instant) -> Told:
        reading = {} if alternative is None else {self.question.id: alternative}
        asked = Asked(
            case=self.name, at=self.at, facts_known_at=facts, law_known_at=law, reading=reading, expects={}
        )
        return Told(alternative or "", law, self.trial.inquiry(asked), self.at)


@dataclass(frozen=True)
class Chapter:
    """Scenes that are told together."""

    id: str
    title: str
    lead: str
    note: str
    scenes: tuple[Scene, ...]


@dataclass(frozen=True)
class Story:
    """A whole story."""

    title: str
    lead: str
    chapters: tuple[Chapter, ...]


def story(name: str, regimen: Regimen) -> Story:
    """A story that comes with habeas, ready to be asked of a rulebook.

    Raises:
        UnreadableCase: a part of the file does not have its shape.
        FileNotFoundError: no story has that name.
    """
    text = (files("habeas.report") / "stories" / f"{name}.yaml").read_text(encoding="utf-8")
    return story_of(_map(parse(text, f"{name}.yaml").tree), regimen)


def story_of(tree: Mapping[str, Tree], regimen: Regimen) -> Story:
    """A story from its document.

    Raises:
        UnreadableCase: a part does not have its shape.
    """
    chapters = tuple(
        _chapter(chapter, str(tree["hindsight"]), regimen) for chapter in _list(tree.get("chapters"))
    )
    return Story(_text(tree, "title"), _text(tree, "lead"), chapters)


def _chapter(tree: Mapping[str, Tree], hindsight: str, regimen: Regimen) -> Chapter:
    scenes = tuple(_scenes(tree, hindsight, regimen))
    return Chapter(
        _text(tree, "id"), _text(tree, "title"), _text(tree, "lead"), str(tree.get("note", "")), scenes
    )


def _scenes(tree: Mapping[str, Tree], hindsight: str, regimen: Regimen) -> Iterator[Scene]:
    shared = ("place", "custodian", "complete", "setting", "vary")
    defaults = {key: tree[key] for key in shared if key in tree}
    for case in _list(tree.get("cases")):
        both = {**defaults, **case}
        asked = _text(both, "vary")
        question = regimen.rulebook.questions.get(asked)
        if question is None:
            raise UnreadableCase(f"{case.get('name')}: expected a question of the rulebook, found [{asked}]")
        trial = Trial(case, defaults, regimen)
        yield Scene(
            id=_text(case, "id"),
            name=_text(case, "name"),
            says=str(case.get("says", "")),
            at=parse_instant(_text(case, "at"), trial.zone),
            hindsight=parse_instant(hindsight, trial.zone),
            question=question,
            trial=trial,
        )


def _text(tree: Mapping[str, Tree], key: str) -> str:
    found = tree.get(key)
    if not isinstance(found, str):
        raise UnreadableCase(f"expected a text under [{key}], found [{found}]")
    return found


def _list(tree: Tree | None) -> list[dict[str, Tree]]:
    if not isinstance(tree, list) or not all(isinstance(each, dict) for each in tree):
        raise UnreadableCase(f"expected a list of entries, found [{tree}]")
    return [each for each in tree if isinstance(each, dict)]


def _map(tree: Tree) -> Mapping[str, Tree]:
    if not isinstance(tree, dict):
        raise UnreadableCase(f"expected a document with keys, found [{tree}]")
    return tree
