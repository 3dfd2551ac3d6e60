"""The matrix of a place's law of detainers, and its cells that law in force leaves contested.

A cell is one form with one warrant, beside a charge of one class, in one segment of the place's
law. A custodian who meets a contested cell needs somebody to answer it: a question with cited
alternatives, or the named owner of what no order of precedence decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from habeas.authority.findings import Because
from habeas.authority.grounds import Standing
from habeas.authority.inquiry import Inquiry, Regimen, fact_kinds
from habeas.authority.readings import varied
from habeas.custody.coverage import EVERYTHING, Coverage
from habeas.custody.events import Arrested, DetainerLodged, DetainerServed, Event, Ref, ReleaseOrdered, Term
from habeas.custody.instruments import InstrumentKind
from habeas.custody.record import fold
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import BEGINNING, DAY, FOREVER, HOUR, Instant, format_instant
from habeas.kernel.intervals import Interval
from habeas.kernel.places import EVERYWHERE, PlaceId, PlaceKind
from habeas.law.enactments import HOLDING, Effect
from habeas.law.precedence import Outcome
from habeas.law.regimes import Regime

_HOLDERS = {PlaceKind.COUNTY: "county-jail", PlaceKind.CITY: "city-lockup"}
_AFTER_ALL_LAW = Instant(FOREVER - DAY)
"""Everything that was ever known of law, for a segment is asked about in hindsight."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell asks about beside a place and a time."""

    form: str
    warrant: str
    charge_class: str


@dataclass(frozen=True, slots=True)
class ContestedCell:
    """A cell that is contested under every alternative of every question, with no named owner."""

    place: str
    segment: str
    """When the segment begins, in the place's zone."""
    form: str
    warrant: str
    charge_class: str
    by: tuple[str, ...]
    """Refs of the clauses that disagree."""

    def __str__(self) -> str:
        """One line, with the clauses that disagree."""
        cell = f"{self.form}, warrant {self.warrant}, {self.charge_class}"
        return f"{self.place} from {self.segment}: {cell}: {' against '.join(self.by)}"


@dataclass(frozen=True, slots=True)
class Matrix:
    """The cells of one place: how many were asked, and the contested ones nobody answers for."""

    asked: int
    contested: tuple[ContestedCell, ...]


def contested_cells(regimen: Regimen, place: PlaceId) -> Matrix:
    """Ask every cell of a place under the published readings."""
    kind = regimen.rulebook.places[place].kind
    if kind not in _HOLDERS:
        # Nobody is held by a state or a nation as such: its cells are those of its counties.
        return Matrix(0, ())
    vocabulary = regimen.rulebook.vocabulary
    named = ("instrument.form", "instrument.attached_warrant", "charge.class")
    forms, warrants, classes = (list(vocabulary.fact(name).values) for name in named)
    asked, found = 0, list[ContestedCell]()
    for segment in _segments(regimen, place, _HOLDERS[kind]):
        asked += len(forms) * len(warrants) * len(classes)
        if not _may_clash(regimen, place, _HOLDERS[kind], segment):
            continue
        for form, warrant, charge in product(forms, warrants, classes):
            inquiry = cell_inquiry(regimen, place, _HOLDERS[kind], segment, Cell(form, warrant, charge))
            standing = _contested(inquiry, moment_in(segment))
            if standing is not None and not _answered(inquiry, standing, moment_in(segment)):
                begun = format_instant(segment.start, regimen.rulebook.places.zone_of(place))
                by = standing.settled.by
                found.append(ContestedCell(place, begun, form, warrant, charge, by))
    return Matrix(asked, tuple(found))


def _segments(regimen: Regimen, place: PlaceId, custodian: str) -> Iterator[Interval]:
    """Stretches over which what is said of detainers stays the same."""
    _, regimes = regimen.under({})
    seen: object = None
    for start, end, regime in regimes.segments(place, custodian, _AFTER_ALL_LAW):
        said = _said(regimen, regime)
        if said != seen and start > BEGINNING and end - start > HOUR:
            yield Interval(start, end)
        seen = said


