"""The tables of a ledger in PostgreSQL: made, upgraded, and compared with what should be there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from psycopg.conninfo import conninfo_to_dict

from habeas.ledger.guards import GUARDS_0001, GUARDS_0002, standing
from habeas.ledger.postgres_connections import Link, connect, failures_named
from habeas.ledger.postgres_functions import FUNCTIONS_0003

_TABLES: Final = frozenset({"alembic_version", "entry", "head", "hole"})
_INDEXES: Final = frozenset(
    {
        *("entry_stream", "entry_event", "entry_key"),
        *("alembic_version_pkc", "entry_pkey", "head_pkey", "hole_pkey"),
    }
)

_RELATIONS: Final = (
    "SELECT CASE WHEN relkind IN ('i', 'I') THEN 'index' WHEN relkind IN ('r', 'p') THEN 'table' ELSE"
    " 'relation' END, relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relkind <> 't'"
)
_TRIGGERS: Final = (
    "SELECT tgname, pg_get_triggerdef(t.oid, true), tgenabled = 'O' FROM pg_trigger t JOIN pg_class c"
    " ON c.oid = tgrelid WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
)
_FUNCTIONS: Final = (
    "SELECT proname, prosrc, prosecdef, array_to_string(proconfig, ';') FROM pg_proc"
    " WHERE pronamespace = current_schema()::regnamespace"
)
_SCHEMA: Final = "SELECT quote_ident(current_schema())"
# Whoever but the owner may change or remove what was recorded.
_RIGHTS: Final = (
    "SELECT c.relname, CASE WHEN a.grantee = 0 THEN 'everybody' ELSE a.grantee::regrole::text END,"
    " string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) FROM pg_class c,"
    " aclexplode(c.relacl) a WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
    " AND a.grantee <> c.relowner AND (a.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')"
    " OR a.privilege_type = 'INSERT' AND c.relname <> 'entry') GROUP BY 1, 2 ORDER BY 1, 2"
)


def upgrade_postgres(url: str, version: str = "head") -> None:
    """Make a ledger in a database, or bring an older one to a version: all of it happens, or nothing does.

    Args:
        url: The database, as libpq reads it.
        version: Which version of the tables; the newest by default.

    Raises:
        Unavailable: if it cannot be written, or somebody else holds a table for longer than we wait.
    """
    # Only a migration needs these two, and loading them takes longer than answering most questions.
    import sqlalchemy as sa  # noqa: PLC0415 - see above
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - see above

    from habeas.ledger.schema import upgrade  # noqa: PLC0415 - see above

    name = described(url)
    with failures_named(name):
        link = connect(url, writable=True)
        link.autocommit = False
    made = sa.create_engine("postgresql+psycopg://", creator=lambda: link, poolclass=sa.StaticPool)
    try:
        with failures_named(name):
            try:
                with made.begin() as connection:
                    upgrade(connection, version)
            except DBAPIError as error:
                raise error.orig or error from error
    finally:
        made.dispose()
        link.close()


def described(url: str) -> str:
    """A database's name for messages: never the password of its address."""
    found = conninfo_to_dict(url)
    return f"PostgreSQL database {found.get('dbname', '')!r} on {found.get('host', 'this machine')}"


def _functions(schema: str) -> Mapping[str, tuple[object, ...]]:
    """The functions: name to source, whether it runs as the owner, and its settings."""
    made: dict[str, tuple[object, ...]] = {}
    for statement in (*GUARDS_0001["postgresql"], *GUARDS_0002["postgresql"]):
        if found := re.match(r"CREATE FUNCTION (\w+)\(\).* AS \$\$(.*)\$\$", statement):
            made[found[1]] = (found[2], False, None)
    for name, function in FUNCTIONS_0003.items():
        made[name] = (function.body, True, f"search_path={schema}, pg_temp")
    return made


def _plain(statement: str) -> str:
    """A trigger's statement without what the engine adds or leaves out when it writes it down."""
    return re.sub(r"[\s()]|::text", "", statement).lower()


def strangers_in(link: Link, version: str) -> Sequence[str]:
    """What of the schema is missing, added, disabled or not as the migrations made it."""
    relations = {(str(kind), str(name)) for kind, name in link.execute(_RELATIONS)}
    triggers = {str(name): (str(sql), on) for name, sql, on in link.execute(_TRIGGERS)}
    functions = {str(name): tuple(rest) for name, *rest in link.execute(_FUNCTIONS)}
    schema = link.execute(_SCHEMA).fetchone()
    rights = link.execute(_RIGHTS).fetchall()
    versions = link.execute("SELECT version_num FROM alembic_version").fetchall()
    guards, sources = standing("postgresql"), _functions(str(schema and schema[0]))
    there = relations | {("trigger", name) for name in triggers} | {("function", name) for name in functions}
    expected = (
        {("table", name) for name in _TABLES}
        | {("index", name) for name in _INDEXES}
        | {("trigger", name) for name in guards}
        | {("function", name) for name in sources}
    )
    changed = [
        f"trigger {name}: not as it was made"
        for name, sql in guards.items()
        if name in triggers and (_plain(triggers[name][0]) != _plain(sql) or not triggers[name][1])
    ]
    changed += [
        f"function {name}: not as it was made"
        for name, source in sources.items()
        if functions.get(name, source) != source
    ]
    return [
        *(f"{kind} {name}: missing" for kind, name in sorted(expected - there)),
        *(f"{kind} {name}: not of a ledger" for kind, name in sorted(there - expected)),
        *changed,
        *(f"table {table}: {role} may {said}" for table, role, said in rights),
        *([] if versions == [(version,)] else [f"table alembic_version: expected {version}"]),
    ]
