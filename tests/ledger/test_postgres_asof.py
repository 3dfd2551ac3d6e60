"""Rosters and persons as known then: a ledger and facts in PostgreSQL answer as files do, byte for byte."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

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


class Question(NamedTuple):
    """Who was somewhere, or where somebody was, at an instant, as known at a position; and the answer."""

    person: int | None
    label: str
    at: int
    position: int
    expected: set[str]


def asked_of(told: Told, size: int, seed: int, questions: int) -> Iterator[Question]:
    """Random questions, each with the answer of a naive fold of what was told."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(questions):
        at = START + chance.randrange(-210, 210) * HOUR + chance.randrange(HOUR)
        position, label, person = (
            chance.randrange(size + 1),
            chance.choice("ab"),
            chance.randrange(told.people),
        )
        if chance.random() < 0.5:
            yield Question(None, label, at, position, told.roster(label, at, position))
        else:
            yield Question(person, label, at, position, told.where(person, at, position))


def answers(projector: Projector, asked: Sequence[Question]) -> bytes:
    """The digest of all answers, each held against the naive fold."""
    state = sha256()
    for person, label, at, position, expected in asked:
        if person is None:
            found = projector.roster("custody", label, at, position)
            assert {row.stream for row in found} == expected
            state.update(repr(found).encode())
        else:
            facts = projector.facts("custody", f"p-{person}", position)
            assert {fact.label for fact in facts if fact.valid_from <= at < fact.valid_to} == expected
            state.update(repr(facts).encode())
    return state.digest()


def compared(place: PostgresPlace, folder: Path, size: int, questions: int) -> int:
    """Ask three times: file over file, file over PostgreSQL, PostgreSQL over PostgreSQL; how many had an answer."""
    digests: list[bytes] = []
    contents: list[bytes] = []
    asked: list[Question] = []
    places: tuple[Place, ...] = (SqlitePlace(folder), place)
    for number, where in enumerate(places):
        own = folder / str(number)
        own.mkdir()
        world = World.make(where, own)
        told = told_at_random(world, seed=5, people=max(4, size // 20), size=size)
        asked = asked or list(asked_of(told, size, 7, questions))
        projectors = [Projector(own / "facts.sqlite", [CUSTODY])]
        if number:
            projectors.append(Projector(Path("facts"), [CUSTODY], opened=facts_in(place.url)))
        for projector in projectors:
            assert projector.follow(world.ledger) == size
            digests.append(answers(projector, asked))
            contents.append(projector.digest())
        if number:
            assert projectors[1].everything() == projectors[0].everything()
            assert projectors[1].differences(world.ledger) == []
        for projector in projectors:
            projector.close()
        world.ledger.close()
    assert len(digests) == 3
    assert len(set(digests)) == len(set(contents)) == 1
    return sum(bool(question.expected) for question in asked)


def test_some_random_questions(place: PostgresPlace, tmp_path: Path) -> None:
    assert compared(place, tmp_path, size=300, questions=400) > 100


@pytest.mark.slow
def test_many_random_questions(place: PostgresPlace, tmp_path: Path) -> None:
    assert compared(place, tmp_path, size=1_000, questions=QUESTIONS) > QUESTIONS // 10


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
