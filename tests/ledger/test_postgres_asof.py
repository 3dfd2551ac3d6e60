"""Rosters and persons as known then: a ledger and facts in PostgreSQL answer as files do, byte for byte."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from habeas.kernel.instants import HOUR
from habeas.ledger import Projector
from habeas.ledger.errors import PositionBeyondEnd, StorageFailed
from habeas.ledger.postgres_facts import facts_in
from postgres_servers import PostgresPlace, execute
from small_ledgers import START, Place, SqlitePlace, World
from small_stays import CUSTODY, Told, told_at_random

QUESTIONS = int(os.environ.get("HABEAS_QUESTIONS", "3000"))
"""How many questions are asked of each; `make questions-postgres` asks a hundred thousand."""

pytestmark = pytest.mark.needs("postgresql")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[PostgresPlace]:
    made = PostgresPlace(tmp_path)
    yield made
    made.drop()


def answers(projector: Projector, told: Told, size: int, seed: int, questions: int) -> tuple[bytes, int]:
    """The digest of the answers to random questions, each held against a naive fold; and how many had rows."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    state, some = sha256(), 0
    for _ in range(questions):
        hour, position = chance.randrange(-210, 210), chance.randrange(size + 1)
        at = START + hour * HOUR + chance.randrange(HOUR)
        if chance.random() < 0.5:
            label = chance.choice("ab")
            found = projector.roster("custody", label, at, position)
            assert {row.stream for row in found} == told.roster(label, at, position)
            some += bool(found)
            state.update(repr(found).encode())
        else:
            person = chance.randrange(told.people)
            facts = projector.facts("custody", f"p-{person}", position)
            assert {f.label for f in facts if f.valid_from <= at < f.valid_to} == told.where(
                person, at, position
            )
            some += bool(facts)
            state.update(repr(facts).encode())
    return state.digest(), some


def compared(place: PostgresPlace, folder: Path, size: int, questions: int) -> int:
    """Ask three times: file over file, file over PostgreSQL, PostgreSQL over PostgreSQL."""
    digests: list[bytes] = []
    contents: list[bytes] = []
    some = 0
    places: tuple[Place, ...] = (SqlitePlace(folder), place)
    for number, where in enumerate(places):
        own = folder / str(number)
        own.mkdir()
        world = World.make(where, own)
        told = told_at_random(world, seed=5, people=max(4, size // 20), size=size)
        projectors = [Projector(own / "facts.sqlite", [CUSTODY])]
        if number:
            projectors.append(Projector(Path("facts"), [CUSTODY], opened=facts_in(place.url)))
        for projector in projectors:
            assert projector.follow(world.ledger) == size
            digest, some = answers(projector, told, size, 7, questions)
            digests.append(digest)
            contents.append(projector.digest())
        if number:
            assert projectors[1].everything() == projectors[0].everything()
            assert projectors[1].differences(world.ledger) == []
        for projector in projectors:
            projector.close()
        world.ledger.close()
    assert len(digests) == 3
    assert len(set(digests)) == len(set(contents)) == 1
    return some


def test_some_random_questions(place: PostgresPlace, tmp_path: Path) -> None:
    assert compared(place, tmp_path, size=300, questions=400) > 100


@pytest.mark.slow
def test_many_random_questions(place: PostgresPlace, tmp_path: Path) -> None:
    assert compared(place, tmp_path, size=2_000, questions=QUESTIONS) > QUESTIONS // 10


class TestFacts:
    def test_thrown_away_they_come_back_the_same_and_go_on(
        self, place: PostgresPlace, tmp_path: Path
    ) -> None:
        world = World.make(place, tmp_path)
        told_at_random(world, seed=1, people=4, size=30)
        digests: list[bytes] = []
        for _ in range(2):
            projector = Projector(Path("facts"), [CUSTODY], opened=facts_in(place.url))
            projector.follow(world.ledger)
            digests.append(projector.digest())
            projector.close()
            again = Projector(Path("facts"), [CUSTODY], opened=facts_in(place.url))
            assert (again.position("custody"), again.digest()) == (30, digests[-1])
            again.close()
            execute(place.url, "DROP SCHEMA habeas_facts CASCADE")
        assert digests[0] == digests[1]
        # The ledger's own schema has nothing that is not the ledger's.
        assert world.ledger.store.strangers() == []
        world.ledger.close()

    def test_what_was_expunged_is_gone_from_every_position(
        self, place: PostgresPlace, tmp_path: Path
    ) -> None:
        world = World.make(place, tmp_path)
        told_at_random(world, seed=1, people=3, size=30)
        projector = Projector(Path("facts"), [CUSTODY], opened=facts_in(place.url))
        projector.follow(world.ledger)
        assert projector.facts("custody", "p-0", 30)
        world.ledger.keys.destroy(world.ledger.keys.key_ids("p-0")["b-1"], "an order")
        projector.forget(world.ledger, "p-0")
        assert all(projector.facts("custody", "p-0", k) == () for k in range(31))
        assert projector.differences(world.ledger) == []
        projector.close()
        world.ledger.close()

    def test_a_failure_leaves_them_where_they_were(self, place: PostgresPlace, tmp_path: Path) -> None:
        world = World.make(place, tmp_path)
        told_at_random(world, seed=1, people=3, size=9)
        projector = Projector(Path("facts"), [CUSTODY], opened=facts_in(place.url))
        execute(place.url, "ALTER TABLE habeas_facts.fact ADD CHECK (stream <> 'p-1')")
        with pytest.raises(StorageFailed, match="check constraint"):
            projector.follow(world.ledger)
        assert projector.everything() == []
        with pytest.raises(PositionBeyondEnd):
            projector.facts("custody", "p-0", 1)
        projector.close()
        world.ledger.close()
