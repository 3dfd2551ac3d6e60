"""Columns against the definition, and against DuckDB and Polars on the same file of invented people.

The mix is that of `habeas invent` (holds, detainers, sentences, unknown facts); the file is Parquet, zstd
level 1. Every figure is for one custody, in processor time, since columns and peers use one file each and
machines are shared. Peers that are not installed are left out. `python -m benchmarks.bench_bulk SIZE`
prints the share on columns, peak memory and the reasons for a population of that many in custody a day;
`REPEATED` tells everybody again under other names that many times, so that a long file is soon made.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measured

from habeas.bulk.definition import decided
from habeas.bulk.engine import Engine
from habeas.bulk.footings import Asked
from habeas.bulk.run import audit
from habeas.bulk.tables import EVENT_TABLE, event_table
from habeas.desk.library import library
from habeas.invented.population import Population
from habeas.kernel.instants import FOREVER, parse_instant

pa: Any = import_module("pyarrow")
pc: Any = import_module("pyarrow.compute")
pq: Any = import_module("pyarrow.parquet")

FIRST = parse_instant("2024-01-01T05:00:00Z")
DAYS = 365
PEOPLE = 400
"""In custody on an average day in each county: about 12,000 custodies."""
ASKED_OF_DEFINITION = 150
"""People of whom the definition is asked."""

SCAN_AND_REWRITE = """
COPY (SELECT * FROM read_parquet('{source}')) TO '{target}'
(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)
"""
SIMPLIFIED = """
COPY (
  WITH said AS (
    SELECT person, event, epoch_us("at") AS moment, about, unnest(terms) AS term
    FROM read_parquet('{source}')
  ),
  charged AS (
    SELECT person, about AS booking, moment AS begun, unnest(term.texts) AS charge
    FROM said WHERE event = 'Arrested' AND term.name = 'charge'
  ),
  ended AS (
    SELECT person, about AS charge, min(epoch_us("at")) AS ended FROM read_parquet('{source}')
    WHERE collection = 'charge' AND event IN ('BondPosted', 'ChargeDisposed', 'Sentenced')
    GROUP BY ALL
  ),
  freed AS (
    SELECT person, about AS booking, max(epoch_us("at")) AS door FROM read_parquet('{source}')
    WHERE event IN ('Released', 'TurnedOver') GROUP BY ALL
  )
  SELECT person, booking, min(begun) AS begun, max(coalesce(ended, door)) AS supported,
    any_value(door) AS door
  FROM charged LEFT JOIN ended USING (person, charge) LEFT JOIN freed USING (person, booking)
  GROUP BY person, booking
) TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)
"""
"""A much simpler rule: a charge holds until bail, disposal or sentence. No law, no clock, no paper."""


def population(people: int) -> Population:
    """Invented people of a year."""
    return Population(seed=3, first=FIRST, people=people, days=DAYS)


def asked(people: Population) -> Asked:
    """Everything known, law as known at the horizon, each unknown fact left unknown."""
    regimen = library()
    coverage = (people.coverage,)
    return Asked(regimen, regimen.setting(), FOREVER, people.horizon, {}, coverage, settle=False)


def write(people: Population, path: Path, repeated: int = 1) -> None:
    """The events of everybody, as often as asked under other names."""
    told = people.tell()
    with pq.ParquetWriter(str(path), EVENT_TABLE, compression="zstd", compression_level=1) as file:
        while lot := list(islice(told, 2000)):
            table = event_table(event for person in lot for event in person.events)
            for number in range(repeated):
                names = pc.binary_join_element_wise(table["person"], str(number), "-")
                own = pc.equal(table["collection"].cast(pa.string()), "person")
                about = pc.if_else(pc.fill_null(own, False), names, table["about"])
                told_of = table.set_column(0, EVENT_TABLE.field("person"), names)
                place = EVENT_TABLE.get_field_index("about")
                file.write_table(told_of.set_column(place, EVENT_TABLE.field("about"), about))


def processor_time(work: Callable[[], object]) -> float:
    """Seconds of processor time of this process and its threads."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure() -> Iterator[Measured]:
    """Columns from file to files, the definition person by person, and peers that do much less."""
    people = population(PEOPLE)
    under = asked(people)
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "events.parquet", Path(folder) / "out"
        write(people, source)
        engine = Engine(under)
        audit(engine, source, out)  # law is compiled, and every state is met once
        shares: list[int] = []

        def columns() -> None:
            shares.append(audit(engine, source, out).custodies)

        seconds = min(processor_time(columns) for _ in range(3))
        count = shares[0]
        yield Measured("columns, Parquet to Parquet, a custody", seconds / count, 3, group="bulk")
        yield _definition(people, under)
        yield from _duckdb(source, Path(folder) / "copy.parquet", count)
        yield from _polars(source, Path(folder) / "copy.parquet", count)


