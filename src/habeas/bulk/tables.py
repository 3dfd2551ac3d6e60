"""The tables of `habeas.wire.columns` as Arrow: schemas, events to rows and back, files in and out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from habeas.custody.events import EVENTS as KINDS
from habeas.custody.events import Event, Ref
from habeas.custody.facts import Collection, Term
from habeas.kernel.evidence import NotKnown, SourceRef
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import Instant, Precision, UncertainInstant
from habeas.wire.columns import (
    BASE_FIELDS,
    EVENTS,
    METADATA_KEY,
    TABLES,
    TERM_FIELDS,
    Column,
    TableSchema,
)

# Arrow ships no types; what is used of it is small and tested.
pa: Any = import_module("pyarrow")
pq: Any = import_module("pyarrow.parquet")
ipc: Any = import_module("pyarrow.ipc")

_CODE: Final = pa.dictionary(pa.int32(), pa.string())
_AT: Final = pa.timestamp("us", "UTC")


class WrongColumns(ValueError):
    """A table has not the columns its schema names."""


def arrow_schema(table: TableSchema) -> Any:
    """A documented table as an Arrow schema, its name in the metadata."""
    fields = [_field(column) for column in table.columns]
    return pa.schema(fields, metadata={METADATA_KEY: table.name})


def _field(column: Column) -> Any:
    return pa.field(column.name, _type(column.sort), nullable=not column.required)


def _type(sort: str) -> Any:
    if sort == "terms":
        return pa.list_(pa.struct([_inner(each) for each in TERM_FIELDS]))
    if sort == "bases":
        return pa.list_(pa.struct([_inner(each) for each in BASE_FIELDS]))
    return _TYPES[sort]


def _inner(column: Column) -> Any:
    """A field inside a list: no dictionary, since Arrow cannot read those back from several row groups."""
    kind = pa.string() if column.sort == "code" else _type(column.sort)
    return pa.field(column.name, kind, nullable=not column.required)


_TYPES: Final = {
    "text": pa.string(),
    "code": _CODE,
    "instant": _AT,
    "number": pa.int64(),
    "truth": pa.bool_(),
    "texts": pa.list_(pa.string()),
    "words": pa.map_(pa.string(), pa.string()),
    "source": pa.struct(
        [
            pa.field("name", pa.string()),
            pa.field("file_digest", pa.string()),
            pa.field("row", pa.int64()),
            pa.field("recipe_digest", pa.string()),
        ]
    ),
}

EVENT_TABLE: Final = arrow_schema(EVENTS)


def checked(found: Any, table: TableSchema) -> Any:
    """A table in the exact columns of its schema.

    Raises:
        WrongColumns: A column is missing, strange, of another type, or empty where it may not be.
    """
    schema = arrow_schema(table)
    metadata: dict[bytes, bytes] = found.schema.metadata or {}
    named = metadata.get(METADATA_KEY.encode())
    if named is not None and named.decode() != table.name:
        raise WrongColumns(f"expected the schema [{table.name}], found [{named.decode()}]")
    names, given = [field.name for field in schema], list(found.schema.names)
    if missing := [name for name in names if name not in given]:
        raise WrongColumns(f"[{table.name}]: expected the columns {names}, without {missing}")
    if strange := [name for name in given if name not in names]:
        raise WrongColumns(f"[{table.name}]: expected the columns {names}, found also {strange}")
    try:
        made = found.select(names).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise WrongColumns(f"[{table.name}]: {error}") from error
    return made


def event_table(events: Iterable[Event]) -> Any:
    """Events as rows of ``habeas/columns/events/1``, in the order given."""
    return pa.Table.from_pylist([_row(event) for event in events], schema=EVENT_TABLE)


def _row(event: Event) -> Mapping[str, Any]:
    at = event.at
    row: dict[str, Any] = {
        "person": event.person,
        "id": event.id,
        "event": event.kind,
        "known_at": event.known_at,
        "terms": [{"name": name, **_term(term)} for name, term in event.terms.items()],
        "raw_text": list(event.raw_text.items()),
        "supersedes": event.supersedes,
        **_when("at", at),
    }
    if event.about is not None:
        row |= {"collection": event.about.collection, "about": event.about.id}
    if event.source is not None:
        source = event.source
        row["source"] = {
            "name": source.name,
            "file_digest": source.file_digest,
            "row": source.row,
            "recipe_digest": source.recipe_digest,
        }
    return row


def _when(name: str, at: object) -> dict[str, Any]:
    if not isinstance(at, UncertainInstant):
        return {name: at}
    if at.offset or at.path:
        raise ValueError(f"expected an instant as a source states it, found one derived: [{at}]")
    return {name: at.earliest, "latest": at.latest, "precision": at.precision.value, "key": at.key}


def _term(term: Term) -> dict[str, Any]:
    if isinstance(term, NotKnown):
        return {"missing": term.value}
    if isinstance(term, bool):
        return {"truth": term}
    if isinstance(term, frozenset):
        return {"texts": sorted(term)}
    return {"text": term} if isinstance(term, str) else _when("number", term)


def events_of(table: Any) -> Iterator[Event]:
    """The events that rows of ``habeas/columns/events/1`` state.

    Raises:
        WrongColumns: A row names no kind of event, or says nothing of a term.
    """
    plain = [pa.field(field.name, _plain(field.type)) for field in table.schema]
    for batch in table.cast(pa.schema(plain)).to_batches(max_chunksize=4096):
        for row in batch.to_pylist():
            yield _event(row)


def _plain(kind: Any) -> Any:
    """Instants as numbers: Python's own dates end before an open end does."""
    return pa.int64() if pa.types.is_timestamp(kind) else kind if not pa.types.is_list(kind) else _TERMS


