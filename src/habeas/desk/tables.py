"""The tables of a ledger: made in a file or in a database, and brought to the version this program reads."""

from __future__ import annotations

from pathlib import Path

from habeas.ledger.errors import NotALedger


class LedgerThere(ValueError):
    """A database that holds a ledger where none was expected."""


def make_file(path: Path) -> None:
    """Make the tables of an empty ledger in a file.

    Raises:
        LedgerError: it cannot be written.
    """
    from habeas.ledger.schema import upgrade_sqlite  # noqa: PLC0415 - migrations take a second to import

    upgrade_sqlite(path, create=True)


def make_tables(address: str) -> None:
    """Make the tables of an empty ledger in a database that holds none.

    Raises:
        LedgerThere: it holds one.
        LedgerError: it cannot be reached or written.
    """
    from habeas.ledger.postgres import PostgresStore  # noqa: PLC0415 - its driver is an extra
    from habeas.ledger.postgres_schema import described, upgrade_postgres  # noqa: PLC0415 - as above

    try:
        PostgresStore(address, writable=False).close()
    except NotALedger:
        upgrade_postgres(address)
    else:
        raise LedgerThere(f"{described(address)}: expected no ledger there yet, found one")


def upgrade_file(path: Path) -> None:
    """Bring the tables of a file to the version this program reads.

    Raises:
        LedgerError: there is no ledger, or it cannot be written.
    """
    from habeas.ledger.schema import upgrade_sqlite  # noqa: PLC0415 - migrations take a second to import

    upgrade_sqlite(path)


def upgrade_tables(address: str) -> None:
    """Bring the tables of a database to the version this program reads.

    Raises:
        LedgerError: it cannot be reached or written.
    """
    from habeas.ledger.postgres_schema import upgrade_postgres  # noqa: PLC0415 - its driver is an extra

    upgrade_postgres(address)
