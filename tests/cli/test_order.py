"""`habeas order`, and what is answered afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from habeas.desk.clock import now
from habeas.kernel.instants import rfc3339
from habeas.wire import schemas
from wire_schema import faults

ENGINES = ("sqlite", "postgresql")
Run = Callable[..., Result]
HELD = "held-on-a-felony"
CITE = "order 17 of the county court (fictional)"


@pytest.fixture
def db(run: Run, people: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "db"
    run("db", "init", folder, "--origin", "zz.invalid/juniper")
    assert run("record", people, "--db", folder, "--as", "clerk").exit_code == 0
    return folder


def proposed(run: Run, db: Path, action: str, *more: str | Path) -> tuple[str, str]:
    """The event id of the proposal and the pseudonym it is about."""
    result = run(
        "order", "propose", action, HELD, "--order", CITE, "--db", db, "--as", "clerk", "--json", *more
    )
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    schema = schemas.json_schema("habeas/order/1")
    assert list(faults(document, schema, schema)) == []
    order = document["orders"][0]
    assert not order["effective"]
    return order["order"], order["streams"][0]


def asked(run: Run, db: Path, person: str, *more: str) -> Result:
    return run("why", person, "--db", db, "--at", "2017-02-18 09:00", "--known-at", rfc3339(now()), *more)


def test_expunged_is_the_answer_with_the_order(run: Run, db: Path) -> None:
    order, stream = proposed(run, db, "expunge")
    assert asked(run, db, HELD).exit_code == 0, "nothing happens until another person signs"
    result = run("order", "approve", order, "--db", db, "--as", "chief")
    assert result.exit_code == 0, result.output
    assert "carried out:" in result.stdout
    for command in ("why", "timeline"):
        answer = run(command, stream, "--db", db)
        assert answer.exit_code == 7
        assert answer.stdout.startswith("EXPUNGED")
        assert CITE in answer.stdout
    document = json.loads(run("why", stream, "--db", db, "--json").stdout)
    schema = schemas.json_schema("habeas/withheld/1")
    assert list(faults(document, schema, schema)) == []
    assert (document["answer"], document["order"]) == ("EXPUNGED", CITE)
    assert asked(run, db, HELD).exit_code == 2, "and nobody of that name is known any more"
    assert run("db", "verify", db).exit_code == 0


def test_one_booking(run: Run, db: Path) -> None:
    order, _ = proposed(run, db, "expunge", "--booking", "b1")
    run("order", "approve", order, "--db", db, "--as", "chief")
    answer = asked(run, db, HELD)
    assert (answer.exit_code, CITE in answer.stdout) == (7, True), answer.output


def test_sealed_is_the_answer_until_it_is_unsealed(run: Run, db: Path) -> None:
    order, _ = proposed(run, db, "seal")
    run("order", "approve", order, "--db", db, "--as", "chief")
    answer = asked(run, db, HELD)
    assert (answer.exit_code, answer.stdout.startswith("SEALED")) == (7, True)
    unsealing = ("order", "propose", "unseal", HELD, "--order", CITE, "--db", db, "--as", "clerk")
    assert "give --place" in run(*unsealing).stderr
    again = json.loads(run(*unsealing, "--place", "us/zz/juniper", "--json").stdout)["orders"][0]["order"]
    assert run("order", "approve", again, "--db", db, "--as", "chief").exit_code == 0
    assert asked(run, db, HELD).exit_code == 0


def test_nobody_approves_what_they_proposed(run: Run, db: Path) -> None:
    order, _ = proposed(run, db, "expunge")
    result = run("order", "approve", order, "--db", db, "--as", "clerk")
    assert result.exit_code == 7
    assert "another person has to" in result.stderr
    waiting = run("order", "list", "--db", db, "--as", "chief").stdout
    assert "waits for a signature" in waiting


def test_wrong_usage(run: Run, db: Path) -> None:
    base = ("order", "propose", "expunge", "--db", db, "--order", CITE)
    assert run(*base, "nobody").exit_code == 2
    assert "nobody has written" in run(*base, HELD, "--place", "us/nowhere").stderr
    assert run(*base, HELD, "--booking", "none").exit_code == 2
    assert run("order", "approve", "no-such", "--db", db).exit_code == 2
