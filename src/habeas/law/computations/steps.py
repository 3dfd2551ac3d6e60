"""The named steps: each a pure function from what has been computed so far to the next state."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import assert_never

from habeas.kernel.instants import CivilDate
from habeas.law.computations.chains import Chain, NotKnown, begun, combined, days_of
from habeas.law.computations.rules import (
    CapRule,
    CombineRule,
    ConductRule,
    CreditRule,
    ForfeitRule,
    Rule,
    StartRule,
    TrimRule,
)
from habeas.law.computations.sentences import Days, Sentence, UnsupportedSentence

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ComputationLine:
    """One line of arithmetic, with what it rests on."""

    text: str
    cite: str


@dataclass(frozen=True, slots=True)
class State:
    """What has been computed so far."""

    sentences: tuple[Sentence, ...]
    chains: tuple[Chain, ...] = ()
    start: StartRule | None = None
    conduct: ConductRule | None = None
    lines: tuple[ComputationLine, ...] = ()
    anomalies: tuple[str, ...] = ()

    @property
    def begins(self) -> StartRule:
        """The rule of the first step.

        Raises:
            UnsupportedSentence: No ``start`` came before this step.
        """
        if self.start is None:
            raise UnsupportedSentence("a step before [start]")
        return self.start

    def told(self, text: str, cite: str) -> State:
        """With one line more."""
        return replace(self, lines=(*self.lines, ComputationLine(text, cite)))

    def noted(self, anomaly: str) -> State:
        """With one anomaly more."""
        return replace(self, anomalies=(*self.anomalies, anomaly))

    def changed(self, old: Chain, new: Chain) -> State:
        """With one chain in the place of another."""
        return replace(self, chains=tuple(new if chain is old else chain for chain in self.chains))


def apply(state: State, rule: Rule, cite: str) -> State:
    """The state after one step.

    Raises:
        NotKnown: The step needs something no source states.
        UnsupportedSentence: The step cannot be taken.
    """
    match rule:
        case StartRule():
            return _start(state, rule, cite)
        case CombineRule():
            return _combine(state, rule, cite)
        case CapRule():
            return _cap(state, rule, cite)
        case CreditRule():
            return _credit(state, rule, cite)
        case ConductRule():
            return _conduct(state, rule, cite)
        case ForfeitRule():
            return _forfeit(state, rule, cite)
        case TrimRule():
            return _trim(state, rule, cite)
        case _:
            assert_never(rule)


def _start(state: State, rule: StartRule, cite: str) -> State:
    state = replace(state, start=rule, chains=tuple(begun(each, rule) for each in state.sentences))
    for chain in state.chains:
        state = state.told(f"[{chain.name}] begins {chain.start} ({rule.begins}): {_term(chain)}", cite)
    return state


def _term(chain: Chain) -> str:
    sentence = chain.sentences[0]
    if sentence.years or sentence.months:
        stated = f"{sentence.years} years, {sentence.months} months, {sentence.days} days"
        return f"{stated} = {chain.term} days"
    return f"{chain.term} days"


def _combine(state: State, rule: CombineRule, cite: str) -> State:
    state = replace(state, chains=combined(state.chains, rule, state.begins))
    for chain in state.chains:
        how = "alone or beside the others" if len(chain.sentences) == 1 else "one after another"
        state = state.told(f"[{chain.name}] {how}: {chain.term} days from {chain.start}", cite)
    return state


def _cap(state: State, rule: CapRule, cite: str) -> State:
    for chain in state.chains:
        most = days_of(chain.start, state.begins, rule.years, 0, rule.days)
        beyond = [each for each in chain.sentences if rule.beyond and _is_marked(each, rule.beyond)]
        # A sentence beyond the cap is added to it at its full length.
        more = sum(begun(each, state.begins).term for each in beyond)
        if len(chain.sentences) == 1 or chain.term <= most + more:
            continue
        term, left = most + more, min(chain.left, most + more)
        text = f"[{chain.name}] capped at {term} days: {chain.left} becomes {left}"
        state = state.changed(chain, replace(chain, term=term, left=left)).told(text, cite)
    return state


def _is_marked(sentence: Sentence, mark: str) -> bool:
    if sentence.marks is None:
        raise NotKnown(f"{sentence.id}.marks")
    return mark in sentence.marks


def _credit(state: State, rule: CreditRule, cite: str) -> State:
    for chain in state.chains:
        computed = _custody_days(chain, rule)
        stated = [each.stated_credit for each in chain.sentences if each.stated_credit is not None]
        if len(stated) == len(chain.sentences):
            days, source = sum(stated), "as the court stated"
            if computed is not None and computed != days:
                state = state.noted(
                    f"[{chain.name}]: the court stated {days} days of credit, "
                    f"custody before sentence comes to {computed}"
                )
        elif stated:
            raise UnsupportedSentence(f"[{chain.name}]: credit stated for some of its sentences only")
        elif rule.unstated == "computed" and computed is not None:
            days, source = computed, "days in custody before sentence, each counted once"
        else:
            raise NotKnown(*(f"{each.id}.stated_credit" for each in chain.sentences))
        left = max(chain.left - days, 0)
        credited = replace(chain, left=left, credited=chain.credited + days)
        text = f"[{chain.name}] credit {days} days, {source}: {chain.left} becomes {left}"
        state = state.changed(chain, credited).told(text, cite)
    return state


def _custody_days(chain: Chain, rule: CreditRule) -> int | None:
    """The different civil days in custody before the chain began; None when not all are known."""
    spans: list[Days] = []
    for sentence in chain.sentences:
        if sentence.custody is None:
            return None
        spans += sentence.custody
    last = chain.start if rule.through == "day-of" else chain.start - _ONE_DAY
    days: set[CivilDate] = set()
    for first, final in spans:
        days.update(first + _ONE_DAY * index for index in range((min(final, last) - first).days + 1))
    return len(days)


def _conduct(state: State, rule: ConductRule, cite: str) -> State:
    state = replace(state, conduct=rule)
    for chain in state.chains:
        excepted = _excepted(chain, rule)
        if excepted:
            state = state.told(f"[{chain.name}] earns nothing: {', '.join(excepted)}", cite)
            continue
        base = chain.term if rule.of == "whole" else chain.left
        most = base - rule.rate.needed(base)
        allowance, note = _earned(chain, rule, most)
        left = _not_below_minimum(chain, rule, max(chain.left - allowance, 0))
        text = (
            f"[{chain.name}] conduct {rule.rate} on {base} days: "
            f"{allowance} days off; {chain.left} becomes {left}"
        )
        if rule.earned == "full":
            text = f"{text} (supposing no misconduct)"
        if left > max(chain.left - allowance, 0):
            text = f"{text}, the mandatory minimum"
        done = replace(chain, left=left, allowance=chain.left - left, base=base)
        state = state.changed(chain, done).told(text, cite)
        state = state.noted(note) if note else state
    return state


def _excepted(chain: Chain, rule: ConductRule) -> list[str]:
    """The marks for which the chain earns nothing."""
    if not rule.excepted:
        return []
    found = {each.id: [mark for mark in rule.excepted if _is_marked(each, mark)] for each in chain.sentences}
    earning = [name for name, marks in found.items() if not marks]
    if earning and len(earning) < len(found):
        raise UnsupportedSentence(f"[{chain.name}]: conduct credit excluded for some of its sentences only")
    return sorted({mark for marks in found.values() for mark in marks})


def _earned(chain: Chain, rule: ConductRule, most: int) -> tuple[int, str]:
    """The days off, and an anomaly if the ledger has more than the law allows."""
    if rule.earned == "full":
        return most, ""
    unknown = [f"{each.id}.earned_days" for each in chain.sentences if each.earned_days is None]
    if unknown:
        raise NotKnown(*unknown)
    recorded = sum(each.earned_days or 0 for each in chain.sentences)
    if recorded <= most:
        return recorded, ""
    return (
        most,
        f"[{chain.name}]: the ledger has {recorded} days of conduct credit, at most {most} can be earned",
    )


def _not_below_minimum(chain: Chain, rule: ConductRule, left: int) -> int:
    """The days left, or more where less would not serve the mandatory minimum."""
    if not rule.keeps_minimum:
        return left
    unknown = [f"{each.id}.minimum_days" for each in chain.sentences if each.minimum_days is None]
    if unknown:
        raise NotKnown(*unknown)
    minimum = sum(each.minimum_days or 0 for each in chain.sentences)
    return max(left, min(minimum - chain.credited, chain.left))


def _forfeit(state: State, rule: ForfeitRule, cite: str) -> State:
    conduct = state.conduct
    if conduct is None:
        raise UnsupportedSentence("[forfeit] before any [conduct]")
    if rule.regained and conduct.earned == "recorded":
        raise UnsupportedSentence("forfeited days earned anew on a recorded ledger: it already has them")
    rate = conduct.rate
    for chain in state.chains:
        if not any(each.forfeitures for each in chain.sentences) or not chain.allowance:
            continue
        if chain.base is None:
            raise UnsupportedSentence(f"[{chain.name}]: a forfeiture after conduct credit on each part alone")
        lost = min(_lost(chain, chain.base, conduct), chain.allowance)
        more = rate.needed(chain.base + lost) - rate.needed(chain.base) if rule.regained else lost
        left = chain.left + more
        anew = ", partly earned anew" if more < lost else ""
        text = f"[{chain.name}] {lost} days forfeited{anew}: {chain.left} becomes {left}"
        done = replace(chain, left=left, allowance=chain.allowance - more)
        state = state.changed(chain, done).told(text, cite)
    return state


def _lost(chain: Chain, base: int, conduct: ConductRule) -> int:
    """The days that orders took away, an order for everything taking what had accrued by then."""
    lost = 0
    orders = sorted(
        (order for each in chain.sentences for order in each.forfeitures), key=lambda order: order.on
    )
    for order in orders:
        if order.days is not None:
            lost += order.days
            continue
        served = max((order.on - chain.start).days, 0) + (chain.credited if conduct.of == "whole" else 0)
        lost = max(lost, conduct.rate.accrued(served, base))
    return lost


def _trim(state: State, rule: TrimRule, cite: str) -> State:
    for chain in state.chains:
        orders = [each.trim_days for each in chain.sentences if each.trim_days]
        if not orders:
            continue
        if len(orders) > 1:
            raise UnsupportedSentence(f"[{chain.name}]: orders that shorten more than one of its sentences")
        days = min(orders[0], rule.at_most)
        if orders[0] > days:
            state = state.noted(
                f"[{chain.name}]: an order shortens it by {orders[0]} days, the law allows {days}"
            )
        left = max(chain.left - days, 0)
        text = f"[{chain.name}] shortened by order, {days} days: {chain.left} becomes {left}"
        state = state.changed(chain, replace(chain, left=left)).told(text, cite)
    return state
