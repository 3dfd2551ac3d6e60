"""A ledger in PostgreSQL changed by its superuser: every byte of every column, whole rows, everything rehashed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import psycopg
import pytest
from msgspec.structs import replace

from habeas.ledger import TrustedRoot, verify
from habeas.ledger.chain import CHAIN_START, Frontier, leaf_hash, next_chain
from habeas.ledger.entries import decode_header, encode_header
from habeas.ledger.reading import Span, read_rows
from habeas.ledger.store import Head, Row
from postgres_servers import PostgresPlace, execute
from small_ledgers import World, draft

pytestmark = pytest.mark.needs("postgresql")

BYTES = ("header", "sealed", "leaf", "chain")
TEXTS = ("stream", "event_id", "actor", "idem")
NUMBERS = ("seq", "recorded_at")
ENTRIES = int(os.environ.get("HABEAS_TAMPERED_ENTRIES", "100"))
"""How many entries have every byte changed; `make tampering-postgres` takes a thousand."""
ALL = b"SELECT seq, recorded_at, stream, event_id, actor, idem, header, sealed, leaf, chain FROM entry"


def filled(place: PostgresPlace, folder: Path, size: int) -> list[Row]:
    """A closed ledger of that size, without its guards and constraints; gives its rows."""
    world = World.make(place, folder)
    for start in range(0, size, 100):
        world.ledger.append_all([draft(n, stream=f"p-{n % 7}") for n in range(start, min(start + 100, size))])
    rows = list(world.ledger.store.rows(0, size))
    world.ledger.close()
    place.unguard()
    return rows


@pytest.fixture
def place(tmp_path: Path) -> Iterator[PostgresPlace]:
    made = PostgresPlace(tmp_path)
    yield made
    made.drop()


def named(rows: list[Row], seq: int, found: list[Row]) -> bool:
    """Whether reading what was found where an entry was names that entry first."""
    problems = read_rows(iter(found), Span(seq, seq + 1), rows[seq - 1] if seq else None).problems
    return bool(problems) and problems[0].seq == seq


class Tally:
    """How many changes were made, refused by the engine, and missed by the reader."""

    def __init__(self) -> None:
        self.made = 0
        self.missed: list[tuple[str, int, int]] = []

    def count(self, rows: list[Row], column: str, at: int, found: dict[int, list[Row]]) -> None:
        """Hold what was read of changed rows against what was there."""
        for seq, read in found.items():
            self.made += 1
            if not named(rows, seq, read):
                self.missed.append((column, at, seq))


def every_byte(place: PostgresPlace, rows: list[Row], step: int) -> Tally:
    """Change the n-th byte of a column of every entry, read them all, and take it back; for each n."""
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret
    tally = Tally()
    with psycopg.connect(place.url) as link:
        # In the way of changing all entries at once: an index refuses what only looks the same for a moment.
        link.execute("DROP INDEX entry_event, entry_key")
        link.commit()
        for column in (*BYTES, *TEXTS):
            position = ("seq", "recorded_at", *TEXTS, *BYTES).index(column)
            longest = max(len(cast("str", row[position])) for row in rows)
            for at in range(0, longest, step):
                # The lowest bit of a letter makes another letter: a text stays one.
                bit = 1 << (chance.randrange(8) if column in BYTES else 0)
                data = column if column in BYTES else f"convert_to({column}, 'UTF8')"
                other = f"set_byte({data}, {at}, get_byte({data}, {at}) # {bit})"
                text = other if column in BYTES else f"convert_from({other}, 'UTF8')"
                link.execute(f"UPDATE entry SET {column} = {text} WHERE length({column}) > {at}".encode())  # noqa: S608 - our own names
                found = cast("list[Row]", link.execute(ALL, binary=True).fetchall())
                link.rollback()
                hit = {row[0]: [row] for row in found if len(cast("str", rows[row[0]][position])) > at}
                tally.count(rows, column, at, hit)
    return tally


def every_number(place: PostgresPlace, rows: list[Row], step: int) -> Tally:
    """Change each byte of the two numbers of an entry, one at a time."""
    chance = random.Random(2)  # noqa: S311 - repeatable, not secret
    tally = Tally()
    with psycopg.connect(place.url) as link:
        for seq in range(0, len(rows), step):
            for column in NUMBERS:
                for byte in range(8):
                    mask = 1 << (8 * byte + chance.randrange(7))
                    change = f"UPDATE entry SET {column} = {column} # {mask}::bigint WHERE seq = {seq}"  # noqa: S608 - our own names
                    try:
                        link.execute(change.encode())
                    except psycopg.errors.UniqueViolation:
                        # Another entry has that number.
                        link.rollback()
                        continue
                    found = link.execute(ALL + b" WHERE seq = %s", (seq,), binary=True).fetchall()
                    link.rollback()
                    tally.count(rows, column, byte, {seq: cast("list[Row]", found)})
    return tally


def test_bytes_of_some_entries(place: PostgresPlace, tmp_path: Path) -> None:
    rows = filled(place, tmp_path, 40)
    for tally in (every_byte(place, rows, 9), every_number(place, rows, 10)):
        assert tally.made > 40
        assert tally.missed == []


@pytest.mark.slow
def test_every_byte_of_many_entries(place: PostgresPlace, tmp_path: Path) -> None:
    rows = filled(place, tmp_path, ENTRIES)
    tally = every_byte(place, rows, 1)
    assert tally.made == sum(len(cast("str", value)) for row in rows for value in row[2:])
    assert tally.made > 800 * ENTRIES
    assert tally.missed == []
    numbers = every_number(place, rows, 1)
    assert numbers.made > 9 * ENTRIES
    assert numbers.missed == []


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_every_byte_of_head_and_holes(place: PostgresPlace, tmp_path: Path, step: int) -> None:
    world = World.make(place, tmp_path)
    world.ledger.append_all([draft(n) for n in range(11)])
    world.ledger.open_hole(1, "payload", ordered_by=5)
    world.ledger.close()
    place.unguard()
    execute(place.url, "ALTER TABLE head DROP CONSTRAINT head_id_check")
    missed: list[str] = []
    with psycopg.connect(place.url, autocommit=True) as link, closing(place.store(writable=False)) as store:
        assert verify(store, engine=False).problems == ()
        for table, columns in {
            "head": ("chain", "frontier", "digest"),
            "hole": ("digest",),
        }.items():
            for column in columns:
                asked = f"SELECT length({column}) FROM {table}"  # noqa: S608 - our own names
                (size,) = link.execute(asked.encode()).fetchone() or (0,)
                for at in range(0, cast("int", size), step):
                    byte = f"get_byte({column}, {at}) # 4"
                    flip = f"UPDATE {table} SET {column} = set_byte({column}, {at}, {byte})"  # noqa: S608 - our own
                    link.execute(flip.encode())
                    if verify(store, engine=False).sound:
                        missed.append(f"{table}.{column} {at}")
                    link.execute(flip.encode())
        for table, column in (
            *(("head", name) for name in ("id", "size", "recorded_at", "epoch")),
            *(("hole", name) for name in ("seq", "ordered_by")),
        ):
            for at in range(0, 8, step):
                flip = f"UPDATE {table} SET {column} = {column} # {1 << 8 * at}::bigint"  # noqa: S608 - our own names
                link.execute(flip.encode())
                if verify(store, engine=False).sound:
                    missed.append(f"{table}.{column} {at}")
                link.execute(flip.encode())
        assert verify(store, engine=False).problems == ()
    assert missed == []


def edited(rows: list[Row], at: int) -> list[Row]:
    """A header changed."""
    header = rows[at][6]
    assert header is not None
    changed = encode_header(replace(decode_header(header), role="supervisor"))
    return [*rows[:at], (*rows[at][:6], changed, *rows[at][7:]), *rows[at + 1 :]]


def deleted(rows: list[Row], at: int) -> list[Row]:
    """A row gone."""
    return rows[:at] + rows[at + 1 :]


def reordered(rows: list[Row], at: int) -> list[Row]:
    """Two neighbours swapped."""
    return [*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]]


def truncated(rows: list[Row], at: int) -> list[Row]:
    """The end gone."""
    return rows[:at]


def forked(rows: list[Row], at: int) -> list[Row]:
    """From there on another story."""
    header = rows[at][6]
    assert header is not None
    other = encode_header(
        replace(decode_header(header), idem="other", event_id="0195d3a1-7b1c-7000-8000-000000000001")
    )
    return [*rows[:at], (*rows[at][:6], other, *rows[at][7:])]


Forgery = Callable[[list[Row], int], list[Row]]
FORGERIES: list[Forgery] = [edited, deleted, reordered, truncated, forked]


def rehashed(rows: list[Row]) -> tuple[list[Row], Head]:
    """Rows as a forger would leave them: positions, times, columns, leaves, chain and head all agree again."""
    tree, chain, last, made = Frontier(), CHAIN_START, 0, list[Row]()
    for seq, row in enumerate(rows):
        assert row[6] is not None
        header = decode_header(row[6])
        last = max(last + 1, header.recorded_at)
        data = encode_header(replace(header, seq=seq, recorded_at=last))
        leaf = leaf_hash(data)
        chain = next_chain(chain, leaf)
        tree.push(leaf)
        made.append(
            (seq, last, header.stream, header.event_id, header.actor, header.idem, data, row[7], leaf, chain)
        )
    return made, Head(len(made), last or None, None, chain, tree.written())


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forger_who_rehashes_everything_is_betrayed_by_a_published_root(
    place: PostgresPlace, tmp_path: Path, forgery: Forgery
) -> None:
    rows = filled(place, tmp_path, 60)
    tree, roots = Frontier(), [TrustedRoot(0, Frontier().root())]
    for row in rows:
        tree.push(row[8])
        if tree.size % 10 == 0:
            roots.append(TrustedRoot(tree.size, tree.root()))
    for at in (0, 9, 10, 37, 58):
        made, head = rehashed(forgery(rows, at))
        execute(place.url, "TRUNCATE entry", "UPDATE head SET size = 0, settled_at = NULL")
        with closing(place.store()) as store:
            writer = store.writer()
            epoch = writer.begin().epoch
            writer.insert(made)
            writer.commit(Head(head.size, head.recorded_at, None, head.chain, head.frontier, epoch))
            writer.close()
            assert verify(store, engine=False).sound, "the forger is a bungler"
            found = verify(store, trusted=roots, engine=False)
        assert not found.sound
        # Named as closely as the roots stand: from the last one that holds to the first that does not.
        assert found.trusted <= at < found.trusted + 10
        # A ledger that is shorter is named by its end.
        assert found.problems[0].seq in (found.trusted, len(made))


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("DELETE FROM entry WHERE seq = 7", 7),
        ("DELETE FROM entry WHERE seq >= 7", 7),
        ("DELETE FROM entry", 0),
        ("UPDATE entry SET seq = 99 WHERE seq = 7", 7),
        ("UPDATE entry SET seq = -1 WHERE seq = 7", 7),
        ("UPDATE entry a SET header = b.header FROM entry b WHERE a.seq + b.seq = 15 AND a.seq IN (7, 8)", 7),
        ("UPDATE entry SET sealed = NULL WHERE seq = 7", 7),
        ("UPDATE entry SET header = NULL WHERE seq = 7", 7),
    ],
)
def test_rows_deleted_moved_or_swapped(
    place: PostgresPlace, tmp_path: Path, statement: str, seq: int
) -> None:
    filled(place, tmp_path, 20)
    place.run(statement)
    with closing(place.store(writable=False)) as store:
        found = verify(store, engine=False)
    assert found.problems[0].seq == seq
