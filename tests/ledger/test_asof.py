"""Rosters at an effective instant, as known at a position: exact, disposable, made again the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from habeas.kernel.instants import HOUR
from habeas.ledger import Fact, Known, Placed, Projection, Projector
from habeas.ledger.asof import _SPANS, _span_of
from habeas.ledger.entries import LARGEST
from habeas.ledger.errors import PositionBeyondEnd
from small_ledgers import START, SqlitePlace, World, draft

# One statement of a person's stay: when, where, and the number of the statement it corrects.
Said = tuple[int, int, str, int | None]


def stays(known: Sequence[Known]) -> Iterator[Fact]:
    """Where a person is: from each statement to the next, whatever order they were made in."""
    told: list[tuple[int, str]] = []
    for item in known:
        if item.payload is not None:
            when, where = item.payload.decode().split()
            told.append((int(when), where))
    told.sort()
    for (at, label), (until, _) in pairwise(told):
        if at < until and label != "out":
            yield Fact(label, at, until)
    if told and told[-1][1] != "out":
        yield Fact(told[-1][1], told[-1][0])


CUSTODY = Projection("custody", 1, stays)


def record(world: World, said: Sequence[Said]) -> None:
    """Record statements; each is (person, hour, label, which earlier one it corrects)."""
    ids: list[tuple[str, str]] = []
    for number, (person, hour, label, corrected) in enumerate(said):
        stream = f"p-{person}"
        own = [event_id for other, event_id in ids if other == stream]
        supersedes = own[corrected % len(own)] if corrected is not None and own else None
        payload = f"{START + hour * HOUR} {label}".encode()
        receipt = world.ledger.append(draft(number, stream=stream, payload=payload, supersedes=supersedes))
        ids.append((stream, receipt.event_id))


def folded(world: World, position: int) -> dict[str, list[Fact]]:
    """Every stream's facts by definition: fold what was known of it then."""
    return {
        f"p-{person}": sorted(
            set(
                stays(
                    [
                        Known(entry.read(), world.ledger.payload(entry))
                        for entry in world.ledger.as_known(f"p-{person}", position)
                    ]
                )
            )
        )
        for person in range(4)
    }


def roster(projector: Projector, label: str, at: int, position: int) -> set[tuple[str, int, int]]:
    return {row[:3] for row in projector.roster("custody", label, at, position)}


SAID = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(-30, 30),
        st.sampled_from(["east", "west", "out"]),
        st.none() | st.integers(0, 5),
    ),
    max_size=14,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=SAID, cuts=st.lists(st.integers(0, 14), max_size=3))
