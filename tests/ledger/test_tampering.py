"""Changing a ledger by its owner's hand: every byte, whole rows, and everything rehashed."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace

from habeas.ledger import KeyStore, Ledger, TrustedRoot, verify
from habeas.ledger.chain import CHAIN_START, Frontier, leaf_hash, next_chain
from habeas.ledger.entries import decode_header, encode_header
from habeas.ledger.errors import LedgerError
from habeas.ledger.reading import Span, read_rows
from habeas.ledger.sqlite import SqliteStore
from habeas.ledger.store import Head, Row
from small_ledgers import SqlitePlace, World, draft


def filled(folder: Path, size: int) -> tuple[World, list[Row]]:
    """A closed ledger of that size, and its rows."""
    world = World.make(SqlitePlace(folder), folder)
    for start in range(0, size, 100):
        world.ledger.append_all([draft(n, stream=f"p-{n % 7}") for n in range(start, min(start + 100, size))])
    rows = list(world.ledger.store.rows(0, size))
    world.ledger.close()
    return world, rows


def changed(row: Row, chance: random.Random) -> Iterator[tuple[int, Row]]:
    """The row with each byte of each column changed in turn, and the number of the column."""
    for column, value in enumerate(row):
        if isinstance(value, int):
            for byte in range(8):
                other: object = value ^ (1 << (8 * byte + chance.randrange(7)))
                yield column, cast("Row", (*row[:column], other, *row[column + 1 :]))
        else:
            data = value.encode() if isinstance(value, str) else value or b""
            for at in range(len(data)):
                flipped = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
                other = flipped.decode(errors="surrogateescape") if isinstance(value, str) else flipped
                yield column, cast("Row", (*row[:column], other, *row[column + 1 :]))


def missed(rows: list[Row], chosen: range) -> tuple[int, int]:
    """How many single-byte changes of the chosen rows were made, and how many the reader missed."""
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret
    made = unseen = 0
    for seq in chosen:
        span, before = Span(seq, seq + 1), rows[seq - 1] if seq else None
        assert not read_rows(iter([rows[seq]]), span, before).problems
        for _, row in changed(rows[seq], chance):
            made += 1
            found = read_rows(iter([row]), span, before).problems
            unseen += not found or found[0].seq != seq
    return made, unseen


def test_every_byte_of_some_entries(tmp_path: Path) -> None:
    _, rows = filled(tmp_path, 1_000)
    made, unseen = missed(rows, range(0, 1_000, 100))
    assert made > 8_000
    assert unseen == 0


@pytest.mark.slow
def test_every_byte_of_a_thousand_entries(tmp_path: Path) -> None:
    _, rows = filled(tmp_path, 1_000)
    made, unseen = missed(rows, range(1_000))
    assert made > 800_000
    assert unseen == 0


def contents(path: Path) -> list[object]:
    """Every value of every table."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return [
            connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608 - our own names
            for table in ("entry", "head", "hole", "alembic_version")
        ]
    finally:
        connection.close()


def fate(path: Path, original: list[object]) -> str:
    """What becomes of a changed file: found, refused, or no stored value changed; else missed."""
    try:
        store = SqliteStore(path, writable=False)
    except LedgerError:
        return "refused"
    try:
        found = verify(store)
    finally:
        store.close()
    if not found.sound:
        return "found"
    return "unchanged" if contents(path) == original else "missed"


def fates(folder: Path, size: int, flips: int) -> dict[str, int]:
    """Flip bits at random places of a database file."""
    world, _ = filled(folder, size)
    assert isinstance(world.place, SqlitePlace)
    data = world.place.path.read_bytes()
    original = contents(world.place.path)
    chance = random.Random(2)  # noqa: S311 - repeatable, not secret
    counted: dict[str, int] = dict.fromkeys(("found", "refused", "unchanged", "missed"), 0)
    path = folder / "flipped.sqlite"
    for _ in range(flips):
        at = chance.randrange(len(data))
        path.write_bytes(data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :])
        for rest in folder.glob("flipped.sqlite-*"):
            rest.unlink()
        counted[fate(path, original)] += 1
    return counted


def test_bits_of_the_database_file(tmp_path: Path) -> None:
    found = fates(tmp_path, 40, 150)
    assert found["missed"] == 0
    assert found["found"] > 50


@pytest.mark.slow
def test_many_bits_of_the_database_file(tmp_path: Path) -> None:
    found = fates(tmp_path, 40, 4_000)
    assert found["missed"] == 0


