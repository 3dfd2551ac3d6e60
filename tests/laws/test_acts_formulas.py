"""Simplified formulas mean what the unsimplified ones would, unknown included."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.kleene import Kleene, all_of, any_of, negation
from habeas.law.acts import (
    About,
    And,
    Doubt,
    Formula,
    Guard,
    Or,
    conjunction,
    disjunction,
    evaluate,
    leaves,
    negated,
)
from habeas.law.enactments import Limb

GUARDS = tuple(Guard(Limb(name), f"us/zz/a!{name}") for name in "xyz")
DOUBT = Doubt(About.PLACE, "us/zz/a!x")
atoms = st.sampled_from([True, False, None, *GUARDS, DOUBT])
formulas: st.SearchStrategy[Formula] = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(conjunction),
        st.lists(inner, max_size=4).map(disjunction),
        inner.map(negated),
    ),
    max_leaves=12,
)
kleenes = st.sampled_from([True, False, None])
valuations = st.fixed_dictionaries(dict.fromkeys([*GUARDS, DOUBT], kleenes))
Valuation = dict[Guard | Doubt, Kleene]


def value(formula: Formula, of: Valuation) -> Kleene:
    return evaluate(formula, lambda guard: of[guard], lambda doubt: of[doubt])


@given(st.lists(formulas, max_size=5), valuations)
def test_connectives(parts: list[Formula], of: Valuation) -> None:
    values = [value(part, of) for part in parts]
    assert value(conjunction(parts), of) is all_of(values)
    assert value(disjunction(parts), of) is any_of(values)
    for part, known in zip(parts, values, strict=True):
        assert value(negated(part), of) is negation(known)


@given(formulas)
def test_simplified_formulas_are_flat_and_say_nothing_twice(formula: Formula) -> None:
    if isinstance(formula, And | Or):
        assert len(formula.parts) > 1
        assert not any(isinstance(part, type(formula) | bool) for part in formula.parts)
        assert len(set(formula.parts)) == len(formula.parts)


@given(formulas, valuations, kleenes)
def test_only_leaves_matter(formula: Formula, of: Valuation, other: Kleene) -> None:
    found = set(leaves(formula))
    changed: Valuation = {leaf: known if leaf in found else other for leaf, known in of.items()}
    assert value(formula, changed) is value(formula, of)


@given(formulas, valuations)
def test_a_doubt_is_unknown_unless_settled(formula: Formula, of: Valuation) -> None:
    unsettled: Valuation = {**of, DOUBT: None}
    assert evaluate(formula, lambda guard: of[guard]) is value(formula, unsettled)
