"""The questions that a rulebook's tests ask, and whether they would notice something wrong in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from habeas.authority.findings import Verdict
from habeas.authority.gate_mutants import LawMutant
from habeas.authority.gate_regimens import WrongRegimen
from habeas.authority.inquiry import Inquiry, Regimen, Where
from habeas.authority.readings import spread, varied
from habeas.authority.trials import Asked, Trial, trials
from habeas.authority.unknowns import settled
from habeas.kernel.instants import Instant, earliest_of, latest_of
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId
from habeas.law.documents import Document, Tree
from habeas.law.questions import Reading
from habeas.law.rulebook import Rulebook

ReadingKey: TypeAlias = frozenset[tuple[str, str]]
"""A reading as something that can be looked up: its questions with the side taken."""
_WHEN = frozenset({"at", "known", "facts_known", "law_known", "readings", "cite"})


@dataclass(frozen=True, eq=False)
class Question:
    """One question of one test, with the answer that its author expects."""

    table: str
    """The enactment whose file it stands in, or the name of a table."""
    trial: Trial
    asked: Asked

    @property
    def name(self) -> str:
        """Table, case and instant, for a report."""
        return f"{self.table} | {self.trial.name} | {self.asked.label}"

    @property
    def place(self) -> PlaceId:
        """Where its person is held at first."""
        return self.trial.place

    @cached_property
    def main(self) -> Reading:
        """The reading of which it expects every part; where it asks all, what was adopted or published."""
        if self.asked.reading is not None:
            return self.asked.reading
        return self.trial.inquiry(self.asked).reading

    @cached_property
    def _others(self) -> tuple[Reading, ...]:
        return tuple(self._apart(self._find_others()))

    def other_readings(self) -> Sequence[Reading]:
        """Further readings on which what it expects depends, of those that come to one law only one.

        Where all readings are asked, the main one is among them.
        """
        return self._others if self.asked.reading is not None else (self.main, *self._others)

    def _apart(self, readings: Iterator[Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
        """Readings that put other law in force in its custody than those before them."""
        inquiry = self.inquiry(self.trial.regimen)
        wheres = tuple(self.wheres(inquiry))

        def law_of(here: Inquiry) -> tuple[frozenset[object], ...]:
            return tuple(here.regimen.applied(here.law, where) for where in wheres)

        seen = {law_of(inquiry)}
        for reading in readings:
            law = law_of(inquiry.under(reading))
            if law not in seen:
                seen.add(law)
                yield reading

    def _find_others(self) -> Iterator[Mapping[str, str]]:
        inquiry = self.inquiry(self.trial.regimen)
        if self.asked.reading is None:
            found = spread(inquiry, self.asked.at)
            for chosen in found.verdicts:
                yield dict(zip(found.questions, chosen, strict=True))
            # A question that changes nothing as the law stands may change something in a wrong one.
            piece = inquiry.piece_at(self.asked.at)
            open_ones = varied(inquiry, piece) if piece is not None else ()
            for question in (each for each in open_ones if each not in self.main):
                for each in inquiry.rulebook.questions[question].alternatives:
                    yield {question: each.id}
        named = self.asked.expects.get("sensitive_to", [])
        for asked in [named] if isinstance(named, str) else list(named or ()):
            for alternative in inquiry.rulebook.questions[str(asked)].alternatives:
                yield {**self.main, str(asked): alternative.id}

    def inquiry(self, regimen: Regimen) -> Inquiry:
        """The inquiry under its main reading."""
        return self.trial.on(regimen).inquiry(replace(self.asked, reading=self.main))

    def wheres(self, inquiry: Inquiry) -> Iterator[Where]:
        """The places, kinds of custodian and times of law that its answer can rest on."""
        index = inquiry.episode_at(self.asked.at)
        if index is None:
            return
        episode = inquiry.custody[index]
        # The last lawful instant may come later than the instant asked.
        last = latest_of(episode.end)
        for span in episode.spans:
            if span.place is not None:
                whole = Interval(earliest_of(episode.start), Instant(max(last, self.asked.at + 1)))
                yield span.place, span.custodian_kind, inquiry.law_known_at, whole

    def notices(self, wrong: WrongRegimen) -> bool:
        """Whether its main expectations fail with the mutant in the rulebook."""
        asked = self.asked if self.asked.reading is not None else self._of_main()
        trial = self.trial.on(wrong)
        return any(True for _ in trial.differences(asked, trial.inquiry(asked)))

    def notices_elsewhere(
        self, wrong: WrongRegimen, readings: Sequence[Reading], right: Mapping[ReadingKey, Verdict]
    ) -> bool:
        """Whether it fails with the mutant, some of its further readings being asked as well.

        Where it asks all readings, only the verdict they come to is compared; ``right`` are those of
        the right rulebook.
        """
        if self.asked.reading is not None:
            return self.notices(wrong)
        expected = self.asked.expects.get("verdict")
        inquiry = self.inquiry(wrong)
        if expected is None:
            return False
        if expected != Verdict.UNDETERMINED:
            met = [each for each in readings if right.get(_key(each)) == expected]
            return any(settled(inquiry.under(each), self.asked.at) != expected for each in met)
        changed = {_key(each) for each in readings}
        verdicts = {verdict for each, verdict in right.items() if each not in changed}
        verdicts |= {settled(inquiry.under(each), self.asked.at) for each in readings}
        return len(verdicts) == 1 and Verdict.UNDETERMINED not in verdicts

    @cached_property
    def verdicts(self) -> Mapping[ReadingKey, Verdict]:
        """The verdict under its main reading and under each further one that puts other law in force.

        To be asked before anything wrong is put into the rulebook.
        """
        inquiry = self.inquiry(self.trial.regimen)
        return {_key(each): settled(inquiry.under(each), self.asked.at) for each in self.other_readings()}

    def _of_main(self) -> Asked:
        """The question without what only all readings together can answer."""
        expects: dict[str, Tree] = dict(self.asked.expects)
        if expects.get("verdict") == Verdict.UNDETERMINED:
            # Readings that differ leave nothing to expect of any one of them.
            expects = {key: value for key, value in expects.items() if key in _WHEN}
        expects.pop("because", None)
        return replace(self.asked, reading=self.main, expects=expects)


def _key(reading: Reading) -> ReadingKey:
    return frozenset(reading.items())


@dataclass(frozen=True, eq=False)
class LawLine:
    """One line of a test that asks of law itself whether something is in force."""

    table: str
    trial: Trial
    line: Mapping[str, Tree]

    @property
    def enactment(self) -> str:
        """The enactment it asks about."""
        return str(self.line["of"]).partition("#")[0].partition("!")[0]

    def notices(self, wrong: WrongRegimen) -> bool:
        """Whether it fails with the mutant in the rulebook."""
        try:
            return any(True for _ in self.trial.on(wrong).law_differences(self.line))
        except LookupError:
            # The very act it asks about is gone.
            return True


def tests_in(
    regimen: Regimen, tables: Mapping[str, Document]
) -> tuple[tuple[Question, ...], tuple[LawLine, ...]]:
    """Every question and line of the rulebook's own tests and of further tables, in order."""
    rulebook: Rulebook = regimen.rulebook
    trees: dict[str, Mapping[str, Tree]] = {
        name: {"cases": tree["tests"]}
        for name, tree in sorted(rulebook.artefact.enactments.items())
        if tree.get("tests")
    }
    trees |= {name: document.tree for name, document in sorted(tables.items())}
    questions: list[Question] = []
    lines: list[LawLine] = []
    for name, tree in trees.items():
        for trial in trials(tree, regimen):
            questions += [Question(name, trial, asked) for asked in trial.asks()]
            lines += [LawLine(name, trial, line) for line in trial.law_lines()]
    return tuple(questions), tuple(lines)


def first_for(mutant: LawMutant, table: str) -> int:
    """How soon a table is asked about a mutant: the tests beside its own text come first."""
    if table == mutant.enactment:
        return 0
    return 1 if "/" in table else 2
