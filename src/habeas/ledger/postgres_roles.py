"""Who may do what in the database of a ledger: its owner migrates, a writer only adds, a reader only reads.

Owner is whoever made the tables. Nobody else can change or remove a row: a writer adds entries and moves the
head through functions of the owner (`postgres_functions`). Removing the bytes that an expunction names is a
right of its own, since it is the one thing that cannot be taken back.
"""

from __future__ import annotations

from typing import Final

from psycopg import sql

from habeas.ledger.postgres_connections import connect, failures_named
from habeas.ledger.postgres_schema import described

_TABLES: Final = ("alembic_version", "entry", "head", "hole")
_OF_WRITERS: Final = ("habeas_take_over", "habeas_move_head")
_OF_REMOVERS: Final = ("habeas_open_hole",)


def grant(
    url: str, *, writer: str | None = None, reader: str | None = None, remover: str | None = None
) -> None:
    """Give roles that are there exactly the rights of their part; what they had in this schema before goes.

    Args:
        url: The database, asked as the owner of the tables.
        writer: Who appends.
        reader: Who reads and verifies.
        remover: Who appends and may also open holes, as carrying out an expunction does where its rule
            removes headers.

    Raises:
        Unavailable: the tables belong to somebody else, or a role is not there.
    """
    parts = [
        *([(reader, False, ())] if reader is not None else []),
        *([(writer, True, _OF_WRITERS)] if writer is not None else []),
        *([(remover, True, (*_OF_WRITERS, *_OF_REMOVERS))] if remover is not None else []),
    ]
    with failures_named(described(url)), connect(url, writable=True) as link, link.transaction():
        found = link.execute("SELECT current_schema()").fetchone()
        schema = sql.Identifier(str(found and found[0]))
        # Up to version 14 everybody may put tables and functions of their own into the first schema.
        link.execute(sql.SQL("REVOKE CREATE ON SCHEMA {} FROM PUBLIC").format(schema))
        for name, inserts, functions in parts:
            for statement in _statements(schema, sql.Identifier(name), functions, inserts=inserts):
                link.execute(statement)


def _statements(
    schema: sql.Identifier, role: sql.Identifier, functions: tuple[str, ...], *, inserts: bool
) -> list[sql.Composed]:
    """What gives one role its rights."""
    tables = sql.SQL(", ").join(map(sql.Identifier, _TABLES))
    said = [
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}").format(schema, role),
        sql.SQL("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {} FROM {}").format(schema, role),
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, role),
        sql.SQL("GRANT SELECT ON {} TO {}").format(tables, role),
    ]
    if inserts:
        said.append(sql.SQL("GRANT INSERT ON entry TO {}").format(role))
    said += [
        sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.Identifier(each), role) for each in functions
    ]
    return said
