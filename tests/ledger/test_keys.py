"""Keys of payloads: made once, wrapped, destroyed for good."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.ledger import KeyStore, verify
from habeas.ledger.connections import Connection
from habeas.ledger.entries import Outcome
from habeas.ledger.errors import CannotOpen, DiskFull, Expunged, KeyGone, NotALedger, UnknownKey, WrongRoot
from habeas.ledger.sealing import NONCE_SIZE, SALT_SIZE, TAG_SIZE, Sealer, payload_digest
from small_ledgers import ROOT_SECRET, SqlitePlace, World, draft


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path, ROOT_SECRET, create=True)


def reopened(keys: KeyStore) -> KeyStore:
    keys.close()
    return KeyStore(keys.paths[0].parent, ROOT_SECRET)


class TestKeys:
    def test_one_for_each_person_and_episode(self, keys: KeyStore) -> None:
        first, other, again = keys.sealers_for([("p-1", "b-1"), ("p-1", "b-2"), ("p-1", "b-1")], 1)
        assert first is again
        assert first.key_id != other.key_id
        assert keys.key_ids("p-1") == {"b-1": first.key_id, "b-2": other.key_id}
        assert keys.key_ids("p-2") == {}

    def test_it_outlives_the_process(self, keys: KeyStore) -> None:
        (sealer,) = keys.sealers_for([("p-1", "b-1")], 1)
        sealed = sealer.seal(b"payload", b"header")
        keys = reopened(keys)
        assert keys.sealer(sealer.key_id).open(sealed, b"header") == b"payload"
        assert keys.sealers_for([("p-1", "b-1")], 2)[0].key_id == sealer.key_id

    def test_two_who_want_the_same_key_get_the_same(self, keys: KeyStore, tmp_path: Path) -> None:
        other = KeyStore(tmp_path, ROOT_SECRET)
        made: list[str] = []

        def ask(store: KeyStore) -> None:
            made.extend(s.key_id for s in store.sealers_for([(f"p-{n}", "b-1") for n in range(20)], 1))

        threads = [threading.Thread(target=ask, args=(store,)) for store in (keys, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert made[:20] == made[20:]
        other.close()

    def test_without_the_root_secret_nothing_opens(self, keys: KeyStore, tmp_path: Path) -> None:
        keys.sealers_for([("p-1", "b-1")], 1)
        keys.close()
        with pytest.raises(WrongRoot, match="does not open it"):
            KeyStore(tmp_path, bytes(32))
        with pytest.raises(WrongRoot, match="32 bytes"):
            KeyStore(tmp_path, b"short")

    def test_there_has_to_be_a_key_store(self, tmp_path: Path) -> None:
        with pytest.raises(NotALedger, match="no key store"):
            KeyStore(tmp_path, ROOT_SECRET)

    def test_a_key_nobody_made_is_unknown_and_not_expunged(self, keys: KeyStore) -> None:
        with pytest.raises(UnknownKey, match="not in this key store"):
            keys.sealer("k-9")
        with pytest.raises(UnknownKey):
            keys.destroy("k-9", "an order")


class TestDestroying:
    def test_a_destroyed_key_names_its_order(self, keys: KeyStore) -> None:
        (sealer,) = keys.sealers_for([("p-1", "b-1")], 1)
        keys.destroy(sealer.key_id, "order 17 of the circuit court")
        for store in (keys, reopened(keys)):
            if store is not keys:
                with pytest.raises(Expunged, match="order 17 of the circuit court") as gone:
                    store.sealer(sealer.key_id)
                assert gone.value.order == "order 17 of the circuit court"
                assert store.key_ids("p-1") == {}
                with pytest.raises(Expunged):
                    store.destroy(sealer.key_id, "another order")

    def test_the_episode_gets_another_key_afterwards(self, keys: KeyStore) -> None:
        (sealer,) = keys.sealers_for([("p-1", "b-1")], 1)
        keys.destroy(sealer.key_id, "an order")
        assert keys.sealers_for([("p-1", "b-1")], 1)[0].key_id != sealer.key_id

    def test_its_bytes_are_in_no_file_any_more(self, keys: KeyStore, tmp_path: Path) -> None:
        sealers = keys.sealers_for([(f"p-{n}", "b-1") for n in range(100)], 1)
        wrapped = [row[0] for row in keys._keys.execute("SELECT wrapped FROM key ORDER BY key_id").fetchall()]
        held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert all(isinstance(key, bytes) and key in held for key in wrapped)
        for sealer in sealers:
            keys.destroy(sealer.key_id, "an order")
        left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert [key for key in wrapped if isinstance(key, bytes) and key in left] == []

    def test_another_process_notices(self, keys: KeyStore, tmp_path: Path) -> None:
        (sealer,) = keys.sealers_for([("p-1", "b-1")], 1)
        other = KeyStore(tmp_path, ROOT_SECRET)
        assert other.sealer(sealer.key_id).key_id == sealer.key_id
        keys.destroy(sealer.key_id, "an order")
        with pytest.raises(Expunged):
            other.sealer(sealer.key_id)
        assert other.refresh() == other.refresh() == other.generation
        other.close()

    @pytest.mark.parametrize("somebody_reads", [False, True])
    def test_nothing_is_recorded_under_a_key_destroyed_meanwhile(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, somebody_reads: bool
    ) -> None:
        world = World.make(SqlitePlace(tmp_path), tmp_path)
        world.ledger.append(draft(1))
        keys = world.ledger.keys
        given = keys.sealers_for

        def overtaken(episodes: list[tuple[str, str]], epoch: int) -> list[Sealer]:
            """Another process destroys the key just after it was given out."""
            monkeypatch.setattr(keys, "sealers_for", given)
            sealers = given(episodes, epoch)
            other = KeyStore(tmp_path, ROOT_SECRET)
            other.destroy(other.key_ids("p-1")["b-1"], "an order")
            other.close()
            if somebody_reads:
                keys.refresh()
            return sealers

        monkeypatch.setattr(keys, "sealers_for", overtaken)
        with pytest.raises(KeyGone, match="sealed anew"):
            world.ledger.append(draft(2))
        receipt = world.ledger.append(draft(2))
        assert (receipt.outcome, receipt.seq) == (Outcome.ACCEPTED, 1)
        assert world.ledger.payload(world.ledger.entry(receipt.event_id)) == b"sheet 2"
        first = next(world.ledger.entries())
        with pytest.raises(Expunged, match="an order"):
            world.ledger.payload(first)
        with pytest.raises(Expunged):
            world.ledger.append(draft(1))
        world.ledger.close()


class TestMadeTogether:
    def test_many_who_come_with_new_people_wait_for_the_disk_together(
        self, keys: KeyStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[Sealer] = []
        writing, entered = keys._writing, 0

        def counted(connection: Connection, path: Path) -> AbstractContextManager[None]:
            nonlocal entered
            entered += path.name == "keys.sqlite"
            return writing(connection, path)

        monkeypatch.setattr(keys, "_writing", counted)

        def ask(number: int) -> None:
            made.extend(keys.sealers_for([(f"p-{number}", "b-1")], 1))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(64)]
        with keys._guard:
            for thread in threads:
                thread.start()
            while len(keys._wanted) < 64:
                time.sleep(0.001)
        for thread in threads:
            thread.join()
        assert entered == 1
        assert len({sealer.key_id for sealer in made}) == 64
        keys = reopened(keys)
        assert [keys.sealer(sealer.key_id).key_id for sealer in made]

    def test_if_making_fails_for_one_the_others_make_their_own(
        self, keys: KeyStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load, failed = keys._load_or_make, list[BaseException]()
        made: list[Sealer] = []

        def once(*_: object) -> None:
            monkeypatch.setattr(keys, "_load_or_make", load)
            raise DiskFull("the disk is full")

        def ask(number: int) -> None:
            try:
                made.extend(keys.sealers_for([(f"p-{number}", "b-1")], 1))
            except DiskFull as error:
                failed.append(error)

        monkeypatch.setattr(keys, "_load_or_make", once)
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        with keys._guard:
            for thread in threads:
                thread.start()
            while len(keys._wanted) < 8:
                time.sleep(0.001)
        for thread in threads:
            thread.join()
        assert len(failed) == 1
        assert len(made) == 7
        keys = reopened(keys)
        assert [keys.sealer(sealer.key_id).key_id for sealer in made]

    def test_nothing_is_sealed_with_a_key_that_is_nowhere(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = World.make(SqlitePlace(tmp_path), tmp_path)
        keys = world.ledger.keys
        execute = keys._keys.execute

        class Full:
            """A connection to a disk without room for a commit."""

            in_transaction = True

            def execute(self, sql: str, parameters: Sequence[object] = ()) -> object:
                if sql == "COMMIT":
                    error = sqlite3.OperationalError("database or disk is full")
                    error.sqlite_errorcode = sqlite3.SQLITE_FULL
                    raise error
                return execute(sql, parameters)

        with monkeypatch.context() as patched:
            patched.setattr(keys, "_keys", Full())
            for _ in range(2):
                with pytest.raises(DiskFull):
                    world.ledger.append(draft(1))
        receipt = world.ledger.append(draft(1))
        ledger = world.reopen()
        assert ledger.payload(ledger.entry(receipt.event_id)) == b"sheet 1"
        ledger.close()


class TestOfBefore:
    def test_a_key_store_made_before_keys_were_bound_is_bound_when_it_is_opened(self, keys: KeyStore) -> None:
        made = keys.sealers_for([("p-1", "b-1"), ("p-1", "b-2"), ("p-2", "b-1")], 1)
        keys.destroy(made[1].key_id, "an order")
        for table, column in (("key", "bound"), ("destroyed", "digest")):
            keys._keys.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        keys = reopened(keys)
        assert keys.sealer(made[0].key_id).key_id == made[0].key_id
        used = {(made[0].key_id, "p-1"): 0, (made[1].key_id, "p-1"): 1, (made[2].key_id, "p-2"): 2}
        assert list(keys.faults(used)) == []
        keys._keys.execute("UPDATE key SET episode = 'b-3' WHERE stream = 'p-2'")
        ((seq, fault),) = keys.faults(used)
        assert seq == 2
        assert "not bound to the person and episode" in fault
        with pytest.raises(UnknownKey, match="not bound"):
            reopened(keys).sealer(made[2].key_id)

    def test_keys_that_cannot_be_read_are_a_problem_of_the_ledger(self, tmp_path: Path) -> None:
        world = World.make(SqlitePlace(tmp_path), tmp_path)
        world.ledger.append(draft(1))
        world.ledger.close()
        store = world.place.store(writable=False)
        found = verify(store, keys=world.ledger.keys)
        store.close()
        assert {problem.table for problem in found.problems} == {"key"}


class TestEpochs:
    def test_after_a_rotation_a_backup_is_worth_nothing(self, keys: KeyStore, tmp_path: Path) -> None:
        (sealer,) = keys.sealers_for([("p-1", "b-1")], 1)
        sealed = sealer.seal(b"payload", b"header")
        backup = keys.paths[0].read_bytes()
        keys.rotate(2)
        keys = reopened(keys)
        assert keys.sealer(sealer.key_id).open(sealed, b"header") == b"payload"
        assert keys.sealers_for([("p-1", "b-2")], 3)[0].key_id
        keys.close()
        keys.paths[0].write_bytes(backup)
        with pytest.raises(UnknownKey, match="its epoch 1 is not here"):
            KeyStore(tmp_path, ROOT_SECRET).sealer(sealer.key_id)

    def test_no_key_is_wrapped_by_an_epoch_that_another_process_destroyed(
        self, keys: KeyStore, tmp_path: Path
    ) -> None:
        keys.sealers_for([("p-1", "b-1")], 1)
        other = KeyStore(tmp_path, ROOT_SECRET)
        other.rotate(2)
        other.close()
        made = keys.sealers_for([("p-1", "b-1"), ("p-1", "b-2")], 1)
        keys = reopened(keys)
        assert [keys.sealer(sealer.key_id).key_id for sealer in made] == [sealer.key_id for sealer in made]

    def test_a_rotation_cut_off_at_any_point_loses_no_key(
        self, keys: KeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = keys.sealers_for([(f"p-{n}", "b-1") for n in range(5)], 1)
        writing = keys._writing
        for point in range(1, 5):
            entered = 0

            def cut(connection: Connection, path: Path, point: int = point) -> AbstractContextManager[None]:
                nonlocal entered
                entered += 1
                if entered == point:
                    raise RuntimeError("the process is gone")
                return writing(connection, path)

            monkeypatch.setattr(keys, "_writing", cut)
            with pytest.raises(RuntimeError):
                keys.rotate(point + 1)
            fresh = KeyStore(tmp_path, ROOT_SECRET)
            assert [fresh.sealer(sealer.key_id).key_id for sealer in made]
            fresh.close()
        monkeypatch.setattr(keys, "_writing", writing)
        keys.rotate(9)
        assert keys._epochs.execute("SELECT number FROM epoch").fetchall() == [(9,)]

    def test_an_epoch_made_by_another_process_is_found(self, keys: KeyStore, tmp_path: Path) -> None:
        other = KeyStore(tmp_path, ROOT_SECRET)
        (sealer,) = other.sealers_for([("p-1", "b-1")], 7)
        assert keys.sealer(sealer.key_id).key_id == sealer.key_id
        other.close()

    def test_a_damaged_key_is_said_to_be(self, keys: KeyStore) -> None:
        (sealer,) = keys.sealers_for([("p-1", "b-1")], 1)
        keys._keys.execute("UPDATE key SET wrapped = ?", (os.urandom(40),))
        with pytest.raises(UnknownKey, match="does not unwrap"):
            reopened(keys).sealer(sealer.key_id)

    def test_a_rotation_that_fails_changes_nothing(self, keys: KeyStore) -> None:
        (sealer,) = keys.sealers_for([("p-1", "b-1")], 1)
        keys._keys.execute("CREATE TRIGGER t BEFORE UPDATE ON key BEGIN SELECT RAISE(ABORT, 'no'); END")
        with pytest.raises(Exception, match="no"):
            keys.rotate(2)
        assert reopened(keys).sealer(sealer.key_id).key_id == sealer.key_id


class TestSealing:
    @given(st.binary(max_size=300), st.binary(max_size=60))
    def test_what_is_sealed_opens_under_its_own_header_only(self, payload: bytes, identity: bytes) -> None:
        sealer = Sealer("k-1", bytes(32))
        sealed = sealer.seal(payload, identity)
        assert len(sealed) == SALT_SIZE + NONCE_SIZE + len(payload) + TAG_SIZE
        assert sealer.open(sealed, identity) == payload
        with pytest.raises(CannotOpen):
            sealer.open(sealed, identity + b"x")
        with pytest.raises(CannotOpen):
            Sealer("k-2", bytes(31) + b"1").open(sealed, identity)
        assert len(payload_digest(sealed)) == 64

    def test_every_byte_matters(self) -> None:
        sealer = Sealer("k-1", bytes(32))
        sealed = sealer.seal(b"payload", b"header")
        for at in range(SALT_SIZE, len(sealed)):
            with pytest.raises(CannotOpen):
                sealer.open(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], b"header")
        for length in range(SALT_SIZE + NONCE_SIZE + TAG_SIZE):
            with pytest.raises(CannotOpen):
                sealer.open(sealed[:length], b"header")

    def test_salt_and_nonce_are_never_used_twice_not_even_after_a_fork(self) -> None:
        sealer = Sealer("k-1", bytes(32))
        sealer.seal(b"", b"")
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, b"".join(sealer.seal(b"", b"")[:28] for _ in range(64)))
            os._exit(0)
        os.waitpid(child, 0)
        theirs = os.read(reading, 28 * 64)
        ours = [sealer.seal(b"", b"")[:28] for _ in range(64)]
        both = {*ours, *(theirs[at : at + 28] for at in range(0, len(theirs), 28))}
        assert len(theirs) == 28 * 64
        assert len(both) == 128
        os.close(reading)
        os.close(writing)