def _may_clash(regimen: Regimen, place: PlaceId, custodian: str, segment: Interval) -> bool:
    """Whether anything in force there forbids holding on a detainer, and anything allows it."""
    law, regimes = regimen.under({})
    regime = regimes.at(place, custodian, moment_in(segment), _AFTER_ALL_LAW)
    said = [law.provisions[ref] for ref in regime.clauses]
    holding = [
        each
        for each in said
        if each.effect in HOLDING
        and each.on == "instrument"
        and (not each.kinds or InstrumentKind.IMMIGRATION_DETAINER in each.kinds)
    ]
    forbids = any(each.effect is Effect.MUST_NOT_HOLD or each.only_if is not None for each in holding)
    return forbids and any(each.effect is not Effect.MUST_NOT_HOLD for each in holding)


def _said(regimen: Regimen, regime: Regime) -> frozenset[object]:
    provisions = regimen.under({})[0].provisions
    kind = InstrumentKind.IMMIGRATION_DETAINER
    return frozenset(
        (ref, formula)
        for ref, formula in regime.clauses.items()
        if provisions[ref].on == "instrument" and (not provisions[ref].kinds or kind in provisions[ref].kinds)
    )


def moment_in(segment: Interval) -> Instant:
    """The moment of a segment that is asked about, soon after it begins."""
    return Instant(segment.start + min(5 * HOUR, (segment.end - segment.start) // 2))


def cell_inquiry(regimen: Regimen, place: PlaceId, custodian: str, segment: Interval, cell: Cell) -> Inquiry:
    """The inquiry about one cell: arrested, the request lodged and served, the charge ended, all known.

    Everything lies in the segment, and the charge ends at `moment_in` of it. Law is asked in hindsight.

    Raises:
        UnknownPlace: the place is not in the rulebook.
    """
    released = moment_in(segment)
    step = (released - segment.start) // 5
    keeper: dict[str, Term] = {"custodian_kind": custodian, "place": place}
    paper: dict[str, Term] = {
        "kind": str(InstrumentKind.IMMIGRATION_DETAINER),
        "form": cell.form,
        "attached_warrant": cell.warrant,
        "complete": True,
        "issued_at": Instant(segment.start + step),
    }
    told: list[tuple[type[Event], Ref, dict[str, Term]]] = [
        (Arrested, Ref("charge", "c1"), {**keeper, "class": cell.charge_class}),
        (DetainerLodged, Ref("instrument", "d1"), paper),
        (DetainerServed, Ref("instrument", "d1"), {}),
        (ReleaseOrdered, Ref("charge", "c1"), {}),
    ]
    person = PersonId("cell")
    events = [
        kind(
            id=EventId(f"{number}"),
            person=person,
            at=Instant(segment.start + (number + 1) * step),
            known_at=segment.start,
            about=about,
            terms=terms,
        )
        for number, (kind, about, terms) in enumerate(told)
    ]
    record = fold(
        events,
        known_at=_AFTER_ALL_LAW,
        coverage=[Coverage(facts=EVERYTHING, places=frozenset({EVERYWHERE}))],
        person=person,
        kinds=fact_kinds(regimen.rulebook.vocabulary),
    )
    return Inquiry(record, regimen.setting(), regimen, _AFTER_ALL_LAW, {})


def _contested(inquiry: Inquiry, at: Instant) -> Standing | None:
    piece = inquiry.piece_at(at)
    if piece is None or piece.because is not Because.CONTESTED:
        return None
    return next((s for s in piece.standings if s.settled.outcome is Outcome.CONTESTED), None)


def _answered(inquiry: Inquiry, standing: Standing, at: Instant) -> bool:
    """Whether an owner is named for the conflict, or some question's answer would settle it."""
    piece = inquiry.piece_at(at)
    assert piece is not None, "asked only of a piece that is contested"
    if _owned(inquiry, piece.situation.place, standing.settled.by):
        return True
    for asked in varied(inquiry, piece):
        question = inquiry.rulebook.questions[asked]
        for alternative in question.alternatives:
            if _contested(inquiry.under({asked: alternative.id}), at) is None:
                return True
    return False


def _owned(inquiry: Inquiry, place: PlaceId, by: Sequence[str]) -> bool:
    order = inquiry.law.order(place)
    kinds = [inquiry.law.enactments[ref.partition("#")[0]].kind for ref in by]
    return any(order.owner_of(one, other) for one in kinds for other in kinds)
