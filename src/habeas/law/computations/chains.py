"""Chains of sentences that run one after another; chains themselves run side by side.

Any mixture of concurrent and consecutive sentences is a graph of "runs after". Each way through it
from a first to a last sentence is a chain, every later step works on chains, and custody ends when
the last chain has. So a credit that shortens one sentence cannot shorten another beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from habeas.kernel.instants import CivilDate
from habeas.law.computations.rules import CombineRule, StartRule, add_term
from habeas.law.computations.sentences import Sentence, UnsupportedSentence

MOST_CHAINS: Final = 64
"""Beyond so many ways through the graph a mixture is refused rather than computed slowly."""


class NotKnown(Exception):
    """A step needs something that no source states.

    Attributes:
        facts: Each missing fact, as ``sentence.fact``.
    """

    def __init__(self, *facts: str) -> None:
        """Name the missing facts."""
        self.facts = facts
        super().__init__(", ".join(facts))


@dataclass(frozen=True, slots=True)
class Chain:
    """Sentences that run one after another, with what is left of them."""

    sentences: tuple[Sentence, ...]
    start: CivilDate
    term: int
    """Days as imposed, added up, and capped where a cap has been applied."""
    left: int
    """Days still to be served from the start."""
    credited: int = 0
    """Days of custody before sentence that were taken off."""
    allowance: int = 0
    """Days taken off for conduct."""
    base: int | None = None
    """The days on which conduct credit was computed; None where that was done part by part."""

    @property
    def name(self) -> str:
        """Its sentences, in order."""
        return " then ".join(sentence.id for sentence in self.sentences)


def begun(sentence: Sentence, rule: StartRule) -> Chain:
    """A sentence alone, from the day it begins.

    Raises:
        NotKnown: That day, or the term, is not stated.
    """
    start = sentence.imposed_on if rule.begins == "imposed" else sentence.received_on
    if start is None:
        raise NotKnown(f"{sentence.id}.{rule.begins}_on")
    term = term_days(sentence, start, rule)
    if term <= 0:
        raise NotKnown(f"{sentence.id}.term")
    return Chain((sentence,), start, term, term)


def term_days(sentence: Sentence, start: CivilDate, rule: StartRule) -> int:
    """The term in days, from the day it begins."""
    return days_of(start, rule, sentence.years, sentence.months, sentence.days)


def days_of(start: CivilDate, rule: StartRule, years: int, months: int, days: int) -> int:
    """Years, months and days as days: by the rule's own lengths, else by the calendar."""
    if rule.year is not None:
        days, years = days + years * rule.year, 0
    if rule.month is not None:
        days, months = days + months * rule.month, 0
    return (add_term(start, years, months, days) - start).days


def combined(chains: Sequence[Chain], rule: CombineRule, start: StartRule) -> tuple[Chain, ...]:
    """Every chain of the graph that the court's words, or else the rule, make of the sentences.

    Raises:
        NotKnown: The rule asks for a charging document that is not stated.
        UnsupportedSentence: The words name no sentence, run in a circle, make too many chains, or
            let a sentence run after one that had already ended.
    """
    by_id = {chain.sentences[0].id: chain for chain in chains}
    if len(by_id) < len(chains):
        raise UnsupportedSentence("two sentences of one id")
    after = _reduced({name: _runs_after(chain.sentences[0], chains, rule) for name, chain in by_id.items()})
    followed = {name for earlier in after.values() for name in earlier}
    made: list[Chain] = []
    for last in (name for name in by_id if name not in followed):
        for path in _paths(last, after):
            made.append(_joined([by_id[name] for name in path], start))
            if len(made) > MOST_CHAINS:
                raise UnsupportedSentence(f"more than [{MOST_CHAINS}] chains of consecutive sentences")
    return tuple(made)


def _runs_after(sentence: Sentence, chains: Sequence[Chain], rule: CombineRule) -> frozenset[str]:
    """The sentences after which this one runs: by the court's words, else by the rule."""
    ids = [chain.sentences[0].id for chain in chains]
    unknown = [name for name in sentence.consecutive_to if name not in ids]
    if unknown:
        raise UnsupportedSentence(f"sentence [{sentence.id}] runs after [{unknown[0]}], which is not given")
    if sentence.consecutive_to and sentence.concurrent:
        raise UnsupportedSentence(f"sentence [{sentence.id}] both concurrent and consecutive")
    if sentence.consecutive_to or sentence.concurrent or rule.default == "concurrent":
        return frozenset(sentence.consecutive_to)
    earlier = [chain.sentences[0] for chain in chains[: ids.index(sentence.id)]]
    if rule.default == "consecutive":
        return frozenset(other.id for other in earlier)
    together = _shares_day if rule.default == "by-day" else _shares_document
    return frozenset(other.id for other in earlier if not together(sentence, other))


def _shares_day(sentence: Sentence, other: Sentence) -> bool:
    unstated = [each.id for each in (sentence, other) if each.imposed_on is None]
    if unstated:
        raise NotKnown(*(f"{name}.imposed_on" for name in unstated))
    return sentence.imposed_on == other.imposed_on


def _shares_document(sentence: Sentence, other: Sentence) -> bool:
    unstated = [each.id for each in (sentence, other) if each.document is None]
    if unstated:
        raise NotKnown(*(f"{name}.document" for name in unstated))
    return sentence.document == other.document


def _reduced(after: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Without the steps that a longer way through the graph already makes."""
    before = {name: _ancestors(name, after) for name in after}
    return {
        name: frozenset(each for each in direct if not any(each in before[other] for other in direct))
        for name, direct in after.items()
    }


def _ancestors(name: str, after: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(after[name])
    while waiting:
        each = waiting.pop()
        if each == name:
            raise UnsupportedSentence(f"sentence [{name}] runs after itself")
        if each not in found:
            found.add(each)
            waiting.extend(after[each])
    return frozenset(found)


def _paths(last: str, after: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, ...]]:
    """Every way to a sentence from one that runs after none."""
    if not after[last]:
        yield (last,)
    for earlier in sorted(after[last]):
        for path in _paths(earlier, after):
            yield (*path, last)


def _joined(parts: Sequence[Chain], rule: StartRule) -> Chain:
    first, *rest = parts
    made = first
    for part in rest:
        ended = made.start + dt.timedelta(days=made.left)
        if part.start > ended:
            raise UnsupportedSentence(
                f"sentence [{part.name}] of {part.start} runs after [{made.name}], which had ended by then"
            )
        if _asks_calendar(part.sentences[0], rule) and (made.term, part.term) != (made.left, part.left):
            raise UnsupportedSentence("calendar months or years combined after something was taken off")
        # A term in calendar months is as long as the months in which it is served.
        term = term_days(part.sentences[0], made.start + dt.timedelta(days=made.term), rule)
        made = Chain(
            (*made.sentences, *part.sentences),
            made.start,
            made.term + term,
            made.left + part.left + term - part.term,
            made.credited + part.credited,
            made.allowance + part.allowance,
        )
    return made


def _asks_calendar(sentence: Sentence, rule: StartRule) -> bool:
    return bool((sentence.years and rule.year is None) or (sentence.months and rule.month is None))
