"""`habeas due` and `habeas sheet`."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import Result

from habeas.desk import due as due_module
from habeas.desk.clock import now
from habeas.desk.journal import Line, written
from habeas.desk.ledgers import find
from habeas.kernel.instants import HOUR, Instant, format_instant, rfc3339, zone
from habeas.ledger.notes import read_note
from habeas.report.deadline_sheet import left
from habeas.wire import schemas
from small_rulebook import table
from wire_schema import faults

ENGINES = ("sqlite", "postgresql")
Run = Callable[..., Result]
NEW_YORK = zone("America/New_York")
CANARY = "Quixotequail"


def held_now(tmp_path: Path, name: str = CANARY) -> Path:
    """Somebody arrested an hour ago who has to see a judge within a day."""
    at = format_instant(Instant(now() - HOUR), NEW_YORK)[:16]
    text = (
        f"name: {name}\nplace: us/zz/juniper\ncustodian: county-jail\ncomplete: everything\nevents:\n"
        f'  - {{at: "{at}", event: Arrested, booking: b1, charge: c1, class: felony}}\n'
    )
    return table(tmp_path, text, f"{name}.yaml")


@pytest.fixture
def db(run: Run, tmp_path: Path) -> Path:
    run("db", "init", tmp_path / "db", "--origin", "zz.invalid/juniper")
    assert run("record", held_now(tmp_path), "--db", tmp_path / "db", "--as", "clerk").exit_code == 0
    return tmp_path / "db"


def test_a_file_is_asked_like_a_ledger(run: Run, people: Path) -> None:
    asked = ("due", "--from", people, "--at", "2017-02-21T09:00:00-05:00", "-q")
    result = run(*asked, "--json")
    document = json.loads(result.stdout)
    schema = schemas.json_schema("habeas/due/1")
    assert list(faults(document, schema, schema)) == []
    first = next(each for each in document["due"] if each["person"] == "held-on-a-felony")
    assert (first["by"], first["left_seconds"]) == ("2017-02-22T17:00:00-05:00", 32 * 3600)
    unverified = [each for each in document["due"] if each["verdict"] == "UNDETERMINED"]
    assert unverified
    assert all(each["what"].startswith("authority unverified") for each in unverified)
    assert [each["by"] for each in document["due"]] == sorted(each["by"] for each in document["due"])
    assert "37 h" not in run(*asked).stdout
    assert "32 h 00 min" in run(*asked).stdout


def test_past_the_deadline_it_is_overdue(run: Run, people: Path) -> None:
    result = run("due", "--from", people, "--at", "2017-02-22T19:30:00-05:00", "-q")
    assert result.exit_code == 1
    assert "OVERDUE by 2 h 30 min" in result.stdout
    assert "let go: nothing supports custody" in result.stdout


def test_within_says_how_far_ahead(run: Run, people: Path) -> None:
    asked = ("due", "--from", people, "--at", "2017-02-21T09:00:00-05:00", "-q", "--json", "--within")
    near = json.loads(run(*asked, "1").stdout)["due"]
    assert all(each["left_seconds"] <= 3600 for each in near)
    assert run("due", "--from", people, "--reading", "all").exit_code == 2


def test_the_sheet_outlives_the_database_and_is_signed(run: Run, db: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.html"
    result = run("sheet", "--db", db, "-o", sheet)
    assert result.exit_code == 0, result.output
    page = sheet.read_text()
    assert CANARY in page
    assert "h 5" in page or "min" in page
    assert 'id="age"' in page
    note = read_note((tmp_path / "sheet.html.note").read_text())
    key = find(db).trust().logs[0]
    assert key.verifies(note.text, note.signatures[0])
    assert f"sha256 {sha256(sheet.read_bytes()).hexdigest()}\n" in note.text
    assert "http" not in page.split("</style>")[1], "nothing is fetched"


def test_the_log_names_nobody(run: Run, db: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.html"
    result = run("sheet", "--db", db, "-o", sheet, "--every", "1", "--times", "2")
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert [each["event"] for each in lines] == ["sheet-written"] * 2
    assert all(each["people"] == 1 for each in lines)
    for canary in (CANARY, "b1", "c1", "juniper"):
        assert canary not in result.stderr


def test_a_failure_is_logged_without_its_message_and_the_old_page_stays(
    run: Run, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "sheet.html"
    run("sheet", "--db", db, "-o", sheet)
    before = sheet.read_bytes()

    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"about {CANARY}")

    monkeypatch.setattr("habeas.cli.due.due_list", broken)
    result = run("sheet", "--db", db, "-o", sheet, "--every", "1", "--times", "1")
    assert json.loads(result.stderr)["failure"] == "ValueError"
    assert CANARY not in result.stderr
    assert sheet.read_bytes() == before


def test_an_expunction_takes_the_sheet_with_it(run: Run, db: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.html"
    run("sheet", "--db", db, "-o", sheet)
    said = run("order", "propose", "expunge", CANARY, "--order", "o", "--db", db, "--as", "clerk", "--json")
    run("order", "approve", json.loads(said.stdout)["orders"][0]["order"], "--db", db, "--as", "chief")
    assert not sheet.exists()
    assert run("due", "--db", db, "-q").stdout == "0 due of 0 people\n"


def test_a_sealed_record_is_counted_and_not_shown(run: Run, db: Path) -> None:
    said = run("order", "propose", "seal", CANARY, "--order", "o", "--db", db, "--as", "clerk", "--json")
    run("order", "approve", json.loads(said.stdout)["orders"][0]["order"], "--db", db, "--as", "chief")
    assert run("due", "--db", db, "-q").stdout == "0 due of 0 people; 1 withheld by orders\n"


def test_words_and_lines() -> None:
    assert left(Instant(HOUR), Instant(0)) == "1 h 00 min"
    assert left(Instant(0), Instant(HOUR)) == "OVERDUE by 1 h 00 min"
    line = json.loads(written(Line(event="sheet-written", at=rfc3339(Instant(0)), people=3)))
    assert line == {"at": "1970-01-01T00:00:00Z", "event": "sheet-written", "people": 3}
    assert due_module.WITHIN == 96 * HOUR
