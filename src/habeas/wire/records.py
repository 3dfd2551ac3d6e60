"""A record of people as a document: events, coverage and setting, `habeas/record/1`.

One JSON document, or JSON Lines: a first line with ``schema`` (and coverage and setting, if any) and
then one event a line. Every instant states its offset. Either form may speak of many people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from habeas.custody.coverage import Coverage
from habeas.custody.events import EVENTS, Event, Ref
from habeas.custody.facts import FACTS, FactKind, Term
from habeas.custody.setting import SettingFact
from habeas.kernel.evidence import NotKnown, SourceRef
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import BEGINNING, Instant, UncertainInstant, zone
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId
from habeas.wire.canonical import NotJson, encoded, strict_json
from habeas.wire.instants import (
    OPEN,
    Exact,
    IntervalForm,
    NotKnownTerm,
    Uncertain,
    instant_of_text,
    instant_text,
    interval_form,
    when_form,
    when_of,
)
from habeas.wire.record_forms import (
    SCHEMA,
    CoverageForm,
    EventForm,
    RecordDocument,
    RecordHead,
    RefForm,
    SettingForm,
    SourceForm,
    TermForm,
)


class UnreadableRecord(ValueError):
    """A record that cannot be read; carries every problem, each saying where and what was expected."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a document says, as facts."""

    events: tuple[Event, ...]
    coverage: tuple[Coverage, ...] = ()
    setting: tuple[SettingFact, ...] = ()

    @cached_property
    def people(self) -> tuple[PersonId, ...]:
        """Whoever it speaks of, in order of first mention."""
        return tuple(self._by_person)

    def events_of(self, person: PersonId) -> tuple[Event, ...]:
        """The events of one person; none for a person it does not mention."""
        return self._by_person.get(person, ())

    @cached_property
    def _by_person(self) -> Mapping[PersonId, tuple[Event, ...]]:
        found: dict[PersonId, list[Event]] = {}
        for event in self.events:
            found.setdefault(event.person, []).append(event)
        return {person: tuple(events) for person, events in found.items()}


def record_document(
    record: Record, zone_name: str = "UTC", kinds: Mapping[str, FactKind] = FACTS
) -> RecordDocument:
    """A record as its document.

    Args:
        record: What is known.
        zone_name: IANA zone whose offsets instants are written with.
        kinds: The kind of each fact, so that an instant is told from a count; those of a
            rulebook's own facts are in `habeas.authority.inquiry.fact_kinds`.

    Raises:
        UnknownZone: the pinned zone data has no such zone.
    """
    where = zone(zone_name)
    return RecordDocument(
        zone=zone_name,
        events=[event_form(event, where, kinds) for event in record.events],
        coverage=[_coverage_form(each, where) for each in record.coverage],
        setting=[_setting_form(each, where) for each in record.setting],
    )


def event_form(event: Event, where: ZoneInfo, kinds: Mapping[str, FactKind] = FACTS) -> EventForm:
    """An event as it is written."""
    collection = event.subject.collection
    return EventForm(
        event=event.kind,
        id=event.id,
        person=event.person,
        at=when_form(event.at, where),
        known_at=instant_text(event.known_at, where),
        about=RefForm(event.about.collection, event.about.id) if event.about else None,
        terms={
            name: _term_form(term, kinds.get(f"{collection}.{name}"), where)
            for name, term in event.terms.items()
        },
        source=_source_form(event.source),
        raw_text=dict(event.raw_text),
        supersedes=event.supersedes,
    )


def written_lines(document: RecordDocument) -> Iterator[bytes]:
    """A record as JSON Lines: its head, then one event a line."""
    yield encoded(RecordHead(zone=document.zone, coverage=document.coverage, setting=document.setting))
    yield from map(encoded, document.events)


def read_record(text: str, name: str, *, lines: bool = False) -> Record:
    """The record of a text.

    Args:
        text: One JSON document, or JSON Lines.
        name: What problems call the file.
        lines: Whether it is JSON Lines.

    Raises:
        UnreadableRecord: with every problem.
    """
    problems: list[str] = []
    head, forms = _lines_of(text, name, problems) if lines else _document_of(text, name, problems)
    made = Record(
        events=tuple(_made(forms, _event, problems)),
        coverage=tuple(_made(_numbered(head.coverage, f"{name}: coverage"), _coverage, problems)),
        setting=tuple(_made(_numbered(head.setting, f"{name}: setting"), _setting, problems)),
    )
    if not made.events and not problems:
        problems.append(f"{name}: expected at least one event, found none")
    if problems:
        raise UnreadableRecord(problems)
    return made


@dataclass(frozen=True, kw_only=True)
class Head:
    """What the first line of a record in JSON Lines says."""

    coverage: tuple[Coverage, ...]
    setting: tuple[SettingFact, ...]


def read_head_line(line: str, name: str) -> Head:
    """The first line of a record in JSON Lines, by itself.

    Raises:
        UnreadableRecord: with every problem.
    """
    problems: list[str] = []
    head = _converted(line, RecordHead, f"{name}:1", problems) or RecordHead()
    made = Head(
        coverage=tuple(_made(_numbered(head.coverage, f"{name}: coverage"), _coverage, problems)),
        setting=tuple(_made(_numbered(head.setting, f"{name}: setting"), _setting, problems)),
    )
    if problems:
        raise UnreadableRecord(problems)
    return made


def read_event_line(line: str, where: str) -> Event:
    """One of the other lines of a record in JSON Lines, by itself.

    Raises:
        UnreadableRecord: with every problem.
    """
    problems: list[str] = []
    form = _converted(line, EventForm, where, problems)
    events = list(_made([(where, form)], _event, problems)) if form is not None else []
    if problems:
        raise UnreadableRecord(problems)
    event: Event = events[0]
    return event


