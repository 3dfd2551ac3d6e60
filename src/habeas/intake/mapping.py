"""One row, or one span of rows, through a recipe, as the events it tells of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from habeas.custody.canonical import term_form, text_of
from habeas.custody.events import EVENTS, CustodyEffect, Event, Ref
from habeas.custody.events.event import WrongTerm
from habeas.custody.facts import FACTS, Term
from habeas.intake.cells import Point, Refused, name_of, shown_whole, term_of, when_of
from habeas.intake.recipes.shape import EventRule, Facility, Matches, Recipe, Table
from habeas.intake.snapshots import Look, Snapshots
from habeas.intake.sources import Cell, shown
from habeas.kernel.evidence import UNMAPPED, SourceRef
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import When, latest_of, zone


@dataclass(frozen=True, slots=True)
class Told:
    """What one row tells of one person."""

    person: PersonId
    events: tuple[Event, ...]
    labels: Mapping[Ref, str]
    """The source's own words for what the events are about."""
    facility: Facility | None
    """Where and whose, if the rows name their own facilities."""
    unread: tuple[tuple[str, str], ...] = field(default=())
    """Column and text of every code that the recipe has no word for."""


class Mapper:
    """A recipe made ready to be asked of the rows of one of its tables."""

    def __init__(
        self,
        recipe: Recipe,
        is_place: Callable[[str], bool],
        table: Table | None = None,
        snapshots: Snapshots | None = None,
    ) -> None:
        """Take the recipe, a test of whether a place is known, and the table.

        Args:
            recipe: The recipe.
            is_place: Whether a place is known.
            table: Which table; left out, the recipe's only one.
            snapshots: The source's snapshots; None while they are still being read.
        """
        self.recipe = recipe
        self.table = table or recipe.all_tables[0]
        self.zone: ZoneInfo = zone(recipe.zone)
        self.snapshots = snapshots
        self._is_place = is_place
        self._rules: dict[str, tuple[EventRule, ...]] = {
            of: tuple(rule for rule in self.table.events if rule.of == of)
            for of in ("", *(spans.name for spans in self.table.spans))
        }
        self._facilities = {
            each.named: each for each in (recipe.facilities.are if recipe.facilities is not None else ())
        }

    def person_of(self, cells: Mapping[str, Cell], source: SourceRef) -> PersonId:
        """The person a row is about; where the source tells nobody apart, each row is its own.

        Raises:
            Refused: a column that names the person is blank.
        """
        if not self.table.person:
            return PersonId(f"{source.name}:{source.row}")
        return PersonId("/".join(name_of(cells, self.table.person)))

    def told(self, cells: Mapping[str, Cell], source: SourceRef, spans: str = "") -> Told:
        """What a row tells, or with the name of spans what those of which it is the first tell.

        Raises:
            Refused: a cell is not what the recipe says; the row is then set aside whole.
        """
        person = self.person_of(cells, source)
        facility = self._facility(cells)
        labels: dict[Ref, str] = {}
        events: list[Event] = []
        unread: list[tuple[str, str]] = []
        for rule in self._rules[spans]:
            if _wanted(rule, cells):
                about = self._about(rule, cells, person)
                event = self._event(rule, cells, (person, about, facility), source)
                if event is not None:
                    events.append(event)
                    unread += _unread(rule, event)
                    if rule.label:
                        labels[about] = shown_whole(cells[rule.label])
        return Told(person, tuple(events), labels, facility, tuple(unread))

    def _facility(self, cells: Mapping[str, Cell]) -> Facility | None:
        facilities = self.recipe.facilities
        if facilities is None:
            self._check_place(self.recipe.place, "")
            return None
        named = tuple(shown_whole(cells[column]) for column in facilities.columns)
        found = self._facilities.get(named)
        if found is None:
            column = facilities.columns[0]
            raise Refused(column, "a facility of the recipe's table", ", ".join(filter(None, named)))
        self._check_place(found.place, facilities.columns[0])
        return found

    def _check_place(self, place: str, column: str) -> None:
        if not self._is_place(place):
            raise Refused(column, "a place of the rulebook", place)

    def _about(self, rule: EventRule, cells: Mapping[str, Cell], person: PersonId) -> Ref:
        name = "/".join(name_of(cells, rule.id)) if rule.id else str(person)
        return Ref(rule.about, f"{name}/{rule.suffix}" if rule.suffix else name)

    def _event(
        self,
        rule: EventRule,
        cells: Mapping[str, Cell],
        whose: tuple[PersonId, Ref, Facility | None],
        source: SourceRef,
    ) -> Event | None:
        person, about, facility = whose
        point = Point(self.zone, f"{about.collection}:{about.id}", self.snapshots)
        at = when_of(rule.at, cells, point)
        if at is None:
            return None
        known = None if rule.known is None else when_of(rule.known, cells, point)
        kind = EVENTS[_kind(rule, cells)]
        terms, raw = self._terms(rule, cells, point)
        if kind.effect is CustodyEffect.BEGINS or (kind.effect is CustodyEffect.MOVES and facility):
            self._place(terms, facility)
        try:
            return kind(
                id=_identity(kind.__name__, about, at, terms),
                person=person,
                at=at,
                known_at=latest_of(at) if known is None else latest_of(known),
                about=about,
                terms=terms,
                source=source,
                raw_text=raw | _marks(rule),
            )
        except WrongTerm as error:
            raise Refused("", "what a fact of its kind can be", str(error)) from error

    def _terms(
        self, rule: EventRule, cells: Mapping[str, Cell], point: Point
    ) -> tuple[dict[str, Term], dict[str, str]]:
        terms: dict[str, Term] = {}
        raw: dict[str, str] = {}
        for name, term in rule.terms.items():
            editions = self.recipe.dictionaries.get(term.dictionary, ())
            value = term_of(term, cells, FACTS.get(f"{rule.about}.{name}"), point, editions)
            if value is not None:
                terms[name] = value
            if term.column and (value is not None or term.blank != "skip"):
                raw[name] = shown_whole(cells[term.column])
        return terms, raw

    def _place(self, terms: dict[str, Term], facility: Facility | None) -> None:
        """Say where and by whom the person is held, unless the row itself does.

        A move of which neither row nor facility says where to stays where custody is.
        """
        place = facility.place if facility else self.recipe.place
        custodian = facility.custodian if facility else self.recipe.custodian
        terms.setdefault("custodian_kind", custodian)
        stated = terms.setdefault("place", place)
        if stated != place:
            self._check_place(str(stated), "place")


