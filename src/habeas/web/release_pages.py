"""Letting somebody go: blockers first, a checklist of that person's own papers, two signatures, the door."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from habeas.authority.answer import Answer
from habeas.authority.findings import Verdict
from habeas.custody.events import Released
from habeas.desk import releases as desk
from habeas.desk.checklist import checklist
from habeas.desk.doings import Doing, doings_of, streams_of
from habeas.desk.entering import once
from habeas.desk.ledgers import opened
from habeas.desk.papers import tickets_of
from habeas.desk.people import UnknownPerson
from habeas.desk.releases import Begun, Bound, Release, Signed, Tick, blockers, bound_to, signed
from habeas.desk.withheld import Withheld
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import SECOND, Instant
from habeas.ledger.entries import Draft
from habeas.web.documents import ReleaseForm, ReleasesDocument
from habeas.web.drawing import page
from habeas.web.paper_pages import save
from habeas.web.people import Subject, answered, asked_of, called, doings, subject_of
from habeas.web.visits import Problem, Reply, Visit, document, go_to
from habeas.web.words import told
from habeas.wire.instants import instant_text


def release(visit: Visit) -> Reply:
    """What blocks release, what is to be checked, who has signed."""
    subject = subject_of(visit, "release")
    return _page(visit, subject)


def _page(visit: Visit, subject: Subject, wrong: str = "") -> Reply:
    inquiry = asked_of(visit, subject, visit.at)
    found = answered(visit, inquiry, visit.at)
    entries = doings(visit, subject)
    standing = signed(entries, bound_to(found, entries))
    return page(
        visit,
        "release.html",
        f"Release: {subject.name}",
        invented=visit.site.invents(subject.place),
        status=HTTPStatus.CONFLICT if wrong else HTTPStatus.OK,
        subject=subject,
        found=found,
        told=told(found, subject.zone, called(subject, inquiry, visit.at)),
        called=called(subject, inquiry, visit.at),
        verdicts=Verdict,
        blockers=blockers(found),
        bound=bound_to(found, entries),
        items=checklist(inquiry, found, visit.at),
        standing=standing,
        under_way=standing.open,
        reason=standing.reason(visit.at),
        tickets=[each for each in tickets_of(entries) if each.is_open],
        filled=visit.form,
        once=once(),
        escalates=desk.ESCALATES,
        renewed=desk.RENEWED,
        wrong=wrong,
    )


def begin(visit: Visit) -> Reply:
    """The first signature."""

    def made(subject: Subject, found: Answer, entries: tuple[Doing, ...]) -> Draft:
        bound = bound_to(found, entries)
        if visit.field("law") != bound.law or visit.field("facts") != str(bound.facts):
            raise Withheld("the record or the rulebook changed while you were reading; look again")
        items = checklist(asked_of(visit, subject, visit.at), found, visit.at)
        begun = Begun(
            bound=bound,
            ground=visit.field("ground")[:500],
            emergency=visit.field("emergency") == "yes",
            ticks=[Tick(each.id, each.says, visit.field(f"item-{each.id}")[:300]) for each in items],
        )
        return desk.begin(begun, subject.stream, visit.who, signed(entries, bound), found)

    return _signing(visit, "begin a release", made)


def approve(visit: Visit) -> Reply:
    """The second signature, by another person."""

    def made(subject: Subject, found: Answer, entries: tuple[Doing, ...]) -> Draft:
        bound = bound_to(found, entries)
        under_way = _named(visit, signed(entries, bound))
        return desk.approve(under_way, bound, subject.stream, visit.who)

    return _signing(visit, "approve", made)


def send_back(visit: Visit) -> Reply:
    """Say why a release is not to go on."""

    def made(subject: Subject, found: Answer, entries: tuple[Doing, ...]) -> Draft:
        under_way = _named(visit, signed(entries, bound_to(found, entries)))
        return desk.send_back(under_way, subject.stream, visit.who, visit.field("because")[:500])

    return _signing(visit, "send back", made)


def go_on(visit: Visit) -> Reply:
    """A supervisor's reason for custody past its last lawful instant."""

    def made(subject: Subject, found: Answer, _entries: tuple[Doing, ...]) -> Draft:
        return desk.go_on(found, subject.stream, visit.who, visit.field("because")[:1000])

    return _signing(visit, "sign for custody", made)


