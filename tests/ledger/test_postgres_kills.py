"""Nothing acknowledged is lost when a sequencer, a session or a server of PostgreSQL is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kills import Kills
from postgres_kills import kill_sequencers, kill_servers
from postgres_servers import PostgresPlace, programs

pytestmark = pytest.mark.needs("postgresql")


def sequencers(folder: Path, seed: int, kills: int) -> Kills:
    place = PostgresPlace(folder)
    try:
        return kill_sequencers(place, folder, seed, kills)
    finally:
        place.drop()


def servers(folder: Path, seed: int, kills: int) -> Kills:
    found = programs()
    if found is None:
        pytest.skip("NOT RUN [postgresql]: a server that is only given by its address cannot be killed")
    return kill_servers(folder, seed, kills, found)


def assert_kept(found: Kills, kills: int) -> None:
    assert (found.lost, found.altered, found.duplicated, found.unsound) == (0, 0, 0, [])
    assert found.kills == kills
    assert found.acknowledged > kills


def test_some_kills_of_the_sequencer(tmp_path: Path) -> None:
    assert_kept(sequencers(tmp_path, seed=1, kills=6), 6)


def test_some_kills_of_the_server(tmp_path: Path) -> None:
    assert_kept(servers(tmp_path, seed=1, kills=4), 4)


@pytest.mark.slow
def test_sixty_kills_of_the_sequencer(tmp_path: Path) -> None:
    assert_kept(sequencers(tmp_path, seed=2, kills=60), 60)


@pytest.mark.slow
def test_forty_kills_of_the_server(tmp_path: Path) -> None:
    assert_kept(servers(tmp_path, seed=2, kills=40), 40)
