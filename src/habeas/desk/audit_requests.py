"""What the law of the day let a custodian do with a request of which no custody is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from habeas.authority.derive import Derivation, Piece
from habeas.authority.grounds import Standing
from habeas.authority.inquiry import Inquiry
from habeas.authority.readings import spread
from habeas.custody.coverage import Coverage
from habeas.custody.events import Booked, DetainerLodged, Event, Released
from habeas.custody.record import CustodyRecord, fold
from habeas.desk.audit_custody import Bench, unsettled_facts
from habeas.desk.audit_findings import LawView, RequestFinding
from habeas.intake.recipes import Facility
from habeas.intake.rosters import PersonRows
from habeas.kernel.evidence import NotKnown
from habeas.kernel.identifiers import EventId
from habeas.kernel.instants import Instant, earliest_of, latest_of
from habeas.kernel.places import EVERYWHERE, PlaceId
from habeas.law.enactments import Provision
from habeas.law.precedence import Outcome

_NO_CUSTODY = "whether and how long the person was in custody: the rows tell of requests only"
_AS_IT_CAME = Coverage(
    facts=frozenset(
        f"instrument.{fact}"
        for fact in ("withdrawn_at", "ended_at", "executed_at", "executed_by_trained_officer")
    ),
    places=frozenset({EVERYWHERE}),
)
"""The law is asked of the request by itself: not withdrawn, and nobody arrested on a warrant with it."""
_NO_FORM = "the form of the request"
_OWN = ("booking.", "charge.")
_LISTS = "whether other charges or papers exist"


Seen: TypeAlias = tuple[tuple[LawView, ...], bool]
"""The views of one request, and whether every joint reading was asked."""


class _Said(NamedTuple):
    """What one joint reading comes to."""

    outcome: Outcome
    provisions: tuple[str, ...]
    cites: tuple[str, ...]
    says: tuple[str, ...]
    caps: tuple[str, ...]
    turns_on: tuple[str, ...]


def request_finding(bench: Bench, rows: PersonRows) -> RequestFinding:
    """The law of the day on one request, by facility, custodian and form."""
    event = next(iter(rows.events.values()))
    facility = rows.facility
    form = event.terms.get("form")
    stated = form if isinstance(form, str) and not isinstance(form, NotKnown) else None
    views, every = _views_once(bench, event, facility, stated) if facility is not None else ((), True)
    return RequestFinding(
        row=rows.source.row or 0,
        file=rows.source.name,
        at=event.at,
        facility=rows.facility_text,
        place=PlaceId(facility.place) if facility is not None else None,
        custodian=facility.custodian if facility is not None else None,
        form=stated,
        form_text=rows.words.get("form", ""),
        lift_reason=rows.words.get("lift_reason", ""),
        views=views,
        unknown=tuple(_unknown(facility, stated)),
        every_reading=every,
    )


def _views_once(bench: Bench, event: Event, facility: Facility, form: str | None) -> Seen:
    """The views, made once for equal requests between which the law did not change."""
    where = PlaceId(facility.place), facility.custodian
    days = [bench.segment(*where, at) for at in (earliest_of(event.at), latest_of(event.at))]
    if days[0] != days[1]:
        return _views(bench, event, facility)
    key = (*where, form, days[0])
    if key not in bench.views:
        bench.views[key] = _views(bench, event, facility)
    return bench.views[key]


def _unknown(facility: Facility | None, form: str | None) -> Iterator[str]:
    yield _NO_CUSTODY
    if form is None:
        yield _NO_FORM
    if facility is not None and facility.whose:
        yield f"any text of {facility.whose} itself: the rulebook holds none"


def _views(bench: Bench, event: Event, facility: Facility) -> Seen:
    """One view for each different answer, the one under the reading asked first."""
    inquiry = bench.ask(_supposed_held(bench, event, facility))
    first, last = earliest_of(event.at), latest_of(event.at)
    spreading = spread(inquiry, last)
    every = len(spreading.verdicts) == bench.joints(spreading.questions)
    taken = tuple(inquiry.law.reading[asked] for asked in spreading.questions)
    grouped: dict[_Said, list[Mapping[str, str]]] = {_said(inquiry, (first, last)): []}
    for chosen in sorted(spreading.verdicts, key=lambda each: (each != taken, each)):
        joint = dict(zip(spreading.questions, chosen, strict=True))
        grouped.setdefault(_said(inquiry.under(joint), (first, last)), []).append(joint)
    views = (_view(said, readings) for said, readings in grouped.items())
    return tuple(views), every


def _view(said: _Said, readings: Sequence[Mapping[str, str]]) -> LawView:
    return LawView(
        outcome=said.outcome,
        readings=tuple(readings) or ({},),
        provisions=said.provisions,
        cites=said.cites,
        says=said.says,
        caps=said.caps,
        turns_on=said.turns_on,
    )


def _supposed_held(bench: Bench, event: Event, facility: Facility) -> CustodyRecord:
    """The request beside a custody that is only supposed, so that the law can be asked at all.

    Nothing is read from that custody but what the law says of the request by itself, as it came.
    """
    begun = Instant(earliest_of(event.at))
    held = Booked(
        id=EventId("supposed"),
        person=event.person,
        at=begun,
        known_at=begun,
        terms={"custodian_kind": facility.custodian, "place": facility.place},
    )
    freed = Released(
        id=EventId("supposed end"),
        person=event.person,
        at=Instant(latest_of(event.at) + 1),
        known_at=begun,
    )
    # Within its day the request came before the law is asked of it.
    paper = DetainerLodged(
        id=event.id, person=event.person, at=begun, known_at=begun, about=event.about, terms=event.terms
    )
    return fold(
        [held, paper, freed], known_at=bench.facts_known_at, coverage=[_AS_IT_CAME], kinds=bench.kinds
    )


def _said(inquiry: Inquiry, day: tuple[Instant, Instant]) -> _Said:
    """What the law says on a day; unknown where it changed within the day and the hour is not known."""
    morning, night = (_said_at(inquiry, at) for at in day)
    if morning == night:
        return night
    both = tuple(dict.fromkeys([*morning.turns_on, *night.turns_on, "the hour of the request on that day"]))
    return night._replace(outcome=Outcome.UNKNOWN, turns_on=both)


def _said_at(inquiry: Inquiry, at: Instant) -> _Said:
    derivation = inquiry.derivation(0)
    piece = derivation.piece_at(at)
    assert piece is not None, "the supposed custody covers the day"
    standing = next(each for each in piece.standings if each.subject[0] == "instrument")
    return _of_standing(inquiry, derivation, piece, standing)


def _of_standing(inquiry: Inquiry, derivation: Derivation, piece: Piece, standing: Standing) -> _Said:
    refs = [ref.removesuffix(" outside its only-if") for ref in standing.settled.by]
    if standing.force is not True and standing.force_rule is not None:
        refs.append(standing.force_rule.ref)
    named: dict[str, Provision] = {ref: inquiry.law.provisions[ref] for ref in refs}
    limiting = {cap.ref: cap.provision for ground in standing.grounds for _, cap in ground.caps}
    caps = {f"{each.says} [{each.cite}]" for each in limiting.values()}
    outcome = Outcome.SILENT if standing.force is False else standing.settled.outcome
    return _Said(
        outcome=outcome,
        provisions=tuple(named),
        cites=tuple(dict.fromkeys(each.cite for each in named.values())),
        says=tuple(dict.fromkeys(each.says for each in named.values())),
        caps=tuple(sorted(caps)),
        turns_on=tuple(_turns_on(piece, derivation, outcome)),
    )


def _turns_on(piece: Piece, derivation: Derivation, outcome: Outcome) -> Iterator[str]:
    """What is not known and the request itself turns on; not what any custody would turn on."""
    if outcome in {Outcome.MUST_HOLD, Outcome.BARRED}:
        return
    for name in unsettled_facts(piece, derivation):
        if not name.startswith(_OWN) and not name.startswith(_LISTS) and "exact time" not in name:
            yield name
