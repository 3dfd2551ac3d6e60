"""A ledger of people as plain lists: what the real one should say, for tests that do everything to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from habeas.custody.events import Event
from habeas.kernel.instants import FOREVER


@dataclass
class Fact:
    """An event as the model keeps it."""

    event: Event
    recorded_at: int


@dataclass(eq=False)
class Someone:
    """A person under one pseudonym."""

    name: str
    told: list[Fact] = field(default_factory=list[Fact])
    order: str = ""
    stream: str = ""


@dataclass(eq=False)
class Pair:
    """That people are one, from when until when."""

    entry: str
    kept: Someone
    joined: list[Someone]
    start: int
    end: int = FOREVER


@dataclass
class Model:
    """What a ledger should say, as lists."""

    people: dict[str, Someone] = field(default_factory=dict[str, Someone])
    gone: list[Someone] = field(default_factory=list[Someone])
    pairs: list[Pair] = field(default_factory=list[Pair])
    seals: list[set[Someone]] = field(default_factory=list[set[Someone]])
    size: int = 0
    holes: int = 0

    def one(self, who: Someone, at: int) -> set[Someone]:
        """Everybody who was one person with somebody at an instant."""
        found, grown = {who}, True
        while grown:
            before = len(found)
            for pair in self.pairs:
                both = {pair.kept, *pair.joined}
                found |= both if pair.start <= at < pair.end and both & found else set()
            grown = len(found) > before
        return found

    def sealed(self, who: Iterable[Someone]) -> bool:
        """Whether an order seals any of them."""
        return any(seal & set(who) for seal in self.seals)

    def known(self, who: Someone, at: int) -> tuple[set[str], bool]:
        """The events that stood at an instant, and whether anything had been told."""
        told = [fact for one in self.one(who, at) for fact in one.told if fact.recorded_at <= at]
        corrected = {fact.event.supersedes for fact in told}
        return {fact.event.id for fact in told if fact.event.id not in corrected}, bool(told)
