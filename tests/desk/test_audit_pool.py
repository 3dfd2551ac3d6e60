"""Several processes decide what one decides, in its order and to the byte; what fails there fails here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from habeas.authority.inquiry import Regimen
from habeas.desk import audit_pool
from habeas.desk.audit import AuditRequest, Progress, audit
from habeas.desk.library import library
from habeas.kernel.instants import parse_instant
from habeas.report.audit_json import audit_json
from small_rosters import recipe, roster_file

NOW = parse_instant("2026-11-22T00:00:00Z")


@pytest.fixture(scope="module")
def regimen() -> Regimen:
    return library()


def jail(regimen: Regimen, folder: Path, people: int) -> AuditRequest:
    rows: list[str] = []
    for number in range(people):
        out = f"2017-03-{10 + number % 15:02d} 1{number % 10}:00"
        rows += [
            f"r{number}a,b{number},2017-03-03 10:00,{out},THEFT,{'F' if number % 3 else 'M'},2017-03-04 09:00",
            f"r{number}b,b{number},2017-03-03 10:00,{out},HOLD,,{out}",
        ]
    path = roster_file(folder, *rows)
    return AuditRequest(paths=[path], recipe=recipe(), regimen=regimen, facts_known_at=NOW, law_known_at=NOW)


@pytest.mark.slow
def test_several_processes_write_the_bytes_of_one(regimen: Regimen, tmp_path: Path) -> None:
    alone = jail(regimen, tmp_path, audit_pool.FEWEST + 2 * audit_pool.LOT + 1)
    told: list[Progress] = []
    together = audit(replace(alone, processes=2), told.append)
    assert audit_json(together) == audit_json(audit(alone))
    assert told[-1].done == told[-1].total


def test_few_people_are_decided_here(
    regimen: Regimen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("no process is worth starting for so few")

    monkeypatch.setattr(audit_pool, "ProcessPoolExecutor", refuse)
    request = jail(regimen, tmp_path, 3)
    assert audit_json(audit(replace(request, processes=2))) == audit_json(audit(request))


def test_what_fails_in_a_process_is_done_here_again_and_says_why(
    regimen: Regimen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("nobody told where")

    monkeypatch.setattr(audit_pool, "custody_findings", broken)
    # No bench was made in this process: what a worker raises becomes nothing, to be done by whoever asked.
    assert audit_pool.decide_lot([]) == []
    with pytest.raises(LookupError, match="nobody told where"):
        audit(jail(regimen, tmp_path, 1))
