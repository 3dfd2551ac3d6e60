"""The gate of a rulebook: what its tests prove, measured by what they would notice.

Line coverage means nothing of law. Measured here: mutants that some test notices; limbs shown to
decide alone in both directions; instants one second either side of every edge of acts and clocks;
and cells of a place's matrix of detainers that law in force leaves contested with no question.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from habeas.authority.findings import Verdict
from habeas.authority.gate_asks import LawLine, Question, ReadingKey, first_for, tests_in
from habeas.authority.gate_cells import ContestedCell, contested_cells
from habeas.authority.gate_edges import Due, Edge, deadlines_in, edges_of
from habeas.authority.gate_limbs import Limb, Watch, spared
from habeas.authority.gate_mutants import LawMutant, Sort, limbs_in, mutants_of
from habeas.authority.gate_regimens import WrongRegimen, wrong
from habeas.authority.inquiry import Inquiry, Regimen, Where
from habeas.kernel.places import PlaceId, lies_within
from habeas.law.documents import Document
from habeas.law.folder import read
from habeas.law.questions import Reading
from habeas.law.rulebook import Rulebook

MOST_EQUIVALENT = 0.02
"""The share of mutants that may be annotated as making no difference."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one mutant."""

    mutant: LawMutant
    noticed_by: str = ""
    """The question that noticed it; none where it survived."""
    reason: str = ""
    """Why a survivor makes no difference, where its file says so."""
    reached: bool = False
    """Whether some test asks about a person to whom it would matter, and expects the same."""

    @property
    def survives(self) -> bool:
        """Whether no test notices it and no reason is given."""
        return not self.noticed_by and not self.reason