Forgery = Callable[[list[Row], random.Random], list[Row]]


def edited(rows: list[Row], chance: random.Random) -> list[Row]:
    """A header changed."""
    at = chance.randrange(len(rows))
    row = rows[at]
    assert row[6] is not None
    header = encode_header(replace(decode_header(row[6]), role="supervisor"))
    return [*rows[:at], (*row[:6], header, *row[7:]), *rows[at + 1 :]]


def deleted(rows: list[Row], chance: random.Random) -> list[Row]:
    """A row gone."""
    at = chance.randrange(len(rows) - 1)
    return rows[:at] + rows[at + 1 :]


def reordered(rows: list[Row], chance: random.Random) -> list[Row]:
    """Two neighbours swapped."""
    at = chance.randrange(len(rows) - 1)
    return [*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]]


def truncated(rows: list[Row], chance: random.Random) -> list[Row]:
    """The end gone."""
    return rows[: chance.randrange(len(rows))]


def repeated(rows: list[Row], chance: random.Random) -> list[Row]:
    """A row inserted a second time, with another key."""
    at = chance.randrange(len(rows))
    header = rows[at][6]
    assert header is not None
    other = replace(decode_header(header), idem="again", event_id="0195d3a1-7b1c-7000-8000-000000000001")
    return [*rows[: at + 1], (*rows[at][:6], encode_header(other), *rows[at][7:]), *rows[at + 1 :]]


def rehashed(rows: list[Row]) -> tuple[list[Row], Head]:
    """Rows as a forger would leave them: positions, times, columns, leaves, chain and head all agree again."""
    tree, chain, last, made = Frontier(), CHAIN_START, 0, list[Row]()
    for seq, row in enumerate(rows):
        assert row[6] is not None
        header = decode_header(row[6])
        last = max(last + 1, header.recorded_at)
        header = replace(header, seq=seq, recorded_at=last)
        data = encode_header(header)
        leaf = leaf_hash(data)
        chain = next_chain(chain, leaf)
        tree.push(leaf)
        made.append(
            (seq, last, header.stream, header.event_id, header.actor, header.idem, data, row[7], leaf, chain)
        )
    return made, Head(len(made), last or None, None, chain, tree.written())


def forged(folder: Path, rows: list[Row]) -> SqliteStore:
    """A ledger of forged rows that agrees with itself."""
    place = SqlitePlace(folder)
    place.path.unlink(missing_ok=True)
    place.make()
    store = place.store()
    made, head = rehashed(rows)
    writer = store.writer()
    writer.begin()
    writer.insert(made)
    writer.commit(head)
    writer.close()
    return store


FORGERIES: list[Forgery] = [edited, deleted, reordered, truncated, repeated]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forger_who_rehashes_everything_is_betrayed_by_a_published_root(
    tmp_path: Path, forgery: Forgery
) -> None:
    _, rows = filled(tmp_path, 60)
    roots = [TrustedRoot(size, rehashed_root(rows[:size])) for size in range(0, 61, 10)]
    (tmp_path / "forged").mkdir()
    for seed in range(12):
        chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        changed_rows = forgery(rows, chance)
        first = next(
            (at for at, (a, b) in enumerate(zip(rows, changed_rows, strict=False)) if a != b),
            min(len(rows), len(changed_rows)),
        )
        store = forged(tmp_path / "forged", changed_rows)
        assert verify(store).sound, "the forger is a bungler"
        found = verify(store, trusted=roots)
        store.close()
        assert not found.sound
        # Named as closely as the roots stand: from the last one that holds to the first that does not.
        assert found.trusted == found.problems[0].seq <= first or len(changed_rows) < 60
        assert first < found.trusted + 10


def rehashed_root(rows: list[Row]) -> bytes:
    """The root over rows."""
    tree = Frontier()
    for row in rows:
        tree.push(row[8])
    return tree.root()


