"""What fails in a store, one name for each, and nothing lost or recorded twice by it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from habeas.ledger import KeyStore, Ledger, Outcome, verify
from habeas.ledger.connections import Connection, Mode, connect
from habeas.ledger.entries import LARGEST_PAYLOAD
from habeas.ledger.errors import (
    Closed,
    Damaged,
    DiskFull,
    LedgerError,
    Locked,
    MalformedDraft,
    NotALedger,
    OutcomeUnknown,
    OversizedEvent,
    ReadOnly,
    StorageFailed,
    UnknownKind,
    UnknownVersion,
    WrongSchema,
)
from habeas.ledger.sqlite import SqliteStore
from small_ledgers import ROOT_SECRET, Clock, SqlitePlace, World, draft


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World.make(SqlitePlace(tmp_path), tmp_path)
    made.ledger.append(draft(0))
    yield made
    made.ledger.close()


def path_of(world: World) -> Path:
    assert isinstance(world.place, SqlitePlace)
    return world.place.path


class Faulty:
    """A connection that fails at a statement, before or after the engine has done it."""

    def __init__(self, connection: Connection, faults: Faults) -> None:
        self._connection = connection
        self._faults = faults

    def execute(self, sql: str, parameters: Sequence[object] = (), /) -> Any:
        return self._faults.around(sql, lambda: self._connection.execute(sql, parameters))

    def executemany(self, sql: str, parameters: Sequence[Sequence[object]], /) -> object:
        return self._connection.executemany(sql, parameters)

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def close(self) -> None:
        self._connection.close()


class Faults:
    """Which statement fails next, with which code, and whether it happened nevertheless."""

    def __init__(self) -> None:
        self.word = ""
        self.code = 0
        self.after = False

    def set(self, word: str, code: int, *, after: bool = False) -> None:
        self.word, self.code, self.after = word, code, after

    def around(self, sql: str, work: Callable[[], object]) -> object:
        if not self.word or not sql.startswith(self.word):
            return work()
        self.word = ""
        if self.after:
            work()
        raise self.error()

    def error(self) -> sqlite3.OperationalError:
        error = sqlite3.OperationalError("made to fail")
        error.sqlite_errorcode = self.code
        return error

    def connect(self, path: Path, mode: Mode) -> Connection:
        return Faulty(connect(path, mode), self)


STEPS = ["BEGIN", "SELECT size", "INSERT", "UPDATE head", "COMMIT"]
CODES = [
    (sqlite3.SQLITE_FULL, DiskFull),
    (sqlite3.SQLITE_BUSY, Locked),
    (sqlite3.SQLITE_READONLY, ReadOnly),
    (sqlite3.SQLITE_IOERR, StorageFailed),
    (sqlite3.SQLITE_CORRUPT, Damaged),
]


class TestAtEachStep:
    @pytest.mark.parametrize("step", STEPS)
    @pytest.mark.parametrize(("code", "expected"), CODES, ids=[error.__name__ for _, error in CODES])
    @pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
    def test_a_failure_is_named_and_trying_again_records_once(
        self, tmp_path: Path, step: str, code: int, expected: type[LedgerError], after: bool
    ) -> None:
        place, faults = SqlitePlace(tmp_path), Faults()
        place.make()
        store = SqliteStore(place.path, opened=faults.connect)
        ledger = Ledger(store, KeyStore(tmp_path, ROOT_SECRET, create=True), Clock())
        ledger.append(draft(0))
        faults.set(step, code, after=after)
        # A commit that happened although it failed is found out by looking, and acknowledged.
        if step == "COMMIT" and after:
            assert ledger.append(draft(1)).seq == 1
        else:
            with pytest.raises(StorageFailed if step == "COMMIT" else expected):
                ledger.append(draft(1))
            assert ledger.position() == 1
        receipt = ledger.append(draft(1))
        assert receipt.seq == 1
        assert receipt.outcome is (Outcome.REPLAYED if step == "COMMIT" and after else Outcome.ACCEPTED)
        assert verify(store).sound
        ledger.close()

    @pytest.mark.parametrize("after", [False, True])
    def test_a_commit_that_cannot_be_looked_up_is_unknown_until_tried_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
    ) -> None:
        place, faults = SqlitePlace(tmp_path), Faults()
        place.make()
        store = SqliteStore(place.path, opened=faults.connect)
        ledger = Ledger(store, KeyStore(tmp_path, ROOT_SECRET, create=True), Clock())
        faults.set("COMMIT", sqlite3.SQLITE_IOERR, after=after)
        # The look at the head after the failed commit fails too, this once.
        original = store.head

        def unreadable() -> Any:
            monkeypatch.setattr(store, "head", original)
            raise StorageFailed("made to fail")

        monkeypatch.setattr(store, "head", unreadable)
        with pytest.raises(OutcomeUnknown, match="made to fail"):
            ledger.append(draft(1))
        receipt = ledger.append(draft(1))
        assert receipt.outcome is (Outcome.REPLAYED if after else Outcome.ACCEPTED)
        assert ledger.position() == 1
        ledger.close()

    def test_everybody_of_the_batch_is_told(self, tmp_path: Path) -> None:
        place, faults = SqlitePlace(tmp_path), Faults()
        place.make()
        store = SqliteStore(place.path, opened=faults.connect)
        ledger = Ledger(store, KeyStore(tmp_path, ROOT_SECRET, create=True), Clock())
        ledger.append(draft(0))
        outcomes: list[str] = []

        def client(number: int) -> None:
            while True:
                try:
                    outcomes.append(ledger.append(draft(number)).outcome)
                except DiskFull:
                    outcomes.append("full")
                else:
                    return

        faults.set("INSERT", sqlite3.SQLITE_FULL)
        threads = [threading.Thread(target=client, args=(n,)) for n in range(1, 9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes.count("accepted") == 8
        assert "full" in outcomes
        assert verify(store).size == 9
        ledger.close()


class TestRealFailures:
    def test_a_full_disk(self, world: World) -> None:
        store = world.ledger.store
        assert isinstance(store, SqliteStore)
        world.ledger.close()
        pages = path_of(world).stat().st_size // 4096

        def narrow(path: Path, mode: Mode) -> Connection:
            connection = connect(path, mode)
            connection.execute(f"PRAGMA max_page_count = {pages + 2}").fetchall()
            return connection

        ledger = Ledger(
            SqliteStore(path_of(world), opened=narrow), KeyStore(world.folder, ROOT_SECRET), world.clock
        )
        with pytest.raises(DiskFull, match="full"):
            ledger.append_all([draft(n, payload=bytes(4_000)) for n in range(1, 20)])
        assert ledger.position() == 1
        assert ledger.append(draft(1)).outcome is Outcome.ACCEPTED
        assert verify(ledger.store).sound
        ledger.close()

    def test_a_lock_that_somebody_keeps(self, world: World) -> None:
        world.ledger.close()
        opened = partial(connect, wait=0.05)
        store = SqliteStore(path_of(world), opened=opened)
        ledger = Ledger(store, KeyStore(world.folder, ROOT_SECRET), world.clock)
        other = sqlite3.connect(path_of(world), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Locked, match="locked"):
            ledger.append(draft(1))
        assert ledger.position() == 1
        other.execute("ROLLBACK")
        assert ledger.append(draft(1)).outcome is Outcome.ACCEPTED
        other.close()
        ledger.close()

    def test_two_processes_may_append_in_turn(self, world: World, tmp_path: Path) -> None:
        other = Ledger(SqliteStore(path_of(world)), KeyStore(tmp_path, ROOT_SECRET), world.clock)
        for number in range(1, 30):
            assert (world.ledger if number % 2 else other).append(draft(number)).seq == number
        assert verify(other.store).sound
        other.close()

    def test_a_file_that_cannot_be_written(self, world: World) -> None:
        world.ledger.close()

        def only_reading(path: Path, mode: Mode) -> Connection:
            return connect(path, "ro" if mode == "rw" else mode)

        with pytest.raises(ReadOnly, match="readonly"):
            Ledger(
                SqliteStore(path_of(world), opened=only_reading),
                KeyStore(world.folder, ROOT_SECRET),
                world.clock,
            ).append(draft(1))

    def test_a_disk_that_only_an_auditor_holds(self, world: World) -> None:
        """Read as it lies where not even a lock can be taken, as on a disc."""
        world.ledger.close()
        asked: list[Mode] = []

        def refusing(path: Path, mode: Mode) -> Connection:
            asked.append(mode)
            if mode == "ro":
                error = sqlite3.OperationalError("unable to open database file")
                error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
                raise error
            return connect(path, mode)

        store = SqliteStore(path_of(world), writable=False, opened=refusing)
        assert verify(store).size == 1
        assert asked == ["ro", "immutable"]
        store.close()
        (path_of(world).parent / "ledger.sqlite-wal").write_bytes(b"not moved into the file yet")
        with pytest.raises(ReadOnly):
            SqliteStore(path_of(world), writable=False, opened=refusing)

    def test_what_is_no_ledger(self, tmp_path: Path) -> None:
        path = tmp_path / "file"
        with pytest.raises(NotALedger, match="no such file"):
            SqliteStore(path)
        path.write_bytes(b"a shopping list, long enough to be taken for something" * 40)
        with pytest.raises(NotALedger, match="not a database"):
            SqliteStore(path)
        path.unlink()
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE list (line)")
        connection.close()
        with pytest.raises(NotALedger, match="no ledger"):
            SqliteStore(path)

    def test_a_schema_that_is_no_text_any_more(self, world: World) -> None:
        word = b"TABLE head (\n\tid INTEGER NOT NULL CHECK"
        world.ledger.close()
        data = path_of(world).read_bytes()
        assert word in data
        path_of(world).write_bytes(data.replace(word, word[:-1] + b"\xcb", 1))
        with pytest.raises(Damaged, match="the schema cannot be read"):
            SqliteStore(path_of(world))

    def test_tables_of_another_version(self, world: World) -> None:
        world.ledger.close()
        world.place.run("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(WrongSchema, match="version 9999; this program reads 0003"):
            SqliteStore(path_of(world))
        world.place.run("DELETE FROM alembic_version")
        with pytest.raises(WrongSchema, match="version None"):
            SqliteStore(path_of(world))

    def test_a_head_that_is_gone(self, world: World) -> None:
        world.place.unguard()
        world.place.run("DELETE FROM head")
        with pytest.raises(Damaged, match="the head is missing"):
            world.ledger.position()
        with pytest.raises(Damaged):
            world.ledger.append(draft(1))

    def test_an_entry_that_is_gone(self, world: World) -> None:
        with pytest.raises(Damaged, match="entry 5 is missing"):
            world.ledger.store.recorded_at(5)

    def test_a_row_that_no_key_names(self, world: World) -> None:
        """The next position is taken although the head does not say so: nothing is overwritten."""
        row = next(iter(world.ledger.store.rows(0, 1)))
        world.place.run(
            "INSERT INTO entry VALUES (1, 5, 's', 'e', 'a', 'i', ?, ?, ?, ?)", row[6], row[7], row[8], row[9]
        )
        with pytest.raises(StorageFailed, match="a row is there"):
            world.ledger.append(draft(1))

    def test_a_constraint_is_not_taken_for_a_full_disk(self, world: World) -> None:
        world.place.run("CREATE TRIGGER no BEFORE UPDATE ON head BEGIN SELECT RAISE(ABORT, 'no'); END")
        with pytest.raises(StorageFailed, match="no"):
            world.ledger.append(draft(1))
        world.place.run("DROP TRIGGER no")
        assert world.ledger.append(draft(1)).outcome is Outcome.ACCEPTED

    def test_a_lost_hole(self, world: World) -> None:
        world.ledger.append(draft(1))
        world.ledger.open_hole(0, "payload", 1)
        world.place.unguard()
        world.place.run("DELETE FROM hole")
        with pytest.raises(LedgerError, match="without a hole"):
            world.ledger.payload(next(world.ledger.entries()))

    def test_threads_still_asking_when_it_closes(self, world: World) -> None:
        store = SqliteStore(path_of(world))
        store.close()
        with pytest.raises(Closed):
            store.head()


class TestWhatIsRefused:
    def test_an_oversized_event(self, world: World) -> None:
        with pytest.raises(OversizedEvent):
            world.ledger.append(draft(1, payload=bytes(LARGEST_PAYLOAD + 1)))
        assert world.ledger.append(draft(1, payload=bytes(LARGEST_PAYLOAD))).seq == 1

    @pytest.mark.parametrize("episode", ["", "b" * 201])
    def test_an_episode_that_is_none(self, world: World, episode: str) -> None:
        with pytest.raises(MalformedDraft, match="episode"):
            world.ledger.append(draft(1, episode=episode))

    def test_kinds_and_versions_nobody_knows(self, tmp_path: Path) -> None:
        kinds = {"Arrested": frozenset({1, 3})}
        world = World.make(SqlitePlace(tmp_path), tmp_path, kinds)
        with pytest.raises(UnknownKind, match="'Exalted'"):
            world.ledger.append(draft(1, kind="Exalted"))
        with pytest.raises(UnknownVersion, match=r"version 2 of 'Arrested'; known: \[1, 3\]"):
            world.ledger.append(draft(1, schema_version=2))
        assert world.ledger.append(draft(1, schema_version=3)).seq == 0
        world.ledger.close()

    def test_no_key_is_made_for_what_is_refused(self, world: World) -> None:
        with pytest.raises(MalformedDraft):
            world.ledger.append(draft(1, stream="p-9", role=""))
        assert world.ledger.keys.key_ids("p-9") == {}
