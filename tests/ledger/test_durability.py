"""Nothing acknowledged is lost: by kill -9, by simulated power failure. `scripts/durability.py` does many more."""

from __future__ import annotations

from pathlib import Path

import pytest

from kills import Kills, kill_sqlite
from power_cuts import Careless, Tally, cut_power


def held(found: Kills) -> bool:
    """Whether every acknowledged entry was there, unaltered, once, in a sound ledger."""
    return not (found.lost or found.altered or found.duplicated or found.unsound)


def test_some_kills(tmp_path: Path) -> None:
    found = kill_sqlite(tmp_path, seed=1, kills=12)
    assert held(found), found
    assert found.kills == 12


@pytest.mark.slow
def test_a_hundred_kills(tmp_path: Path) -> None:
    found = kill_sqlite(tmp_path, seed=2, kills=100)
    assert held(found), found
    assert found.acknowledged > 100
    assert found.replayed > 0


def test_some_power_failures(tmp_path: Path) -> None:
    found = cut_power(tmp_path, seed=1, cuts=25)
    assert (found.lost, found.damaged) == (0, 0), found.first
    assert found.acknowledged > 100


@pytest.mark.slow
def test_a_hundred_power_failures(tmp_path: Path) -> None:
    found = cut_power(tmp_path, seed=2, cuts=100)
    assert (found.lost, found.damaged) == (0, 0), found.first


def test_the_control_that_does_not_wait_for_the_disk_loses(tmp_path: Path) -> None:
    found = cut_power(tmp_path, seed=3, cuts=10, store=Careless)
    assert found.lost > 0
    assert found.damaged == 0  # SQLite promises that much: the ledger is shorter, and still one


def test_tallies_add_up() -> None:
    total = Tally(1, 2, 3, 4, 5, "first") + Tally(10, 20, 30, 40, 50, "second")
    assert total == Tally(11, 22, 33, 44, 55, "first")
