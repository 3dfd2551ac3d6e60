"""One person: the answer in words first, then what it rests on, at any instant and as known at any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlencode

import msgspec
from markupsafe import Markup

from habeas.authority.answer import Answer, as_adopted
from habeas.authority.explain import Proof
from habeas.authority.findings import Duty, DutyState, SubjectKey, Verdict
from habeas.authority.inquiry import Inquiry
from habeas.custody.events.event import Event
from habeas.desk.papers import tickets_of
from habeas.desk.releases import bound_to, signed
from habeas.kernel.instants import (
    FOREVER,
    HOUR,
    MINUTE,
    SECOND,
    Instant,
    earliest_of,
    latest_of,
    parse_instant,
)
from habeas.report.axis import length_text
from habeas.report.lanes import Picture, picture, span_of
from habeas.report.proof_html import proof_tree
from habeas.report.sentences import no_force
from habeas.report.timeline_svg import drawn, spoken
from habeas.web.documents import StatementDocument
from habeas.web.drawing import page, plain, safe, shown
from habeas.web.people import Subject, answered, asked_of, called, doings, subject_of
from habeas.web.petition import facts_of
from habeas.web.visits import Reply, Visit, document
from habeas.web.words import Language, said, told
from habeas.web.words import statement as statement_of
from habeas.wire.answers import answer_document
from habeas.wire.instants import instant_text

STEP = 15 * MINUTE
"""Microseconds between two places of a slider."""
LATE = HOUR
"""Microseconds between what happened and its record after which a record is marked as late."""


@dataclass(frozen=True, slots=True)
class Vantage:
    """Which instant is asked about, and as known when."""

    at: Instant
    known: Instant
    law: Instant
    is_now: bool


def vantage_of(visit: Visit, subject: Subject) -> Vantage:
    """The instants of the address; left out, now and as known then.

    Raises:
        UnreadableInstant: one of them is none.
        AmbiguousLocalTime: clocks showed one twice.
    """

    def instant(name: str) -> Instant | None:
        text = visit.asked(name)
        return parse_instant(text, subject.zone) if text else None

    at, known, law = instant("at"), instant("known"), instant("law")
    # Whole seconds: nobody asks of a part of one. What will be known at an instant to come nobody can say.
    asked = Instant(visit.at // SECOND * SECOND) if at is None else at
    by_default = subject.person.known_by_default(visit.at if at is None else min(asked, visit.at))
    facts = by_default if known is None else min(known, visit.at)
    return Vantage(asked, facts, facts if law is None else law, is_now=at is None and known is None)


def person(visit: Visit) -> Reply:
    """The page of one person, or the answer as a document."""
    subject = subject_of(visit, "person")
    vantage = vantage_of(visit, subject)
    inquiry = asked_of(visit, subject, vantage.at, vantage.known, vantage.law)
    found = answered(visit, inquiry, vantage.at, proof=True, vary=True)
    if visit.is_json:
        made = answer_document(subject.stream, found, subject.zone)
        return document(made, _digest(made))
    with visit.site.live.answering:
        drawn_parts = _drawings(as_adopted(inquiry, vantage.at), vantage.at)
    entries = doings(visit, subject)
    name = called(subject, inquiry, vantage.at)
    return page(
        visit,
        "person.html",
        subject.name,
        invented=visit.site.invents(subject.place),
        subject=subject,
        place=visit.site.name_of(subject.place),
        vantage=vantage,
        found=found,
        told=told(found, subject.zone, name),
        called=name,
        verdicts=Verdict,
        no_force=[(each, no_force(each.reason)) for each in found.no_force],
        duties=[_duty_line(each, vantage.at, subject) for each in found.duties],
        changes=list(_what_changes(found, subject, name)),
        proof=safe(proof_tree(found.why)),
        steps=_steps(found.why),
        events=_history(inquiry, subject),
        sliders=_sliders(inquiry, vantage, visit.at),
        tickets=[each for each in tickets_of(entries) if each.is_open],
        releases=signed(entries, bound_to(found, entries)),
        digest=found.law,
        links=_links(visit, subject, vantage),
        late_after=LATE,
        **drawn_parts,
    )


def _digest(made: Any) -> str:
    """The digest of an answer and its proof, without the instant at which it was asked."""
    return sha256(msgspec.json.encode(made, order="sorted")).hexdigest()


def _drawings(inquiry: Inquiry, at: Instant) -> dict[str, Any]:
    index = inquiry.episode_at(at)
    if index is None:
        # Nobody is held then: the last custody before is shown, or the first.
        ended = [n for n, each in enumerate(inquiry.custody) if latest_of(each.end) <= at]
        index = ended[-1] if ended else (0 if inquiry.custody else None)
    if index is None:
        return {"timeline": Markup(""), "spoken": "", "picture": None, "clocks": []}
    start, end = span_of(inquiry, index)
    whole = picture(inquiry, index, span=(start, Instant(max(end, at + HOUR))))
    return {
        "timeline": safe(drawn(whole, at=at, name="custody")),
        "spoken": spoken(whole),
        "picture": whole,
        "clocks": _lanes_of(whole),
    }


def _lanes_of(whole: Picture) -> list[tuple[str, str, str]]:
    """Each lane as rows of a table: what, from until, how."""
    zone = whole.zone
    rows = [("Answer", _span(each, whole), str(each.state)) for each in whole.answer]
    for lane in whole.lanes:
        rows += [(lane.label, _span(each, whole), str(each.state)) for each in lane.stretches]
        rows += [(lane.label, shown(mark.at, zone), mark.word) for mark in lane.marks]
        if lane.note:
            rows.append((lane.label, "whole custody", lane.note))
    rows += [
        (f"{lane.place}: {lane.title}", _span(each, whole), str(each.force))
        for lane in whole.law
        for each in lane.stretches
    ]
    return rows


def _span(each: Any, whole: Picture) -> str:
    end = "goes on" if whole.is_open and each.end >= whole.end else shown(each.end, whole.zone)
    tail = ", as things stand" if getattr(each, "projected", False) else ""
    return f"{shown(each.start, whole.zone)} to {end}{tail}"


def _duty_line(duty: Duty, at: Instant, subject: Subject) -> dict[str, Any]:
    due = duty.due_at
    late = due is not None and earliest_of(due) <= at and duty.state in {DutyState.DUE, DutyState.BREACHED}
    return {"duty": duty, "due": "no time set" if due is None else shown(due, subject.zone), "late": late}


def _what_changes(found: Answer, subject: Subject, called_by: Callable[[SubjectKey], str]) -> Iterator[str]:
    """What would make the answer another, most certain first."""
    if found.changes_at is not None and found.changes_at < FOREVER:
        when = shown(found.changes_at, subject.zone)
        yield f"Time alone: the answer changes {when} if nobody does anything."
    for basis in found.bases:
        after = "LAWFUL still" if basis.but_for is Verdict.LAWFUL else str(basis.but_for)
        yield f"Without {called_by(basis.subject)}: {after}."
    for each in found.unknown:
        gives = "; ".join(f"{value} gives {verdict}" for value, verdict in each.settles.items())
        yield f"To be found out: {each.says}{' ' + gives + '.' if gives else ''}"
    for side in found.sensitive_to:
        others = [f"{name} gives {v}" for name, v in side.verdicts.items() if name != side.taken]
        yield f"Question of law {side.question}: {side.asks} Taken: {side.taken}; {', '.join(others)}."


def _steps(proof: Proof) -> list[tuple[str, list[Proof]]]:
    """Every clock of the proof with its lines of arithmetic."""
    found: list[tuple[str, list[Proof]]] = []
    stack = [proof]
    while stack:
        node = stack.pop(0)
        lines = [each for each in node.children if each.kind == "clock"]
        if lines and node.kind != "duty":
            found.append((node.text, lines))
        stack = [*node.children, *stack]
    return list({tuple(line.text for line in lines): (name, lines) for name, lines in found}.values())


def _history(inquiry: Inquiry, subject: Subject) -> list[dict[str, Any]]:
    """What is recorded, the latest first; what was recorded late says by how much."""
    return [
        {
            "event": event,
            "about": f"{event.subject.collection} {subject.short(event.subject.id)}",
            "at": shown(event.at, subject.zone),
            "known": shown(event.known_at, subject.zone),
            "late": _late(event),
            "terms": ", ".join(
                f"{plain(name)}: {_term(value, subject)}" for name, value in event.terms.items()
            ),
        }
        for event in reversed(inquiry.record.events)
    ]


def _term(value: Any, subject: Subject) -> str:
    if isinstance(value, frozenset):
        return "; ".join(sorted(cast("frozenset[str]", value)))
    if isinstance(value, int) and not isinstance(value, bool) and value > 10**14:
        return shown(Instant(value), subject.zone)
    return plain(value)


def _late(event: Event) -> str:
    gap = event.known_at - latest_of(event.at)
    return length_text(gap // MINUTE * MINUTE) if gap >= LATE else ""


def _sliders(inquiry: Inquiry, vantage: Vantage, now: Instant) -> dict[str, int]:
    """Ends and places of both sliders, in minutes of UTC."""
    index = inquiry.episode_at(vantage.at)
    events = [earliest_of(each.at) for each in inquiry.record.told]
    first = (
        min([*events, vantage.at, vantage.known])
        if index is None
        else min(earliest_of(inquiry.custody[index].start), vantage.at)
    )
    last = max(vantage.at, Instant(now + 96 * HOUR))
    if index is not None and (end := latest_of(inquiry.custody[index].end)) < FOREVER:
        last = max(vantage.at, min(last, Instant(end + 4 * HOUR)))
    return {
        "first": first // MINUTE,
        "last": last // MINUTE,
        "at": vantage.at // MINUTE,
        "known_first": min(first, vantage.known) // MINUTE,
        "known_last": now // MINUTE,
        "known": vantage.known // MINUTE,
        "step": STEP // MINUTE,
    }


def _links(visit: Visit, subject: Subject, vantage: Vantage) -> dict[str, str]:
    """Addresses that say both times, to be kept and sent."""
    both = {"at": instant_text(vantage.at, subject.zone), "known": instant_text(vantage.known, subject.zone)}
    if vantage.law != vantage.known:
        both["law"] = instant_text(vantage.law, subject.zone)
    query = urlencode(both)
    now = urlencode({"at": both["at"], "known": instant_text(visit.at, subject.zone)})
    return {
        "this": f"{subject.path}?{query}",
        "json": f"{subject.path}.json?{query}",
        "as_now": f"{subject.path}?{now}",
        "as_then": f"{subject.path}?{urlencode({'at': both['at'], 'known': both['at']})}",
    }


def petition(visit: Visit) -> Reply:
    """The facts of a habeas petition, drafted."""
    subject = subject_of(visit, "petition")
    vantage = vantage_of(visit, subject)
    inquiry = asked_of(visit, subject, vantage.at, vantage.known)
    found = answered(visit, inquiry, vantage.at)
    facts = facts_of(inquiry, found, subject.zone, called(subject, inquiry, vantage.at))
    return page(
        visit,
        "petition.html",
        f"Facts of a petition: {subject.name}",
        invented=visit.site.invents(subject.place),
        subject=subject,
        facts=list(facts),
        vantage=vantage,
        place=visit.site.name_of(subject.place),
    )


def statement(visit: Visit) -> Reply:
    """The statement for the person held, in the language asked for."""
    subject = subject_of(visit, "statement")
    vantage = vantage_of(visit, subject)
    found = answered(visit, asked_of(visit, subject, vantage.at, vantage.known), vantage.at)
    language: Language = "es" if visit.asked("language") == "es" else "en"
    paragraphs = list(statement_of(found, subject.zone, language, f"{subject.name}-"))
    if visit.is_json:
        form = StatementDocument(
            language=language,
            at=instant_text(vantage.at, subject.zone),
            title=said("title", language),
            paragraphs=paragraphs,
            law=found.law,
            facts=found.facts,
        )
        return document(form, _digest(form))
    return page(
        visit,
        "statement.html",
        said("title", language),
        invented=visit.site.invents(subject.place),
        subject=subject,
        language=language,
        heading=said("title", language),
        paragraphs=paragraphs,
        found=found,
    )
