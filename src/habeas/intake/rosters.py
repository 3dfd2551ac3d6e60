"""Whole files through a recipe: every row accepted, duplicate or quarantined."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from habeas.custody.coverage import Coverage
from habeas.custody.events import Event, Ref
from habeas.intake.accounts import FileAccount, Quarantined
from habeas.intake.cells import Point, Refused, name_of, shown_whole, when_of
from habeas.intake.mapping import Mapper, Told
from habeas.intake.recipes.shape import Claim, Disagreement, Facility, Recipe, Time
from habeas.intake.sources import Cell, Row, Source, source_of
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import EventId, PersonId, digest_of
from habeas.kernel.instants import Instant, earliest_of, latest_of
from habeas.kernel.places import EVERYWHERE, PlaceId

Seen: TypeAlias = dict[tuple[str, ...], tuple[str, int, str]]
"""Identity of a row -> the file and row where it first stood, and the digest of what it said."""


@dataclass(slots=True)
class PersonRows:
    """What the files tell of one person, as far as they tell people apart."""

    person: PersonId
    source: SourceRef
    """The first row that speaks of the person."""
    facility: Facility | None = None
    facility_text: str = ""
    events: dict[EventId, Event] = field(default_factory=dict[EventId, Event])
    labels: dict[Ref, str] = field(default_factory=dict[Ref, str])
    ends: dict[Ref, Instant] = field(default_factory=dict[Ref, Instant])
    """When the source's own row about a thing ends, at the latest."""
    words: dict[str, str] = field(default_factory=dict[str, str])
    """The source's own words for a request's ``form`` and ``lift_reason``."""
    set_aside: list[Quarantined] = field(default_factory=list[Quarantined])
    """Rows of this person that could not be read: then no list of theirs is complete."""
    clocks: dict[str, tuple[Instant, Instant]] = field(default_factory=dict[str, tuple[Instant, Instant]])
    """By disagreement: the first column's instant and the latest of the second."""
    odd: dict[str, str] = field(default_factory=dict[str, str])
    """By disagreement: what was found."""


@dataclass(slots=True)
class Roster:
    """Everything that files told, and the account of their rows."""

    recipe: Recipe
    people: dict[PersonId, PersonRows] = field(default_factory=dict[PersonId, PersonRows])
    accounts: list[FileAccount] = field(default_factory=list[FileAccount])
    quarantined: list[Quarantined] = field(default_factory=list[Quarantined])
    nobodys: int = 0
    """Rows set aside that do not even say whose they are."""

    def coverage(self, rows: PersonRows, *, supposed: bool) -> tuple[Coverage, ...]:
        """What the source shows all there is of, about one person.

        Nothing, where a row of theirs was set aside.

        Args:
            rows: What is told of the person.
            supposed: Whether what the recipe only supposes counts too.
        """
        if rows.set_aside:
            return ()
        told = {event.kind for event in rows.events.values()}
        places = frozenset({PlaceId(self.recipe.place)}) if self.recipe.place else frozenset({EVERYWHERE})
        return tuple(
            Coverage(facts=frozenset(each.facts), places=places)
            for each in self.recipe.complete
            if (supposed or each.claim is Claim.DECLARED)
            and (not each.where_told or told & set(each.where_told))
        )

    def told(self, rows: PersonRows, *, supposed: bool) -> tuple[Event, ...]:
        """The events of one person, with or without those that no row tells."""
        return tuple(e for e in rows.events.values() if supposed or "supposed" not in e.raw_text)

    @property
    def suppositions(self) -> tuple[str, ...]:
        """What the recipe supposes of the source and nobody declared, in words."""
        complete = [each.says for each in self.recipe.complete if each.claim is Claim.SUPPOSED]
        told = [rule.supposed for rule in self.recipe.events if rule.supposed]
        return tuple(dict.fromkeys([*complete, *told]))


def read_roster(
    paths: Sequence[Path],
    recipe: Recipe,
    *,
    is_place: Callable[[str], bool] = lambda _: True,
    watch: Callable[[int], None] = lambda _: None,
) -> Roster:
    """Read files through a recipe.

    Args:
        paths: Files of the source, in order.
        recipe: How they are read.
        is_place: Whether the rulebook knows a place; rows of another are quarantined.
        watch: Told after each thousand rows how many were read.

    Raises:
        UnreadableInput: a file cannot be read at all.
        MissingExtra: a file is Parquet and the extra ``analysis`` is not installed.
    """
    roster = Roster(recipe)
    mapper = Mapper(recipe, is_place)
    seen: Seen = {}
    for path in paths:
        source = source_of(path, recipe.columns, recipe.encoding)
        counts = {"accepted": 0, "duplicate": 0, "quarantined": 0}
        for row in source.rows():
            counts[_take(roster, mapper, source, row, seen)] += 1
            if (done := sum(counts.values())) % 1000 == 0:
                watch(done)
        account = FileAccount(name=path.name, digest=source.digest, rows=sum(counts.values()), **counts)
        roster.accounts.append(account)
        watch(account.rows)
    return roster


