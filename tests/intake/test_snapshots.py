"""Daily lists: what began and ended between two of them, kept as one unknown instant."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.custody.events import Event
from habeas.custody.record import fold
from habeas.intake.errors import UnreadableRecipe
from habeas.intake.rosters import Roster, read_roster
from habeas.intake.snapshots import Snapshots
from habeas.kernel.evidence import UNMAPPED
from habeas.kernel.identifiers import PersonId
from habeas.kernel.instants import BEGINNING, FOREVER, UncertainInstant, end_of_day, start_of_day, zone
from small_tables import list_file, lists

HERE = zone("America/New_York")
DAY = dt.date(2024, 1, 1)


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number - 1)


def row(number: int, label: str = "A", person: str = "p1", admitted: str = "2023-12-31 20:00") -> str:
    return f"{day(number)},{person},{admitted},{label}"


def read(folder: Path, *rows: str) -> Roster:
    return read_roster([list_file(folder, *rows)], lists())


def events(roster: Roster, kind: str) -> list[Event]:
    (rows,) = roster.people.values()
    return sorted((e for e in rows.events.values() if e.kind == kind), key=lambda e: e.order)


def test_custody_ends_between_the_last_list_and_the_next(tmp_path: Path) -> None:
    roster = read(tmp_path, row(1), row(2), row(3, person="p2"))
    released = next(e for e in roster.people[PersonId("p1")].events.values() if e.kind == "Released")
    assert isinstance(released.at, UncertainInstant)
    assert (released.at.earliest, released.at.latest) == (
        start_of_day(day(2), HERE),
        end_of_day(day(3), HERE),
    )


def test_whoever_is_on_the_last_list_is_still_there(tmp_path: Path) -> None:
    assert not events(read(tmp_path, row(1), row(2)), "Released")


def test_a_label_that_gives_way_to_another_leaves_no_gap(tmp_path: Path) -> None:
    roster = read(tmp_path, row(1), row(2, "B"))
    first, second = events(roster, "CommitmentReceived")[0], events(roster, "Sentenced")[0]
    ended = first.terms["ended_at"]
    assert isinstance(ended, UncertainInstant)
    assert isinstance(second.at, UncertainInstant)
    assert ended.key == second.at.key


def test_the_last_label_ends_at_the_same_unknown_point_as_custody(tmp_path: Path) -> None:
    roster = read(tmp_path, row(1), row(2), row(4, person="p2"))
    told = roster.people[PersonId("p1")].events.values()
    released = next(e for e in told if e.kind == "Released")
    label = next(e for e in told if e.kind == "CommitmentReceived")
    assert label.terms["ended_at"] == released.at


def test_nothing_begins_before_admission(tmp_path: Path) -> None:
    at = events(read(tmp_path, row(1, admitted="2024-01-01 03:00")), "CommitmentReceived")[0].at
    assert isinstance(at, UncertainInstant)
    assert at.earliest == start_of_day(day(1), HERE) + 3 * 3600 * 1_000_000


def test_a_list_before_admission_puts_its_row_in_quarantine(tmp_path: Path) -> None:
    roster = read(tmp_path, row(1, admitted="2024-01-05 03:00"))
    assert "expected a snapshot not before [admitted], found [2024-01-01]" in str(roster.quarantined[0])
    assert roster.accounts[0].balances


def test_a_missing_list_widens_the_bounds_and_an_absence_parts_custody(tmp_path: Path) -> None:
    other = [row(number, person="p2") for number in (1, 3, 5)]
    roster = read(tmp_path, row(1), row(5), *other)
    told = roster.people[PersonId("p1")]
    assert [e.kind for e in sorted(told.events.values(), key=lambda e: e.order)].count("Admitted") == 2
    assert len(fold(told.events.values()).episodes) == 2


def test_a_day_without_any_list_parts_nothing(tmp_path: Path) -> None:
    roster = read(tmp_path, row(1), row(4))
    (told,) = roster.people.values()
    assert len(fold(told.events.values()).episodes) == 1


def test_a_label_without_a_word_is_unmapped_and_its_text_kept(tmp_path: Path) -> None:
    roster = read(tmp_path, row(1, "Z"))
    (event,) = events(roster, "OrderReceived")
    assert event.terms["kind"] is UNMAPPED
    assert event.raw_text["kind"] == "Z"
    assert roster.unread == {("label", "Z"): 1}


def test_a_dictionary_means_what_its_edition_of_the_day_means(tmp_path: Path) -> None:
    roster = read(tmp_path, row(2), row(4, person="p2"))
    kinds = {
        person: next(e.terms["kind"] for e in rows.events.values() if "kind" in e.terms)
        for person, rows in roster.people.items()
    }
    assert kinds == {"p1": "commitment", "p2": "sentence"}


def test_what_rests_on_a_label_alone_can_be_left_out(tmp_path: Path) -> None:
    roster = read(tmp_path, row(1))
    (rows,) = roster.people.values()
    assert {e.kind for e in roster.told(rows, supposed=True)} == {"Admitted", "CommitmentReceived"}
    assert {e.kind for e in roster.told(rows, supposed=False)} == {"Admitted"}
    assert len(roster.told(rows, supposed=False, labels=True)) == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('of = "stay"', 'of = "stays"', "expected [of] one of the table's spans"),
        ('dictionary = "label"', 'dictionary = "labels"', "the recipe has no dictionary [labels]"),
        (
            'cite = "the invented sheriff\'s dictionary, first edition"',
            'cite = " "',
            "who says what the codes mean",
        ),
        ('before = "2024-01-03"', 'before = "3 Jan"', "expected a date such as 2017-03-04, found [3 Jan]"),
        (
            'at = { column = "admitted" }',
            'at = { after = "day", before = "day" }',
            "column, between, after or before",
        ),
        ('otherwise = "OrderReceived"', 'otherwise = "Ordered"', "expected an event"),
        (
            'when = [{ column = "span.nth", is = ["1"] }]',
            'when = [{ column = "span.nth" }]',
            "[is], [starts] or [same]",
        ),
    ],
)
def test_a_recipe_of_lists_that_is_none_says_where(old: str, new: str, told: str) -> None:
    with pytest.raises(UnreadableRecipe) as refused:
        lists(**{old: new})
    assert told in str(refused.value)


DAYS = st.lists(st.integers(1, 12), min_size=1, max_size=10, unique=True)


@given(DAYS, st.integers(1, 12))
def test_bounds_hold_whatever_was_looked_at(looked: list[int], seen: int) -> None:
    looks = [day(each) for each in {*looked, seen}]
    fewer = Snapshots([day(seen)], HERE)
    more = Snapshots(looks, HERE)
    after, before = more.after(day(seen), "k"), more.before(day(seen), "k")
    assert before.earliest >= BEGINNING
    assert before.latest == end_of_day(day(seen), HERE)
    assert fewer.before(day(seen), "k").earliest <= before.earliest
    if after is None:
        assert seen == max({*looked, seen})
    else:
        assert start_of_day(day(seen), HERE) == after.earliest < after.latest < FOREVER


def test_instants_are_snapshots_too() -> None:
    at = [dt.datetime(2024, 1, number, 6, tzinfo=dt.UTC) for number in (1, 2, 4)]
    snapshots = Snapshots(at, HERE)
    assert len(snapshots) == 3
    assert snapshots.neighbours(at[0], at[1])
    assert not snapshots.neighbours(at[0], at[2])
    own = Snapshots.of_table(at[1:], [at[1:], at], HERE)
    assert own.before(at[1], "k").earliest == BEGINNING
