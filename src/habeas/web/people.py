"""Finding the person an address means, for somebody who may see them, and noting that they looked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from zoneinfo import ZoneInfo

from habeas.authority.answer import Answer, answer
from habeas.authority.findings import SubjectKey
from habeas.authority.inquiry import Inquiry
from habeas.custody.record import fold
from habeas.desk.accounts import Reading
from habeas.desk.doings import Doing, doings_of, streams_of
from habeas.desk.kept import KeptPerson
from habeas.desk.ledgers import opened
from habeas.desk.people import UnknownPerson
from habeas.desk.withheld import WithheldPerson
from habeas.desk.worklist import named
from habeas.kernel.instants import Instant, latest_of
from habeas.kernel.places import PlaceId
from habeas.web.visits import Problem, Visit


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The person that a page is about."""

    stream: str
    person: KeptPerson
    name: str
    place: PlaceId | None
    zone: ZoneInfo

    def short(self, row: str) -> str:
        """The id of a row without the person's own, which stands on top of the page."""
        return row.removeprefix(f"{self.name}-")

    @property
    def path(self) -> str:
        """Address of the person's page."""
        return f"/people/{self.stream}"


def subject_of(visit: Visit, page: str) -> Subject:
    """The person that a request is about.

    Raises:
        Problem: there is none, an order withholds the record, or it is not theirs to see.
    """
    stream = visit.params["person"]
    try:
        person = visit.site.live.person(stream)
    except WithheldPerson as error:
        raise Problem(
            HTTPStatus.FORBIDDEN, error.word, f"this record is withheld by order: {error.order}"
        ) from None
    except (UnknownPerson, KeyError):
        raise _nobody() from None
    place = _place(person)
    if not visit.account.sees(place, stream):
        # The same words as for nobody: whether somebody is here is not theirs to learn.
        raise _nobody()
    looked = Reading(visit.at, visit.account.name, visit.account.role.value, stream, page)
    visit.site.accounts.note_reading(looked)
    return Subject(
        stream=stream,
        person=person,
        name=str(person.person),
        place=place,
        zone=visit.site.zone_of(place),
    )


def _nobody() -> Problem:
    return Problem(
        HTTPStatus.NOT_FOUND,
        "Nobody here",
        "there is nobody of that address whom you may see",
        "go back to the worklist and choose from there",
    )


def _place(person: KeptPerson) -> PlaceId | None:
    """Where the person was last held."""
    record = fold(person.events, person=person.person)
    held = [span for span in record.spans if span.place is not None]
    last = max(held, key=lambda span: latest_of(span.start), default=None)
    return None if last is None else last.place


def asked_of(
    visit: Visit, subject: Subject, at: Instant, known: Instant | None = None, law: Instant | None = None
) -> Inquiry:
    """The person's record as known at an instant, ready to be asked.

    Raises:
        Problem: nothing had been recorded by then, or the instant has not come.
    """
    known = subject.person.known_by_default(min(at, visit.at)) if known is None else known
    try:
        return subject.person.inquiry(facts_known_at=known, law_known_at=known if law is None else law)
    except UnknownPerson as error:
        raise Problem(HTTPStatus.NOT_FOUND, "Nothing known then", str(error)) from None


def called(subject: Subject, inquiry: Inquiry, at: Instant) -> Callable[[SubjectKey], str]:
    """How the rows of a record are called: ``bench warrant w1``."""
    return lambda key: f"{named(inquiry, key, at)} {subject.short(key[1])}"


def answered(
    visit: Visit, inquiry: Inquiry, at: Instant, *, proof: bool = False, vary: bool = False
) -> Answer:
    """The answer, made while nobody else makes one."""
    with visit.site.live.answering:
        return answer(inquiry, at, proof=proof, vary=vary)


def doings(visit: Visit, subject: Subject) -> tuple[Doing, ...]:
    """Everything in the person's streams."""
    with opened(visit.site.folder) as ledger:
        return doings_of(ledger, streams_of(subject.person))
