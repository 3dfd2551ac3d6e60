"""`habeas proof sheet`, the meter of `habeas db verify`, and what commands say of a clock set back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from habeas.cli import proof
from habeas.desk import clock_alarm, ledgers
from habeas.desk.clock import now
from habeas.desk.sheets import OLD
from habeas.kernel.instants import HOUR, SECOND, Instant
from habeas.wire import schemas
from small_rulebook import table
from wire_schema import faults

Run = Callable[..., Result]


@pytest.fixture
def db(run: Run, people: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "db"
    run("db", "init", folder, "--origin", "zz.invalid/juniper")
    assert run("record", people, "--db", folder, "--as", "clerk").exit_code == 0
    return folder


@pytest.fixture
def sheet(run: Run, db: Path, tmp_path: Path) -> Path:
    page = tmp_path / "sheet.html"
    assert run("sheet", "--db", db, "-o", page).exit_code == 0
    return page


def check(run: Run, sheet: Path, db: Path, *more: str) -> Result:
    return run("proof", "sheet", sheet, "--trust", db / "trust", *more)


def test_a_sheet_is_the_one_that_was_signed(run: Run, db: Path, sheet: Path) -> None:
    result = check(run, sheet, db)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("GOOD: sheet of [zz.invalid/juniper]")
    document = json.loads(check(run, sheet, db, "--json").stdout)
    schema = schemas.json_schema("habeas/checked-sheet/1")
    assert list(faults(document, schema, schema)) == []
    assert 0 <= document["age_seconds"] < OLD


def test_an_old_sheet_is_called_old(run: Run, db: Path, sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "now", lambda: Instant(now() + 2 * OLD * SECOND))
    result = check(run, sheet, db)
    assert result.exit_code == 0
    assert "OLD: written 20 minutes ago" in result.stdout


def test_a_changed_page_or_note_is_spoilt(run: Run, db: Path, sheet: Path, tmp_path: Path) -> None:
    data, note = sheet.read_bytes(), sheet.with_name("sheet.html.note")
    written = note.read_text()
    sheet.write_bytes(data.replace(b"due", b"duo", 1))
    result = check(run, sheet, db)
    assert (result.exit_code, result.stdout[:7]) == (1, "SPOILT:")
    assert "the note is over" in result.stdout
    sheet.write_bytes(data)
    for at, letter in enumerate(written):
        note.write_text(written[:at] + ("A" if letter != "A" else "B") + written[at + 1 :])
        assert check(run, sheet, db).exit_code == 1, at
    note.write_text(written.replace("habeas/sheet/1", "habeas/other/1"))
    assert "not one of a deadline sheet" in check(run, sheet, db).stdout
    note.unlink()
    assert check(run, sheet, db).exit_code == 2
    other = tmp_path / "other"
    run("db", "init", other, "--origin", "zz.invalid/other")
    note.write_text(written)
    result = check(run, sheet, other)
    assert result.exit_code == 1
    assert "no key trusted here signed the sheet of [zz.invalid/juniper]" in result.stdout


def test_verify_says_how_far_it_is(run: Run, db: Path) -> None:
    result = run("db", "verify", db)
    assert result.exit_code == 0
    assert "habeas: reading: " in result.stderr
    assert "/s" in result.stderr
    assert "habeas: reading: " not in run("db", "verify", db, "--quiet").stderr


def test_a_clock_that_was_set_back_is_said_and_recorded(
    run: Run, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (ledgers, clock_alarm):
        monkeypatch.setattr(module, "now", lambda: Instant(now() - HOUR))
    text = 'name: later\nplace: us/zz/juniper\nevents:\n  - {at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1}\n'
    result = run("record", table(tmp_path, text, "later.yaml"), "--db", db, "--as", "clerk")
    assert result.exit_code == 0, result.output
    assert "CLOCK: this computer's clock stands 3,5" in result.stderr
    assert "the alarm is an entry too" in result.stderr
    monkeypatch.undo()
    size = json.loads(run("db", "verify", db, "--json").stdout)["size"]
    again = run("record", table(tmp_path, text, "later.yaml"), "--db", db, "--as", "clerk", "--json")
    assert json.loads(again.stdout)["position"] == size, "the alarm was recorded before, and nothing since"
    assert "CLOCK" not in again.stderr
