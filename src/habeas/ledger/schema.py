"""The tables of a ledger, once for both engines, and Alembic's way from one version of them to the next.

Nothing else in this package imports SQLAlchemy or Alembic: to append, read and verify they are not loaded
(docs/decisions/0034). The meaning of each column is in docs/reference/ledger-format.md.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final, cast

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from habeas.ledger.connections import connect, failures_named
from habeas.ledger.errors import NotALedger

METADATA: Final = sa.MetaData()
"""Every table that a ledger's proofs and positions rest on."""

# In SQLite only a column of type INTEGER can be the row's own key.
_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

ENTRY: Final = sa.Table(
    "entry",
    METADATA,
    sa.Column("seq", _SEQ, primary_key=True, autoincrement=False),
    sa.Column("recorded_at", sa.BigInteger(), nullable=False),
    sa.Column("stream", sa.Text()),
    sa.Column("event_id", sa.Text()),
    sa.Column("actor", sa.Text()),
    sa.Column("idem", sa.Text()),
    sa.Column("header", sa.LargeBinary()),
    sa.Column("sealed", sa.LargeBinary()),
    sa.Column("leaf", sa.LargeBinary(), nullable=False),
    sa.Column("chain", sa.LargeBinary(), nullable=False),
    sa.Index("entry_stream", "stream", "seq"),
    sa.Index("entry_event", "event_id", unique=True),
    sa.Index("entry_key", "actor", "idem", unique=True),
)

HEAD: Final = sa.Table(
    "head",
    METADATA,
    sa.Column("id", _SEQ, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    sa.Column("size", sa.BigInteger(), nullable=False),
    sa.Column("recorded_at", sa.BigInteger()),
    sa.Column("settled_at", sa.BigInteger()),
    sa.Column("chain", sa.LargeBinary(), nullable=False),
    sa.Column("frontier", sa.LargeBinary(), nullable=False),
    sa.Column("epoch", sa.BigInteger(), nullable=False),
    sa.Column("digest", sa.LargeBinary(), nullable=False),
)

HOLE: Final = sa.Table(
    "hole",
    METADATA,
    sa.Column("seq", _SEQ, primary_key=True, autoincrement=False),
    sa.Column("what", sa.Text(), sa.CheckConstraint("what IN ('payload', 'entry')"), nullable=False),
    sa.Column("ordered_by", sa.BigInteger(), nullable=False),
    sa.Column("digest", sa.LargeBinary(), nullable=False),
)


def _config(connection: sa.Connection | None = None) -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    # A percent sign in a path would be read as an interpolation.
    folder = str(Path(__file__).parent / "migrations").replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def versions() -> tuple[str, ...]:
    """Every version of the tables, oldest first."""
    script = ScriptDirectory.from_config(_config())
    return tuple(reversed([revision.revision for revision in script.walk_revisions()]))


def upgrade(connection: sa.Connection, version: str = "head") -> None:
    """Make the tables, or bring older ones to a version, in the transaction of this connection."""
    command.upgrade(_config(connection), version)


def upgrade_sqlite(path: Path, version: str = "head", *, create: bool = False) -> None:
    """Make a ledger in a file, or bring an older one to a version: all of it happens, or nothing does.

    Args:
        path: The file.
        version: Which version of the tables; the newest by default.
        create: Whether to make the file. One that is there is then left alone and upgraded.

    Raises:
        NotALedger: if there is no file and none is to be made.
        Unavailable: if it cannot be written.
    """
    if not create and not path.is_file():
        raise NotALedger(f"{path}: no such file")
    with failures_named(path):
        opened = cast("sqlite3.Connection", connect(path, "rwc" if create else "rw"))
    engine = sa.create_engine("sqlite://", creator=lambda: opened, poolclass=sa.StaticPool)
    # The driver's own way of beginning transactions leaves statements that make tables outside of them.
    event.listen(engine, "begin", _begin_immediate)
    try:
        with failures_named(path):
            opened.execute("PRAGMA journal_mode = WAL").fetchall()
            try:
                with engine.begin() as connection:
                    upgrade(connection, version)
            except DBAPIError as error:
                raise error.orig or error from error
    finally:
        engine.dispose()


def _begin_immediate(connection: sa.Connection) -> None:
    """Take the write lock at once."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
