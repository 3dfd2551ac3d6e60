"""Rulebook text: what is refused, and that every problem is named with its line at once."""

from __future__ import annotations

import pytest

from habeas.law.documents import RulebookError
from habeas.law.yaml_text import parse


def problems(text: str) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        parse(text, "juniper.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_every_scalar_stays_the_text_it_is() -> None:
    document = parse("answer: no\ntime: 12:30\ndate: 2017-01-26\nnothing: ~\nnumber: 0o17\n", "x.yaml")
    assert document.tree == {
        "answer": "no",
        "time": "12:30",
        "date": "2017-01-26",
        "nothing": "~",
        "number": "0o17",
    }


def test_every_node_knows_its_line() -> None:
    document = parse("a:\n  - b: 1\n    c: 2\n", "x.yaml")
    assert document.line_of(("a", 0, "c")) == 3
    assert document.line_of(("a", 0, "missing")) == 2
    assert document.line_of(("elsewhere",)) == 1


def test_a_duplicate_key_is_refused_with_its_line() -> None:
    assert problems("a: 1\nb: 2\na: 3\n") == ["juniper.yaml:3: expected each key once, found [a] again"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: &x 1\n", "an anchor [&x]"),
        ("a: &x 1\nb: *x\n", "an alias [*x]"),
        ("a: !!int 1\n", "a tag [tag:yaml.org,2002:int]"),
        ("? [a, b]\n: 1\n", "a nested key"),
        ("- a\n", "something else"),
        ("a: [1\n", "did not find expected"),
    ],
)
def test_what_cannot_be_read_at_its_word_is_refused(text: str, found: str) -> None:
    assert any(found in problem for problem in problems(text)), problems(text)


def test_all_problems_come_at_once() -> None:
    assert len(problems("a: &x 1\nb: !t 2\nc: &y 3\n")) == 3


def test_an_empty_file_is_an_empty_tree() -> None:
    assert parse("", "x.yaml").tree == {}
