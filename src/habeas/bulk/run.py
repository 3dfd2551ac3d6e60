"""From files of events to files of answers, lot by lot, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from habeas.bulk.definition import decided
from habeas.bulk.engine import Answered, Engine
from habeas.bulk.results import Tables, joined, of_definition, tables_of
from habeas.bulk.tables import WrongColumns, arrow_schema, checked, events_of
from habeas.wire.columns import BOOKINGS, EVENTS, FINDINGS, INSTRUMENTS, SEGMENTS

pa: Any = import_module("pyarrow")
pc: Any = import_module("pyarrow.compute")
pq: Any = import_module("pyarrow.parquet")

LOT: Final = 400_000
"""Rows of events taken at once, about 25,000 people."""


@dataclass(slots=True)
class Share:
    """How many were decided by which path."""

    people: int = 0
    custodies: int = 0
    by_definition: int = 0
    """Custodies that the definition decided."""


def answers(engine: Engine, table: Any) -> Tables:
    """Decide whoever some rows tell of: by columns, and by the definition who they cannot say exactly.

    Args:
        engine: Under which law, as known when.
        table: Rows of ``habeas/columns/events/1``, all rows of a person together.

    Returns:
        Tables in which people of either path stand in lots: those of columns first.
    """
    made = engine.answer(table)
    return joined([tables_of(made), *_by_definition(engine, table, made)])


def _by_definition(engine: Engine, table: Any, made: Answered) -> Iterator[Tables]:
    if not made.refused:
        return
    reasons = {made.told.text(int(made.told.people[person])): why for person, why in made.refused.items()}
    mine = pc.is_in(table["person"], value_set=pa.array(list(reasons), pa.string()))
    events: dict[str, list[Any]] = {person: [] for person in reasons}
    for event in events_of(table.filter(mine)):
        events[event.person].append(event)
    for person, reason in reasons.items():
        yield of_definition(person, decided(engine.asked, events[person]), reason)


def audit(engine: Engine, source: Path, folder: Path) -> Share:
    """Decide a whole file of events; write the tables of the answer beside each other.

    Every file is written under another name first, so none is ever half there.

    Raises:
        WrongColumns: The file is no table of events, is cut short, or parts the rows of a person.
        OSError: The folder cannot be written, or the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    share = Share()
    names = {
        "bookings": BOOKINGS,
        "instruments": INSTRUMENTS,
        "segments": SEGMENTS,
        "findings": FINDINGS,
    }
    parts = {name: folder / f".{name}.parquet.part" for name in names}
    writers = {
        name: pq.ParquetWriter(str(parts[name]), arrow_schema(table), compression="zstd", compression_level=1)
        for name, table in names.items()
    }
    try:
        for lot in lots(source):
            found = answers(engine, lot)
            for name, writer in writers.items():
                writer.write_table(getattr(found, name))
            share.custodies += found.bookings.num_rows
            slow = pc.sum(pc.equal(found.bookings["path"].cast(pa.string()), "definition"))
            share.by_definition += int(slow.as_py() or 0)
        share.people = engine.people
        for writer in writers.values():
            writer.close()
        for name in names:
            parts[name].replace(folder / f"{name}.parquet")
    finally:
        for name, writer in writers.items():
            writer.close()
            parts[name].unlink(missing_ok=True)
    return share


def lots(source: Path, size: int = LOT) -> Iterator[Any]:
    """The rows of a file in lots of whole people.

    Raises:
        WrongColumns: The file is no table of events, is cut short, or parts the rows of a person.
    """
    held: Any = None
    seen: set[str] = set()
    try:
        with pq.ParquetFile(str(source)) as file:
            for batch in file.iter_batches(batch_size=size):
                coming = checked(pa.Table.from_batches([batch]), EVENTS)
                held = coming if held is None else pa.concat_tables([held, coming])
                last = held["person"][held.num_rows - 1].as_py()
                ends = pc.index(held["person"], last).as_py()
                if ends:
                    yield _apart(held.slice(0, ends), seen)
                held = held.slice(ends)
    except pa.ArrowInvalid as error:
        raise WrongColumns(f"{source}: {error}") from error
    except OSError as error:
        if "Parquet" in str(error) or "end of file" in str(error):
            raise WrongColumns(f"{source}: {error}") from error
        raise
    if held is not None and held.num_rows:
        yield _apart(held, seen)


def _before(column: Any) -> Any:
    """Each row's neighbour above."""
    return pa.concat_arrays(
        [pa.nulls(min(1, len(column)), pa.string()), column.slice(0, max(len(column) - 1, 0))]
    )


def _apart(lot: Any, seen: set[str]) -> Any:
    """A lot of which nobody was in one before.

    Raises:
        WrongColumns: Somebody was.
    """
    column = lot["person"].combine_chunks()
    runs: list[str] = column.filter(pc.not_equal(column, pc.fill_null(_before(column), ""))).to_pylist()
    people = set(runs)
    apart = {person for person, count in Counter(runs).items() if count > 1}
    if twice := (people & seen) | apart:
        raise WrongColumns(f"expected all rows of a person together, found [{min(twice)}] in two places")
    seen |= people
    return lot
