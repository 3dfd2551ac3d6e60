"""`habeas db`, `record`, and the questions asked of a ledger as of a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from habeas.desk.clock import now
from habeas.kernel.instants import rfc3339
from habeas.wire import schemas
from owners import tamper
from wire_schema import faults

ENGINES = ("sqlite", "postgresql")
Run = Callable[..., Result]
AT = ("--at", "2017-02-18 09:00")
HELD = "held-on-a-felony"


@pytest.fixture
def db(run: Run, people: Path, tmp_path: Path) -> Path:
    """A ledger in which the table of two people is recorded."""
    folder = tmp_path / "juniper"
    assert run("db", "init", folder, "--origin", "zz.invalid/juniper").exit_code == 0
    result = run("record", people, "--db", folder, "--as", "officer-7", "-q")
    assert result.exit_code == 0, result.output
    return folder


def document(result: Result, name: str) -> dict[str, object]:
    """The document printed, held to its schema."""
    found: dict[str, object] = json.loads(result.stdout)
    schema = schemas.json_schema(name)
    assert list(faults(found, schema, schema)) == []
    return found


def known_now(result_of: Run, *arguments: str | Path) -> Result:
    return result_of(*arguments, "--known-at", rfc3339(now()))


def test_a_ledger_answers_as_the_file_does_once_it_was_told(run: Run, people: Path, db: Path) -> None:
    of_file = run("why", HELD, "--from", people, *AT)
    of_ledger = run("why", HELD, "--db", db, *AT, "--source-times")
    assert of_file.exit_code == of_ledger.exit_code == 0
    # Digests of the record differ: what a ledger keeps has times and order of its own.
    assert of_ledger.stdout.splitlines()[:3] == of_file.stdout.splitlines()[:3]
    assert "\n".join(of_ledger.stdout.splitlines()[:3]).startswith("LAWFUL")


@pytest.mark.parametrize("person", ["held-on-a-felony", "class-not-recorded", "held-on-a-memorandum"])
def test_known_now_it_has_the_verdict_of_the_file_with_hindsight(
    run: Run, people: Path, db: Path, person: str
) -> None:
    late = ("--known-at", "2020-01-01 00:00")
    of_file = run("why", person, "--from", people, *AT, *late, "--law-known-at", "2017-02-18 09:00", "--json")
    of_ledger = known_now(run, "why", person, "--db", db, *AT, "--law-known-at", "2017-02-18 09:00", "--json")
    asked, kept = json.loads(of_file.stdout), json.loads(of_ledger.stdout)
    for part in ("verdict", "because", "bases", "latest_lawful"):
        assert asked.get(part) == kept.get(part), part
    assert of_file.exit_code == of_ledger.exit_code


def test_what_was_not_recorded_yet_was_not_known(run: Run, db: Path) -> None:
    result = run("why", HELD, "--db", db, *AT)
    assert result.exit_code == 2
    assert "had recorded nothing" in result.stderr
    assert "--source-times" in result.stderr
    future = run("why", HELD, "--db", db, *AT, "--facts-known-at", "2200-01-01 00:00")
    assert future.exit_code == 2
    assert "lies in the future" in future.stderr


def test_the_ledger_of_the_environment_is_the_default(run: Run, db: Path) -> None:
    result = run("timeline", HELD, "--json", HABEAS_DB=str(db))
    assert result.exit_code in {0, 1}, result.output
    assert run("timeline", HELD).exit_code == 2
    assert run("db", "verify", HABEAS_DB=str(db)).exit_code == 0
    assert "give --db DIR" in run("db", "verify").stderr


def test_an_event_at_an_instant_to_come_is_asked_as_known_now(run: Run, db: Path) -> None:
    assert run("why", HELD, "--db", db, "--at", "2100-01-01 00:00").stdout.startswith("NOT IN CUSTODY")


def test_the_same_file_again_adds_nothing(run: Run, people: Path, db: Path) -> None:
    first = document(run("db", "verify", db, "--json"), "habeas/ledger/1")
    again = document(
        run("record", people, "--db", db, "--as", "somebody-else", "--json"), "habeas/receipts/1"
    )
    assert (again["accepted"], again["entries"], again["new_people"]) == (0, 0, 0)
    assert again["already"] == 15
    assert document(run("db", "verify", db, "--json"), "habeas/ledger/1")["root"] == first["root"]


def test_an_event_that_says_something_else_is_refused_whole(run: Run, db: Path, tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [
        {"schema": "habeas/record/1"},
        event("e1", "2017-02-16T08:00:00-05:00"),
        event("e2", "2017-02-16T09:00:00-05:00"),
    ]
    path = write(tmp_path / "one.jsonl", lines)
    assert run("record", path, "--db", db, "--as", "officer-7").exit_code == 0
    lines[2] = event("e2", "2017-02-16T10:00:00-05:00")
    refused = run("record", write(path, [*lines, event("e3", "2017-02-16T11:00:00-05:00")]), "--db", db)
    assert refused.exit_code == 4
    assert "[e2]" in refused.stderr or "e2" in refused.stderr
    assert "supersedes" in refused.stderr
    assert "e3" not in run("timeline", "ana", "--db", db, "--json").stdout


def test_a_correction_takes_effect_when_it_was_recorded(run: Run, db: Path, tmp_path: Path) -> None:
    head: dict[str, object] = {"schema": "habeas/record/1"}
    arrested = event("e1", "2017-02-16T08:00:00-05:00", kind="Arrested")
    run("record", write(tmp_path / "a.jsonl", [head, arrested]), "--db", db, "--as", "officer-7")
    between = rfc3339(now())
    corrected = {**event("e2", "2017-02-16T12:00:00-05:00", kind="Arrested"), "supersedes": "e1"}
    assert run("record", write(tmp_path / "b.jsonl", [head, corrected]), "--db", db).exit_code == 0
    asked = ("why", "ana", "--db", db, "--at", "2017-02-16 10:00", "--law-known-at", "2017-02-16 10:00")
    before = json.loads(run(*asked, "--facts-known-at", between, "--json").stdout)
    after = json.loads(run(*asked, "--facts-known-at", rfc3339(now()), "--json").stdout)
    assert before["verdict"] != "NOT_IN_CUSTODY"
    assert after["verdict"] == "NOT_IN_CUSTODY"
    # The same question of the same recorded time, asked later: the same bytes.
    assert json.loads(run(*asked, "--facts-known-at", between, "--json").stdout) == before


def test_verify_names_the_first_bad_record(run: Run, db: Path) -> None:
    tamper(db, "UPDATE entry SET header = leaf WHERE seq = 3")
    result = run("db", "verify", db)
    assert result.exit_code == 1
    assert "FIRST BAD RECORD  entry 3" in result.stdout
    assert "entry 3" in str(document(run("db", "verify", db, "--json"), "habeas/ledger/1")["problems"])


def test_a_checkpoint_that_is_kept_shows_a_lost_end(run: Run, db: Path) -> None:
    signed = run("db", "checkpoint", db)
    assert signed.stdout.startswith("zz.invalid/juniper\n")
    assert f"\n{document(run('db', 'verify', db, '--json'), 'habeas/ledger/1')['size']}\n" in signed.stdout
    assert "trusted  " in run("db", "verify", db).stdout


def test_init_refuses_what_is_there_and_names_that_are_none(run: Run, db: Path, tmp_path: Path) -> None:
    assert run("db", "init", db).exit_code == 2
    assert "expected a folder that is empty" in run("db", "init", db).stderr
    assert run("db", "init", tmp_path / "new", "--origin", "with blank").exit_code == 2
    assert not (tmp_path / "new").exists()
    assert run("db", "verify", tmp_path / "none").exit_code == 2


def test_secrets_may_lie_elsewhere(run: Run, tmp_path: Path, people: Path) -> None:
    assert run("db", "init", tmp_path / "l", "--secrets", tmp_path / "safe").exit_code == 0
    assert sorted(each.name for each in (tmp_path / "safe").iterdir()) == ["root.key", "signing.key"]
    assert not (tmp_path / "l" / "secrets").exists()
    assert run("record", people, "--db", tmp_path / "l", "--as", "a").exit_code == 0
    refused = run("db", "init", tmp_path / "m", "--secrets", tmp_path / "safe")
    assert (refused.exit_code, "those of a ledger" in refused.stderr) == (2, True)
    assert not (tmp_path / "m").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="NOT RUN [modes]: file modes are of POSIX systems")
def test_a_secret_that_others_can_read_is_refused(run: Run, db: Path, people: Path) -> None:
    entries = [path for path in (db / "ledger.sqlite",) if path.is_file()]
    for path in (db / "secrets" / "root.key", *entries, db / "keys" / "keys.sqlite"):
        assert path.stat().st_mode & 0o077 == 0
    (db / "secrets" / "root.key").chmod(0o644)
    result = run("record", people, "--db", db)
    assert result.exit_code == 2
    assert "chmod 600" in result.stderr


def test_no_person_or_booking_can_be_read_in_the_folder(db: Path) -> None:
    for path in db.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for canary in (b"held-on-a", b"class-not-recorded", b"zz-office", b"b1\x00"):
                assert canary not in content, (path, canary)


def event(name: str, at: str, kind: str = "BondPosted") -> dict[str, object]:
    """An event of one invented person, as a record states it."""
    about = {"collection": "charge", "id": "c1"}
    terms = {"place": "us/zz/juniper", "custodian_kind": "county-jail"} if kind == "Arrested" else {}
    return {
        "event": kind,
        "id": name,
        "person": "ana",
        "at": at,
        "known_at": at,
        "about": about,
        "terms": terms,
    }


def write(path: Path, lines: list[dict[str, object]]) -> Path:
    """JSON Lines."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path