def test_a_roster_is_what_folding_everything_gives(
    said: list[Said], cuts: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("asof")
    world = World.make(SqlitePlace(folder), folder)
    projector = Projector(folder / "facts.sqlite", [CUSTODY])
    done = 0
    # Followed bit by bit, and all at once.
    for cut in [*sorted(min(cut, len(said)) for cut in cuts), len(said)]:
        record_from(world, said, done, cut)
        done = max(done, cut)
        assert projector.follow(world.ledger) == done
    assert projector.differences(world.ledger) == []
    for position in range(len(said) + 1):
        facts = folded(world, position)
        for stream, expected in facts.items():
            assert list(projector.facts("custody", stream, position)) == expected
        for hour in range(-31, 32, 4):
            at = START + hour * HOUR
            for label in ("east", "west"):
                assert roster(projector, label, at, position) == {
                    (stream, fact.valid_from, fact.valid_to)
                    for stream, known in facts.items()
                    for fact in known
                    if fact.label == label and fact.valid_from <= at < fact.valid_to
                }
    projector.close()
    world.ledger.close()


def record_from(world: World, said: Sequence[Said], start: int, stop: int) -> None:
    """Record some more statements; earlier ones are replayed, since corrections name them."""
    if stop > start:
        record(world, said[:stop])


class TestProjector:
    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[World]:
        made = World.make(SqlitePlace(tmp_path), tmp_path)
        record(made, [(0, 0, "east", None), (1, 1, "east", None), (0, 5, "west", None), (1, 2, "west", 0)])
        yield made
        made.ledger.close()

    def test_it_goes_on_where_it_was(self, world: World, tmp_path: Path) -> None:
        path = tmp_path / "facts.sqlite"
        first = Projector(path, [CUSTODY])
        first.follow(world.ledger)
        before = first.digest()
        assert first.follow(world.ledger) == 4
        first.close()
        again = Projector(path, [CUSTODY])
        assert (again.position("custody"), again.digest()) == (4, before)
        again.close()

    def test_thrown_away_it_comes_back_the_same(self, world: World, tmp_path: Path) -> None:
        digests: list[bytes] = []
        for _ in range(2):
            projector = Projector(tmp_path / "facts.sqlite", [CUSTODY])
            projector.follow(world.ledger)
            digests.append(projector.digest())
            projector.close()
            (tmp_path / "facts.sqlite").unlink()
        assert digests[0] == digests[1]

    def test_another_version_starts_afresh(self, world: World, tmp_path: Path) -> None:
        path = tmp_path / "facts.sqlite"
        projector = Projector(path, [CUSTODY, Projection("other", 1, stays)])
        projector.follow(world.ledger)
        projector.close()
        projector = Projector(path, [Projection("custody", 2, lambda _: [Fact("anywhere")])])
        assert projector.position("custody") == 0
        assert projector.everything() == []
        projector.follow(world.ledger)
        assert [row.stream for row in projector.roster("custody", "anywhere", 0, 4)] == ["p-0", "p-1"]
        projector.close()

    def test_what_is_not_followed_yet_is_not_guessed(self) -> None:
        projector = Projector(None, [CUSTODY])
        with pytest.raises(PositionBeyondEnd, match="position 4 is beyond the end; the ledger has 0"):
            projector.roster("custody", "east", START, 4)
        with pytest.raises(PositionBeyondEnd):
            projector.facts("custody", "p-0", 1)
        projector.close()

    def test_a_fact_that_was_changed_by_hand_is_a_difference(self, world: World) -> None:
        projector = Projector(None, [CUSTODY])
        projector.follow(world.ledger)
        assert projector.differences(world.ledger) == []
        projector._connection.execute("UPDATE fact SET label = 'nowhere' WHERE stream = 'p-1'")
        assert {row[1] for row in projector.differences(world.ledger)} >= {"nowhere"}
        projector.close()

    def test_a_failure_while_following_leaves_it_where_it_was(self, world: World) -> None:
        def failing(known: Sequence[Known]) -> Iterator[Fact]:
            if len(known) > 1:
                raise RuntimeError("no")
            return stays(known)

        projector = Projector(None, [Projection("custody", 1, failing)])
        with pytest.raises(RuntimeError):
            projector.follow(world.ledger)
        assert projector.position("custody") == 0
        assert projector.everything() == []
        projector.close()

    def test_what_was_expunged_is_gone_from_every_position(self, world: World, tmp_path: Path) -> None:
        projector = Projector(tmp_path / "facts.sqlite", [CUSTODY])
        projector.follow(world.ledger)
        before = projector.roster("custody", "east", START, 1)
        assert [row.stream for row in before] == ["p-0"]
        assert before == (Placed("p-0", START, LARGEST, 0),)
        world.ledger.keys.destroy(world.ledger.keys.key_ids("p-0")["b-1"], "an order")
        projector.forget(world.ledger, "p-0")
        assert all(projector.roster("custody", "east", START, k) == () for k in range(2))
        assert projector.facts("custody", "p-0", 4) == ()
        assert projector.facts("custody", "p-1", 4) != ()
        assert projector.differences(world.ledger) == []
        projector.close()
        held = b"".join(path.read_bytes() for path in tmp_path.glob("facts.sqlite*"))
        assert b"p-0" not in held

    def test_an_entry_hole_is_no_fact(self, world: World) -> None:
        world.ledger.open_hole(0, "entry", ordered_by=3)
        projector = Projector(None, [CUSTODY])
        projector.follow(world.ledger)
        assert projector.roster("custody", "east", START, 4) == ()
        projector.close()

    def test_forgetting_is_all_or_nothing(self, world: World) -> None:
        projector = Projector(None, [CUSTODY])
        projector.follow(world.ledger)
        before = projector.everything()
        projector._connection.execute(
            "CREATE TRIGGER t BEFORE INSERT ON fact BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        with pytest.raises(Exception, match="no"):
            projector.forget(world.ledger, "p-0")
        assert projector.everything() == before
        projector.close()


@given(st.integers(1, 2 * LARGEST))
def test_the_class_of_a_length_is_wide_enough_and_not_too_wide(length: int) -> None:
    span = _span_of(length)
    assert length <= 4**span
    assert span == 0 or length > 4 ** (span - 1)
    assert f"({span}, {4**span})" in _SPANS


@pytest.mark.slow
def test_a_hundred_thousand_questions_have_the_answers_of_a_naive_fold(tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311 - repeatable, not secret
    world = World.make(SqlitePlace(tmp_path), tmp_path)
    # What is told, kept apart from the ledger: (seq, event, what it supersedes, hour, label) by person.
    told: dict[int, list[tuple[int, str, str | None, int, str]]] = {person: [] for person in range(200)}
    size = 4_000
    for seq in range(size):
        person, hour, label = chance.randrange(200), chance.randrange(-200, 200), chance.choice("abc")
        earlier = told[person]
        supersedes = chance.choice(earlier)[1] if earlier and chance.random() < 0.3 else None
        payload = f"{START + hour * HOUR} {'out' if label == 'c' else label}".encode()
        receipt = world.ledger.append(
            draft(seq, stream=f"p-{person}", payload=payload, supersedes=supersedes)
        )
        earlier.append((receipt.seq, receipt.event_id, supersedes, hour, label))
    projector = Projector(None, [CUSTODY])
    projector.follow(world.ledger)

    def naive(person: int, hour: int, position: int) -> set[str]:
        """Where the person was, from what was told alone."""
        known = [line for line in told[person] if line[0] < position]
        gone = {line[2] for line in known}
        stands = sorted(
            (line[3], "out" if line[4] == "c" else line[4]) for line in known if line[1] not in gone
        )
        before = [line for line in stands if line[0] <= hour]
        return {before[-1][1]} - {"out"} if before else set()

    answered = 0
    for _ in range(100_000):
        person, hour, position = (
            chance.randrange(200),
            chance.randrange(-210, 210),
            chance.randrange(size + 1),
        )
        at = START + hour * HOUR
        facts = projector.facts("custody", f"p-{person}", position)
        found = {fact.label for fact in facts if fact.valid_from <= at < fact.valid_to}
        assert found == naive(person, hour, position)
        answered += bool(found)
    assert answered > 30_000
    for _ in range(300):
        hour, position = chance.randrange(-210, 210), chance.randrange(size + 1)
        for label in ("a", "b"):
            assert {
                row.stream for row in projector.roster("custody", label, START + hour * HOUR, position)
            } == {f"p-{person}" for person in told if naive(person, hour, position) == {label}}
    projector.close()
    world.ledger.close()