def _take(
    roster: Roster,
    mapper: Mapper,
    source: Source,
    row: Row,
    seen: Seen,
) -> str:
    """Put one row where it belongs, and say where that is."""
    name = source.path.name
    ref = SourceRef(source.digest, name, row.number, roster.recipe.digest)
    if row.fault is not None:
        return _set_aside(roster, mapper, row, ref, row.fault)
    try:
        found = _already_seen(roster.recipe, name, row, seen)
        if found == "duplicate":
            return found
        told = mapper.told(row.cells, ref)
        ends = _row_end(mapper, row.cells)
        clocks = tuple(_clocks(mapper, row.cells))
    except Refused as refused:
        fault = Quarantined(
            file=name, row=row.number, field=refused.column, expected=refused.expected, found=refused.found
        )
        return _set_aside(roster, mapper, row, ref, fault)
    _add(roster, told, ref, row.cells)
    if ends is not None and told.labels:
        roster.people[told.person].ends[next(iter(told.labels))] = ends
    for disagreement, first, second in clocks:
        _compare(roster.people[told.person], disagreement, first, second)
    return "accepted"


def _already_seen(recipe: Recipe, file: str, row: Row, seen: Seen) -> str:
    """Whether a row repeats an earlier one of the same identity.

    Raises:
        Refused: it bears the identity of an earlier row and says something else.
    """
    if not recipe.identity:
        return ""
    key = name_of(row.cells, recipe.identity)
    content = digest_of(repr([row.cells[column] for column in recipe.columns]).encode())
    if key not in seen:
        seen[key] = (file, row.number, content)
        return ""
    first_file, first_row, first_content = seen[key]
    if content == first_content:
        return "duplicate"
    where = f"the same as {first_file}, row {first_row}, which bears the same identity"
    raise Refused(recipe.identity[0], where, "/".join(key))


def _set_aside(roster: Roster, mapper: Mapper, row: Row, ref: SourceRef, fault: Quarantined) -> str:
    roster.quarantined.append(fault)
    try:
        person = mapper.person_of(row.cells, ref)
    except (Refused, KeyError):
        roster.nobodys += 1
        return "quarantined"
    if person in roster.people or mapper.recipe.person:
        roster.people.setdefault(person, PersonRows(person, ref)).set_aside.append(fault)
    return "quarantined"


def _add(roster: Roster, told: Told, ref: SourceRef, cells: Mapping[str, Cell]) -> None:
    rows = roster.people.setdefault(told.person, PersonRows(told.person, ref))
    rows.facility = rows.facility or told.facility
    if roster.recipe.facilities is not None and not rows.facility_text:
        rows.facility_text = shown_whole(cells[roster.recipe.facilities.columns[0]])
    for event in told.events:
        rows.events.setdefault(event.id, event)
    rows.labels.update(told.labels)
    for word, column in (("form", roster.recipe.form), ("lift_reason", roster.recipe.lift_reason)):
        if column:
            rows.words.setdefault(word, shown_whole(cells[column]))


def _row_end(mapper: Mapper, cells: Mapping[str, Cell]) -> Instant | None:
    time = mapper.recipe.row_end
    if time is None:
        return None
    end = when_of(time, cells, Point(mapper.zone, "row end"))
    return None if end is None else latest_of(end)


def _clocks(mapper: Mapper, cells: Mapping[str, Cell]) -> Iterator[tuple[Disagreement, Instant, Instant]]:
    """The two instants of each pair of columns that ought to agree."""
    for each in mapper.recipe.disagreements:
        point = Point(mapper.zone, each.name)
        pair = [when_of(Time(column=c, blank="skip"), cells, point) for c in (each.first, each.second)]
        first, second = pair
        if first is not None and second is not None:
            yield each, earliest_of(first), earliest_of(second)


def _compare(rows: PersonRows, each: Disagreement, first: Instant, second: Instant) -> None:
    if each.wrong == "second-before-first":
        if second < first:
            rows.odd[each.name] = each.says
        return
    _, latest = rows.clocks.get(each.name, (first, second))
    rows.clocks[each.name] = (first, max(second, latest))
    if rows.clocks[each.name][1] != first:
        rows.odd[each.name] = each.says
    else:
        rows.odd.pop(each.name, None)
