"""Every store is held to the same suite: a place to make one for each engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from small_ledgers import Place, SqlitePlace, World


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Where a store of one engine can be made."""
    if request.param == "sqlite":
        yield SqlitePlace(tmp_path)
        return
    # Its driver need not be installed where no test of PostgreSQL runs.
    from postgres_servers import PostgresPlace  # noqa: PLC0415 - see above

    made = PostgresPlace(tmp_path)
    yield made
    made.drop()


@pytest.fixture
def world(place: Place, tmp_path: Path) -> Iterator[World]:
    """An empty ledger in a store of one engine."""
    made = World.make(place, tmp_path)
    yield made
    made.ledger.close()