def span_cells(cells: Mapping[str, Cell], nth: int, first: Cell | Look, last: Cell | Look) -> dict[str, Cell]:
    """A row as the rules of its spans see it."""
    return {**cells, "span.first": first, "span.last": last, "span.nth": nth}


def _kind(rule: EventRule, cells: Mapping[str, Cell]) -> str:
    """The name of the event that a row tells of.

    Raises:
        Refused: the row names none.
    """
    if rule.event_by is None:
        return rule.event
    text = shown_whole(cells[rule.event_by.column])
    found = rule.event_by.codes.get(text, "") if rule.event_by.codes else text
    found = found if found in EVENTS else rule.event_by.otherwise
    if not found:
        wanted = sorted(rule.event_by.codes or EVENTS)
        raise Refused(rule.event_by.column, f"one of {', '.join(wanted)}", shown(text))
    return found


def _marks(rule: EventRule) -> dict[str, str]:
    """What is kept with an event of what it rests on."""
    marks = {"supposed": rule.supposed, "by_label": rule.by_label}
    return {name: text for name, text in marks.items() if text}


def _unread(rule: EventRule, event: Event) -> Iterator[tuple[str, str]]:
    for name, term in rule.terms.items():
        if event.terms.get(name) is UNMAPPED:
            yield term.column, event.raw_text.get(name, "")


def _identity(event: str, about: Ref, at: When, terms: Mapping[str, Term]) -> EventId:
    """One identity for one thing told, however many rows tell it; another if they differ."""
    form = [event, *about, term_form(at), sorted([name, term_form(term)] for name, term in terms.items())]
    return EventId(f"{event}:{hashlib.sha256(text_of(form).encode()).hexdigest()[:20]}")


def _wanted(rule: EventRule, cells: Mapping[str, Cell]) -> bool:
    return all(matches(each, cells) for each in rule.when) and not any(
        matches(each, cells) for each in rule.unless
    )


def matches(condition: Matches, cells: Mapping[str, Cell]) -> bool:
    """Whether a row meets a condition."""
    text = shown_whole(cells[condition.column])
    if condition.same:
        return text == shown_whole(cells[condition.same])
    return text in condition.texts or bool(condition.starts and text.startswith(condition.starts))


def each_place(recipe: Recipe) -> Iterator[str]:
    """Every place that a recipe names."""
    if recipe.place:
        yield recipe.place
    if recipe.facilities is not None:
        yield from (facility.place for facility in recipe.facilities.are)
