"""What the owner of a ledger's database can do to it, guards or not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from habeas.desk.ledgers import find


def tamper(path: Path, statement: str) -> None:
    """Drop the guards of the ledger in a folder, and run a statement that they would have refused."""
    folder = find(path)
    if folder.address is not None:
        # Its driver need not be installed where no test of PostgreSQL runs.
        from postgres_servers import PostgresPlace  # noqa: PLC0415 - see above

        place = PostgresPlace(path)
        place.url = folder.address
        place.unguard()
        place.run(statement)
        return
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as opened:
        for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            opened.execute(f"DROP TRIGGER {name}")
        opened.execute(statement)
