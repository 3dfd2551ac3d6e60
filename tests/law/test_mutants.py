"""Mutants of conditions: complete as listed, each really different, each sayable."""

from __future__ import annotations

from hypothesis import given

from habeas.law.checking import checked
from habeas.law.compile import Compiled
from habeas.law.conditions import TypedLimb, text_of, walk
from habeas.law.enactments import All, AnyOf, Condition, Gap, Limb, Not, Quantified
from habeas.law.mutants import Change, mutants
from habeas.law.vocabulary import FactSpec, FactType, Vocabulary
from limb_worlds import Question, questions, written

VOCABULARY = Vocabulary(
    [
        FactSpec("person.adult", FactType.BOOL, (), "x"),
        FactSpec("charge.listed", FactType.BOOL, (), "x"),
        FactSpec("instrument.lodged_at", FactType.INSTANT, (), "x"),
        FactSpec("setting.population", FactType.NUMBER, (), "x"),
    ]
)
ADULT = Limb("person.adult")
LISTED = Limb("charge.listed")


def told(condition: Condition | None) -> list[str]:
    tree = checked(condition, VOCABULARY, subject="instrument")
    return [f"{path} {change}: {description}" for path, change, description, _ in mutants(tree)]


def test_of_one_limb() -> None:
    assert told(ADULT) == [
        "when dropped: without [person.adult]",
        "when negated: the opposite of [person.adult]",
    ]


def test_of_a_time_limit() -> None:
    assert told(Limb("at < instrument.lodged_at + 48h"))[2:] == [
        "when boundary: at <= instrument.lodged_at + 2d instead of at < instrument.lodged_at + 48h",
        "when shifted: at < instrument.lodged_at + 2d 1h instead of at < instrument.lodged_at + 48h",
        "when shifted: at < instrument.lodged_at + 1d 23h instead of at < instrument.lodged_at + 48h",
        "when shifted: at < instrument.lodged_at + 3d instead of at < instrument.lodged_at + 48h",
        "when shifted: at < instrument.lodged_at + 1d instead of at < instrument.lodged_at + 48h",
    ]


def test_the_side_that_is_not_asked_about_is_shifted() -> None:
    assert told(Limb("instrument.lodged_at <= at"))[3] == (
        "when shifted: instrument.lodged_at + 1h <= at instead of instrument.lodged_at <= at"
    )
    assert told(Limb("at >= 2024-12-01T00:00Z"))[3] == (
        "when shifted: at >= 2024-12-01T01:00:00Z instead of at >= 2024-12-01T00:00Z"
    )


def test_of_a_number() -> None:
    assert told(Limb("setting.population >= 100"))[2:] == [
        "when boundary: setting.population > 100 instead of setting.population >= 100",
        "when shifted: setting.population >= 101 instead of setting.population >= 100",
        "when shifted: setting.population >= 99 instead of setting.population >= 100",
    ]


def test_equality_has_no_boundary() -> None:
    assert [line.partition(":")[0] for line in told(Limb("setting.population == 100"))[2:]] == [
        "when shifted"
    ] * 2


def test_of_a_nest() -> None:
    assert told(All((ADULT, Not(AnyOf((ADULT, Gap("the annex"))))))) == [
        "when joined: any of [person.adult and not person.adult or missing: the annex]",
        "when.all[0] dropped: without [person.adult]",
        "when.all[0] negated: the opposite of [person.adult]",
        "when.all[1] dropped: without [not person.adult or missing: the annex]",
        "when.all[1] negated: the opposite of [not person.adult or missing: the annex]",
        "when.all[1].not joined: all of [person.adult or missing: the annex]",
        "when.all[1].not.any[0] dropped: without [person.adult]",
        "when.all[1].not.any[0] negated: the opposite of [person.adult]",
        "when.all[1].not.any[1] dropped: without [missing: the annex]",
    ]


def test_what_comes_to_the_same_is_told_once() -> None:
    assert told(Not(ADULT)) == [
        "when dropped: without [not person.adult]",
        "when negated: the opposite of [not person.adult]",
    ]
    assert told(All((ADULT,))) == [
        "when.all[0] dropped: without [person.adult]",
        "when.all[0] negated: the opposite of [person.adult]",
    ]


def test_of_quantifiers() -> None:
    def quantified(name: str, least: int = 1) -> list[str]:
        asked = Quantified(name, "charge", LISTED, least)
        return [line.partition(": ")[2] for line in told(asked) if "quantified" in line]

    assert quantified("some") == [
        "every charge instead of some charge with charge.listed",
        "some charge of any kind instead of some charge with charge.listed",
    ]
    assert quantified("every")[0] == "some charge instead of every charge with charge.listed"
    assert quantified("no") == ["no charge of any kind instead of no charge with charge.listed"]
    assert quantified("count", 2)[:2] == [
        "count charge at least 3 instead of count charge at least 2 with charge.listed",
        "count charge at least 1 instead of count charge at least 2 with charge.listed",
    ]
    assert [line.split()[3] for line in quantified("count", 1)[:1]] == ["least"]


def test_what_always_holds_has_none() -> None:
    assert told(None) == []


@given(questions())
def test_every_mutant_is_another_condition_that_can_be_asked(question: Question) -> None:
    subject = question.world.subject
    tree = checked(written(question.node), question.vocabulary, subject=subject)
    facts = question.world.facts
    found = list(mutants(tree))
    trees = [mutant.tree for mutant in found]
    assert tree not in trees
    for mutant in found:
        compiled = Compiled(mutant.tree, subject=subject)
        assert compiled.evaluate(facts) is compiled.trace(facts)[0]
        for _, node in walk(mutant.tree):
            assert not isinstance(node, TypedLimb) or mutant.change is Change.NEGATED or text_of(node.test)


@given(questions())
def test_every_limb_can_be_got_wrong(question: Question) -> None:
    tree = checked(written(question.node), question.vocabulary, subject=question.world.subject)
    paths = {mutant.path for mutant in mutants(tree)}
    for path, node in walk(tree):
        inside_not = path.endswith(".not")
        assert path in paths or not isinstance(node, TypedLimb) or inside_not
