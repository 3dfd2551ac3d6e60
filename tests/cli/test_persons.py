"""`habeas persons`: merged by somebody, shown first, taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from habeas.desk.clock import now
from habeas.kernel.instants import rfc3339
from habeas.wire import schemas
from small_rulebook import table
from wire_schema import faults

ENGINES = ("sqlite", "postgresql")
Run = Callable[..., Result]
AT = "2017-02-18T09:00:00-05:00"
TWO = """\
place: us/zz/juniper
custodian: county-jail
complete: everything
cases:
  - name: Ana Perez
    events:
      - {at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
      - {at: "2017-02-16 12:00", event: FirstAppearance, booking: b1}
      - {at: "2017-02-16 12:00", event: ProbableCauseFound, booking: b1}
      - {at: "2017-02-17 17:00", event: BondPosted, charge: c1}
  - name: Anna Peres
    events:
      - {at: "2017-02-16 15:00", event: DetainerLodged, booking: b1, instrument: d1, kind: immigration-detainer, form: I-247D, issued_at: "2017-02-16 14:00", issuer_office: "zz-office", attached_warrant: none}
"""


@pytest.fixture
def db(run: Run, tmp_path: Path) -> Path:
    run("db", "init", tmp_path / "db", "--origin", "zz.invalid/juniper")
    result = run("record", table(tmp_path, TWO), "--db", tmp_path / "db", "--as", "clerk")
    assert result.exit_code == 0, result.output
    return tmp_path / "db"


def merged(run: Run, db: Path, *more: str) -> dict[str, object]:
    result = run("persons", "merge", "Ana Perez", "Anna Peres", "--db", db, "--at", AT, "--json", *more)
    assert result.exit_code == 0, result.output
    document: dict[str, object] = json.loads(result.stdout)
    schema = schemas.json_schema("habeas/merge/1")
    assert list(faults(document, schema, schema)) == []
    return document


def verdicts(answers: object) -> list[tuple[str, str, list[str]]]:
    assert isinstance(answers, list)
    return [(each["person"], each["verdict"], each["bases"]) for each in answers]


def verdict(run: Run, db: Path, person: str, known_at: str) -> str:
    asked = ("why", person, "--db", db, "--at", AT, "--law-known-at", AT, "--facts-known-at", known_at)
    return str(json.loads(run(*asked, "--json").stdout)["verdict"])


def test_the_effect_is_shown_and_nothing_is_made(run: Run, db: Path) -> None:
    shown = merged(run, db)
    assert shown["made"] is None
    assert verdicts(shown["before"]) == [
        ("Ana Perez", "UNLAWFUL", []),
        ("Anna Peres", "NOT_IN_CUSTODY", []),
    ]
    assert verdicts(shown["after"]) == [("Ana Perez", "LAWFUL", ["instrument d1"])]
    assert verdict(run, db, "Ana Perez", rfc3339(now())) == "UNLAWFUL"


def test_made_asked_as_known_before_and_taken_back(run: Run, db: Path) -> None:
    before = rfc3339(now())
    made = str(merged(run, db, "--yes", "--because", "the same fingerprints")["made"])
    between = rfc3339(now())
    for name in ("Ana Perez", "Anna Peres"):
        assert verdict(run, db, name, between) == "LAWFUL"
    assert verdict(run, db, "Ana Perez", before) == "UNLAWFUL"
    assert "Anna Peres is Ana Perez" in run("persons", "list", "--db", db).stdout
    shown = run("persons", "split", made, "--db", db, "--at", AT)
    assert "only shown" in shown.stdout
    assert verdict(run, db, "Ana Perez", rfc3339(now())) == "LAWFUL"
    taken = run(
        "persons", "split", made, "--db", db, "--at", AT, "--yes", "--because", "two people", "--as", "x"
    )
    assert taken.exit_code == 0, taken.output
    assert verdict(run, db, "Ana Perez", rfc3339(now())) == "UNLAWFUL"
    assert verdict(run, db, "Ana Perez", between) == "LAWFUL", "what was believed then stays what it was"
    assert run("persons", "list", "--db", db).stdout == ""
    assert run("db", "verify", db).exit_code == 0


def test_what_cannot_be_merged_or_split(run: Run, db: Path) -> None:
    assert run("persons", "merge", "Ana Perez", "nobody", "--db", db).exit_code == 2
    assert run("persons", "merge", "Ana Perez", "Anna Peres", "--db", db, "--yes").exit_code == 2
    merged(run, db, "--yes", "--because", "x")
    again = run("persons", "merge", "Anna Peres", "Ana Perez", "--db", db)
    assert (again.exit_code, "one person already" in again.stderr) == (7, True)
    assert run("persons", "split", "no-such", "--db", db).exit_code == 2


def test_an_expunction_of_the_merged_person_takes_both(run: Run, db: Path) -> None:
    merged(run, db, "--yes", "--because", "x")
    said = run("order", "propose", "expunge", "Anna Peres", "--order", "o", "--db", db, "--as", "a", "--json")
    order = json.loads(said.stdout)["orders"][0]
    assert len(order["streams"]) == 2
    run("order", "approve", order["order"], "--db", db, "--as", "b")
    for stream in order["streams"]:
        assert run("why", stream, "--db", db).stdout.startswith("EXPUNGED")
    for name in ("Ana Perez", "Anna Peres"):
        assert run("why", name, "--db", db).exit_code == 2
