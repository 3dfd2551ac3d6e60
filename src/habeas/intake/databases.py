"""Rows of a database, by one query that can only read; needs the extra ``sql``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from habeas.intake.errors import MissingExtra, UnreadableInput
from habeas.intake.recipes.shape import Recipe, Table, columns_of
from habeas.intake.sources import Cell, Row, Source, layout, shown
from habeas.kernel.identifiers import digest_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

BATCH = 10_000
"""Rows held at once."""
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_READS = re.compile(r"\s*(?:select|with|values|table)\b", re.IGNORECASE)
_READ_ONLY = {
    "postgresql": "SET TRANSACTION READ ONLY",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "oracle": "SET TRANSACTION READ ONLY",
}


def is_url(text: str) -> bool:
    """Whether an input is named as a database and not as a file."""
    return _URL.match(text) is not None


def query_source(url: str, recipe: Recipe, table: Table) -> Source:
    """The rows of a table's query on a database.

    Raises:
        UnreadableInput: the table has no query, or one that is not a single SELECT.
    """
    name = _shown(url)
    if not table.query.strip():
        raise UnreadableInput(name, f"a [query] in table [{table.name}] of the recipe, or --query", "none")
    query = table.query.strip().rstrip(";")
    if _READS.match(query) is None or ";" in query:
        raise UnreadableInput(name, "one query that reads (SELECT, WITH, VALUES)", shown(query))
    return Source(
        Path(f"{name} {table.name}".strip()),
        digest_of(f"{name}\n{query}".encode()),
        columns_of(recipe, table),
        optional=frozenset(table.optional),
        aliases=recipe.aliases,
        url=url,
        query=query,
    )


def _shown(url: str) -> str:
    """A database's name without user, password, host and options."""
    scheme, _, rest = url.partition("://")
    named = rest.partition("?")[0].rpartition("/")[2]
    return f"{scheme}:{named}"


def query_rows(source: Source) -> Iterator[Row]:
    """The rows of a query, in a transaction that cannot write and is always rolled back.

    Raises:
        MissingExtra: SQLAlchemy, or the driver that the address names, is not installed.
        UnreadableInput: the database cannot be reached or cannot be made to refuse writing, or the
            query fails or lacks a column.
    """
    try:
        import sqlalchemy as sa  # noqa: PLC0415 - an extra
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtra(source.name, "a database", "sql") from error
    number = 0
    try:
        engine = sa.create_engine(_opened(source.url), **_options(source.url))
        with engine.connect() as connection:
            refuse_writes(engine, connection, source)
            found = connection.execution_options(stream_results=True).execute(sa.text(_bound(source.query)))
            names = tuple(found.keys())
            places = layout(source, names)
            where = {column: None if at is None else names.index(at) for column, at in places.items()}
            for batch in found.partitions(BATCH):
                for values in batch:
                    number = source.meter.done = number + 1
                    yield Row(number, {column: _cell(_at(values, at)) for column, at in where.items()})
            connection.rollback()
        engine.dispose()
    except ModuleNotFoundError as error:
        expected = f"the driver of the database, [{error.name}], installed"
        raise UnreadableInput(source.name, expected, "none") from error
    except SQLAlchemyError as error:
        found_text = shown(str(getattr(error, "orig", None) or error).partition("\n")[0])
        raise UnreadableInput(source.name, "a query that the database answers", found_text) from error


def _opened(url: str) -> str:
    """The address, of a file of SQLite so that it opens without the right to write."""
    scheme, _, path = url.partition("://")
    if scheme.partition("+")[0] != "sqlite" or "mode=" in path:
        return url
    return f"sqlite:///file:{path.lstrip('/') if path.startswith('///') else path[1:]}?mode=ro&uri=true"


def _options(url: str) -> dict[str, Any]:
    import sqlalchemy as sa  # noqa: PLC0415 - an extra

    return {"poolclass": sa.pool.NullPool} if not url.startswith("sqlite") else {}


def refuse_writes(engine: Engine, connection: Connection, source: Source) -> None:
    """Have the database itself refuse to write for as long as it is asked.

    Raises:
        UnreadableInput: it is of a kind of which habeas does not know how.
    """
    import sqlalchemy as sa  # noqa: PLC0415 - an extra

    if engine.dialect.name == "sqlite":
        connection.execute(sa.text("pragma query_only = on"))
        return
    statement = _READ_ONLY.get(engine.dialect.name)
    if statement is None:
        known = ", ".join(["sqlite", *_READ_ONLY])
        expected = f"a database that can be told to refuse writing: {known}"
        raise UnreadableInput(source.name, expected, f"one of kind {engine.dialect.name}")
    connection.execute(sa.text(statement))


def _bound(query: str) -> str:
    """The query with its colons kept from being read as parameters."""
    return query.replace(":", r"\:")


def _at(values: Any, at: int | None) -> Any:
    return None if at is None else values[at]


def _cell(value: Any) -> Cell:
    if value is None or value == "":
        return None
    return value if isinstance(value, (str, int, float, bool, dt.date)) else str(value)
