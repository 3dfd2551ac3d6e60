"""The vocabulary: what it takes, what it refuses, and what it says of a misspelt name."""

from __future__ import annotations

from typing import Any

import pytest

from habeas.kernel.instants import Instant, Precision, UncertainInstant
from habeas.law.documents import Tree
from habeas.law.vocabulary import FactSpec, FactType, UnknownFact, Value, Vocabulary, VocabularyError

FACTS: dict[str, Tree] = {
    "instrument.served_at": {"type": "instant", "means": "When the person was given it."},
    "instrument.form": {"type": "code", "values": ["I-247A", "none"], "means": "Form edition."},
    "charge.filed_at": {"type": "instant", "means": "Information or indictment filed."},
}


def of(**more: Any) -> Vocabulary:
    return Vocabulary.from_tree({"schema": "1", "facts": FACTS | more})


def test_a_file_gives_each_fact_its_type_values_and_meaning() -> None:
    vocabulary = of()
    assert len(vocabulary) == 3
    assert [each.name for each in vocabulary] == list(FACTS)
    form = vocabulary.fact("instrument.form")
    assert form == FactSpec("instrument.form", FactType.CODE, ("I-247A", "none"), "Form edition.")
    assert form.owner == "instrument"
    assert [each.name for each in vocabulary.of("charge")] == ["charge.filed_at"]
    assert "charge.filed_at" in vocabulary
    assert "charge.served_at" not in vocabulary


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("instrument.serve_at", ("instrument.served_at",)),
        ("charge.served_at", ("instrument.served_at",)),
        ("person.age", ()),
    ],
)
def test_an_unknown_fact_is_told_its_nearest_names(asked: str, nearest: tuple[str, ...]) -> None:
    with pytest.raises(UnknownFact) as told:
        of().fact(asked)
    assert told.value.nearest == nearest
    assert f"[{asked}]" in str(told.value)


@pytest.mark.parametrize(
    ("name", "entry", "problem"),
    [
        ("form", {"type": "bool", "means": "x"}, "expected a name such as instrument.served_at"),
        ("inmate.served_at", {"type": "bool", "means": "x"}, "expected a name such as"),
        ("person.Adult", {"type": "bool", "means": "x"}, "expected a name such as"),
        ("person.adult", {"type": "boolean", "means": "x"}, "expected a type of bool, instant"),
        ("person.adult", {"type": "bool"}, "expected its meaning"),
        ("person.adult", {"type": "bool", "means": ""}, "expected its meaning"),
        (
            "person.adult",
            {"type": "bool", "means": "x", "values": ["yes"]},
            "no list of values for type [bool]",
        ),
        ("person.adult", {"type": "bool", "means": "x", "vlaues": []}, "keys means, type, values only"),
        ("person.adult", "bool", "expected a mapping"),
        ("person.state", {"type": "code", "means": "x", "values": ["a", "a"]}, "each value once"),
        ("person.state", {"type": "code", "means": "x", "values": "a"}, "expected a list of codes"),
        ("person.state", {"type": "code", "means": "x", "values": [["a"]]}, "expected a list of codes"),
    ],
)
def test_a_fact_that_cannot_be_used_is_refused(name: str, entry: Any, problem: str) -> None:
    with pytest.raises(VocabularyError) as told:
        of(**{name: entry})
    ((found, said),) = told.value.problems
    assert found == name
    assert problem in said


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(VocabularyError) as told:
        of(**{"a": {"type": "bool", "means": "x"}, "person.b": {"type": "?"}, "person.c": {"type": "set"}})
    assert sorted(name for name, _ in told.value.problems) == ["a", "person.b", "person.c"]


def test_a_fact_given_twice_and_a_list_of_facts_are_refused() -> None:
    fact = FactSpec("person.adult", FactType.BOOL, (), "x")
    with pytest.raises(VocabularyError, match="each fact once"):
        Vocabulary([fact, fact])
    with pytest.raises(VocabularyError, match="a mapping from fact name"):
        Vocabulary.from_tree({"facts": ["person.adult"]})


DAY = UncertainInstant(Instant(0), Instant(10), Precision.DAY, "k")


@pytest.mark.parametrize(
    ("kind", "accepted", "refused"),
    [
        (FactType.BOOL, [True, False], [1, "true", DAY, frozenset[str]()]),
        (FactType.INSTANT, [0, Instant(5), DAY], [True, "2017-01-01"]),
        (FactType.NUMBER, [-1, 10**12], [True, DAY, "3"]),
        (FactType.CODE, ["a", "b"], ["c", 1, frozenset({"a"})]),
        (FactType.SET, [frozenset({"a"}), frozenset[str]()], [frozenset({"a", "c"}), "a"]),
        (FactType.TEXT, ["any words"], [1, True]),
    ],
)
def test_a_fact_accepts_values_of_its_type_and_always_the_unknown(
    kind: FactType, accepted: list[Value], refused: list[Value]
) -> None:
    closed = ("a", "b") if kind in {FactType.CODE, FactType.SET} else ()
    fact = FactSpec("person.x", kind, closed, "x")
    assert fact.accepts(None)
    assert all(map(fact.accepts, accepted))
    assert not any(map(fact.accepts, refused))


def test_an_open_list_takes_any_code() -> None:
    assert FactSpec("charge.offence", FactType.CODE, (), "x").accepts("784.011")
    assert FactSpec("instrument.boxes", FactType.SET, (), "x").accepts(frozenset({"1", "any"}))
