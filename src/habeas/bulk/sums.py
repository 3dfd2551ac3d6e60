"""The ends of sentences, by the definition's own arithmetic, for each stretch of papers in hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from habeas.authority.sums import MOST_UNSURE
from habeas.bulk.footings import Line
from habeas.kernel.instants import NEVER
from habeas.law.computations import Sentence, UnsupportedSentence, compute, sentence_of
from habeas.law.enactments import Effect, Step
from habeas.law.program import Rule

Facts = Mapping[str, Any]


class CannotSum(ValueError):
    """Columns cannot say what some sentences come to."""


_kept: dict[tuple[object, ...], tuple[Rule, int | None]] = {}
_MOST_KEPT = 1 << 20


def end_of(
    line: Line, number: int, papers: Sequence[tuple[str, Facts]], own: Facts, unsure: Collection[str]
) -> int | None:
    """What the end of a sentence is, as far as law sums it; NEVER where neither says anything.

    Args:
        line: Where it is served.
        number: The stretch of law.
        papers: The sentences that are, or may be, in hand, with their facts.
        own: The facts of the one asked about, which is among them.
        unsure: Which of the others may not be in hand.

    Raises:
        CannotSum: The definition has to be asked.
    """
    stated = own.get("expires_at")
    program = line.footing(number).program
    rules = [rule for rule in program.defining if rule.provision.effect is Effect.COMPUTES]
    if not rules or (stated is not None and stated != NEVER):
        return stated
    if len(rules) > 1:
        raise CannotSum("two rules that sum sentences")
    rule = rules[0]
    if rule.when.tree is not None or rule.formula is not True or "sentence" not in rule.provision.kinds:
        raise CannotSum(f"a sum under a condition: {rule.ref}")
    if len(unsure) > MOST_UNSURE:
        return None
    ends = {_summed(rule, those, line.zone) for those in _ways(papers, unsure)}
    if None in ends:
        return None
    if len(ends) > 1:
        raise CannotSum("sentences of which it is not known whether they are in hand")
    return ends.pop()


def _ways(
    papers: Sequence[tuple[str, Facts]], unsure: Collection[str]
) -> Iterator[Sequence[tuple[str, Facts]]]:
    """The sentences that count, in every way in which those that may be gone may be."""
    for number in range(len(unsure) + 1):
        for gone in combinations(sorted(unsure), number):
            yield [(name, facts) for name, facts in papers if name not in gone]


def _summed(rule: Rule, papers: Sequence[tuple[str, Facts]], zone: ZoneInfo) -> int | None:
    _refuse_days_in_custody(rule.provision.steps, papers)
    if len(papers) > 1 and any(facts.get("runs_after") is None for _, facts in papers):
        return None
    # Of a single sentence the name changes nothing, so those of one day and length are one.
    named = papers if len(papers) > 1 else [("", papers[0][1])]
    sentences = tuple(sentence_of(name, facts, zone) for name, facts in named)
    key = id(rule.provision), zone.key, sentences
    kept = _kept.get(key)
    if kept is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        # The provision is kept beside what was made, so that its id stays its own.
        kept = _kept[key] = rule, _made(rule, sentences, zone)
    return kept[1]


def _made(rule: Rule, sentences: Sequence[Sentence], zone: ZoneInfo) -> int | None:
    try:
        return compute(rule.provision.steps, sentences, zone).expires_at
    except UnsupportedSentence:
        return None


def _refuse_days_in_custody(steps: Sequence[Step], papers: Sequence[tuple[str, Facts]]) -> None:
    """Credit from days in custody is told from the whole record."""
    computed = any(
        step.does == "credit" and step.parameters.get("unstated", "computed") == "computed" for step in steps
    )
    if computed and any(facts.get("jail_credit_days") is None for _, facts in papers):
        raise CannotSum("credit from days in custody")