def _signing(visit: Visit, name: str, make: Callable[[Subject, Answer, tuple[Doing, ...]], Draft]) -> Reply:
    """Look and sign with nobody of this desk in between; whether it counts the ledger's order decides."""
    with visit.site.writing:
        subject = subject_of(visit, name)
        found = answered(visit, asked_of(visit, subject, visit.at), visit.at)
        try:
            entry = make(subject, found, doings(visit, subject))
        except Withheld as error:
            return _page(visit, subject, str(error))
        save(visit, subject, [], [entry])
    return go_to(f"{subject.path}/release")


def door(visit: Visit) -> Reply:
    """Identity checked, out of the door: the event of release and the signature, both or neither."""
    with visit.site.writing:
        subject = subject_of(visit, "door")
        found = answered(visit, asked_of(visit, subject, visit.at), visit.at)
        entries = doings(visit, subject)
        bound = bound_to(found, entries)
        try:
            under_way = _named(visit, signed(entries, bound))
            entry = desk.open_door(under_way, bound, subject.stream, visit.who, visit.field("known_by")[:300])
        except Withheld as error:
            return _page(visit, subject, str(error))
        save(visit, subject, [_released(visit, subject, under_way)], [entry])
    return go_to(f"{subject.path}/release")


def _released(visit: Visit, subject: Subject, under_way: Release) -> Released:
    record = asked_of(visit, subject, visit.at).record
    bookings = [row for row in record.rows("booking") if not row.facts_at(visit.at).get("released_at")]
    rows = bookings or list(record.rows("booking"))
    last = max(rows, key=lambda row: max((e.order for e in row.events), default=()), default=None)
    return Released(
        id=EventId(f"desk-{under_way.id}"),
        person=PersonId(subject.name),
        at=Instant(visit.at // SECOND * SECOND),
        known_at=visit.at,
        about=None if last is None else last.ref,
        raw_text={"ground": under_way.begun.ground},
    )


def _named(visit: Visit, standing: Signed) -> Release:
    found = next((each for each in standing.releases if each.id == visit.field("release")), None)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "No such release", "this person has no release of that name")
    return found


def releases(visit: Visit) -> Reply:
    """Releases under way of people whom one may see, the escalated first."""
    rows: list[tuple[str, str, Release]] = []
    reasons: list[tuple[str, str, Doing, desk.Continued]] = []
    with opened(visit.site.folder) as ledger:
        for line in visit.site.live.busy:
            stream = line.stream
            if not visit.account.sees(line.place, stream):
                continue
            try:
                entries = doings_of(ledger, streams_of(visit.site.live.people[line.person]))
            except (UnknownPerson, KeyError):
                continue
            standing = signed(entries, _bound_of(line.law, entries))
            rows += [(stream, line.person, each) for each in standing.releases if each.ended is None]
            if (reason := standing.reason(visit.at)) is not None:
                reasons.append((stream, line.person, *reason))
    rows.sort(key=lambda row: (not row[2].escalated(visit.at), row[2].began_at))
    home = visit.site.zone_of(visit.account.places[0] if visit.account.places else None)
    if visit.is_json:
        return document(
            ReleasesDocument(
                at=instant_text(visit.at, home),
                releases=[
                    ReleaseForm(
                        person=stream,
                        id=each.id,
                        stage=each.stage.value,
                        began_by=each.began_by,
                        began_at=instant_text(each.began_at, home),
                        approved_by=each.approved_by,
                        escalated=each.escalated(visit.at),
                        emergency=each.begun.emergency,
                        ground=each.begun.ground,
                    )
                    for stream, _, each in rows
                ],
            )
        )
    return page(visit, "releases.html", "Releases under way", rows=rows, reasons=reasons)


def _bound_of(law: str, entries: tuple[Doing, ...]) -> Bound:
    """What the list goes by: position and rulebook; the person's own page asks the answer again."""
    last = [each.as_a(Begun).bound for each in entries if each.kind == "ReleaseBegun"]
    if not last:
        return Bound(facts=0, law=law, verdict="", bases=[])
    return Bound(
        facts=sum(1 for each in entries if each.is_fact),
        law=law,
        verdict=last[-1].verdict,
        bases=last[-1].bases,
    )
