"""Recipes of several tables: rows that name rows of another, and declarations of coverage."""

from __future__ import annotations

from pathlib import Path

import pytest

from habeas.custody.record import fold
from habeas.intake.accounts import Reason
from habeas.intake.errors import UnreadableInput, UnreadableRecipe
from habeas.intake.recipes import Recipe, bundled, recipe_of
from habeas.intake.rosters import Roster, read_roster
from habeas.kernel.identifiers import PersonId
from habeas.kernel.instants import UncertainInstant, parse_instant, zone
from small_tables import plain_files

HERE = "America/New_York"


def plain() -> Recipe:
    return bundled()["plain"].at_place("us/zz/juniper", HERE)


def read(folder: Path, **changes: str) -> Roster:
    return read_roster(plain_files(folder, **changes), plain())


def test_six_plain_files_become_people(tmp_path: Path) -> None:
    roster = read(tmp_path)
    assert list(roster.people) == [PersonId("p1"), PersonId("p2")]
    assert all(each.balances and each.accepted == each.rows for each in roster.accounts)
    kinds = sorted(event.kind for event in roster.people[PersonId("p1")].events.values())
    assert kinds == sorted(
        [
            "HistoryShown",
            "Arrested",
            "Booked",
            "Released",
            "Arrested",
            "Stated",
            "ProbableCauseFound",
            "BailSet",
            "BondPosted",
            "DetainerLodged",
            "DetainerServed",
            "ReleaseOrdered",
        ]
    )
    assert [each.facts for each in roster.declared] == [frozenset({"charge.*", "booking.*"})]


def test_files_may_come_in_any_order(tmp_path: Path) -> None:
    paths = plain_files(tmp_path)
    one, other = read_roster(paths, plain()), read_roster(paths[::-1], plain())
    assert {p: set(r.events) for p, r in one.people.items()} == {
        p: set(r.events) for p, r in other.people.items()
    }


def test_a_charge_stands_since_the_arrest_of_its_booking(tmp_path: Path) -> None:
    events = read(tmp_path).people[PersonId("p2")].events.values()
    arrests = [event for event in events if event.kind == "Arrested"]
    assert {event.subject.collection for event in arrests} == {"booking", "charge"}
    assert isinstance(arrests[0].at, UncertainInstant)
    assert arrests[0].at == arrests[1].at, "one unknown instant, so that no gap lies between"


def test_what_the_jail_learned_later_is_known_later(tmp_path: Path) -> None:
    events = read(tmp_path).people[PersonId("p1")].events.values()
    order = next(event for event in events if event.kind == "ReleaseOrdered")
    assert order.at == parse_instant("2021-03-03 09:00", zone(HERE))
    assert order.known_at == parse_instant("2021-03-03 15:00", zone(HERE))


def test_a_charge_of_no_booking_is_set_aside(tmp_path: Path) -> None:
    roster = read(tmp_path, charges="charge,booking,offence\nc1,b9,theft\n")
    (fault,) = roster.quarantined
    assert fault.reason is Reason.REFERENCE
    assert str(fault) == "charges.csv, row 1, booking: expected a row of the table [bookings], found [b9]"
    assert roster.nobodys == 1


def test_a_kind_without_a_word_is_set_aside(tmp_path: Path) -> None:
    roster = read(tmp_path, instruments="instrument,booking,kind,lodged_at\ni1,b1,memo,2021-03-02 09:00\n")
    assert "expected one of administrative-warrant" in str(roster.quarantined[0])
    assert roster.people[PersonId("p1")].set_aside
    assert roster.coverage(roster.people[PersonId("p1")], supposed=True) == ()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("wrong.*,,,,x", "facts: expected names of facts"),
        (",,,,x", "facts: expected names of facts"),
        ("charge.*,,2021-02-01,2021-01-01,x", "until: expected a time after [from], found [2021-01-01]"),
        ("charge.*,,soon,,x", "from: expected a local time"),
    ],
)
def test_a_declaration_of_nothing_is_set_aside(tmp_path: Path, row: str, told: str) -> None:
    roster = read(tmp_path, coverage=f"facts,place,from,until,says\n{row}\n")
    assert told in str(roster.quarantined[0])
    assert not roster.declared


def test_declared_coverage_is_that_of_the_place_and_time(tmp_path: Path) -> None:
    (declared,) = read(tmp_path).declared
    assert declared.places == {"us/zz/juniper"}
    assert declared.interval.start == parse_instant("2021-01-01 00:00", zone(HERE))


def test_a_file_of_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "else.csv"
    path.write_text("a\n1\n")
    with pytest.raises(UnreadableInput, match="expected a file of recipe"):
        read_roster([path], plain())


