"""`habeas audit` of a ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from habeas.invented.marker import MARK

ENGINES = ("sqlite", "postgresql")
Run = Callable[..., Result]
HEAD: dict[str, object] = {
    "schema": "habeas/record/1",
    "coverage": [
        {
            "facts": ["booking.*", "charge.*", "instrument.*", "person.*"],
            "places": [""],
            "source": {"name": MARK, "file_digest": "sha256:" + "0" * 64},
        }
    ],
}
EVENTS: list[tuple[str, str, dict[str, str]]] = [
    (
        "Arrested",
        "2024-01-02T08:00:00-05:00",
        {"place": "us/zz/juniper", "custodian_kind": "county-jail", "class": "felony"},
    ),
    ("FirstAppearance", "2024-01-02T12:00:00-05:00", {}),
    ("ProbableCauseFound", "2024-01-02T12:00:00-05:00", {}),
    ("Released", "2024-01-02T19:00:00-05:00", {}),
]


def about_of(kind: str, person: str) -> dict[str, str]:
    if kind == "Released":
        return {"collection": "booking", "id": f"{person}-b1"}
    return {"collection": "charge", "id": f"{person}-c1"}


@pytest.fixture
def record(tmp_path: Path) -> Path:
    lines = [HEAD]
    for person in ("invented-a", "invented-b"):
        for number, (kind, at, terms) in enumerate(EVENTS):
            made: dict[str, object] = {
                "event": kind,
                "id": f"{person}.{number}",
                "person": person,
                "at": at,
                "known_at": at,
            }
            source = {"name": MARK, "file_digest": "sha256:" + "0" * 64}
            stated = terms if kind == "Released" else {**terms, "booking": f"{person}-b1"}
            lines.append({**made, "about": about_of(kind, person), "terms": stated, "source": source})
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def db(run: Run, record: Path, tmp_path: Path) -> Path:
    run("db", "init", tmp_path / "db", "--origin", "zz.invalid/juniper")
    assert run("record", record, "--db", tmp_path / "db", "--as", "clerk").exit_code == 0
    return tmp_path / "db"


def test_it_finds_what_the_audit_of_the_file_finds(run: Run, record: Path, db: Path) -> None:
    of_file = run("audit", record, "--json", "-q", "--exit-zero")
    of_ledger = run("audit", db, "--json", "-q", "--exit-zero")
    assert of_file.exit_code == of_ledger.exit_code == 0, of_ledger.output
    asked, kept = json.loads(of_file.stdout), json.loads(of_ledger.stdout)
    assert kept["totals"] == asked["totals"]
    assert kept["totals"]["custodies"] == 2
    assert kept["invented"] is True
    (account,) = kept["files"]
    assert (account["rows"], account["accepted"], account["quarantined"]) == (8, 8, 0)
    assert account["name"].startswith("ledger zz.invalid/juniper")


def test_a_sealed_record_is_left_out(run: Run, db: Path) -> None:
    said = run("order", "propose", "seal", "invented-a", "--order", "o", "--db", db, "--as", "a", "--json")
    run("order", "approve", json.loads(said.stdout)["orders"][0]["order"], "--db", db, "--as", "b")
    (account,) = json.loads(run("audit", db, "--json", "-q", "--exit-zero").stdout)["files"]
    assert account["rows"] == 4


def test_a_ledger_is_audited_by_itself(run: Run, record: Path, db: Path) -> None:
    assert run("audit", db, record).exit_code == 2
