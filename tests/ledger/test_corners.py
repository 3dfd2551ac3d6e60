"""Corners that no larger test turns."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from habeas.kernel.instants import Instant
from habeas.ledger import KeyStore, Ledger, verify
from habeas.ledger.audit import _read_elsewhere
from habeas.ledger.connections import failures_named
from habeas.ledger.errors import Closed, Damaged, NotALedger, PositionBeyondEnd, StorageFailed
from habeas.ledger.reading import Span, read_span
from habeas.ledger.requests import Request
from habeas.ledger.sqlite import SqliteStore
from habeas.ledger.store import hole_digest
from small_ledgers import ROOT_SECRET, START, SqlitePlace, World, draft


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World.make(SqlitePlace(tmp_path), tmp_path)
    made.ledger.append_all([draft(n) for n in range(3)])
    yield made
    made.ledger.close()


def test_a_worker_reads_what_is_read_here(world: World) -> None:
    store = world.ledger.store
    assert _read_elsewhere(world.place.reopener(), Span(0, 3)) == read_span(store, Span(0, 3))


def test_a_span_whose_forerunner_cannot_be_read_is_still_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = world.ledger.store

    def unreadable(_seq: int) -> Any:
        raise Damaged("made to fail")

    monkeypatch.setattr(store, "row", unreadable)
    found = read_span(store, Span(1, 3))
    assert (found.size, found.problems[0].column) == (2, "chain")


def test_an_entry_hole_keeps_a_whole_leaf(world: World) -> None:
    world.ledger.open_hole(0, "entry", ordered_by=2)
    world.place.unguard()
    world.place.run("UPDATE entry SET leaf = x'00', stream = 'p-1' WHERE seq = 0")
    found = [problem.column for problem in verify(world.ledger.store, engine=False).problems]
    assert found[:2] == ["stream", "leaf"]


def test_bytes_that_an_order_removed_and_that_are_there_again_are_noticed(world: World) -> None:
    sealed = next(world.ledger.entries()).sealed
    world.ledger.append(draft(50))
    world.ledger.open_hole(0, "payload", world.ledger.position() - 1)
    assert verify(world.ledger.store).sound
    world.place.unguard()
    world.place.run("UPDATE entry SET sealed = ? WHERE seq = 0", sealed)
    (problem,) = verify(world.ledger.store, engine=False).problems
    assert (problem.seq, problem.column, problem.expected) == (0, "sealed", "nothing, in a hole")


def test_a_settled_instant_from_the_future_is_noticed(world: World) -> None:
    world.clock.now += 1_000_000
    world.ledger.position_at(Instant(world.clock.now))
    last = world.ledger.store.head().recorded_at
    assert last is not None
    assert verify(world.ledger.store, now=Instant(last)).problems[0].column == "settled_at"


def test_rows_outside_are_named_up_to_a_point(world: World) -> None:
    world.place.run(
        "INSERT INTO entry SELECT seq + value * 10, recorded_at, NULL, NULL, NULL, NULL, NULL, NULL, leaf, chain"
        " FROM entry, (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 60)"
        " SELECT value FROM n)"
    )
    found = verify(world.ledger.store, engine=False).problems
    assert len(found) == 100
    assert {problem.expected for problem in found} == {"0 to 2"}


def test_holes_that_name_no_later_entry_are_problems(world: World) -> None:
    world.place.run("INSERT INTO hole VALUES (1, 'payload', 1, ?)", hole_digest(1, "payload", 1))
    assert [p.column for p in verify(world.ledger.store, engine=False).problems] == [
        "sealed",
        "ordered_by",
    ]


def test_a_closed_ledger_takes_nothing_more(world: World) -> None:
    sequencer = world.ledger._sequencer
    assert sequencer is not None
    world.ledger.close()
    sequencer.close()
    with pytest.raises(Closed, match="the ledger is closed"):
        sequencer.submit(Request())
    with pytest.raises(Closed, match="closed"):
        world.ledger.keys.sealer("k")


def test_a_writer_that_cannot_even_undo_says_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    store = world.ledger.store
    assert isinstance(store, SqliteStore)
    writer = store.writer()
    writer.begin()

    class Stuck:
        in_transaction = True

        def execute(self, *_: object) -> Any:
            raise sqlite3.OperationalError("made to fail")

        def close(self) -> None:
            connection.close()

    connection = writer._connection
    monkeypatch.setattr(writer, "_connection", Stuck())
    writer.rollback()
    writer.close()
    assert world.ledger.append(draft(9)).seq == 3


def test_a_failure_without_a_better_name_keeps_its_message(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="something new"), failures_named(tmp_path):
        raise sqlite3.OperationalError("something new")


def test_a_message_that_is_no_text_means_damage(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="the schema cannot be read"), failures_named(tmp_path):
        b"\xf1".decode()


def test_a_version_that_cannot_be_read_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.ledger.close()
    assert isinstance(world.place, SqlitePlace)
    path = world.place.path

    def failing(*_: object) -> Any:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error

    monkeypatch.setattr("habeas.ledger.sqlite.SELECT_VERSION", "SELECT no FROM such")
    with pytest.raises(NotALedger, match="no ledger"):
        SqliteStore(path)
    with pytest.raises(StorageFailed, match=r"disk I/O error"):
        SqliteStore(path, opened=partial(_opens, failing))


class _Failing:
    """A connection whose statements all fail."""

    in_transaction = False

    def __init__(self, failing: Any) -> None:
        self.execute = failing
        self.executemany = failing

    def close(self) -> None:
        """Nothing to close."""


def _opens(failing: Any, *_: object) -> Any:
    return _Failing(failing)


def test_a_batch_may_be_larger_than_one_commit(world: World) -> None:
    assert world.ledger.append_all([draft(n) for n in range(3, 703)])[-1].seq == 702
    assert verify(world.ledger.store).sound


def test_positions_are_checked_before_anything_is_read(world: World) -> None:
    with pytest.raises(PositionBeyondEnd):
        world.ledger.entries(0, 9)
    assert world.ledger.position_at(START) == 0


def test_an_exception_inside_closes_the_ledger(tmp_path: Path, world: World) -> None:
    world.ledger.close()
    with (
        pytest.raises(RuntimeError),
        Ledger(world.place.store(), KeyStore(tmp_path, ROOT_SECRET), world.clock) as own,
    ):
        raise RuntimeError
    with pytest.raises(Closed):
        own.position()
