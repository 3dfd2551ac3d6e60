"""A clock that was set back: entries go on, and the ledger says so once for each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from habeas.desk import clock_alarm, ledgers
from habeas.desk.clock_alarm import TOLERATED, alarms_of, raise_alarm
from habeas.desk.ledgers import LedgerFolder, init, opened
from habeas.desk.restoring import appending
from habeas.kernel.instants import HOUR, MINUTE, SECOND, Instant
from habeas.ledger.entries import Draft
from small_ledgers import START, Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(now=START, step=1_000)
    for module in (ledgers, clock_alarm):
        monkeypatch.setattr(module, "now", made)
    return made


@pytest.fixture
def folder(tmp_path: Path, clock: Clock) -> LedgerFolder:
    assert clock.now == START
    return init(tmp_path / "db", origin="zz.invalid/clock")


def record(folder: LedgerFolder, name: str) -> tuple[int, Instant]:
    """Record something, and say by how much the clock stood behind and at which time it was recorded."""
    draft = Draft(
        stream="p-1",
        episode="person",
        kind="RowQuarantined",
        schema_version=1,
        payload=b"{}",
        actor="clerk",
        role="records",
        idem=name,
    )
    with appending(folder) as ledger:
        receipt = ledger.append(draft)
    return ledger.clock_behind, receipt.recorded_at


def alarms(folder: LedgerFolder) -> list[int]:
    """By how many whole minutes the clock stood behind at each alarm."""
    with opened(folder) as ledger:
        return [round(each.behind / MINUTE) for each in alarms_of(ledger)]


def test_one_alarm_for_each_time_that_the_clock_is_set_back(folder: LedgerFolder, clock: Clock) -> None:
    times = [record(folder, "first")[1]]
    clock.now -= HOUR
    for number in range(3):
        behind, at = record(folder, f"behind-{number}")
        assert behind == pytest.approx(HOUR, abs=SECOND)
        times.append(at)
    assert alarms(folder) == [60]
    clock.now += 30 * MINUTE
    times.append(record(folder, "nearer")[1])
    assert alarms(folder) == [60], "the same fall, half caught up"
    clock.now -= 40 * MINUTE
    times.append(record(folder, "again")[1])
    assert alarms(folder) == [60, 70]
    clock.now += 2 * HOUR
    assert record(folder, "caught up")[0] == 0
    clock.now -= 5 * MINUTE
    times.append(record(folder, "a third time")[1])
    assert alarms(folder) == [60, 70, 5]
    assert times == sorted(times)
    assert len(set(times)) == len(times)


def test_a_clock_that_is_kept_may_step_by_a_little(folder: LedgerFolder, clock: Clock) -> None:
    record(folder, "first")
    clock.now -= TOLERATED // 2
    assert 0 < record(folder, "second")[0] < TOLERATED
    assert alarms(folder) == []
    with opened(folder, writable=True) as ledger:
        assert raise_alarm(ledger) == 0


def test_what_was_known_then_does_not_change_with_the_clock(folder: LedgerFolder, clock: Clock) -> None:
    _, first = record(folder, "first")
    with opened(folder, writable=True) as ledger:
        position = ledger.position_at(first)
    clock.now -= HOUR
    record(folder, "second")
    clock.now += 3 * HOUR
    with opened(folder) as ledger:
        assert ledger.position_at(first) == position == 1
