"""The forms of what is said about law itself, and of its tests."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct

from habeas.wire.instants import InstantText

LIST_SCHEMA: Final = "habeas/law-list/1"
TIMELINE_SCHEMA: Final = "habeas/law-timeline/1"
STATUS_SCHEMA: Final = "habeas/law-status/1"
DIFF_SCHEMA: Final = "habeas/law-diff/1"
CHANGES_SCHEMA: Final = "habeas/law-changes/1"
PROBLEMS_SCHEMA: Final = "habeas/law-problems/1"
TESTS_SCHEMA: Final = "habeas/law-tests/1"
MATRIX_SCHEMA: Final = "habeas/law-matrix/1"

InForce: TypeAlias = Literal["yes", "no", "for-some", "not-certain"]
"""For everyone, for nobody, for those of whom a condition holds, or nobody's papers settle it."""


class VantageForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From where law is looked at."""

    place: str
    custodian: str | None
    law_known_at: InstantText
    reading: dict[str, str]
    """The alternatives given; every other question stands at its published default."""
    law: str
    """Digest of the rulebook."""


class EnactmentLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One enactment in a list."""

    id: str
    title: str
    kind: str
    cite: str
    confidence: str
    in_force: InForce | None
    """Null where no place was asked about."""


class PlaceLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One place in a list."""

    id: str
    name: str
    kind: str
    zone: str | None
    no_rule_found: list[str]
    """Kinds of paper for which a rule of this very place was searched and none found."""


class QuestionLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One question of law in a list."""

    id: str
    place: str
    asks: str
    default: str
    alternatives: dict[str, str]
    """Alternative -> what it says."""


class LawListDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a rulebook holds."""

    schema: Literal["habeas/law-list/1"] = LIST_SCHEMA
    law: str
    enactments: list[EnactmentLine] = []
    places: list[PlaceLine] = []
    questions: list[QuestionLine] = []


class ClauseForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A clause, and whether it is in force."""

    ref: str
    in_force: InForce


class LawPieceForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An interval throughout which the same clauses are in force."""

    start: InstantText
    end: InstantText
    clauses: list[ClauseForm]


class LawTimelineDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was in force at a place, piece by piece."""

    schema: Literal["habeas/law-timeline/1"] = TIMELINE_SCHEMA
    vantage: VantageForm
    pieces: list[LawPieceForm]


class StatusForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an enactment, clause or act comes to, and because of what."""

    ref: str
    title: str
    cite: str
    in_force: InForce
    reason: str
    link: str
    present: bool
    doubts: list[str]
    children: list[StatusForm]


class LawStatusDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why an enactment, clause or act is in force at an instant, or not."""

    schema: Literal["habeas/law-status/1"] = STATUS_SCHEMA
    vantage: VantageForm
    at: InstantText
    sentence: str
    status: StatusForm


class ChangeForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A clause whose force differs between two instants."""

    ref: str
    cite: str
    says: str
    before: InForce
    after: InForce


class LawDiffDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What law changed at a place between two instants, each asked as known then."""

    schema: Literal["habeas/law-diff/1"] = DIFF_SCHEMA
    place: str
    custodian: str | None
    a: InstantText
    b: InstantText
    reading: dict[str, str]
    law: str
    changes: list[ChangeForm]


class ToldForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one rulebook says of one stored question."""

    verdict: str
    """A verdict, or why the question cannot be asked of that rulebook."""
    bases: list[str]
    """``enactment#clause of row``."""
    until: InstantText | None
    """First instant at which custody is no longer supported; null where nothing supports it."""


class ChangedAnswerForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A stored question that two rulebooks answer differently."""

    table: str
    case: str
    asked: str
    before: ToldForm
    after: ToldForm
    reasons: list[str]
    """The clauses that bore on it and that differ, each with how."""


class LawChangesDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whose answers change from one rulebook to another, over stored cases."""

    schema: Literal["habeas/law-changes/1"] = CHANGES_SCHEMA
    before: str
    """Digest of the one rulebook."""
    after: str
    questions: int
    """How many questions were put to both."""
    changed: list[ChangedAnswerForm]


class ProblemForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing wrong in one file."""

    file: str
    line: int
    path: str
    expected: str
    found: str


class LawProblemsDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every problem of a rulebook's files; none is a sound rulebook."""

    schema: Literal["habeas/law-problems/1"] = PROBLEMS_SCHEMA
    files: int
    problems: list[ProblemForm]
    warnings: list[ProblemForm] = []


class TestedTableForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table of tests after asking."""

    name: str
    cases: int
    asks: int
    differences: list[str]


class PlaceMutantsForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Mutants of one place's enactments: how many there are, and what became of them."""

    place: str
    mutants: int
    noticed: int
    annotated: int
    """Not noticed, and the file says why they make no difference."""


class GateForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the tests of law would notice."""

    passes: bool
    places: list[PlaceMutantsForm]
    survivors: list[str]
    """Mutants that no test notices and no file explains."""
    unheard: int
    """Mutants of clauses that no answer reports, left out of the figures."""
    unused: list[str]
    """Annotations that name no surviving mutant."""
    limbs: int
    untested_limbs: list[str]
    """Limbs not shown to decide alone in both directions."""
    edges: int
    untested_edges: list[str]
    """Edges of acts and clocks not asked about on both sides."""
    cells: int
    contested: list[str]
    """Cells that law leaves contested with no question and no owner."""


class LawTestsDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What tests of law expect and what the engine answers, where they differ."""

    schema: Literal["habeas/law-tests/1"] = TESTS_SCHEMA
    law: str
    tables: list[TestedTableForm]
    gate: GateForm | None = None
    """Null where it was not asked for."""


class MatrixPaperForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One request that a matrix asks about."""

    id: str
    title: str
    says: str


class SearchForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One dated search for a rule of a place, in which none was found."""

    on: str
    where: str
    words: str
    found: str


class MatrixCellForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What law came to on one request, from when until when."""

    start: InstantText
    end: InstantText
    says: str
    form: str
    """Edition of the form; empty where there was none."""
    questions: list[str]
    waits_for: list[str]
    clauses: list[str]


class MatrixPlaceForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One place of a matrix."""

    place: str
    name: str
    searched: list[SearchForm]
    cells: dict[str, list[MatrixCellForm]]
    """Id of a request -> its stretches, earliest first."""


class MatrixDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the law of each place let a kind of custodian do with each request, over years."""

    schema: Literal["habeas/law-matrix/1"] = MATRIX_SCHEMA
    start: InstantText
    end: InstantText
    custodian: str
    papers: list[MatrixPaperForm]
    places: list[MatrixPlaceForm]
    law: str
    """Digest of the rulebook."""
