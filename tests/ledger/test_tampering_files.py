"""Changing what lies beside the entries: heads, holes, keys, the log of writes, checkpoints, a witness's memory."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from habeas.ledger import KeyStore, LedgerError, TrustedRoot, Verification, verify
from habeas.ledger.chain import root_of
from habeas.ledger.sqlite import SqliteStore
from small_ledgers import ROOT_SECRET, SqlitePlace, World, draft

CHANCE = random.Random(3)  # noqa: S311 - repeatable, not secret


def filled(folder: Path, size: int = 9) -> tuple[World, TrustedRoot]:
    """A closed ledger with two holes and a destroyed key, and the root over it."""
    world = World.make(SqlitePlace(folder), folder)
    drafts = [draft(n, stream=f"p-{n % 4}", episode=f"b-{n % 2}") for n in range(size)]
    world.ledger.append_all(drafts)
    world.ledger.open_hole(0, "payload", size - 1)
    world.ledger.open_hole(1, "entry", size - 1)
    keys = world.ledger.keys
    keys.destroy(keys.key_ids("p-2")["b-0"], "an order")
    leaves = [row[8] for row in world.ledger.store.rows(0, size)]
    world.ledger.close()
    return world, TrustedRoot(size, root_of(leaves))


def changed(value: object) -> Iterator[object]:
    """The value with each of its bytes changed in turn."""
    if isinstance(value, int):
        yield from (value ^ 1 << 8 * byte + CHANCE.randrange(7) for byte in range(8))
    elif isinstance(value, (bytes, str)):
        data = value if isinstance(value, bytes) else value.encode()
        for at in range(len(data)):
            other = data[:at] + bytes([data[at] ^ 1 << CHANCE.randrange(7)]) + data[at + 1 :]
            yield other if isinstance(value, bytes) else other.decode()


def each_change(path: Path, table: str) -> Iterator[str]:
    """Change each byte of each value of a table in the file, one at a time; says which."""
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        opened.execute("PRAGMA synchronous = OFF")
        names = [str(row[1]) for row in opened.execute(f"PRAGMA table_info({table})")]
        rows = opened.execute(f"SELECT rowid, * FROM {table}").fetchall()  # noqa: S608 - our own tables
        for rowid, *values in rows:
            for name, value in zip(names, values, strict=True):
                for other in changed(value):
                    set_to = f"UPDATE {table} SET {name} = ? WHERE rowid = ?"  # noqa: S608 - our own tables
                    try:
                        opened.execute(set_to, (other, rowid))
                    except (sqlite3.IntegrityError, OverflowError):
                        continue
                    if name in {"seq", "number", "id"}:
                        # The row is its key: it is elsewhere now.
                        yield f"{table}.{name}"
                        opened.execute(set_to, (value, other))
                    else:
                        yield f"{table}.{name}"
                        opened.execute(set_to, (value, rowid))


def found_in(
    folder: Path, *, trusted: Sequence[TrustedRoot] = (), engine: bool = False
) -> Verification | None:
    """What reading all of it again finds; None if it cannot even be opened."""
    try:
        store = SqliteStore(folder / "ledger.sqlite", writable=False)
    except LedgerError:
        return None
    try:
        with closing(KeyStore(folder, ROOT_SECRET)) as keys:
            return verify(store, trusted=trusted, keys=keys, engine=engine)
    except LedgerError:
        return None
    finally:
        store.close()


def sound(found: Verification | None) -> bool:
    return found is not None and found.sound


@pytest.mark.parametrize("table", ["head", "hole", "alembic_version"])
def test_every_byte_of_the_tables_beside_the_entries(tmp_path: Path, table: str) -> None:
    world, root = filled(tmp_path)
    assert sound(found_in(tmp_path, trusted=[root], engine=True))
    world.place.unguard()
    for made, what in enumerate(each_change(tmp_path / "ledger.sqlite", table)):
        found = found_in(tmp_path, trusted=[root], engine=table == "alembic_version")
        assert not sound(found), (made, what)
    assert sound(found_in(tmp_path, trusted=[root]))


@pytest.mark.parametrize(
    ("file", "table"), [("keys.sqlite", "key"), ("keys.sqlite", "destroyed"), ("epochs.sqlite", "epoch")]
)
def test_every_byte_of_the_keys(tmp_path: Path, file: str, table: str) -> None:
    filled(tmp_path)
    for made, what in enumerate(each_change(tmp_path / file, table)):
        assert not sound(found_in(tmp_path)), (made, what)
    assert sound(found_in(tmp_path))


def test_a_lost_key_names_the_first_entry_that_nobody_can_open(tmp_path: Path) -> None:
    filled(tmp_path)
    with closing(sqlite3.connect(tmp_path / "keys.sqlite", isolation_level=None)) as opened:
        opened.execute("DELETE FROM key WHERE stream = 'p-3' AND episode = 'b-1'")
    found = found_in(tmp_path)
    assert found is not None
    (problem,) = found.problems
    assert (problem.seq, problem.table) == (3, "key")
    assert "no order destroyed it" in problem.found


TABLES_OF = {
    "ledger.sqlite": ("entry", "head", "hole", "alembic_version"),
    "keys.sqlite": ("key", "destroyed"),
    "epochs.sqlite": ("epoch",),
}


def contents(path: Path) -> list[object]:
    """Every value of every table of a file."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
        tables = TABLES_OF[path.name]
        return [opened.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]  # noqa: S608 - our own tables


