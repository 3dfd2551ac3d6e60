"""What only PostgreSQL can do wrong: a second sequencer, a line cut while committing, tables of an older version."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from habeas.ledger import KeyStore, Ledger, Outcome, TrustedRoot, postgres_connections, sealing, verify
from habeas.ledger import ledger as ledger_module
from habeas.ledger.errors import Fenced, Locked, NotALedger, Unavailable, WrongSchema
from habeas.ledger.postgres import PostgresStore
from habeas.ledger.postgres_schema import upgrade_postgres
from postgres_servers import PostgresPlace, execute, server_url
from small_ledgers import ROOT_SECRET, SqlitePlace, World, draft

pytestmark = pytest.mark.needs("postgresql")

END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid()"
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[PostgresPlace]:
    made = PostgresPlace(tmp_path)
    yield made
    made.drop()


@pytest.fixture
def world(place: PostgresPlace, tmp_path: Path) -> Iterator[World]:
    made = World.make(place, tmp_path)
    yield made
    made.ledger.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_connections, "WAIT", 1)


@pytest.mark.usefixtures("impatient")
class TestOneSequencer:
    def test_a_second_one_is_not_elected(self, world: World) -> None:
        world.ledger.append(draft(1))
        store = world.place.store()
        with pytest.raises(Locked, match="another sequencer is writing"):
            store.writer()
        store.close()
        assert world.ledger.append(draft(2)).seq == 1

    def test_the_old_one_is_refused_while_the_new_one_is_there(self, world: World) -> None:
        world.ledger.append(draft(1))
        world.place.run(END_OTHERS)
        store = world.place.store()
        new = store.writer()
        for _ in range(2):
            with pytest.raises(Unavailable):
                world.ledger.append(draft(2))
        new.close()
        store.close()
        assert world.ledger.append(draft(2)).outcome is Outcome.ACCEPTED
        assert verify(world.ledger.store).problems == ()

    def test_one_that_lost_its_lock_unawares_is_fenced(self, world: World) -> None:
        world.ledger.close()
        store = world.place.store()
        writer = store.writer()
        before = writer.begin()
        world.place.run("UPDATE head SET epoch = epoch + 1")
        with pytest.raises(Fenced, match="has taken over; nothing was recorded"):
            writer.commit(before)
        assert writer.begin().epoch == before.epoch + 2
        writer.close()
        store.close()

    def test_each_takes_an_epoch_of_its_own(self, world: World) -> None:
        first = world.ledger.store.head().epoch
        world.reopen()
        assert world.ledger.store.head().epoch == first + 1
        assert verify(world.ledger.store).problems == ()


class TestReading:
    def test_reading_goes_on_over_a_new_connection(self, world: World) -> None:
        world.ledger.append(draft(1))
        assert world.ledger.position() == 1
        world.place.run(END_OTHERS)
        assert world.ledger.position() == 1


def test_both_stores_hold_the_same_bytes(
    place: PostgresPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[list[object]] = []
    for name, where in (("sqlite", SqlitePlace(tmp_path)), ("postgresql", place)):
        drawn = Random(20261122)  # noqa: S311 - the same bytes twice are what is wanted here
        monkeypatch.setattr(os, "urandom", drawn.randbytes)
        monkeypatch.setattr(sealing, "_FRESH", SimpleNamespace(take=partial(drawn.randbytes, 28)))
        monkeypatch.setattr(ledger_module, "fresh_event_bits", partial(drawn.randbytes, 10))
        folder = tmp_path / name
        folder.mkdir()
        world = World.make(where, folder)
        for n in range(40):
            world.ledger.append(draft(n, stream=f'p-é"{n % 3}', episode=f"b-{n % 5}"))
        world.ledger.append_all([draft(n) for n in range(40, 400)])
        world.ledger.open_hole(3, "payload", ordered_by=9)
        world.ledger.open_hole(5, "entry", ordered_by=9)
        store = world.ledger.store
        found.append([*store.rows(0, 400), *store.holes(), *(row[1:6] for row in store.heads())])
        world.ledger.close()
    assert len(found[0]) == 403
    assert found[0] == found[1]


class TestTables:
    def test_an_older_version_is_brought_up(self, place: PostgresPlace) -> None:
        execute(server_url(), f"CREATE DATABASE {place.name} TEMPLATE template0")
        with pytest.raises(NotALedger):
            PostgresStore(place.url)
        upgrade_postgres(place.url, "0001")
        with pytest.raises(WrongSchema, match="0001"):
            PostgresStore(place.url)
        upgrade_postgres(place.url)
        store = place.store()
        assert verify(store).problems == ()
        store.close()

    @pytest.mark.parametrize("version", ["0001", "0002"])
    def test_what_an_older_version_recorded_stands_after_it(
        self, place: PostgresPlace, tmp_path: Path, version: str
    ) -> None:
        """A database as an older program left it: its tables, and rows written without today's functions."""
        old = World.make(SqlitePlace(tmp_path), tmp_path)
        for n in range(25):
            old.ledger.append(draft(n))
        rows, heads = list(old.ledger.store.rows(0, 25)), old.ledger.store.heads()
        root = verify(old.ledger.store).root
        old.ledger.close()
        place.make_database()
        upgrade_postgres(place.url, version)
        columns = "seq, recorded_at, stream, event_id, actor, idem, header, sealed, leaf, chain"
        for row in rows:
            place.run(f"INSERT INTO entry ({columns}) VALUES ({', '.join('?' * 10)})", *row)  # noqa: S608 - our own names
        place.run(
            "UPDATE head SET size = ?, recorded_at = ?, settled_at = ?, chain = ?, frontier = ?, epoch = ?,"
            " digest = ?",
            *heads[0][1:],
        )
        with pytest.raises(WrongSchema, match=version):
            PostgresStore(place.url)
        upgrade_postgres(place.url)
        upgrade_postgres(place.url)
        ledger = Ledger(place.store(), KeyStore(tmp_path, ROOT_SECRET), old.clock)
        found = verify(ledger.store, trusted=[TrustedRoot(25, root)])
        assert (found.size, found.trusted, found.problems) == (25, 25, ())
        assert ledger.append(draft(3)).outcome is Outcome.REPLAYED
        assert ledger.append(draft(25)).seq == 25
        assert verify(ledger.store).problems == ()
        ledger.close()

    def test_what_does_not_belong_or_was_changed_is_named(self, world: World) -> None:
        execute(
            str(getattr(world.place, "url", "")),
            "CREATE TABLE notes (a int)",
            "ALTER TABLE entry DISABLE TRIGGER entry_kept",
            "DROP TRIGGER head_forward ON head",
            "CREATE TRIGGER head_forward BEFORE UPDATE ON head FOR EACH ROW WHEN (NEW.size < 0)"
            " EXECUTE FUNCTION habeas_refuse('a ledger never shrinks')",
            "CREATE OR REPLACE FUNCTION habeas_only_holes() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NEW; END $$",
            "DROP INDEX entry_stream",
        )
        assert world.ledger.store.strangers() == [
            "index entry_stream: missing",
            "table notes: not of a ledger",
            "trigger entry_kept: not as it was made",
            "trigger head_forward: not as it was made",
            "function habeas_only_holes: not as it was made",
        ]
