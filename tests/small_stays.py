"""Stays told at random, kept apart from any ledger, and a fold of them that knows nothing of projections."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from habeas.kernel.instants import HOUR
from habeas.ledger import Fact, Known, Projection
from small_ledgers import START, World, draft


def stays(known: Sequence[Known]) -> Iterator[Fact]:
    """Where a person is: from each statement to the next, whatever order they were made in."""
    told = sorted(
        (int(when), where)
        for item in known
        if item.payload is not None
        for when, where in (item.payload.decode().split(),)
    )
    for (at, label), (until, _) in pairwise(told):
        if at < until and label != "out":
            yield Fact(label, at, until)
    if told and told[-1][1] != "out":
        yield Fact(told[-1][1], told[-1][0])


CUSTODY = Projection("custody", 1, stays)


@dataclass
class Told:
    """What was told of each person: (seq, event, what it supersedes, instant, label)."""

    people: int
    lines: dict[int, list[tuple[int, str, str | None, int, str]]] = field(
        default_factory=dict[int, list[tuple[int, str, str | None, int, str]]]
    )

    def where(self, person: int, at: int, position: int) -> set[str]:
        """Where somebody was at an instant, as known at a position."""
        known = [line for line in self.lines.get(person, ()) if line[0] < position]
        gone = {line[2] for line in known}
        held = sorted((line[3], line[4]) for line in known if line[1] not in gone)
        before = [line for line in held if line[0] <= at]
        # Of statements about one instant, the last in order of its label holds.
        return {before[-1][1]} - {"out"} if before else set()

    def roster(self, label: str, at: int, position: int) -> set[str]:
        """Who was somewhere."""
        return {f"p-{person}" for person in self.lines if label in self.where(person, at, position)}


def told_at_random(world: World, *, seed: int, people: int, size: int) -> Told:
    """Tell a ledger of random stays, a third of them corrections."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    told = Told(people)
    for seq in range(size):
        person, at = chance.randrange(people), START + chance.randrange(-200, 200) * HOUR
        label = chance.choice(("a", "b", "out"))
        earlier = told.lines.setdefault(person, [])
        supersedes = chance.choice(earlier)[1] if earlier and chance.random() < 0.3 else None
        payload = f"{at} {label}".encode()
        receipt = world.ledger.append(
            draft(seq, stream=f"p-{person}", payload=payload, supersedes=supersedes)
        )
        earlier.append((receipt.seq, receipt.event_id, supersedes, at, label))
    return told
