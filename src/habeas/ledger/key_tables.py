"""The tables of a key store, how its files are opened, and what ties a key to whom it is for."""

from __future__ import annotations

import hmac
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from habeas.ledger.connections import Connect, Connection, failures_named
from habeas.ledger.errors import LedgerError

EPOCHS: Final = "CREATE TABLE IF NOT EXISTS epoch (number INTEGER PRIMARY KEY, wrapped BLOB NOT NULL)"
KEYS: Final = (
    "CREATE TABLE IF NOT EXISTS key (key_id TEXT PRIMARY KEY, stream TEXT NOT NULL, episode TEXT NOT NULL,"
    " epoch INTEGER NOT NULL, wrapped BLOB NOT NULL, bound BLOB, UNIQUE (stream, episode))"
)
DESTROYED: Final = (
    "CREATE TABLE IF NOT EXISTS destroyed (key_id TEXT PRIMARY KEY, ordered_by TEXT NOT NULL, digest BLOB)"
)
_TABLES_THERE: Final = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"


def _written(statement: str, column: str) -> frozenset[str]:
    """How the engine writes a table down: as it was made, or as it was before and got its column later."""
    made = statement.replace("IF NOT EXISTS ", "")
    before = made.replace(f", {column} BLOB", "")
    return frozenset({made, f"{before[:-1]}, {column} BLOB)"})


_TABLES: Final = {
    "keys.sqlite": (_written(DESTROYED, "digest"), _written(KEYS, "bound")),
    "epochs.sqlite": (frozenset({EPOCHS.replace("IF NOT EXISTS ", "")}),),
}
"""What each file was made with, in the order of the names."""

LATER_COLUMNS: Final = (("key", "bound"), ("destroyed", "digest"))
FIND: Final = "SELECT key_id, epoch, wrapped, stream, episode, bound FROM key WHERE "

Found = tuple[str, int, bytes, str, str, bytes | None]
"""A row of `key`."""


def bound_to(key: bytes, key_id: str, stream: str, episode: str) -> bytes:
    """What ties a key to its name, person and episode: a changed byte there would hide it from an order."""
    return hmac.digest(key, msgspec.json.encode([key_id, stream, episode]), "sha256")


def destroyed_digest(key_id: str, ordered_by: str) -> bytes:
    """Shows a slip in what is said of a destroyed key, not a forger."""
    return sha256(msgspec.json.encode([key_id, ordered_by])).digest()


def configured(path: Path, opened: Connect, mode: str) -> Connection:
    """A connection that overwrites what it deletes and is durable at each commit."""
    with failures_named(path):
        connection = opened(path, "rwc" if mode == "create" else "rw")
        for pragma in (
            "journal_mode = TRUNCATE",
            # In rollback mode FULL leaves a moment in which the journal's end is not yet on disk.
            "synchronous = EXTRA",
            "fullfsync = ON",
            "secure_delete = ON",
            "trusted_schema = OFF",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def file_faults(connection: Connection, path: Path) -> list[str]:
    """What the engine's own check of a file says, and whether it has the tables it was made with."""
    try:
        with failures_named(path):
            said = connection.execute("PRAGMA integrity_check").fetchall()
            there = connection.execute(_TABLES_THERE).fetchall()
    except LedgerError as error:
        return [str(error)]
    found = [f"{path.name}: {line[0]}" for line in said if line[0] != "ok"]
    expected = _TABLES[path.name]
    if len(there) != len(expected) or any(
        row[0] not in sql for row, sql in zip(there, expected, strict=True)
    ):
        found.append(f"{path.name}: other tables than it was made with")
    return found