_TERMS: Final = pa.list_(
    pa.struct(
        [pa.field(each.name, pa.int64()) if each.sort == "instant" else _inner(each) for each in TERM_FIELDS]
    )
)


def _event(row: Mapping[str, Any]) -> Event:
    kind = KINDS.get(row["event"])
    if kind is None:
        raise WrongColumns(f"event [{row['id']}]: expected a kind of event, found [{row['event']}]")
    collection, about, source = row["collection"], row["about"], row["source"]
    return kind(
        id=EventId(row["id"]),
        person=PersonId(row["person"]),
        at=_instant(row, "at"),
        known_at=Instant(row["known_at"]),
        about=None if collection is None else Ref(cast("Collection", collection), str(about)),
        terms={each["name"]: _value(row["id"], each) for each in row["terms"] or ()},
        source=None if source is None else SourceRef(**source),
        raw_text=dict(row["raw_text"] or ()),
        supersedes=None if row["supersedes"] is None else EventId(row["supersedes"]),
    )


def _instant(row: Mapping[str, Any], name: str) -> Instant | UncertainInstant:
    first = Instant(row[name])
    if row["latest"] is None:
        return first
    return UncertainInstant(first, Instant(row["latest"]), Precision(row["precision"]), row["key"])


def _value(event: str, each: Mapping[str, Any]) -> Term:
    if each["missing"] is not None:
        return NotKnown(each["missing"])
    if each["truth"] is not None:
        return bool(each["truth"])
    if each["texts"] is not None:
        return frozenset(each["texts"])
    if each["text"] is not None:
        return str(each["text"])
    if each["number"] is None:
        raise WrongColumns(f"event [{event}]: expected a value of [{each['name']}], found none")
    return _instant(each, "number")


def written(table: Any, path: Path) -> None:
    """Write a table: Parquet, or Arrow IPC where the name ends in ``.arrow``."""
    if path.suffix == ".arrow":
        with ipc.new_file(str(path), table.schema) as file:
            file.write_table(table)
        return
    pq.write_table(table, str(path), compression="zstd", compression_level=1)


def read(path: Path, table: TableSchema) -> Any:
    """A whole file of one table, in the exact columns of its schema.

    Raises:
        WrongColumns: The file is no such table, or is cut short.
    """
    try:
        with ipc.open_file(str(path)) if path.suffix == ".arrow" else pq.ParquetFile(str(path)) as file:
            found = file.read_all() if path.suffix == ".arrow" else file.read()
    except pa.ArrowInvalid as error:
        raise WrongColumns(f"{path}: {error}") from error
    return checked(found, table)


def schema_named(name: str) -> Any:
    """The Arrow schema of a name and version.

    Raises:
        KeyError: No table has that name.
    """
    return arrow_schema(TABLES[name])
