"""One row, through a recipe, as the events it tells of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from habeas.custody.canonical import term_form, text_of
from habeas.custody.events import EVENTS, CustodyEffect, Event, Ref
from habeas.custody.facts import FACTS, Term
from habeas.intake.cells import Point, Refused, name_of, shown_whole, term_of, when_of
from habeas.intake.recipes.shape import EventRule, Facility, Matches, Recipe
from habeas.intake.sources import Cell
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import When, latest_of, zone

_HOLDS = frozenset({CustodyEffect.BEGINS, CustodyEffect.MOVES})


@dataclass(frozen=True, slots=True)
class Told:
    """What one row tells of one person."""

    person: PersonId
    events: tuple[Event, ...]
    labels: Mapping[Ref, str]
    """The source's own words for what the events are about."""
    facility: Facility | None
    """Where and whose, if the rows name their own facilities."""


class Mapper:
    """A recipe made ready to be asked of rows."""

    def __init__(self, recipe: Recipe, is_place: Callable[[str], bool]) -> None:
        """Take the recipe, and a test of whether a place is known."""
        self.recipe = recipe
        self.zone: ZoneInfo = zone(recipe.zone)
        self._is_place = is_place
        self._facilities = {
            each.named: each for each in (recipe.facilities.are if recipe.facilities is not None else ())
        }

    def person_of(self, cells: Mapping[str, Cell], source: SourceRef) -> PersonId:
        """The person a row is about; where the source tells nobody apart, each row is its own.

        Raises:
            Refused: a column that names the person is blank.
        """
        if not self.recipe.person:
            return PersonId(f"{source.name}:{source.row}")
        return PersonId("/".join(name_of(cells, self.recipe.person)))

    def told(self, cells: Mapping[str, Cell], source: SourceRef) -> Told:
        """What a row tells.

        Raises:
            Refused: a cell is not what the recipe says; the row is then set aside whole.
        """
        person = self.person_of(cells, source)
        facility = self._facility(cells)
        labels: dict[Ref, str] = {}
        events: list[Event] = []
        for rule in self.recipe.events:
            if _wanted(rule, cells):
                about = self._about(rule, cells, person)
                event = self._event(rule, cells, (person, about, facility), source)
                if event is not None:
                    events.append(event)
                    if rule.label:
                        labels[about] = shown_whole(cells[rule.label])
        return Told(person, tuple(events), labels, facility)

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
        point = Point(self.zone, f"{about.collection}:{about.id}")
        at = when_of(rule.at, cells, point)
        if at is None:
            return None
        kind = EVENTS[rule.event]
        terms: dict[str, Term] = {}
        raw: dict[str, str] = {}
        for name, term in rule.terms.items():
            value = term_of(term, cells, FACTS.get(f"{rule.about}.{name}"), point)
            if value is not None:
                terms[name] = value
            if term.column:
                raw[name] = shown_whole(cells[term.column])
        if kind.effect in _HOLDS:
            terms["custodian_kind"] = facility.custodian if facility else self.recipe.custodian
            terms["place"] = facility.place if facility else self.recipe.place
        if rule.supposed:
            raw["supposed"] = rule.supposed
        return kind(
            id=_identity(rule.event, about, at, terms),
            person=person,
            at=at,
            known_at=latest_of(at),
            about=about,
            terms=terms,
            source=source,
            raw_text=raw,
        )


def _identity(event: str, about: Ref, at: When, terms: Mapping[str, Term]) -> EventId:
    """One identity for one thing told, however many rows tell it; another if they differ."""
    form = [event, *about, term_form(at), sorted([name, term_form(term)] for name, term in terms.items())]
    return EventId(f"{event}:{hashlib.sha256(text_of(form).encode()).hexdigest()[:20]}")


def _wanted(rule: EventRule, cells: Mapping[str, Cell]) -> bool:
    return all(_matches(each, cells) for each in rule.when) and not any(
        _matches(each, cells) for each in rule.unless
    )


def _matches(condition: Matches, cells: Mapping[str, Cell]) -> bool:
    return shown_whole(cells[condition.column]) in condition.texts


def each_place(recipe: Recipe) -> Iterator[str]:
    """Every place that a recipe names."""
    if recipe.place:
        yield recipe.place
    if recipe.facilities is not None:
        yield from (facility.place for facility in recipe.facilities.are)