def missed(folder: Path, file: str, offsets: Sequence[int], root: TrustedRoot) -> list[int]:
    """At which of these offsets a changed byte of a file changed what is stored, and nobody noticed."""
    data = (folder / file).read_bytes()
    main = folder / file.removesuffix("-wal")
    pristine = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    original = contents(main)
    work = folder / "changed"
    unseen: list[int] = []
    for at in offsets:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        for name, whole in pristine.items():
            (work / name).write_bytes(whole)
        (work / file).write_bytes(data[:at] + bytes([data[at] ^ 1 << CHANCE.randrange(8)]) + data[at + 1 :])
        found = found_in(work, trusted=[root], engine=True)
        if sound(found) and contents(work / main.name) != original:
            unseen.append(at)
    return unseen


def in_the_log(folder: Path) -> TrustedRoot:
    """A ledger whose last entries are only in its log of writes, as a machine that stopped leaves it."""
    world = World.make(SqlitePlace(folder), folder)
    world.ledger.append_all([draft(n) for n in range(6)])
    leaves = [row[8] for row in world.ledger.store.rows(0, 6)]
    copies = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}
    world.ledger.close()
    for path in folder.iterdir():
        path.unlink()
    for name, data in copies.items():
        (folder / name).write_bytes(data)
    assert (folder / "ledger.sqlite-wal").stat().st_size > 4_096
    return TrustedRoot(6, root_of(leaves))


FILES: list[tuple[str, Callable[[Path], TrustedRoot]]] = [
    ("ledger.sqlite-wal", in_the_log),
    ("keys.sqlite", lambda folder: filled(folder)[1]),
    ("epochs.sqlite", lambda folder: filled(folder)[1]),
    ("ledger.sqlite", lambda folder: filled(folder, 1_000)[1]),
]


@pytest.mark.parametrize(("file", "made"), FILES, ids=[name for name, _ in FILES])
def test_bytes_of_files(tmp_path: Path, file: str, made: Callable[[Path], TrustedRoot]) -> None:
    root = made(tmp_path)
    size = (tmp_path / file).stat().st_size
    assert missed(tmp_path, file, [CHANCE.randrange(size) for _ in range(40)], root) == []


@pytest.mark.slow
@pytest.mark.parametrize(("file", "made"), FILES[:3], ids=[name for name, _ in FILES[:3]])
def test_every_byte_of_files(tmp_path: Path, file: str, made: Callable[[Path], TrustedRoot]) -> None:
    root = made(tmp_path)
    assert missed(tmp_path, file, range((tmp_path / file).stat().st_size), root) == []


@pytest.mark.slow
def test_bytes_of_a_large_ledgers_file(tmp_path: Path) -> None:
    root = FILES[3][1](tmp_path)
    size = (tmp_path / "ledger.sqlite").stat().st_size
    assert missed(tmp_path, "ledger.sqlite", range(0, size, 997), root) == []


def test_a_log_that_lost_its_end_is_a_shorter_ledger_that_only_a_published_root_betrays(
    tmp_path: Path,
) -> None:
    root = in_the_log(tmp_path)
    log = tmp_path / "ledger.sqlite-wal"
    data = log.read_bytes()
    log.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    alone = found_in(tmp_path)
    assert alone is not None
    assert alone.sound
    assert alone.size < 6
    assert not sound(found_in(tmp_path, trusted=[root]))
