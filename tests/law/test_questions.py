"""Readings: one alternative per question, the rest at published defaults."""

from __future__ import annotations

import pytest

from habeas.law.documents import Tree
from habeas.law.enactments import Alternative, Question
from habeas.law.questions import UnknownReading, choose, complete, mentioned, problems_in
from habeas.law.yaml_text import parse

REACH = Question(
    id="reach",
    place="us/zz",
    asks="Whom does the order bind?",
    alternatives=(
        Alternative("one", "the petitioner", ("order, p. 1 (fictional)",)),
        Alternative("all", "everyone in the jail", ("order, p. 2 (fictional)",)),
    ),
    default="one",
)
QUESTIONS = {"reach": REACH}


def test_a_reading_is_completed_by_defaults() -> None:
    assert complete({}, QUESTIONS) == {"reach": "one"}
    assert complete({"reach": "all"}, QUESTIONS) == {"reach": "all"}


@pytest.mark.parametrize(
    ("reading", "found"), [({"scope": "all"}, "[scope]"), ({"reach": "some"}, "one, all, found [some]")]
)
def test_a_reading_that_the_rulebook_lacks_is_refused(reading: dict[str, str], found: str) -> None:
    with pytest.raises(UnknownReading, match=r"expected") as caught:
        complete(reading, QUESTIONS)
    assert found in str(caught.value)


@pytest.mark.parametrize(
    ("tree", "alternative", "expected"),
    [
        ({"a": {"by_question": "reach", "one": "1", "all": "2"}}, "all", {"a": "2"}),
        ({"a": {"by_question": "reach", "one": "1", "all": ""}}, "all", {}),
        ({"a": {"by_question": "reach", "one": "1", "otherwise": "3"}}, "all", {"a": "3"}),
        ({"a": [{"by_question": "reach", "one": "x", "all": ""}, "y"]}, "all", {"a": ["y"]}),
        ({"a": ""}, "all", {"a": ""}),
        (
            {"a": {"b": {"by_question": "reach", "one": {"c": "1"}, "all": "2"}}},
            "one",
            {"a": {"b": {"c": "1"}}},
        ),
    ],
)
def test_a_choice_takes_the_side_of_the_reading(tree: Tree, alternative: str, expected: Tree) -> None:
    assert choose(tree, {"reach": alternative}) == expected


def test_the_questions_a_document_turns_on_are_found_wherever_they_stand() -> None:
    tree: Tree = {"acts": [{"only_under": {"stay": ["yes"]}}], "from": {"by_question": "reach", "one": "1"}}
    assert mentioned(tree) == {"stay", "reach"}


def test_a_choice_must_answer_every_alternative_and_no_other() -> None:
    document = parse(
        "from: {by_question: reach, one: 2017-01-01, some: 2018-01-01}\n"
        "until: {by_question: scope, one: 1}\n"
        "acts:\n  - only_under: {reach: [none], stay: [x]}\n",
        "x.yaml",
    )
    found = [str(problem) for problem in problems_in(document, QUESTIONS)]
    assert len(found) == 5
    assert any("alternative of reach (all, one), found [some]" in each for each in found)
    assert any("a value for alternative [all], found none" in each for each in found)
    assert any("x.yaml:4" in each and "[none]" in each for each in found)