def _document_of(text: str, name: str, problems: list[str]) -> tuple[RecordHead, list[tuple[str, EventForm]]]:
    document = _converted(text, RecordDocument, name, problems)
    if document is None:
        return RecordHead(), []
    head = RecordHead(zone=document.zone, coverage=document.coverage, setting=document.setting)
    return head, list(_numbered(document.events, f"{name}: event"))


def _lines_of(text: str, name: str, problems: list[str]) -> tuple[RecordHead, list[tuple[str, EventForm]]]:
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    head: RecordHead | None = None
    forms: list[tuple[str, EventForm]] = []
    for index, (number, line) in enumerate(numbered):
        where = f"{name}:{number}"
        if index == 0:
            head = _converted(line, RecordHead, where, problems)
        elif (form := _converted(line, EventForm, where, problems)) is not None:
            forms.append((where, form))
    return head or RecordHead(), forms


def _converted(text: str, wanted: type[Any], where: str, problems: list[str]) -> Any:
    try:
        tree = strict_json(text)
        if wanted in {RecordDocument, RecordHead} and not (isinstance(tree, dict) and "schema" in tree):
            problems.append(f"{where}: expected [schema] with [{SCHEMA}], found none")
            return None
        return msgspec.convert(tree, wanted)
    except (NotJson, msgspec.ValidationError) as error:
        problems.append(f"{where}: {error}")
        return None


def _numbered(forms: Iterable[Any], what: str) -> Iterator[tuple[str, Any]]:
    return ((f"{what} {number}", form) for number, form in enumerate(forms, 1))


def _made(forms: Iterable[tuple[str, Any]], make: Any, problems: list[str]) -> Iterator[Any]:
    for where, form in forms:
        try:
            yield make(form)
        except (ValueError, TypeError) as error:
            problems.append(f"{where}: {error}")


def _event(form: EventForm) -> Event:
    kind = EVENTS.get(form.event)
    if kind is None:
        known = ", ".join(sorted(EVENTS))
        raise ValueError(f"expected an event ({known}), found [{form.event}]")
    if OPEN in {form.at, form.known_at}:
        raise ValueError(f"expected an instant for [at] and [known_at], found [{OPEN}]")
    return kind(
        id=EventId(form.id),
        person=PersonId(form.person),
        at=when_of(form.at),
        known_at=instant_of_text(form.known_at),
        about=Ref(form.about.collection, form.about.id) if form.about else None,
        terms={name: _term(term) for name, term in form.terms.items()},
        source=_source(form.source),
        raw_text=form.raw_text,
        supersedes=EventId(form.supersedes) if form.supersedes else None,
    )


def _term(form: TermForm) -> Term:
    if isinstance(form, list):
        return frozenset(form)
    if isinstance(form, Exact):
        return instant_of_text(form.at)
    if isinstance(form, NotKnownTerm):
        return NotKnown(form.why)
    return when_of(form) if isinstance(form, Uncertain) else form


def _term_form(term: Term, kind: FactKind | None, where: ZoneInfo) -> TermForm:
    if isinstance(term, NotKnown):
        return NotKnownTerm(why=term.value)
    if isinstance(term, frozenset):
        return sorted(term)
    if isinstance(term, UncertainInstant):
        return Uncertain(**_fields(term, where))
    if kind is FactKind.INSTANT and isinstance(term, int) and not isinstance(term, bool):
        return Exact(at=instant_text(Instant(term), where))
    return term


def _fields(term: UncertainInstant, where: ZoneInfo) -> dict[str, Any]:
    form = when_form(term, where)
    return msgspec.structs.asdict(form) if isinstance(form, Uncertain) else {}


def _source_form(source: SourceRef | None) -> SourceForm | None:
    if source is None:
        return None
    return SourceForm(
        name=source.name, file_digest=source.file_digest, row=source.row, recipe_digest=source.recipe_digest
    )


def _source(form: SourceForm | None) -> SourceRef | None:
    if form is None:
        return None
    return SourceRef(form.file_digest, form.name, form.row, form.recipe_digest)


def _coverage_form(coverage: Coverage, where: ZoneInfo) -> CoverageForm:
    return CoverageForm(
        facts=sorted(coverage.facts),
        places=sorted(coverage.places),
        interval=interval_form(coverage.interval.start, coverage.interval.end, where),
        known_at=instant_text(coverage.known_at, where),
        source=_source_form(coverage.source),
        id=coverage.id,
        supersedes=coverage.supersedes,
    )


def _coverage(form: CoverageForm) -> Coverage:
    return Coverage(
        facts=frozenset(form.facts),
        places=frozenset(PlaceId(place) for place in form.places),
        interval=_interval(form.interval),
        known_at=instant_of_text(form.known_at, opens=BEGINNING),
        source=_source(form.source),
        id=form.id,
        supersedes=form.supersedes,
    )


def _setting_form(fact: SettingFact, where: ZoneInfo) -> SettingForm:
    return SettingForm(
        fact=fact.fact,
        place=fact.place,
        value=fact.value,
        interval=interval_form(fact.starts_at, fact.ends_at, where),
        known_at=instant_text(fact.known_at, where),
        cite=fact.cite,
    )


def _setting(form: SettingForm) -> SettingFact:
    interval = _interval(form.interval)
    return SettingFact(
        fact=form.fact,
        place=PlaceId(form.place),
        value=form.value,
        starts_at=interval.start,
        ends_at=interval.end,
        known_at=instant_of_text(form.known_at, opens=BEGINNING),
        cite=form.cite,
    )


def _interval(form: IntervalForm) -> Interval:
    return Interval(instant_of_text(form.start, opens=BEGINNING), instant_of_text(form.end))
