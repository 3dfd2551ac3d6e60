"""Every store is held to the same suite: a place to make one for each engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from small_ledgers import Place, SqlitePlace, World

PLACES: dict[str, Callable[[Path], Place]] = {"sqlite": SqlitePlace}


@pytest.fixture(params=sorted(PLACES))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a store of one engine can be made."""
    return PLACES[request.param](tmp_path)


@pytest.fixture
def world(place: Place, tmp_path: Path) -> Iterator[World]:
    """An empty ledger in a store of one engine."""
    made = World.make(place, tmp_path)
    yield made
    made.ledger.close()
