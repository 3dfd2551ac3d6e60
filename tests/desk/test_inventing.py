"""Invented people in files: all of them readable, all marked, whole or not there at all."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from habeas.custody.events import Event
from habeas.desk.invented_tables import COVERAGE_TABLE, KEY_TABLE, TABLES
from habeas.desk.inventing import EVENTS_FILE, Invention, invent
from habeas.invented.key import Side, key_of
from habeas.invented.marker import MARK, is_marked
from habeas.invented.population import InventedPerson
from habeas.wire.records import read_record
from small_inventions import expected, found, inquiry, population


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("invented")
    invent(population(3), path)
    return path


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def told() -> list[InventedPerson]:
    return list(population(3).tell())


def test_the_record_reads_back_as_what_was_told(folder: Path) -> None:
    record = read_record((folder / EVENTS_FILE).read_text(), EVENTS_FILE, lines=True)
    assert record.coverage == (population(3).coverage,)
    assert list(record.events) == [event for person in told() for event in person.events]


def test_the_file_alone_is_enough_to_find_the_key(folder: Path) -> None:
    record = read_record((folder / EVENTS_FILE).read_text(), EVENTS_FILE, lines=True)
    horizon = population(3).horizon
    for person in record.people:
        events = record.events_of(person)
        assert found(inquiry(events, record.coverage), horizon) == expected(
            key_of(events, horizon, stride=True)
        )


def test_every_row_of_every_table_says_that_it_is_invented(folder: Path) -> None:
    for each in (*TABLES, COVERAGE_TABLE, KEY_TABLE):
        rows = table(folder, each.name)
        assert rows, each.name
        assert {row["invented"] for row in rows} == {MARK}
        assert tuple(rows[0]) == tuple(each.columns)


def test_every_event_in_the_file_says_that_it_is_invented(folder: Path) -> None:
    record = read_record((folder / EVENTS_FILE).read_text(), EVENTS_FILE, lines=True)
    assert all(event.source is not None and is_marked(event.source.name) for event in record.events)


def test_each_booking_charge_and_paper_has_one_row(folder: Path) -> None:
    events = [event for person in told() for event in person.events]
    for name, collection in (("bookings", "booking"), ("charges", "charge"), ("instruments", "instrument")):
        ids = [row[collection] for row in table(folder, name)]
        assert len(ids) == len(set(ids))
        assert set(ids) == {event.subject.id for event in events if event.subject.collection == collection}
    assert [row["person"] for row in table(folder, "people")] == [person.person for person in told()]


def test_a_correction_replaces_what_it_corrects(folder: Path) -> None:
    events = [event for person in told() for event in person.events]
    fixes = [e for e in events if e.supersedes and e.kind == "Stated"]
    assert fixes
    rows = {row["charge"]: row for row in table(folder, "charges")}
    assert all(rows[fix.subject.id]["class"] == fix.terms["class"] for fix in fixes)


def test_the_key_of_the_file_is_the_key(folder: Path) -> None:
    rows = table(folder, "key")
    key = [r for each in told() for r in key_of(each.events, population(3).horizon, stride=True)]
    assert len(rows) == len(key)
    for row, one in zip(rows, key, strict=True):
        assert (row["booking"], row["side"], row["cause"]) == (one.booking, one.side, one.cause)
        assert int(row["minutes"]) == one.end - one.start


def test_figures_are_those_of_the_files(folder: Path, tmp_path: Path) -> None:
    made = invent(population(3), tmp_path / "new" / "folder")
    rows = table(folder, "key")
    assert made.rows(Side.LATE) == sum(row["side"] == "late" for row in rows)
    assert made.minutes_late == sum(int(row["minutes"]) for row in rows if row["side"] == "late")
    assert (made.people, made.events) == (len(told()), sum(len(each.events) for each in told()))
    assert made.custodies == len(table(folder, "bookings"))
    assert made.mark == MARK


def test_the_same_request_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    invent(population(3), tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


class Stopped(Exception):
    """Somebody pressed a key."""


def test_what_is_stopped_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "key.csv").write_text("what was there")

    def stop(done: int, total: int, made: Invention) -> None:
        del made
        if done > total // 2:
            raise Stopped

    with pytest.raises(Stopped):
        invent(population(3), tmp_path, stop)
    assert [path.name for path in tmp_path.iterdir()] == ["key.csv"]
    assert (tmp_path / "key.csv").read_text() == "what was there"


def test_progress_ends_with_everybody(tmp_path: Path) -> None:
    said: list[tuple[int, int]] = []
    invent(population(1, people=1, days=2), tmp_path, lambda done, total, _: said.append((done, total)))
    assert said[-1][0] == said[-1][1] == len(said)


def test_a_code_that_is_not_stated_is_said_to_be_unknown(folder: Path) -> None:
    events: list[Event] = [event for person in told() for event in person.events]
    unsaid = [e.subject.id for e in events if "unstated" in str(e.terms.get("class"))]
    rows = {row["charge"]: row for row in table(folder, "charges")}
    assert {rows[each]["class"] for each in unsaid} <= {"unknown"}
