"""Events, papers and tickets: what comes to the desk, and what it makes of an answer before it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from habeas.authority.inquiry import Inquiry, fact_kinds
from habeas.custody.events import Ref
from habeas.custody.events.event import Event
from habeas.custody.facts import COLLECTIONS, FactKind
from habeas.desk import papers
from habeas.desk.doings import doings_of, streams_of
from habeas.desk.entering import (
    BY_NAME,
    CHOICES,
    BadEntry,
    Choice,
    Entry,
    event_of,
    kind_of,
    once,
    plain,
    rows_of,
    tried,
)
from habeas.desk.ledgers import opened
from habeas.desk.papers import Clearing, Paper, Ticket, tickets_of
from habeas.desk.recording import Receiving, Told, record
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import PersonId, digest_of
from habeas.kernel.instants import MINUTE, Instant, parse_instant
from habeas.kernel.instants.civil import AmbiguousLocalTime, MissingLocalTime
from habeas.ledger.entries import Draft
from habeas.web.documents import TicketForm, TicketsDocument
from habeas.web.drawing import page
from habeas.web.people import Subject, answered, asked_of, called, doings, subject_of
from habeas.web.visits import Problem, Reply, Visit, document, go_to
from habeas.web.words import told
from habeas.wire.instants import instant_text

KINDS_OF_PAPER = (
    "release order",
    "order that ends a hold",
    "bond receipt",
    "order of dismissal",
    "another paper of a court",
)
AHEAD = 5 * MINUTE
"""Microseconds by which clocks of two machines may differ: later than that nothing has happened yet."""


def instant_in(visit: Visit, subject: Subject, name: str) -> Instant:
    """An instant of a form, read in the facility's zone where it states no offset.

    Raises:
        BadEntry: there is none, or it has not come yet.
        UnreadableInstant: it is no instant.
        AmbiguousLocalTime: clocks showed it twice.
        MissingLocalTime: clocks never showed it.
    """
    text = visit.field(name)
    if not text:
        raise BadEntry(name, "say when: date and time")
    found = parse_instant(text, subject.zone)
    if found > visit.at + AHEAD:
        raise BadEntry(name, f"[{text}] has not come yet; only what has happened is recorded")
    return found


def record_form(visit: Visit) -> Reply:
    """The form for an event."""
    subject = subject_of(visit, "record")
    choice = BY_NAME.get(visit.asked("choice"))
    return _form(visit, subject, choice)


def _form(visit: Visit, subject: Subject, choice: Choice | None, *, wrong: str = "", **more: Any) -> Reply:
    inquiry = asked_of(visit, subject, visit.at)
    return page(
        visit,
        "record.html",
        f"Record an event: {subject.name}",
        invented=visit.site.invents(subject.place),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        subject=subject,
        choice=choice,
        choices=CHOICES,
        fields=[] if choice is None else _fields(visit, choice),
        rows=() if choice is None else rows_of(inquiry.record, choice.collection),
        filled=visit.form,
        once=visit.field("once") or once(),
        wrong=wrong,
        twice=_twice(wrong),
        **{"before": None, "after": None, **more},
    )


def _fields(visit: Visit, choice: Choice) -> list[dict[str, Any]]:
    """The terms of a choice, each with what the vocabulary of the rulebook says of it."""
    known = {each.name: each for each in visit.site.regimen.rulebook.vocabulary}
    found: list[dict[str, Any]] = []
    for name in choice.terms:
        spec = known.get(f"{choice.collection}.{name}")
        kind = kind_of(name, choice.collection).value
        codes = spec.values if spec is not None and kind == FactKind.CODE else ()
        meaning = "" if spec is None else spec.meaning
        found.append({"name": name, "says": plain(name), "kind": kind, "codes": codes, "meaning": meaning})
    return found


def _entry(visit: Visit, subject: Subject) -> Entry:
    choice = BY_NAME.get(visit.field("choice"))
    if choice is None:
        raise BadEntry("choice", "say what happened")
    terms = {name: visit.field(name) for name in choice.terms}
    for name in choice.terms:
        if kind_of(name, choice.collection) is FactKind.INSTANT and terms[name]:
            terms[name] = instant_text(parse_instant(terms[name], subject.zone), subject.zone)
    return Entry(
        choice=choice,
        about=visit.field("about"),
        at=instant_in(visit, subject, "at"),
        terms=terms,
        once=visit.field("once"),
        note=visit.field("note")[:500],
    )


def _entered(visit: Visit, subject: Subject) -> tuple[Inquiry, Event]:
    inquiry = asked_of(visit, subject, visit.at)
    return inquiry, event_of(_entry(visit, subject), inquiry.record, visit.at)


def try_event(visit: Visit) -> Reply:
    """The answer as it is, and as it would be; nothing is saved."""
    subject = subject_of(visit, "try an event")
    choice = BY_NAME.get(visit.field("choice"))
    try:
        inquiry, event = _entered(visit, subject)
    except ValueError as error:
        return _form(visit, subject, choice, wrong=_words(error))
    before = answered(visit, inquiry, visit.at)
    name = called(subject, inquiry, visit.at)
    with visit.site.live.answering:
        after = tried(inquiry, [event], visit.at)
    return _form(
        visit,
        subject,
        choice,
        before=told(before, subject.zone, name),
        after=told(after, subject.zone, name),
        no_force_after=after.no_force,
    )


def record_event(visit: Visit) -> Reply:
    """Record an event; the same form twice is one event."""
    subject = subject_of(visit, "record")
    try:
        _, event = _entered(visit, subject)
    except ValueError as error:
        return _form(visit, subject, BY_NAME.get(visit.field("choice")), wrong=_words(error))
    save(visit, subject, [event])
    return go_to(subject.path)


def _twice(wrong: str) -> bool:
    """Whether the time has to be written with its offset, which a field for dates cannot take."""
    return any(trouble in wrong for trouble in (AmbiguousLocalTime.trouble, MissingLocalTime.trouble))


def _words(error: ValueError) -> str:
    from habeas.web.refusals import problem_for  # noqa: PLC0415 - it knows this module's errors

    problem = problem_for(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise error
    return f"{problem.detail}{'; ' + problem.hint if problem.hint else ''}"


def save(visit: Visit, subject: Subject, events: Sequence[Event], more: Sequence[Draft] = ()) -> None:
    """Record events and entries of the desk, all of them or none."""
    kinds = fact_kinds(visit.site.regimen.rulebook.vocabulary)
    with visit.site.appending() as ledger:
        told_ = [Told(PersonId(subject.name), tuple(events))] if events else []
        if told_:
            record(ledger, told_, Receiving(who=visit.who, kinds=kinds), more)
        else:
            ledger.append_all(list(more))


# ------------------------------------------------------------------ orders


def order_form(visit: Visit) -> Reply:
    """The form for an order received."""
    return _order_form(visit, subject_of(visit, "receive"))


def _order_form(visit: Visit, subject: Subject, wrong: str = "") -> Reply:
    record_ = asked_of(visit, subject, visit.at).record
    about = [(each, row) for each in COLLECTIONS if each != "person" for row in rows_of(record_, each)]
    return page(
        visit,
        "order.html",
        f"Receive an order: {subject.name}",
        invented=visit.site.invents(subject.place),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        subject=subject,
        kinds=KINDS_OF_PAPER,
        about=about,
        filled=visit.form,
        tickets=tickets_of(doings(visit, subject)),
        papers=[e.as_a(papers.Received) for e in doings(visit, subject) if e.kind == "PaperReceived"],
        wrong=wrong,
        twice=_twice(wrong),
    )


def receive(visit: Visit) -> Reply:
    """Stamp a paper; one that nobody can read opens a ticket with a clock and leaves the answer open."""
    subject = subject_of(visit, "receive")
    try:
        paper = _paper(visit, subject)
    except ValueError as error:
        return _order_form(visit, subject, _words(error))
    event, entry = papers.received(paper, PersonId(subject.name), subject.stream, visit.who, visit.at)
    save(visit, subject, [event], [entry])
    return go_to(subject.path if paper.readable else f"{subject.path}/orders")


def _paper(visit: Visit, subject: Subject) -> Paper:
    collection, _, row = visit.field("about").partition("/")
    known = asked_of(visit, subject, visit.at).record
    about = next(
        (Ref(each, row) for each in COLLECTIONS if each == collection and row in rows_of(known, each)), None
    )
    if about is None:
        raise BadEntry("about", "say what the paper is about, or seems to be")
    if visit.field("readable") not in {"yes", "no"}:
        raise BadEntry("readable", "say whether the whole paper can be read")
    if visit.field("kind") not in KINDS_OF_PAPER:
        raise BadEntry("kind", "say what kind of paper it is")
    file = visit.files.get("file")
    source = None
    if file is not None and file.data:
        source = SourceRef(digest_of(file.data), file.name[:200] or "paper")
    return Paper(
        kind=visit.field("kind"),
        about=about,
        at=instant_in(visit, subject, "at"),
        readable=visit.field("readable") == "yes",
        source=source,
        note=visit.field("note")[:500],
    )


def clear(visit: Visit) -> Reply:
    """Say what a paper means that nobody could read, and who said so."""
    subject = subject_of(visit, "clear")
    ticket = _ticket(visit, subject)
    if visit.field("orders") not in {"yes", "no"}:
        raise BadEntry("orders", "say whether the paper orders release")
    clearing = Clearing(
        orders_release=visit.field("orders") == "yes",
        at=instant_in(visit, subject, "at"),
        by_whom=visit.field("by_whom"),
    )
    event, entry = papers.cleared(
        ticket, clearing, PersonId(subject.name), (subject.stream, visit.who), visit.at
    )
    save(visit, subject, [event], [entry])
    return go_to(subject.path)


def challenge(visit: Visit) -> Reply:
    """Record that somebody says the record is wrong."""
    subject = subject_of(visit, "challenge")
    entry = papers.challenge(visit.field("says"), visit.field("from_whom"), subject.stream, visit.who)
    save(visit, subject, [], [entry])
    return go_to(f"{subject.path}#tickets")


def settle(visit: Visit) -> Reply:
    """Answer a challenge."""
    subject = subject_of(visit, "settle")
    entry = papers.settle(
        _ticket(visit, subject), visit.field("outcome"), visit.field("because"), subject.stream, visit.who
    )
    save(visit, subject, [], [entry])
    return go_to(f"{subject.path}#tickets")


def _ticket(visit: Visit, subject: Subject) -> Ticket:
    found = next((e for e in tickets_of(doings(visit, subject)) if e.id == visit.field("ticket")), None)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "No such ticket", "this person has no ticket of that name")
    return found


def tickets(visit: Visit) -> Reply:
    """Everything that waits for an answer about people whom one may see, the first due first."""
    found: list[tuple[str, Ticket]] = []
    with opened(visit.site.folder) as ledger:
        for line in visit.site.live.busy:
            if visit.account.sees(line.place, line.stream):
                person = visit.site.live.people[line.person]
                found += [(line.stream, each) for each in tickets_of(doings_of(ledger, streams_of(person)))]
    waiting = [(stream, each) for stream, each in found if each.is_open]
    waiting.sort(key=lambda pair: pair[1].due_at)
    home = visit.site.zone_of(visit.account.places[0] if visit.account.places else None)
    if visit.is_json:
        return document(
            TicketsDocument(
                at=instant_text(visit.at, home),
                tickets=[
                    TicketForm(
                        person=stream,
                        number=each.number,
                        sort=each.sort.value,
                        says=each.says,
                        opened_at=instant_text(each.opened_at, home),
                        due_at=instant_text(each.due_at, home),
                        late=each.due_at <= visit.at,
                    )
                    for stream, each in waiting
                ],
            )
        )
    lines = visit.site.live.board.lines
    return page(
        visit,
        "tickets.html",
        "Tickets",
        tickets=[(stream, lines[stream].person, each) for stream, each in waiting],
        closed=sorted(
            ((stream, lines[stream].person, e) for stream, e in found if not e.is_open),
            key=lambda row: row[2].closed_at or 0,
            reverse=True,
        )[:20],
    )
