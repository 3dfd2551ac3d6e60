"""An owner migrates, a writer only adds, a reader only reads; nobody else can do anything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from habeas.ledger import KeyStore, Ledger, Outcome, verify
from habeas.ledger.errors import ReadOnly, StorageFailed, Unavailable
from habeas.ledger.postgres import PostgresStore
from habeas.ledger.postgres_roles import grant
from postgres_servers import PostgresPlace, execute, server_url
from small_ledgers import ROOT_SECRET, Clock, draft

pytestmark = pytest.mark.needs("postgresql")

NAMES = {part: f"habeas_{part}_{os.getpid()}" for part in ("writer", "reader", "remover", "nobody")}


@pytest.fixture(scope="module")
def _roles() -> Iterator[None]:
    for name in NAMES.values():
        execute(server_url(), f"CREATE ROLE {name} LOGIN")
    yield
    for name in NAMES.values():
        execute(server_url(), f"DROP ROLE {name}")


@pytest.fixture
def place(tmp_path: Path, _roles: None) -> Iterator[PostgresPlace]:
    made = PostgresPlace(tmp_path)
    made.make()
    grant(made.url, writer=NAMES["writer"], reader=NAMES["reader"], remover=NAMES["remover"])
    KeyStore(tmp_path, ROOT_SECRET, create=True).close()
    yield made
    made.drop()


def ledger_of(place: PostgresPlace, folder: Path, part: str, *, writable: bool = True) -> Ledger:
    store = PostgresStore(place.address(NAMES[part]), writable=writable)
    return Ledger(store, KeyStore(folder, ROOT_SECRET), Clock())


def test_a_writer_appends_and_a_reader_verifies(place: PostgresPlace, tmp_path: Path) -> None:
    with closing(ledger_of(place, tmp_path, "writer")) as ledger:
        ledger.append_all([draft(n) for n in range(5)])
        assert ledger.append(draft(3)).outcome is Outcome.REPLAYED
    with closing(ledger_of(place, tmp_path, "reader", writable=False)) as ledger:
        found = verify(ledger.store)
        assert (found.size, found.problems) == (5, ())
        assert ledger.payload(next(iter(ledger.entries()))) == draft(0).payload
    store = PostgresStore(place.address(NAMES["reader"]))
    with closing(store), pytest.raises(ReadOnly, match="permission denied"):
        store.writer()


REFUSED = [
    "UPDATE entry SET recorded_at = 0",
    "UPDATE head SET size = 0",
    "UPDATE hole SET ordered_by = 0",
    "DELETE FROM entry",
    "DELETE FROM head",
    "DELETE FROM hole",
    "TRUNCATE entry",
    "INSERT INTO head (id, size, chain, frontier, epoch, digest) VALUES (2, 0, '', '', 0, '')",
    "INSERT INTO hole (seq, what, ordered_by, digest) VALUES (0, 'payload', 1, '')",
    "SELECT * FROM head FOR UPDATE",
    "UPDATE alembic_version SET version_num = '0001'",
    "ALTER TABLE entry DISABLE TRIGGER ALL",
    "DROP TABLE entry",
    "DROP TRIGGER entry_kept ON entry",
    "CREATE TABLE mine (a int)",
    "CREATE FUNCTION habeas_move_head() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION habeas_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
    "SET session_replication_role TO replica",
]


@pytest.mark.parametrize("part", ["writer", "reader", "nobody", "remover"])
def test_nobody_but_the_owner_changes_or_removes_a_row(
    place: PostgresPlace, tmp_path: Path, part: str
) -> None:
    with closing(ledger_of(place, tmp_path, "writer")) as ledger:
        ledger.append_all([draft(n) for n in range(2)])
    with psycopg.connect(place.address(NAMES[part]), autocommit=True) as link:
        for statement in REFUSED:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                link.execute(statement.encode())
    with closing(place.store(writable=False)) as store:
        assert verify(store).problems == ()


CALLS = {
    "habeas_open_hole": "SELECT habeas_open_hole(0, 'payload', 1, ''::bytea)",
    "habeas_move_head": "SELECT habeas_move_head(0, 0, NULL, 0, NULL, NULL, ''::bytea, ''::bytea, ''::bytea)",
    "habeas_take_over": "SELECT habeas_take_over(0, 0, NULL, 0, ''::bytea)",
    "entry": "INSERT INTO entry (seq, recorded_at, leaf, chain) VALUES (9, 0, ''::bytea, ''::bytea)",
}
MAY = {
    "writer": {"entry", "habeas_move_head", "habeas_take_over"},
    "remover": {"entry", "habeas_move_head", "habeas_take_over", "habeas_open_hole"},
    "reader": set[str](),
    "nobody": set[str](),
}


@pytest.mark.parametrize("part", sorted(MAY))
def test_each_part_may_do_its_own_and_no_more(place: PostgresPlace, part: str) -> None:
    may: set[str] = set()
    for name, call in CALLS.items():
        with psycopg.connect(place.address(NAMES[part])) as link:
            try:
                link.execute(call.encode())
            except psycopg.errors.InsufficientPrivilege:
                continue
            except psycopg.Error:
                # Refused for what it asks, not for who asks.
                pass
            may.add(name)
            link.rollback()
    assert may == MAY[part]


def test_only_a_remover_opens_holes(place: PostgresPlace, tmp_path: Path) -> None:
    with closing(ledger_of(place, tmp_path, "writer")) as ledger:
        ledger.append_all([draft(n) for n in range(3)])
        with pytest.raises(ReadOnly, match="permission denied for function habeas_open_hole"):
            ledger.open_hole(0, "entry", ordered_by=2)
        assert ledger.append(draft(3)).seq == 3
    with closing(ledger_of(place, tmp_path, "remover")) as ledger:
        ledger.open_hole(0, "entry", ordered_by=2)
        found = verify(ledger.store)
        assert (found.holes, found.problems) == (1, ())


def test_a_table_of_the_writer_s_own_is_not_taken_for_the_head(place: PostgresPlace) -> None:
    with psycopg.connect(place.address(NAMES["writer"]), autocommit=True) as link:
        link.execute("CREATE TEMPORARY TABLE head (LIKE public.head)")
        link.execute("SELECT habeas_take_over(0, 0, NULL, 1, ''::bytea)")
        assert link.execute("SELECT count(*) FROM head").fetchone() == (0,)
        assert link.execute("SELECT epoch FROM public.head").fetchone() == (1,)


def test_rights_beyond_those_are_named(place: PostgresPlace) -> None:
    execute(
        place.url,
        f"GRANT UPDATE, DELETE ON entry TO {NAMES['writer']}",
        "GRANT INSERT ON hole TO PUBLIC",
        "ALTER FUNCTION habeas_move_head RESET ALL",
    )
    with closing(place.store(writable=False)) as store:
        assert store.strangers() == [
            "function habeas_move_head: not as it was made",
            f"table entry: {NAMES['writer']} may DELETE, UPDATE",
            "table hole: everybody may INSERT",
        ]
    grant(place.url, writer=NAMES["writer"])
    execute(place.url, "REVOKE ALL ON hole FROM PUBLIC")
    with closing(place.store(writable=False)) as store:
        assert store.strangers() == ["function habeas_move_head: not as it was made"]


def test_who_may_not_grant_is_refused(place: PostgresPlace) -> None:
    with pytest.raises(Unavailable, match="permission denied"):
        grant(place.address(NAMES["writer"]), remover=NAMES["writer"])
    with pytest.raises(StorageFailed, match='role "nobody_here" does not exist'):
        grant(place.url, writer="nobody_here")
