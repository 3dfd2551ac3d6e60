"""An import into a folder: again, corrected, vanished, damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from habeas.desk.imports import ImportProgress, ImportRequest, import_files
from habeas.desk.library import library
from habeas.intake.errors import UnreadableInput
from habeas.intake.recipes import Recipe
from habeas.kernel.instants import Instant, parse_instant
from habeas.wire.imports import ImportDocument
from habeas.wire.records import read_record
from small_rosters import recipe, roster_file
from small_rulebook import small_rulebook
from small_tables import list_file, lists

ROW = "r1,b1,2017-03-04 10:00,2017-03-05 10:00,THEFT,M,2017-03-05 09:00"
LATER = parse_instant("2020-01-01T00:00:00Z")


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_rulebook(tmp_path_factory.mktemp("law"))


class Folder:
    """A folder that imports go into."""

    def __init__(self, path: Path, law: Path, one: Recipe) -> None:
        self.path, self.law, self.recipe = path, law, one
        self.seen: list[ImportProgress] = []

    def take(self, *paths: Path, at: Instant = LATER) -> ImportDocument:
        request = ImportRequest(
            inputs=[str(path) for path in paths],
            recipe=self.recipe,
            regimen=library(self.law, cache=self.path.parent),
            folder=self.path,
            learned_at=at,
        )
        document = import_files(request, self.seen.append)
        assert all(f.rows == f.accepted + f.duplicate + f.quarantined for f in document.files)
        return document

    def events(self, number: int) -> list[dict[str, Any]]:
        lines = (self.path / f"record-{number:04d}.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines[1:]]


@pytest.fixture
def folder(tmp_path: Path, law: Path) -> Folder:
    return Folder(tmp_path / "out", law, recipe())


def test_an_import_writes_events_that_can_be_read_and_an_account(tmp_path: Path, folder: Folder) -> None:
    document = folder.take(roster_file(tmp_path, ROW, ROW.replace("r1,b1", "r2,")))
    assert (document.run, document.people, document.events, document.record) == (1, 1, 4, "record-0001.jsonl")
    record = read_record((folder.path / document.record).read_text(), "record", lines=True)
    assert [event.kind for event in record.events] == ["Arrested", "Booked", "ReleaseOrdered", "Released"]
    assert not record.coverage, "a row was set aside, so nothing is complete"
    account = json.loads((folder.path / "account-0001.json").read_text())
    assert account["schema"] == "habeas/import/1"
    assert account["quarantined"] == {"cell": 1}
    assert (folder.path / "quarantine-0001.csv").exists()
    assert folder.seen


def test_what_a_source_declares_stands_in_the_record(tmp_path: Path, folder: Folder) -> None:
    document = folder.take(roster_file(tmp_path, ROW))
    record = read_record((folder.path / document.record).read_text(), "record", lines=True)
    assert [each.places for each in record.coverage] == [frozenset({"us/zz/sorrel"})]


def test_the_same_file_again_is_nothing_new(tmp_path: Path, folder: Folder) -> None:
    path = roster_file(tmp_path, ROW)
    folder.take(path)
    again = folder.take(path)
    assert (again.run, again.events, again.record) == (2, 0, "")
    assert again.files[0].duplicate == 1
    assert not (folder.path / "record-0002.jsonl").exists()


def test_a_corrected_row_supersedes_what_it_told(tmp_path: Path, folder: Folder) -> None:
    folder.take(roster_file(tmp_path, ROW))
    first = {event["event"]: event["id"] for event in folder.events(1)}
    changed = folder.take(roster_file(tmp_path, ROW.replace("2017-03-05 10:00", "2017-03-05 11:00")))
    (event,) = folder.events(2)
    assert event["event"] == "Released"
    assert event["supersedes"] == first["Released"]
    assert event["known_at"] == "2019-12-31T19:00:00-05:00"
    assert (changed.corrected, changed.retracted, changed.files[0].corrected) == (1, 0, 1)


def test_a_correction_taken_back_is_told_under_an_identity_of_its_own(tmp_path: Path, folder: Folder) -> None:
    other = ROW.replace("2017-03-05 10:00", "2017-03-05 11:00")
    for row in (ROW, other, ROW, other):
        folder.take(roster_file(tmp_path, row))
    ids = [event["id"] for number in (1, 2, 3, 4) for event in folder.events(number)]
    assert len(ids) == len(set(ids))
    assert folder.take(roster_file(tmp_path, other)).events == 0


def test_what_a_corrected_row_no_longer_says_is_taken_back(tmp_path: Path, folder: Folder) -> None:
    folder.take(roster_file(tmp_path, ROW))
    document = folder.take(roster_file(tmp_path, ROW.replace("2017-03-05 10:00,", ",")))
    (event,) = folder.events(2)
    assert (event["event"], document.retracted) == ("Retracted", 1)


def test_a_row_that_vanishes_from_a_later_list_is_an_event(tmp_path: Path, law: Path) -> None:
    folder = Folder(tmp_path / "out", law, lists())
    row = "2024-01-01,p1,2023-12-31 20:00,A"
    folder.take(list_file(tmp_path, row))
    assert "Released" not in {event["event"] for event in folder.events(1)}
    folder.take(list_file(tmp_path, "2024-01-02,p2,2024-01-01 20:00,A", name="list2.csv"))
    told = folder.events(2)
    released = next(event for event in told if event["event"] == "Released")
    assert released["person"] == "p1"
    assert released["at"]["precision"] == "snapshot"


def test_a_list_that_goes_on_changes_nothing_of_who_stays(tmp_path: Path, law: Path) -> None:
    folder = Folder(tmp_path / "out", law, lists())
    folder.take(list_file(tmp_path, "2024-01-01,p1,2023-12-31 20:00,A"))
    again = folder.take(list_file(tmp_path, "2024-01-02,p1,2023-12-31 20:00,A", name="list2.csv"))
    assert (again.events, again.retracted) == (0, 0)


def test_a_folder_of_another_recipe_is_refused(tmp_path: Path, folder: Folder) -> None:
    folder.take(roster_file(tmp_path, ROW))
    folder.recipe = recipe(**{"Nobody in it": "Nobody here"})
    with pytest.raises(UnreadableInput, match="use a new one"):
        folder.take(roster_file(tmp_path, ROW))


def test_an_import_that_fails_leaves_the_folder_as_it_was(tmp_path: Path, folder: Folder) -> None:
    folder.take(roster_file(tmp_path, ROW))
    before = {path.name for path in folder.path.iterdir()}
    broken = roster_file(tmp_path, ROW.replace("r1", "r2"), ROW.replace("THEFT", "TH\0EFT"))
    with pytest.raises(UnreadableInput):
        folder.take(broken)
    assert {path.name for path in folder.path.iterdir()} - before <= {"rows.sqlite-wal", "rows.sqlite-shm"}
    assert folder.take(roster_file(tmp_path, ROW.replace("r1,b1", "r2,b2"))).run == 2


def test_an_import_killed_before_it_was_done_gives_the_same_bytes_again(tmp_path: Path, law: Path) -> None:
    one, other = Folder(tmp_path / "one", law, recipe()), Folder(tmp_path / "other", law, recipe())
    path = roster_file(tmp_path, ROW)
    one.take(path)
    (other.path).mkdir()
    (other.path / "record-0001.jsonl").write_text("left over")
    other.take(path)
    for name in ("record-0001.jsonl", "account-0001.json"):
        assert (one.path / name).read_bytes() == (other.path / name).read_bytes()
