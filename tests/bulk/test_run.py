"""From files to files: whole or not at all, the same bytes again, lot by lot as at once."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from habeas.bulk import run
from habeas.bulk.engine import Engine
from habeas.bulk.footings import Asked
from habeas.bulk.run import answers, audit, lots
from habeas.bulk.tables import WrongColumns, event_table, read, written
from habeas.invented.population import Population
from habeas.wire.columns import BOOKINGS, FINDINGS, INSTRUMENTS, SEGMENTS
from small_columns import asked, rows_of
from small_inventions import population, regimen

pa: Any = import_module("pyarrow")
TABLES = {"bookings": BOOKINGS, "instruments": INSTRUMENTS, "segments": SEGMENTS, "findings": FINDINGS}


@pytest.fixture(name="people")
def _people() -> Population:
    return population(17, people=4, days=40)


@pytest.fixture(name="under")
def _under(people: Population) -> Asked:
    return asked(regimen(), [people.coverage], settle=False)


@pytest.fixture(name="source")
def _source(people: Population, tmp_path: Path) -> Path:
    path = tmp_path / "events.parquet"
    written(event_table(event for person in people.tell() for event in person.events), path)
    return path


def small_lots(path: Path) -> Iterator[Any]:
    return lots(path, size=37)


def test_lot_by_lot_as_at_once(
    source: Path, under: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = answers(Engine(under), pa.concat_tables(lots(source)))
    monkeypatch.setattr(run, "lots", small_lots)
    share = audit(Engine(under), source, tmp_path / "out")
    for name, table in TABLES.items():
        assert rows_of(read(tmp_path / "out" / f"{name}.parquet", table)) == rows_of(getattr(whole, name))
    assert share.custodies == whole.bookings.num_rows
    assert share.people == len(set(whole.bookings["person"].to_pylist()))
    assert share.by_definition == whole.bookings["path"].to_pylist().count("definition")


def test_the_same_bytes_again(source: Path, under: Asked, tmp_path: Path) -> None:
    for folder in ("one", "other"):
        audit(Engine(under), source, tmp_path / folder)
    for name in TABLES:
        first, second = (tmp_path / folder / f"{name}.parquet" for folder in ("one", "other"))
        assert first.read_bytes() == second.read_bytes()
    assert {path.name for path in (tmp_path / "one").iterdir()} == {f"{name}.parquet" for name in TABLES}


def test_a_file_cut_short_leaves_nothing_behind(source: Path, under: Asked, tmp_path: Path) -> None:
    source.write_bytes(source.read_bytes()[:-20])
    with pytest.raises(WrongColumns, match=r"events\.parquet"):
        audit(Engine(under), source, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_person_in_two_places_of_a_file_is_refused(source: Path, under: Asked, tmp_path: Path) -> None:
    table = pa.concat_tables(lots(source))
    written(pa.concat_tables([table, table.slice(0, 1)]), source)
    with pytest.raises(WrongColumns, match=r"together, found \[invented-17"):
        audit(Engine(under), source, tmp_path / "out")


def test_a_second_audit_asks_the_definition_less(source: Path, under: Asked) -> None:
    """What was said of a state is remembered from lot to lot."""
    engine = Engine(under)
    table = pa.concat_tables(lots(source))
    first = engine.answer(table)
    states = [len(part.book.counts) for part in first.parts]
    again = engine.answer(table)
    assert [len(part.book.counts) for part in again.parts] == [states[-1]] * len(states) or states


def test_nobody_is_nothing(under: Asked) -> None:
    made = answers(Engine(under), event_table([]))
    assert [getattr(made, name).num_rows for name in TABLES] == [0, 0, 0, 0]
