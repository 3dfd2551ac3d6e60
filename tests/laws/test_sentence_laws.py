"""Laws of sentence arithmetic: what can only shorten, what can only lengthen, and rates by brute force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.instants import zone
from habeas.law.computations import Sentence, compute
from habeas.law.computations.conduct import Blocks, Fraction, Months, Rate
from habeas.law.enactments import Step

EASTERN = zone("America/New_York")
MONDAY = dt.date(2018, 3, 5)
START = Step("start", "x", {"from": "imposed", "first_day": "counted", "ends": "end-of-day"})
COMBINE = Step("combine", "x", {"default": "concurrent"})
CREDIT = Step("credit", "x", {"unstated": "computed", "through": "day-before"})
CONDUCT = Step("conduct", "x", {"rate": "1 for 1", "of": "whole", "earned": "full", "minimum": "none"})
STEPS = (START, COMBINE, CREDIT, CONDUCT)

terms = st.integers(1, 900)
blocks = st.builds(Blocks, earns=st.integers(1, 5), served=st.integers(1, 7))
tiers = st.tuples(st.integers(1, 12), st.integers(0, 14), st.integers(0, 14)).map(
    lambda three: Months(((three[0], three[1]), (None, three[2])), 30)
)
fractions = st.sampled_from([Fraction(1, 3), Fraction(1, 2), Fraction(3, 20)])


@st.composite
def sentences(draw: st.DrawFn) -> list[Sentence]:
    """A few sentences of one day, each after some of those before it."""
    made: list[Sentence] = []
    for index in range(draw(st.integers(1, 4))):
        after = draw(st.lists(st.sampled_from([s.id for s in made]), max_size=2, unique=True)) if made else []
        made.append(
            Sentence(
                id=f"s{index}",
                days=draw(terms),
                imposed_on=MONDAY,
                consecutive_to=tuple(after),
                stated_credit=draw(st.integers(0, 60)),
            )
        )
    return made


def served(given_: list[Sentence], *steps: Step) -> int:
    found = compute(steps or STEPS, given_, EASTERN).days_to_serve
    assert found is not None
    return found


@given(terms, blocks)
def test_block_rates_by_trying_every_number_of_days(term: int, rate: Blocks) -> None:
    fewest = next(days for days in range(term + 1) if days + days // rate.served * rate.earns >= term)
    assert rate.needed(term) == fewest


@given(terms, tiers)
def test_monthly_rates_by_filling_month_after_month(term: int, rate: Months) -> None:
    days, filled, months = 0, 0, 0
    while term - filled >= rate.month:
        days += rate.month - next(off for through, off in rate.tiers if through is None or months < through)
        filled, months = filled + rate.month, months + 1
    assert rate.needed(term) == days + term - filled


@given(terms, st.one_of(blocks, tiers, fractions))
def test_service_and_what_it_earned_make_up_the_term(term: int, rate: Rate) -> None:
    needed = rate.needed(term)
    assert 0 <= needed <= term
    assert needed + rate.accrued(needed, term) == term


@given(terms, st.one_of(blocks, tiers, fractions), st.integers(0, 900), st.integers(0, 900))
def test_nothing_earned_is_lost_by_serving_on(term: int, rate: Rate, one: int, other: int) -> None:
    first, second = sorted((one, other))
    assert rate.accrued(first, term) <= rate.accrued(second, term) <= term - rate.needed(term)


@given(sentences(), st.integers(0, 3), st.integers(1, 40))
def test_more_credit_never_lengthens(given_: list[Sentence], which: int, more: int) -> None:
    index = which % len(given_)
    credit = (given_[index].stated_credit or 0) + more
    better = [replace(s, stated_credit=credit) if i == index else s for i, s in enumerate(given_)]
    assert served(better) <= served(given_)


@given(sentences(), terms)
def test_one_more_sentence_never_shortens(given_: list[Sentence], term: int) -> None:
    more = Sentence(id="more", days=term, imposed_on=MONDAY, stated_credit=0)
    assert served([*given_, more]) >= served(given_)
    after = replace(more, consecutive_to=(given_[-1].id,))
    assert served([*given_, after]) >= served(given_)


@given(sentences())
def test_one_after_another_is_never_shorter_than_side_by_side(given_: list[Sentence]) -> None:
    beside = [replace(s, consecutive_to=()) for s in given_]
    assert served(given_, START, COMBINE) >= served(beside, START, COMBINE)


@given(sentences())
def test_the_graph_ends_when_the_last_of_its_sentences_does(given_: list[Sentence]) -> None:
    ends: dict[str, int] = {}
    for sentence in given_:
        ends[sentence.id] = sentence.days + max((ends[name] for name in sentence.consecutive_to), default=0)
    assert served(given_, START, COMBINE) == max(ends.values())


@given(sentences().flatmap(lambda made: st.tuples(st.just(made), st.permutations(made))))
def test_the_order_of_sentences_does_not_matter_where_the_court_spoke(
    both: tuple[list[Sentence], list[Sentence]],
) -> None:
    given_, other = both
    assert served(other) == served(given_)


@given(sentences())
def test_each_line_cites_and_the_last_says_the_end(given_: list[Sentence]) -> None:
    found = compute(STEPS, given_, EASTERN)
    assert all(line.cite for line in found.lines)
    assert f"last day {found.expires_on}" in found.lines[-1].text


FIGURES: dict[str, Callable[[Sentence, int], Sentence]] = {
    "stated_credit": lambda sentence, days: replace(sentence, stated_credit=days),
    "minimum_days": lambda sentence, days: replace(sentence, minimum_days=days),
    "earned_days": lambda sentence, days: replace(sentence, earned_days=days),
}
LEDGERS = (
    Step("conduct", "x", {"rate": "1 for 1", "of": "whole", "earned": "full", "minimum": "kept"}),
    Step("conduct", "x", {"rate": "1 for 2", "of": "rest", "earned": "recorded", "minimum": "kept"}),
    Step("conduct", "x", {"rate": "1 for 2", "of": "rest", "earned": "full", "minimum": "none"}),
)


@given(
    given_=sentences(),
    which=st.integers(0, 3),
    figure=st.sampled_from(sorted(FIGURES)),
    conduct=st.sampled_from(LEDGERS),
    values=st.lists(st.integers(0, 1200), min_size=2, max_size=2),
)
def test_an_end_lies_between_those_of_the_least_and_the_greatest_figure(
    given_: list[Sentence], which: int, figure: str, conduct: Step, values: list[int]
) -> None:
    """Every step is monotone in each figure, so what is not stated can be bounded by two sums."""
    index = which % len(given_)
    whole = [replace(each, minimum_days=20, earned_days=10) for each in given_]

    def days(value: int) -> int:
        told = [FIGURES[figure](s, value) if i == index else s for i, s in enumerate(whole)]
        return served(told, START, COMBINE, CREDIT, conduct)

    ends = [days(0), days(36_500)]
    less, more = sorted(values)
    between = [days(less), days(more)]
    assert min(ends) <= min(between) <= max(between) <= max(ends)
    assert between == sorted(between, reverse=ends[0] > ends[1])