def test_a_fork_is_told_from_the_ledger_it_left(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    world = World.make(SqlitePlace(tmp_path / "one"), tmp_path / "one")
    world.ledger.append_all([draft(n) for n in range(5)])
    world.ledger.close()
    for name in ("ledger.sqlite", "keys.sqlite", "epochs.sqlite"):
        (tmp_path / "other" / name).write_bytes((tmp_path / "one" / name).read_bytes())
    roots: list[TrustedRoot] = []
    for name in ("one", "other"):
        keys = KeyStore(tmp_path / name, bytes(range(32)))
        with Ledger(SqlitePlace(tmp_path / name).store(), keys, world.clock) as ledger:
            ledger.append(draft(99, payload=name.encode()))
            found = verify(ledger.store)
            roots.append(TrustedRoot(found.size, found.root))
            assert verify(ledger.store, trusted=roots[-1:]).sound
    store = SqlitePlace(tmp_path / "one").store(writable=False)
    found = verify(store, trusted=[roots[1]])
    store.close()
    assert not found.sound
    assert found.trusted == 0


def test_rows_that_are_no_rows_are_named_and_the_rest_is_still_read(tmp_path: Path) -> None:
    world, _ = filled(tmp_path, 10)
    world.place.unguard()
    for sql in (
        "UPDATE entry SET chain = 'text' WHERE seq = 4",
        "UPDATE entry SET leaf = 7 WHERE seq = 6",
        "UPDATE head SET chain = 5, size = 'many'",
    ):
        world.place.run(sql)
    store = world.place.store(writable=False)
    found = verify(store, engine=False)
    assert found.size == 0
    assert {problem.table for problem in found.problems} == {"entry", "head"}
    world.place.run("UPDATE head SET size = 10")
    found = verify(store, engine=False)
    assert found.problems[0].seq == 4
    world.place.run("UPDATE entry SET idem = CAST(x'ff' AS TEXT) WHERE seq = 2")
    assert verify(store, engine=False).problems[0].seq == 2
    world.place.run("DELETE FROM head")
    assert any(problem.found == "0 rows" for problem in verify(store, engine=False).problems)
    world.place.run("DROP TABLE hole")
    world.place.run("DROP TABLE head")
    found = verify(store)
    assert {"schema", "head", "hole"} <= {problem.table for problem in found.problems}
    store.close()


def test_more_problems_than_anybody_reads_are_counted(tmp_path: Path) -> None:
    world, _ = filled(tmp_path, 300)
    world.place.unguard()
    world.place.run("UPDATE entry SET actor = 'somebody else ' || seq")
    store = world.place.store(writable=False)
    found = verify(store, engine=False)
    store.close()
    assert (len(found.problems), found.more) == (100, 200)


def test_an_index_that_disagrees_with_its_table_is_the_engines_to_find(tmp_path: Path) -> None:
    world, _ = filled(tmp_path, 200)
    assert isinstance(world.place, SqlitePlace)
    connection = sqlite3.connect(world.place.path, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'stream, seq', 'actor, seq') WHERE name = 'entry_stream'"
    )
    connection.close()
    store = world.place.store(writable=False)
    found = verify(store)
    store.close()
    assert found.problems
    assert {problem.table for problem in found.problems} <= {"engine", "schema"}


def test_a_guard_that_was_weakened_is_noticed(tmp_path: Path) -> None:
    world, _ = filled(tmp_path, 3)
    world.place.run("DROP TRIGGER entry_kept")
    world.place.run("CREATE TRIGGER entry_kept BEFORE DELETE ON entry BEGIN SELECT 1; END")
    world.place.run("CREATE TABLE beside (x)")
    store = world.place.store(writable=False)
    found = [problem.found for problem in verify(store).problems]
    assert found == ["table beside: not of a ledger", "trigger entry_kept: not as it was made"]
    world.place.run("INSERT INTO alembic_version VALUES ('9999')")
    assert "table alembic_version: expected 0003" in [problem.found for problem in verify(store).problems]
    store.close()


def test_many_workers_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("habeas.ledger.audit.SEGMENT", 64)
    world, rows = filled(tmp_path, 1_000)
    roots = [
        TrustedRoot(size, rehashed_root(rows[:size])) for size in (0, 1, 63, 64, 65, 500, 512, 999, 1_000)
    ]
    store = world.place.store(writable=False)
    alone = verify(store, trusted=roots, engine=False)
    together = verify(store, trusted=roots, engine=False, reopen=world.place.reopener(), workers=2)
    store.close()
    assert alone == together
    assert (alone.trusted, alone.root, alone.problems) == (1_000, rehashed_root(rows), ())
    world.place.unguard()
    world.place.run("DELETE FROM entry WHERE seq IN (64, 700, 999)")
    store = world.place.store(writable=False)
    broken = verify(store, trusted=roots, engine=False, reopen=world.place.reopener(), workers=2)
    store.close()
    assert [p.seq for p in broken.problems if p.column == "seq"][:3] == [64, 700, 999]
    assert broken.root == b""
    assert broken.size == 997
