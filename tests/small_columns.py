"""People for the tests of columns, and what the definition says of them in the same tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from habeas.authority.inquiry import Regimen
from habeas.bulk.definition import decided
from habeas.bulk.engine import Engine
from habeas.bulk.footings import Asked
from habeas.bulk.results import Tables, joined, of_definition
from habeas.bulk.run import answers
from habeas.bulk.tables import event_table
from habeas.custody.coverage import Coverage
from habeas.custody.events import Event
from habeas.kernel.instants import FOREVER, Instant
from habeas.law.questions import Reading

pa: Any = import_module("pyarrow")

LAW_KNOWN_AT = Instant(1_793_491_200_000_000)
"""1 November 2026."""


def asked(
    regimen: Regimen,
    coverage: Iterable[Coverage],
    *,
    known_at: Instant = FOREVER,
    reading: Reading | None = None,
    settle: bool = True,
) -> Asked:
    """What people are asked under, with law as known in November 2026."""
    known = LAW_KNOWN_AT if known_at >= FOREVER else known_at
    return Asked(regimen, regimen.setting(), known_at, known, dict(reading or {}), tuple(coverage), settle)


def both_ways(under: Asked, people: Sequence[Sequence[Event]]) -> tuple[Tables, Tables, Engine]:
    """What columns say, what the definition says, and the engine that was asked."""
    engine = Engine(under)
    columns = answers(engine, event_table(event for events in people for event in events))
    slow = joined(of_definition(events[0].person, decided(under, events), "") for events in people if events)
    return columns, slow, engine


def rows_of(table: Any) -> list[str]:
    """The rows of an answer, in one order, without which path decided them."""
    names = [name for name in table.schema.names if name not in {"path", "reason"}]
    plain = pa.schema(
        [
            pa.field(f.name, pa.int64() if pa.types.is_timestamp(f.type) else f.type)
            for f in table.select(names).schema
        ]
    )
    rows = table.select(names).cast(plain).to_pylist()
    for row in rows:
        if "bases" in row:
            row["bases"] = sorted(tuple(base.values()) for base in row["bases"])
    return sorted(map(repr, rows))


def differences(one: Tables, other: Tables) -> dict[str, set[str]]:
    """The rows that only one of two answers has, by table."""
    found: dict[str, set[str]] = {}
    for name in ("bookings", "instruments", "segments", "findings"):
        mine, theirs = rows_of(getattr(one, name)), rows_of(getattr(other, name))
        if mine != theirs:
            found[name] = set(mine) ^ set(theirs) or {"the same rows, not as often"}
    return found
