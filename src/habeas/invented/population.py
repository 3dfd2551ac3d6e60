"""A population of invented people, person after person, each from a chance of their own.

The same seed gives the same people in the same order, whatever else is asked; nobody is kept in
memory once told. Size and shape are those of a large county: with the defaults about 4,500 people in
custody in each county and about 180 admissions and releases a day, most for hours, few for a year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from habeas.custody.coverage import Coverage
from habeas.custody.events import Event
from habeas.invented.cases import (
    fails,
    goes_to_prison,
    is_sentenced,
    own_recognizance,
    posts_bond,
    refuses_bond,
    sees_a_judge,
)
from habeas.invented.chances import DAY, HOUR, Dice
from habeas.invented.course import Course, Ending
from habeas.invented.marker import PREFIX, coverage_of, source_of
from habeas.invented.planted import Plan, Planted
from habeas.invented.requests import (
    brought_on_writ,
    detainer,
    finish,
    held_for_county,
    held_on_violation,
    held_on_warrant,
    shows_felony,
    taken_by_mistake,
    window_end,
)
from habeas.invented.teller import COUNTIES, County, Teller
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import PersonId
from habeas.kernel.instants import MINUTE, Instant

MEAN_STAY_DAYS: Final = 25.0
"""Measured: the mean custody these courses give, which makes `people` the daily number."""

_BOOKINGS_EACH: Final = 1.6
"""Mean bookings of one person in the time looked at; people come back."""

_EARLIER: Final = 300 * DAY
"""How long before the first day courses begin, so that the jail is full on it."""

_SHAPES: Final = {
    "bond": 38.5,
    "recognizance": 22.0,
    "fails": 13.0,
    "sentence": 17.0,
    "prison": 2.5,
    "warrant": 3.0,
    "violation": 3.0,
    "county": 1.5,
    "refused": 0.5,
    "writ": 0.5,
}
"""How often custody takes each shape."""

_SHAPES_OF: Final = {
    Planted.ORDER_LOST: ("recognizance", "fails"),
    Planted.ORDER_UNREADABLE: ("recognizance", "fails"),
    Planted.FORGOTTEN: ("recognizance", "fails", "bond"),
    Planted.MISTAKEN: ("mistake",),
    Planted.VOID_PAPER: ("bond", "fails"),
    Planted.WINDOW_OVER: ("bond", "violation", "county"),
    Planted.WITHDRAWN_PAPER: ("bond", "violation"),
    Planted.LATE_TO_COURT: ("bond",),
    Planted.LATE_FINDING: ("fails",),
    Planted.LATE_CHARGE: ("fails",),
    Planted.ORDER_TO_KEEP_UNSEEN: ("bond",),
    Planted.DETENTION_UNSEEN: ("bond",),
}
"""The shapes that each error fits; a sentence for those not named."""


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """One invented person: all that was told of them, and what was planted."""

    person: PersonId
    county: County
    events: tuple[Event, ...]
    plans: tuple[Plan, ...]


@dataclass(frozen=True)
class Population:
    """What to invent."""

    seed: int
    first: Instant
    """The first instant of which records are kept, in UTC microseconds."""
    people: int = 4500
    """People in custody on an average day, in each county."""
    days: int = 365
    """Days of 24 hours from the first instant."""
    planted: float = 0.06
    """The part of custodies in which an error is planted."""

    def __post_init__(self) -> None:
        """Refuse a population of nobody, or of no time.

        Raises:
            ValueError: A size is not positive, a part is none, or the first instant has seconds.
        """
        if self.people < 1 or self.days < 1:
            raise ValueError(f"expected at least 1 person and 1 day, found [{self.people}] and [{self.days}]")
        if not 0 <= self.planted <= 1:
            raise ValueError(f"expected a part from 0 to 1 to be planted, found [{self.planted}]")
        if self.first % MINUTE:
            raise ValueError("expected a first instant at a whole minute")

    @property
    def horizon(self) -> Instant:
        """The instant at which telling stops."""
        return Instant(self.first + self.days * DAY * MINUTE)

    @cached_property
    def source(self) -> SourceRef:
        """The source that every event names; it carries the mark of invented people."""
        made_of = f"{self.people} people, {self.days} days from {self.first}, planted {self.planted:g}"
        return source_of(f"seed {self.seed}", made_of)

    @property
    def coverage(self) -> Coverage:
        """The declaration that the records show everything up to the horizon; of later they say nothing."""
        return coverage_of(self.source, self.horizon)

    @property
    def courses(self) -> int:
        """How many people are tried in each county; those never in custody in the time are not told of."""
        admissions = self.people / MEAN_STAY_DAYS
        return max(round(admissions * (self.days + _EARLIER / DAY) / _BOOKINGS_EACH), 1)

    def tell(self) -> Iterator[InventedPerson]:
        """Every person who is in custody at some time between the first instant and the horizon."""
        for county in COUNTIES:
            for number in range(self.courses):
                told = self.person(county, number)
                if told.events:
                    yield told

    def person(self, county: County, number: int) -> InventedPerson:
        """One person by number; with no events if never in custody in the time."""
        name = PersonId(f"{PREFIX}{self.seed}-{county.name[0]}{number:06d}")
        dice = Dice(f"{self.seed}/{county.name}/{number}")
        begins = self.first // MINUTE - _EARLIER
        ends = self.horizon // MINUTE
        starts = sorted(dice.whole(begins, ends - 1) for _ in range(_bookings(dice)))
        events: list[Event] = []
        plans: list[Plan] = []
        free = begins
        for index, drawn in enumerate(starts):
            where = county if dice.chance(0.96) else COUNTIES[1 - COUNTIES.index(county)]
            start = max(drawn, free + dice.whole(2 * HOUR, 20 * DAY))
            if start >= ends:
                break
            teller = Teller(name, f"{name}-b{index + 1}", where, self.source)
            course = Course(teller, dice, start, self._error(dice))
            _run(course)
            free = course.door
            if course.door > self.first // MINUTE:
                events += self._told(course)
                plans += [course.plan] if course.plan is not None else []
        return InventedPerson(name, county, tuple(events), tuple(plans))

    def _error(self, dice: Dice) -> Planted | None:
        if not dice.chance(self.planted):
            return None
        return dice.one_of(dict.fromkeys(Planted, 1.0))

    def _told(self, course: Course) -> Iterator[Event]:
        """The events before the horizon; a few are told twice, as sources do."""
        for event in course.teller.events:
            if isinstance(event.at, int) and event.at < self.horizon:
                yield event
                if course.dice.chance(0.003):
                    yield event


def _bookings(dice: Dice) -> int:
    number = 1
    while number < 12 and dice.chance(1 - 1 / _BOOKINGS_EACH):
        number += 1
    return number


def _run(course: Course) -> None:
    """One custody from door to door."""
    dice = course.dice
    if course.planted is None:
        shape = dice.one_of(_SHAPES)
    else:
        fitting = _SHAPES_OF.get(course.planted, ("sentence",))
        shape = fitting[dice.whole(0, len(fitting) - 1)]
    if shape == "refused" and not course.teller.county.honours:
        shape = "bond"
    if shape in _ALONE:
        _ALONE[shape](course)
        return
    clocks = (Planted.LATE_TO_COURT, Planted.LATE_FINDING, Planted.LATE_CHARGE)
    warrant = dice.chance(0.12) and not course.plants(*clocks)
    course.arrested(on_warrant=warrant, felony=dice.chance(0.4))
    sees_a_judge(course)
    _ends(course, shape)
    course.moves(course.door)


_ALONE: Final = {
    "warrant": held_on_warrant,
    "violation": held_on_violation,
    "county": held_for_county,
    "writ": brought_on_writ,
    "mistake": taken_by_mistake,
}


def _ends(course: Course, shape: str) -> None:
    ending: Ending | None
    match shape:
        case "bond":
            ending = posts_bond(course)
        case "recognizance":
            ending = own_recognizance(course)
        case "fails":
            ending = fails(course)
        case "sentence":
            ending = is_sentenced(course)
        case "refused":
            _refused(course)
            return
        case _:
            goes_to_prison(course)
            return
    if ending is not None:
        finish(course, ending)


def _refused(course: Course) -> None:
    """Bail refused because of a detainer that the county honours; the agency comes within its hours."""
    if not course.felony:
        shows_felony(course)
    ending = refuses_bond(course)
    detainer(course, min(course.start + 90, ending.at - 30), "good")
    over = window_end(ending.at)
    course.turned_over(ending.at + course.dice.whole(30, over - ending.at - 1))
