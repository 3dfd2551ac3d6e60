"""Small ledgers for tests: a clock that is set by hand, drafts, and places where a store can be made."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

from msgspec.structs import replace

from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import digest_of
from habeas.kernel.instants import SECOND, Instant, Precision
from habeas.ledger.entries import Draft
from habeas.ledger.keys import KeyStore
from habeas.ledger.ledger import Kinds, Ledger
from habeas.ledger.schema import upgrade_sqlite
from habeas.ledger.sqlite import SqliteStore
from habeas.ledger.store import Store

ROOT_SECRET = bytes(range(32))
START = Instant(1_487_592_000 * SECOND)
SOURCE = SourceRef(digest_of(b"a booking sheet"), "sheet", 3, digest_of(b"a recipe"))


@dataclass
class Clock:
    """A clock that says what it is told, and goes on by a step each time it is asked."""

    now: int = START
    step: int = 1_000

    def __call__(self) -> Instant:
        self.now += self.step
        return Instant(self.now)


BLANK = Draft(
    stream="p-1",
    episode="b-1",
    kind="Arrested",
    schema_version=1,
    payload=b"arrested on the corner",
    actor="officer-7",
    role="records",
    idem="form-0",
    valid_from=START,
    precision=Precision.MINUTE,
    zone="America/New_York",
    session="s-1",
    source=SOURCE,
)


def draft(number: int, **changes: Any) -> Draft:
    """A draft with a key of its own; everything else as stated."""
    return replace(BLANK, **{"idem": f"form-{number}", "payload": b"sheet %d" % number, **changes})


class Place(Protocol):
    """Somewhere a store can be made, opened again and tampered with."""

    def make(self) -> None:
        """Make an empty ledger."""
        ...

    def store(self, *, writable: bool = True) -> Store:
        """Open it."""
        ...

    def reopener(self) -> Callable[[], Store]:
        """What a worker process opens it with."""
        ...

    def run(self, sql: str, *parameters: object) -> None:
        """Run a statement as the database's owner, guards and all."""
        ...

    def unguard(self) -> None:
        """Drop the triggers, as an owner can."""
        ...


class SqlitePlace:
    """A SQLite file in a folder."""

    # Migrating takes a fifth of a second, so an empty ledger is made once and copied.
    template: ClassVar[bytes | None] = None

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ledger.sqlite"

    def make(self) -> None:
        if SqlitePlace.template is None:
            upgrade_sqlite(self.path, create=True)
            SqlitePlace.template = self.path.read_bytes()
        self.path.write_bytes(SqlitePlace.template)

    def store(self, *, writable: bool = True) -> SqliteStore:
        return SqliteStore(self.path, writable=writable)

    def reopener(self) -> Callable[[], Store]:
        return SqliteStore(self.path, writable=False).reopener()

    def run(self, sql: str, *parameters: object) -> None:
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            connection.execute(sql, parameters)
        finally:
            connection.close()

    def unguard(self) -> None:
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
        finally:
            connection.close()


@dataclass
class World:
    """A place with keys and a clock, and the ledger that is open there."""

    place: Place
    folder: Path
    clock: Clock
    ledger: Ledger

    @classmethod
    def make(cls, place: Place, folder: Path, kinds: Kinds | None = None) -> World:
        place.make()
        clock = Clock()
        keys = KeyStore(folder, ROOT_SECRET, create=True)
        return cls(place, folder, clock, Ledger(place.store(), keys, clock, kinds=kinds))

    def reopen(self, *, writable: bool = True) -> Ledger:
        """Close the ledger and open it again."""
        self.ledger.close()
        keys = KeyStore(self.folder, ROOT_SECRET)
        self.ledger = Ledger(self.place.store(writable=writable), keys, self.clock)
        return self.ledger