def _definition(people: Population, under: Asked) -> Measured:
    some = list(islice(people.tell(), ASKED_OF_DEFINITION))
    decided(under, some[0].events)
    counts: list[int] = []

    def ask() -> None:
        counts.append(sum(len(decided(under, person.events)) for person in some))

    seconds = processor_time(ask)
    return Measured("the definition, a custody", seconds / counts[0], 1, group="bulk", is_peer=True)


def _duckdb(source: Path, target: Path, count: int) -> Iterator[Measured]:
    if find_spec("duckdb") is None:
        return
    duckdb: Any = import_module("duckdb")
    for name, query in (("scan and rewrite", SCAN_AND_REWRITE), ("a simplified rule", SIMPLIFIED)):
        text = query.format(source=source, target=target)
        seconds = min(processor_time(partial(duckdb.execute, text)) for _ in range(3))
        yield Measured(f"DuckDB: {name}, a custody", seconds / count, 3, group="bulk", is_peer=True)


def _polars(source: Path, target: Path, count: int) -> Iterator[Measured]:
    if find_spec("polars") is None:
        return
    pl: Any = import_module("polars")

    def simplified() -> None:
        events = pl.scan_parquet(source).select("person", "event", "at", "collection", "about", "terms")
        charged = (
            events.filter(pl.col("event").cast(pl.String) == "Arrested")
            .explode("terms")
            .filter(pl.col("terms").struct.field("name") == "charge")
            .select("person", booking="about", begun="at", charge=pl.col("terms").struct.field("texts"))
            .explode("charge")
        )
        ending = ["BondPosted", "ChargeDisposed", "Sentenced"]
        ended = (
            events.filter(pl.col("event").cast(pl.String).is_in(ending))
            .filter(pl.col("collection").cast(pl.String) == "charge")
            .group_by("person", charge="about")
            .agg(ended=pl.col("at").min())
        )
        freed = (
            events.filter(pl.col("event").cast(pl.String).is_in(["Released", "TurnedOver"]))
            .group_by("person", booking="about")
            .agg(door=pl.col("at").max())
        )
        joined = charged.join(ended, on=["person", "charge"], how="left")
        joined = joined.join(freed, on=["person", "booking"], how="left")
        supported = pl.coalesce("ended", "door").max()
        made = joined.group_by("person", "booking").agg(
            pl.col("begun").min(), supported, pl.col("door").first()
        )
        made.collect().write_parquet(target, compression="zstd", compression_level=1)

    seconds = min(processor_time(simplified) for _ in range(3))
    yield Measured("Polars: a simplified rule, a custody", seconds / count, 3, group="bulk", is_peer=True)


def main(size: int, repeated: int) -> None:
    """One run from file to files: share, memory, time and reasons, as one line of JSON."""
    people = population(size)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "events.parquet"
        write(people, source, repeated)
        engine = Engine(asked(people))
        made: list[Any] = []
        seconds = processor_time(lambda: made.append(audit(engine, source, Path(folder) / "out")))
        share = made[0]
        figures = {
            "custodies": share.custodies,
            "events": pq.read_metadata(str(source)).num_rows,
            "repeated": repeated,
            "processor seconds": round(seconds, 1),
            "microseconds a custody": round(seconds / share.custodies * 1e6, 1),
            "share on columns": round(1 - share.by_definition / share.custodies, 5),
            "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "reasons": dict(engine.reasons),
        }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