@dataclass(frozen=True, slots=True)
class GateReport:
    """Everything that the gate measured; two halves of one gate can be joined with ``+``."""

    fates: tuple[Fate, ...] = ()
    limbs: tuple[Limb, ...] = ()
    edges: tuple[Edge, ...] = ()
    contested: tuple[ContestedCell, ...] = ()
    cells: int = 0
    """How many cells were asked."""
    unheard: tuple[str, ...] = ()
    """Labels of mutants of clauses that no answer reports, left out of the figures."""
    questions: int = 0
    annotations: tuple[str, ...] = ()
    """Labels of every mutant that some file gives a reason for."""
    parts: frozenset[int] = frozenset({0})
    """The parts of the gate that are joined in it, and of how many."""
    of: int = 1
    is_sample: bool = False

    @property
    def survivors(self) -> tuple[Fate, ...]:
        """Mutants that no test notices and for which no reason is given."""
        return tuple(fate for fate in self.fates if fate.survives)

    @property
    def annotated(self) -> tuple[Fate, ...]:
        """Mutants that no test notices and whose file says why."""
        return tuple(fate for fate in self.fates if fate.reason and not fate.noticed_by)

    @property
    def unused(self) -> tuple[str, ...]:
        """Annotations that name no surviving mutant; while some mutants are not asked nobody can say."""
        if self.is_sample or len(self.parts) < self.of:
            return ()
        surviving = {f"{f.mutant.enactment}{f.mutant.label}" for f in self.fates if not f.noticed_by}
        return tuple(each for each in self.annotations if each not in surviving)

    @property
    def passes(self) -> bool:
        """Whether every gate is met."""
        few = len(self.annotated) <= MOST_EQUIVALENT * len(self.fates)
        covered = all(limb.is_covered for limb in self.limbs) and all(edge.is_tested for edge in self.edges)
        return not self.survivors and few and covered and not self.contested and not self.unused

    def __add__(self, other: GateReport) -> GateReport:
        """Two parts of one gate joined; what both measured counts once."""
        limbs: dict[tuple[str, str, str], Limb] = {}
        for limb in (*self.limbs, *other.limbs):
            kept = limbs.setdefault((limb.ref, limb.part, limb.path), limb)
            kept.decided_true |= limb.decided_true
            kept.decided_false |= limb.decided_false
            kept.reason = kept.reason or limb.reason
        edges: dict[tuple[str, str], Edge] = {}
        for edge in (*self.edges, *other.edges):
            seen = edges.setdefault((edge.ref, edge.says), edge)
            edges[edge.ref, edge.says] = seen.joined(edge)
        return GateReport(
            fates=tuple(sorted((*self.fates, *other.fates), key=lambda f: (f.mutant.ref, f.mutant.says))),
            limbs=tuple(limbs.values()),
            edges=tuple(edges.values()),
            contested=tuple(dict.fromkeys((*self.contested, *other.contested))),
            cells=self.cells + other.cells,
            unheard=tuple(dict.fromkeys((*self.unheard, *other.unheard))),
            questions=max(self.questions, other.questions),
            annotations=tuple(dict.fromkeys((*self.annotations, *other.annotations))),
            parts=self.parts | other.parts,
            of=max(self.of, other.of),
            is_sample=self.is_sample or other.is_sample,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of the gate to run, so that several processes can share it."""

    number: int = 0
    of: int = 1
    sample: int | None = None
    """At most so many mutants of each place, drawn by the seed; none is all."""

    def takes(self, index: int) -> bool:
        """Whether the item of an index is of this part."""
        return index % self.of == self.number


def run_gate(
    rulebook: Rulebook,
    cases: Path | None = None,
    *,
    places: Iterable[PlaceId] = (),
    seed: int = 0,
    part: Part | None = None,
    progress: Progress | None = None,
) -> GateReport:
    """Measure what the tests of law prove.

    Args:
        rulebook: The rulebook with the tests in its files.
        cases: A folder of further tables.
        places: Only the enactments of these places and of what lies in them; none is all.
        seed: Draws the sample, where only a sample is asked for.
        part: Which share of the work to do; the reports of all shares are added up.
        progress: Told what is being done.

    Raises:
        RulebookError: a table that is not readable YAML.
    """
    return _Run(rulebook, cases, tuple(places), seed, part or Part(), progress or _silent).report()


def _silent(_: str) -> None:
    return


@dataclass
class _Run:
    rulebook: Rulebook
    cases: Path | None
    places: tuple[PlaceId, ...]
    seed: int
    part: Part
    progress: Progress
    fates: dict[LawMutant, Fate] = field(default_factory=dict[LawMutant, Fate])
    deadlines: list[Due] = field(default_factory=list[Due])

    def report(self) -> GateReport:
        regimen = Regimen(self.rulebook)
        tables: dict[str, Document] = read(self.cases) if self.cases is not None else {}
        self.progress("reading the tests")
        questions, lines = tests_in(regimen, tables)
        within = self._places()
        everything = list(mutants_of(self.rulebook, within))
        chosen = self._chosen([mutant for mutant in everything if mutant.heard])
        self.fates = {mutant: Fate(mutant) for mutant in chosen}
        acts = [mutant for mutant in chosen if mutant.sort is Sort.ACT]
        watch = Watch([mutant for mutant in chosen if mutant.sort is not Sort.ACT])
        self._ask_conditions(watch, questions, regimen)
        self._ask_acts(acts, questions, lines, regimen)
        self.progress("asking one second either side of every edge")
        first = self.part.number == 0
        edges = edges_of(regimen, questions, lines, within, self.deadlines) if first else ()
        self.progress("asking every cell of every place")
        mine = [place for index, place in enumerate(within) if self.part.takes(index)]
        cells = [contested_cells(regimen, place) for place in mine]
        reasons = self._reasons(within)
        fates = tuple(self._explained(fate, reasons) for fate in self.fates.values())
        return GateReport(
            fates=fates,
            limbs=tuple(self._limbs(watch, within, reasons)),
            edges=edges,
            contested=tuple(cell for each in cells for cell in each.contested),
            cells=sum(each.asked for each in cells),
            unheard=tuple(f"{m.enactment}{m.label}" for m in everything if not m.heard),
            questions=len(questions) + len(lines),
            annotations=tuple(f"{name}{label}" for name, label in reasons),
            parts=frozenset({self.part.number}),
            of=self.part.of,
            is_sample=self.part.sample is not None,
        )

    def _places(self) -> tuple[PlaceId, ...]:
        named = {PlaceId(name.rpartition("/")[0]) for name in self.rulebook.artefact.enactments}
        ordered = tuple(sorted(named))
        if not self.places:
            return ordered
        return tuple(each for each in ordered if any(lies_within(each, outer) for outer in self.places))

    def _limbs(
        self, watch: Watch, within: Sequence[PlaceId], reasons: Mapping[tuple[str, str], str]
    ) -> Iterator[Limb]:
        """Every limb that an answer can turn on, those included that no test comes to."""
        seen: set[tuple[str, str, str]] = set()
        for place in limbs_in(self.rulebook, within):
            if place[:3] not in seen:
                seen.add(place[:3])
                limb = watch.limbs.get(place[:3]) or Limb(*place)
                limb.reason = spared(limb, reasons)
                yield limb

    def _chosen(self, everything: Sequence[LawMutant]) -> list[LawMutant]:
        chosen = list(everything)
        if self.part.sample is not None:
            of: dict[PlaceId, list[LawMutant]] = {}
            for mutant in everything:
                of.setdefault(mutant.place, []).append(mutant)
            draw = random.Random(self.seed)  # noqa: S311 - a sample of mutants, not a secret
            kept = {
                mutant
                for each in of.values()
                for mutant in draw.sample(each, min(self.part.sample, len(each)))
            }
            chosen = [mutant for mutant in everything if mutant in kept]
        return [mutant for index, mutant in enumerate(chosen) if self.part.takes(index)]

    def _ask_conditions(self, watch: Watch, questions: Sequence[Question], regimen: Regimen) -> None:
        for further in (False, True):
            for number, question in enumerate(questions):
                if number % 50 == 0:
                    left = sum(1 for fate in self.fates.values() if not fate.noticed_by)
                    self.progress(f"question {number} of {len(questions)}: {left} mutants not noticed yet")
                asks = watch.may_reach if further else watch.speaks_in
                if not asks(question.place):
                    continue
                readings = question.other_readings() if further else (question.main,)
                self._ask_of_readings(watch, question, readings, regimen, further=further)

    def _ask_of_readings(
        self,
        watch: Watch,
        question: Question,
        readings: Sequence[Reading],
        regimen: Regimen,
        *,
        further: bool,
    ) -> None:
        inquiry = question.inquiry(regimen)
        reached: dict[LawMutant, list[Reading]] = {}
        for reading in readings:
            here = inquiry.under(reading)
            index = here.episode_at(question.asked.at)
            if index is not None:
                derivation = here.derivation(index)
                if not further:
                    self.deadlines += deadlines_in(derivation, question.asked.at)
                for mutant in watch.reached_in(derivation):
                    reached.setdefault(mutant, []).append(reading)
        # Asked while the rulebook is right: a condition compiled for it must not be a wrong one.
        right: Mapping[ReadingKey, Verdict] = question.verdicts if further and reached else {}
        for mutant, where in reached.items():
            with wrong(regimen, mutant) as there:
                noticed = (
                    question.notices_elsewhere(there, where, right) if further else question.notices(there)
                )
            self._note(mutant, question.name if noticed else "")
            if noticed:
                watch.forget(mutant)

    def _ask_acts(
        self,
        acts: Sequence[LawMutant],
        questions: Sequence[Question],
        lines: Sequence[LawLine],
        regimen: Regimen,
    ) -> None:
        asked = [
            _Placed(question, inquiry) for question in questions for inquiry in [question.inquiry(regimen)]
        ]
        for number, mutant in enumerate(acts):
            if number % 20 == 0:
                self.progress(f"act {number} of {len(acts)}")
            with wrong(regimen, mutant) as there:
                about = [line for line in lines if line.enactment == mutant.enactment]
                rest = [line for line in lines if line.enactment != mutant.enactment]
                near = sorted(
                    (each for each in asked if each.may_feel(mutant)),
                    key=lambda each: first_for(mutant, each.question.table),
                )
                noticed = next(
                    (f"{line.table} | {line.trial.name}" for line in about if line.notices(there)), ""
                )
                for each in near:
                    if not noticed and each.rests_on_other_law(there):
                        noticed = each.question.name if each.question.notices(there) else ""
                        self._note(mutant, noticed)
                for line in rest:
                    noticed = noticed or (line.trial.name if line.notices(there) else "")
                for each in near:
                    noticed = noticed or (each.question.name if each.notices_further(there) else "")
                self._note(mutant, noticed, reached=bool(noticed))

    def _note(self, mutant: LawMutant, noticed_by: str, *, reached: bool = True) -> None:
        was = self.fates[mutant]
        self.fates[mutant] = Fate(mutant, noticed_by or was.noticed_by, "", reached or was.reached)

    def _reasons(self, within: Sequence[PlaceId]) -> dict[tuple[str, str], str]:
        return {
            (name, each.mutant): each.reason
            for name in self.rulebook.artefact.enactments
            if PlaceId(name.rpartition("/")[0]) in within
            for variant in self.rulebook.variants(name)
            for each in variant.equivalent
        }

    def _explained(self, fate: Fate, reasons: dict[tuple[str, str], str]) -> Fate:
        reason = reasons.get((fate.mutant.enactment, fate.mutant.label), "")
        return Fate(fate.mutant, fate.noticed_by, reason, fate.reached)


class _Placed:
    """A question with the law that its answer under the right rulebook rests on."""

    def __init__(self, question: Question, inquiry: Inquiry) -> None:
        self.question = question
        self._inquiry = inquiry
        self._wheres: tuple[Where, ...] = tuple(question.wheres(inquiry))

    def may_feel(self, mutant: LawMutant) -> bool:
        """Whether its custody is in a place that the mutant's enactment can speak of."""
        scoped = any(
            act.scope.places
            for variant in self._inquiry.rulebook.variants(mutant.enactment)
            for act in variant.acts
        )
        return scoped or any(lies_within(where[0], mutant.place) for where in self._wheres)

    def rests_on_other_law(self, there: Regimen, reading: Reading | None = None) -> bool:
        """Whether the mutant changes what is in force in its custody, or since when."""
        law = there.under({**self.question.main, **(reading or {})})[0]
        right = self._inquiry.under(reading or {})
        return any(
            there.applied(law, where) != right.regimen.applied(right.law, where) for where in self._wheres
        )

    def notices_further(self, there: WrongRegimen) -> bool:
        """Whether it notices the mutant under its further readings."""
        readings = [
            reading for reading in self.question.other_readings() if self.rests_on_other_law(there, reading)
        ]
        return bool(readings) and self.question.notices_elsewhere(there, readings, self.question.verdicts)
