"""Events as rows and back, in both file formats; what is no such table is refused by name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from habeas.bulk.tables import (
    EVENT_TABLE,
    WrongColumns,
    arrow_schema,
    checked,
    event_table,
    events_of,
    read,
    schema_named,
    written,
)
from habeas.custody.events import Arrested, Event, Sentenced
from habeas.kernel.evidence import NotKnown
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import FOREVER, Instant, Precision, UncertainInstant, shifted
from habeas.testing.events import histories
from habeas.wire.columns import EVENTS, METADATA_KEY, TABLES

pa: Any = import_module("pyarrow")

DAY = UncertainInstant(Instant(86_400_000_000), Instant(2 * 86_400_000_000), Precision.DAY, "a day")
EVENT = Sentenced(
    id=EventId("e1"),
    person=PersonId("p1"),
    at=DAY,
    known_at=Instant(5),
    terms={
        "term_days": 30,
        "jail_credit_days": NotKnown.UNSTATED,
        "consecutive_to": "s2",
        "starts_at": DAY,
        "expires_at": FOREVER,
        "waived": frozenset({"hearing", "counsel"}),
        "forcible_felony": False,
    },
    raw_text={"sentence": "thirty days"},
    supersedes=EventId("e0"),
)


@given(histories())
def test_events_come_back_as_they_were(events: list[Event]) -> None:
    table = event_table(events)
    assert table.schema.equals(EVENT_TABLE, check_metadata=True)
    assert list(events_of(table)) == events


@pytest.mark.parametrize("name", ["events.parquet", "events.arrow"])
def test_files_say_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    written(event_table([EVENT]), path)
    assert list(events_of(read(path, EVENTS))) == [EVENT]


@pytest.mark.parametrize("name", ["events.parquet", "events.arrow"])
def test_a_file_cut_short_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    written(event_table([EVENT]), path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(WrongColumns, match=name):
        read(path, EVENTS)


def test_every_table_carries_its_name() -> None:
    for name, table in TABLES.items():
        assert schema_named(name).metadata == {METADATA_KEY.encode(): name.encode()}
        assert arrow_schema(table).names == [column.name for column in table.columns]


def spoiled() -> dict[str, Any]:
    """What the refusal says -> a table that is none of events."""
    table = event_table([EVENT])
    return {
        "without": table.drop_columns(["known_at"]),
        "found also": table.append_column("race", table["person"]),
        "events/9": table.replace_schema_metadata({METADATA_KEY: "habeas/columns/events/9"}),
        "person": table.set_column(0, "person", pa.array([None], pa.string())),
        "noon": table.set_column(3, "at", pa.array(["noon"])),
    }


@pytest.mark.parametrize("says", ["without", "found also", "events/9", "person", "noon"])
def test_another_table_is_refused(says: str) -> None:
    with pytest.raises(WrongColumns, match=says):
        checked(spoiled()[says], EVENTS)


def test_a_row_of_no_known_kind_is_refused() -> None:
    table = event_table([EVENT]).to_pylist()
    made = pa.Table.from_pylist([{**table[0], "event": "Abducted"}], schema=EVENT_TABLE)
    with pytest.raises(WrongColumns, match="Abducted"):
        list(events_of(made))


def test_a_term_that_says_nothing_is_refused() -> None:
    plain = Arrested(id=EventId("e"), person=PersonId("p"), at=Instant(1), known_at=Instant(1))
    row = {**event_table([plain]).to_pylist()[0], "terms": [{"name": "charge"}]}
    with pytest.raises(WrongColumns, match="charge"):
        list(events_of(pa.Table.from_pylist([row], schema=EVENT_TABLE)))


def test_a_derived_instant_is_not_told() -> None:
    moved = shifted(DAY, 1)
    event = Arrested(id=EventId("e"), person=PersonId("p"), at=moved, known_at=Instant(1))
    with pytest.raises(ValueError, match="derived"):
        event_table([event])
