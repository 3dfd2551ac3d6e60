"""Laws of three-valued logic: not knowing stands for both values at once."""

import operator
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.kleene import Kleene, all_of, any_of, both, either, negation

VALUES: tuple[Kleene, ...] = (True, False, None)
kleene = st.sampled_from(VALUES)


def worlds(value: Kleene) -> tuple[bool, ...]:
    """What a value can turn out to be."""
    return (True, False) if value is None else (value,)


@pytest.mark.parametrize(
    ("connective", "classical"),
    [(both, operator.and_), (either, operator.or_)],
)
def test_a_connective_is_known_exactly_when_every_world_agrees(
    connective: Callable[[Kleene, Kleene], Kleene], classical: Callable[[bool, bool], bool]
) -> None:
    for one, other in product(VALUES, VALUES):
        outcomes = {classical(a, b) for a in worlds(one) for b in worlds(other)}
        expected = outcomes.pop() if len(outcomes) == 1 else None
        assert connective(one, other) is expected


@given(kleene, kleene)
def test_negation_turns_one_connective_into_the_other(one: Kleene, other: Kleene) -> None:
    assert negation(both(one, other)) is either(negation(one), negation(other))
    assert negation(negation(one)) is one


@given(st.lists(kleene, max_size=6))
def test_of_many_is_of_two_again_and_again(values: list[Kleene]) -> None:
    every: Kleene = True
    some: Kleene = False
    for value in values:
        every, some = both(every, value), either(some, value)
    assert all_of(values) is every
    assert any_of(values) is some


@given(st.lists(kleene, max_size=5), st.data())
def test_learning_an_unknown_never_flips_what_was_known(values: list[Kleene], data: st.DataObject) -> None:
    learned = [data.draw(st.booleans()) if value is None else value for value in values]
    assert all_of(values) in {None, all_of(learned)}
    assert any_of(values) in {None, any_of(learned)}
