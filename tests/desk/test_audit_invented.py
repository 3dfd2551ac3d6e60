"""Audits of invented people from their record: all of the key, classed right, and nothing else."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TypeAlias

import pytest

from habeas.authority.inquiry import Regimen
from habeas.desk.audit import AuditRequest, audit
from habeas.desk.audit_findings import CustodyFinding
from habeas.desk.audit_report import AuditReport
from habeas.desk.inventing import EVENTS_FILE, invent
from habeas.desk.library import library
from habeas.intake.errors import UnreadableInput
from habeas.intake.recipes.bundle import bundled
from habeas.invented.population import Population
from habeas.kernel.instants import DAY, Instant, earliest_of, parse_instant
from habeas.kernel.places import PlaceId

FIRST = parse_instant("2024-01-01T00:00:00-05:00")
PEOPLE = Population(seed=5, first=FIRST, people=6, days=20, planted=0.4)
# What the jail wrote down only after the horizon counts too: the key is walked with all of it.
LATER = Instant(PEOPLE.horizon + 365 * DAY)


@pytest.fixture(scope="module")
def regimen() -> Regimen:
    return library()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("invented")
    invent(PEOPLE, made)
    return made


def audited(
    regimen: Regimen, path: Path, place: PlaceId | None = None
) -> tuple[AuditReport, list[CustodyFinding]]:
    found: list[CustodyFinding] = []
    request = AuditRequest(
        paths=[path],
        recipe=None,
        regimen=regimen,
        place=place,
        facts_known_at=LATER,
        law_known_at=LATER,
    )
    return audit(request, sink=found.append), found


def audited_tables(
    regimen: Regimen, folder: Path, place: PlaceId
) -> tuple[AuditReport, list[CustodyFinding]]:
    """The audit of the same people's tables, read as any jail's plain files are."""
    found: list[CustodyFinding] = []
    recipe = bundled()["plain"]
    request = AuditRequest(
        paths=[path for path in sorted(folder.glob("*.csv")) if path.name != "key.csv"],
        recipe=recipe,
        regimen=regimen,
        place=place,
        facts_known_at=LATER,
        law_known_at=LATER,
    )
    return audit(request, sink=found.append), found


KeyLine: TypeAlias = tuple[str, Instant, Instant | None, str]
"""Person, from, until (None of an early release), cause."""


def key(folder: Path) -> set[KeyLine]:
    with (folder / "key.csv").open(newline="", encoding="utf-8") as file:
        return {
            (
                row["person"],
                parse_instant(row["start"]),
                parse_instant(row["end"]) if row["side"] == "late" else None,
                row["cause"],
            )
            for row in csv.DictReader(file)
            if row["side"] != "open"
        }


def told(found: list[CustodyFinding]) -> set[KeyLine]:
    made: set[KeyLine] = set()
    for each in found:
        for part in each.causes:
            if part.start < PEOPLE.horizon:
                end = min(part.end, PEOPLE.horizon)
                made.add((each.person, part.start, end, part.cause.value))
        early = each.early
        if early is not None and earliest_of(early.released_at) < PEOPLE.horizon:
            made.add((each.person, earliest_of(early.released_at), None, early.cause.value))
    return made


def test_the_audit_finds_what_is_in_the_key_classed_and_nothing_outside_it(
    regimen: Regimen, folder: Path
) -> None:
    report, found = audited(regimen, folder / EVENTS_FILE)
    expected = key(folder)
    assert len(expected) > 12
    assert told(found) == expected
    assert report.invented
    assert report.totals.custodies == len(found)
    assert sum(each.time for each in report.totals.by_cause.values()) == sum(
        each.late.least for each in found
    )
    assert all(account.balances for account in report.files)


def test_their_tables_as_plain_files_give_the_same_answers(regimen: Regimen, folder: Path) -> None:
    report, found = audited_tables(regimen, folder, PlaceId("us/zz"))
    assert told(found) == key(folder)
    assert report.invented
    assert (report.totals.custodies, [each for each in report.files if each.quarantined]) == (len(found), [])
    from_events, _ = audited(regimen, folder / EVENTS_FILE)
    assert report.totals == from_events.totals


def test_under_the_law_of_a_real_place_they_are_still_said_to_be_invented(
    regimen: Regimen, folder: Path
) -> None:
    report, found = audited_tables(regimen, folder, PlaceId("us/fl/miami-dade"))
    assert found
    assert report.invented


def test_the_same_people_can_be_decided_under_other_law(regimen: Regimen, folder: Path) -> None:
    report, found = audited(regimen, folder / EVENTS_FILE, PlaceId("us/zz/sorrel"))
    assert report.invented
    assert {each.place for each in found} == {PlaceId("us/zz/sorrel")}


def test_a_line_that_cannot_be_read_is_set_aside_and_its_person_not_assessed(
    regimen: Regimen, folder: Path, tmp_path: Path
) -> None:
    lines = (folder / EVENTS_FILE).read_text("utf-8").splitlines()
    spoilt = [*lines[:3], lines[3].replace('"at":"2024', '"at":"20x4'), "{]", "", *lines[4:], lines[1]]
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(spoilt) + "\n", "utf-8")
    report, found = audited(regimen, path)
    (account,) = report.files
    assert account.balances
    # Lines of the file itself, and one written twice; another repeats because the inventor repeats itself.
    before, _ = audited(regimen, folder / EVENTS_FILE)
    assert account.quarantined == 2
    assert account.duplicate == before.files[0].duplicate + 1
    assert account.rows == before.files[0].rows + 2
    assert [each.row for each in report.quarantined] == [3, 4]
    person = found[0].person
    assert {each.timeliness.value for each in found if each.person == person} == {"not assessable"}


@pytest.mark.parametrize("content", [b"", b"{}\n", b"\xff\xfe\n", b'{"schema": "other/1"}\n', b"not json\n"])
def test_what_does_not_begin_as_a_record_is_refused(regimen: Regimen, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput, match=r"events\.jsonl"):
        audited(regimen, path)
    with pytest.raises(UnreadableInput, match=r"none\.jsonl"):
        audited(regimen, tmp_path / "none.jsonl")