def test_a_recipe_for_any_place_must_be_told_the_place(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecipe, match="give one with --law"):
        read_roster(plain_files(tmp_path), bundled()["plain"])


def test_place_and_custodian_of_a_booking_may_stand_in_its_row(tmp_path: Path) -> None:
    header = "booking,person,booked_at,released_at,place,custodian_kind"
    row = "b1,p1,2021-03-01 10:00,2021-03-04 12:00,us/zz/sorrel,city-lockup"
    roster = read(tmp_path, bookings=f"{header}\n{row}\n", charges="", instruments="", orders="")
    (episode,) = fold(roster.people[PersonId("p1")].events.values()).episodes
    assert (episode.spans[0].place, episode.spans[0].custodian_kind) == ("us/zz/sorrel", "city-lockup")


TWO = """\
name = "two"
title = "t"
says = "s"
licence = "l"
kind = "custody"
zone = "UTC"
place = "us/zz/sorrel"
custodian = "county-jail"
[[table]]
name = "a"
person = ["p"]
@LOOKUP@
[[table.event]]
event = "Booked"
about = "booking"
id = ["p"]
at = { column = "t", zone = "America/New_York", format = "%m/%d/%y %H:%M" }
[table.event.terms]
@TERM@
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "@LOOKUP@",
            'lookup = { table = "b", by = ["x"], columns = { y = "z" } }',
            "expected a table that stands before it",
        ),
        ("@LOOKUP@", "declares = true", "expected a table that declares coverage to tell of nothing else"),
        ("@TERM@", "agency = { column = 'x', pattern = '(' }", "one that cannot be read"),
        ("@TERM@", "agency = { column = 'x', pattern = 'a' }", "expected a pattern with one group, found 0"),
        (
            "@TERM@",
            "agency = { column = 'x', raw = true, money = true }",
            "expected one of codes, dictionary, raw",
        ),
        ("America/New_York", "America/New_Yrok", "at: "),
        ('title = "t"', 'title = "t"\nperson = ["p"]', "found one at the top"),
        ("[[table.event]]", '[[table]]\nname = "a"\n[[table.event]]', "expected each table once"),
    ],
)
def test_a_recipe_of_tables_that_is_none_says_where(old: str, new: str, told: str) -> None:
    text = TWO.replace(old, new).replace("@LOOKUP@", "").replace("@TERM@", "")
    with pytest.raises(UnreadableRecipe) as refused:
        recipe_of(text, "two.toml")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("term", "cell", "value"),
    [
        ("{ column = 'x', money = true }", "$1,234.50", 123450),
        ("{ column = 'x', number = true }", "12", 12),
        ("{ column = 'x', raw = true, split = ';' }", "a; b", frozenset({"a", "b"})),
        ("{ column = 'x', pattern = '[(](.)[)]', codes = { Q = 'q' } }", "word (Q)", "q"),
        ("{ column = 'x', raw = true, unstated = ['?'] }", "?", "unstated"),
        ("{ unknown = true }", "a", "unstated"),
        ("{ join = ['x'], suffix = 's' }", "a", "a/s"),
        ("{ column = 'x', pattern = '^(Q)', raw = true }", "word", "unmapped"),
    ],
)
def test_a_cell_is_read_as_the_recipe_says(tmp_path: Path, term: str, cell: str, value: object) -> None:
    recipe = recipe_of(TWO.replace("@LOOKUP@", "").replace("@TERM@", f"whatever = {term}"), "two.toml")
    path = tmp_path / "a.csv"
    path.write_text(f'p,t,x\n1,03/04/17 10:00,"{cell}"\n')
    roster = read_roster([path], recipe)
    (event,) = roster.people[PersonId("1")].events.values()
    assert event.terms["whatever"] == value
    assert event.at == parse_instant("2017-03-04 10:00", zone("America/New_York"))


@pytest.mark.parametrize(
    ("term", "cell", "told"),
    [
        ("{ column = 'x', money = true }", "-5", "an amount such as $1,234.50"),
        ("{ column = 'x', number = true }", "1.5", "a whole number"),
        ("{ column = 'x', blank = 'skip' }", "maybe", "true or false"),
    ],
)
def test_a_cell_that_is_not_that_is_set_aside(tmp_path: Path, term: str, cell: str, told: str) -> None:
    name = "arrested_on_warrant" if "skip" in term else "whatever"
    recipe = recipe_of(TWO.replace("@LOOKUP@", "").replace("@TERM@", f"{name} = {term}"), "two.toml")
    path = tmp_path / "a.csv"
    path.write_text(f"p,t,x\n1,03/04/17 10:00,{cell}\n")
    assert told in str(read_roster([path], recipe).quarantined[0])


def test_another_name_for_a_column_is_read_and_two_are_refused(tmp_path: Path) -> None:
    text = (
        TWO.replace("@LOOKUP@", "")
        .replace("@TERM@", "")
        .replace("[[table]]", '[aliases]\np = ["P", "PERSON"]\n[[table]]')
    )
    recipe = recipe_of(text, "two.toml")
    path = tmp_path / "a.csv"
    path.write_text("PERSON,t\n1,03/04/17 10:00\n")
    assert list(read_roster([path], recipe).people) == ["1"]
    path.write_text("PERSON,P,t\n1,1,03/04/17 10:00\n")
    with pytest.raises(UnreadableInput, match="under one name"):
        read_roster([path], recipe)


@pytest.mark.parametrize(
    ("time", "cell", "told"),
    [
        (
            "{ before = 't', zone = 'America/New_York' }",
            "2016-11-06 01:30",
            "a local time that names one instant",
        ),
        ("{ before = 't' }", "yesterday", "a snapshot: a date or an instant"),
        ("{ before = 't' }", "", "a snapshot: a date or an instant"),
        ("{ column = 't', format = '%d.%m.%Y' }", "2017-03-04", "a time written as %d.%m.%Y"),
        ("{ column = 't' }", "", "a local time such as"),
        ("{ between = ['t', 'u'] }", "2017-03-05", "a time at or after [t]"),
    ],
)
def test_a_time_that_cannot_be_read_says_what_was_expected(
    tmp_path: Path, time: str, cell: str, told: str
) -> None:
    text = (
        TWO.replace("@LOOKUP@", "")
        .replace("@TERM@", "")
        .replace('{ column = "t", zone = "America/New_York", format = "%m/%d/%y %H:%M" }', time)
    )
    path = tmp_path / "a.csv"
    path.write_text(f"p,t,u\n1,{cell},2017-03-04\n")
    (fault,) = read_roster([path], recipe_of(text, "two.toml")).quarantined
    assert told in fault.expected


@pytest.mark.parametrize(
    ("time", "cell", "start", "end"),
    [
        ("{ column = 't', precision = 'day' }", "2017-03-04 10:00", "2017-03-04T00:00Z", "2017-03-05T00:00Z"),
        ("{ column = 't', format = '%d.%m.%Y' }", "04.03.2017", "2017-03-04T00:00Z", "2017-03-05T00:00Z"),
        ("{ before = 't', not_before = 'u' }", "2017-03-04", "2017-03-01T10:00Z", "2017-03-05T00:00Z"),
        ("{ between = ['u', 't'] }", "2017-03-04", "2017-03-01T10:00Z", "2017-03-05T00:00Z"),
        ("{ before = 't' }", "2017-03-04T10:00:00Z", "0001-01-01T00:00Z", "2017-03-04T10:00:00.000001Z"),
    ],
)
def test_a_time_within_bounds(tmp_path: Path, time: str, cell: str, start: str, end: str) -> None:
    text = (
        TWO.replace("@LOOKUP@", "")
        .replace("@TERM@", "")
        .replace('{ column = "t", zone = "America/New_York", format = "%m/%d/%y %H:%M" }', time)
    )
    path = tmp_path / "a.csv"
    path.write_text(f"p,t,u\n1,{cell},2017-03-01 10:00\n")
    (rows,) = read_roster([path], recipe_of(text, "two.toml")).people.values()
    (event,) = rows.events.values()
    assert isinstance(event.at, UncertainInstant)
    assert (event.at.earliest, event.at.latest) == (parse_instant(start), parse_instant(end))


def test_a_format_with_an_offset_states_an_instant(tmp_path: Path) -> None:
    text = TWO.replace("@LOOKUP@", "").replace("@TERM@", "").replace("%m/%d/%y %H:%M", "%m/%d/%Y %H:%M %z")
    path = tmp_path / "a.csv"
    path.write_text("p,t\n1,03/04/2017 10:00 -0800\n")
    (rows,) = read_roster([path], recipe_of(text, "two.toml")).people.values()
    assert next(iter(rows.events.values())).at == parse_instant("2017-03-04T18:00Z")


def test_a_fact_of_another_kind_than_the_recipe_states_is_set_aside(tmp_path: Path) -> None:
    text = TWO.replace("@LOOKUP@", "").replace("@TERM@", "arrested_on_warrant = { is = 'perhaps' }")
    path = tmp_path / "a.csv"
    path.write_text("p,t\n1,03/04/17 10:00\n")
    (fault,) = read_roster([path], recipe_of(text, "two.toml")).quarantined
    assert fault.expected == "what a fact of its kind can be"
