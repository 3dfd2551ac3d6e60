"""A sketch of a recipe: it runs, and it says what nobody has confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.desk.sketches import sketch_text
from habeas.intake.errors import UnreadableInput
from habeas.intake.headers import header_of
from habeas.intake.recipes import Recipe, recipe_of
from habeas.intake.rosters import read_roster
from habeas.intake.sketch_columns import Column, Look
from small_rosters import HEADER, roster_file

ROWS = [
    f"r{n},b{n % 3},2017-03-0{n} 10:00,2017-03-1{n} 10:00,{'THEFT' if n % 2 else 'ARSON'},{'F' if n % 2 else 'M'},2017-03-1{n} 09:00"
    for n in range(1, 9)
]


def roster(folder: Path) -> Path:
    return roster_file(folder, *ROWS, header=HEADER.replace("what", "charge_desc"))


def sketched(path: Path, place: str = "us/zz/sorrel", zone: str = "America/New_York") -> Recipe:
    return recipe_of(sketch_text(path, place, zone), "sketch")


def test_a_sketch_runs_and_every_row_is_read(tmp_path: Path) -> None:
    path = roster(tmp_path)
    made = read_roster([path], sketched(path))
    assert [(a.rows, a.accepted) for a in made.accounts] == [(8, 8)]
    kinds = {event.kind for rows in made.people.values() for event in rows.events.values()}
    assert kinds == {"Booked", "Released", "Stated"}


def test_a_sketch_says_of_each_column_what_was_guessed(tmp_path: Path) -> None:
    unsure = " | ".join(sketched(roster(tmp_path)).unsure)
    for guess in (
        "[released] is when custody ended",
        "[booked] is when custody began",
        "[booking] tells bookings",
    ):
        assert guess in unsure
    assert "columns that are not read: " in unsure
    assert "no column tells people apart" in unsure


def test_a_sketch_shows_the_codes_with_their_counts(tmp_path: Path) -> None:
    text = sketch_text(roster(tmp_path), "us/zz/sorrel", "America/New_York")
    assert '"ARSON" 4, "THEFT" 4' in text.replace('"THEFT" 4, "ARSON" 4', '"ARSON" 4, "THEFT" 4')
    assert 'codes = { "F" = "felony", "M" = "misdemeanor" }' in text


def test_without_place_and_zone_a_sketch_says_so(tmp_path: Path) -> None:
    one = sketched(roster(tmp_path), "", "")
    assert (one.place, one.zone) == ("us", "UTC")
    assert one.unsure[0].startswith("place: not given")
    assert one.unsure[1].startswith("zone: not given")


def test_days_that_read_two_ways_are_told(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("Inmate ID,Date In\n1,03/04/2017\n2,05/06/2017\n")
    one = sketched(path)
    assert any("read as %m/%d/%Y; could be %d/%m/%Y as well" in each for each in one.unsure)
    assert read_roster([path], one).accounts[0].accepted == 2


def test_days_that_read_one_way_are_read_that_way(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("Inmate ID,Date In\n1,13/04/2017\n2,25/06/2017\n")
    one = sketched(path)
    assert not any("could be" in each for each in one.unsure)
    assert read_roster([path], one).accounts[0].accepted == 2


def test_times_beside_bare_days_are_times(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("person,booked\n1,2017-04-13\n2,2017-04-13 10:00\n")
    assert read_roster([path], sketched(path)).accounts[0].accepted == 2


def test_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("person,booked,charge\n1,2017-04-13 10:00,Z\xfcrich\n".encode("cp1252"))
    one = sketched(path)
    assert one.encoding == "cp1252"
    assert any(each.startswith("encoding: not UTF-8") for each in one.unsure)


def test_json_lines_are_sketched_too(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(
        '{"person": "1", "booked": "2017-04-13 10:00"}\n{"person": "2", "booked": "2017-04-14 10:00", "x": 1}\n'
    )
    assert header_of(path) == ["person", "booked", "x"]
    assert read_roster([path], sketched(path)).accounts[0].accepted == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n", "a column of times, for the beginning of custody"),
        ("a,\n1,2\n", "a name for every column"),
        ("a,a\n1,2\n", "each column once"),
        ("a,booked\n", "rows to sketch a recipe from"),
    ],
)
def test_what_cannot_be_sketched_says_why(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "in.csv"
    path.write_text(text)
    with pytest.raises(UnreadableInput) as refused:
        sketch_text(path, "", "")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("cells", "look"),
    [
        ([], Look.BLANK),
        (["", None], Look.BLANK),
        (["$1,000", "$20.50"], Look.MONEY),
        (["1", "2", "2"] * 30, Look.CODES),
        (["a", "b"], Look.IDENTITY),
        ([str(n % 90) for n in range(180)], Look.NUMBER),
        ([f"w{n % 90}" for n in range(180)], Look.TEXT),
        (["2017-01-01"] * 3, Look.DAY),
        (["01/02/2017 3:04 PM"] * 3, Look.TIME),
    ],
)
def test_how_a_column_looks(cells: list[str | None], look: Look) -> None:
    column = Column("x")
    for cell in cells:
        column.add(cell)
    assert column.look is look


def test_a_column_of_very_many_texts_says_that_it_was_not_looked_through() -> None:
    column = Column("x")
    for number in range(2100):
        column.add(f"text {number}")
    assert list(column.doubts()) == ["[x]: more than 2000 different texts; 100 cells were not looked into"]


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=2, max_size=5, unique_by=str.strip), st.lists(WORDS, min_size=2, max_size=5))
def test_any_readable_table_with_a_time_gives_a_recipe_that_runs(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], cells: list[str]
) -> None:
    import csv  # noqa: PLC0415 - only here

    path = tmp_path_factory.mktemp("sketch") / "in.csv"
    header = [*names, "booked at the door"]
    rows = [
        [*(cells[(n + k) % len(cells)] for k in range(len(names))), f"2017-04-{n + 10} 10:00"]
        for n in range(4)
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    try:
        one = sketched(path)
    except UnreadableInput as error:
        assert "a name for every column" in str(error)  # noqa: PT017 - a blank name is refused, and nothing else
        return
    assert read_roster([path], one).accounts[0].balances
