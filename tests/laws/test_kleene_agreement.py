"""The scalar evaluator, the traced one, a naive interpreter and the Rust CEL package agree.

CEL is asked with the very text of the limbs; only durations and dates are rewritten as microseconds. It
absorbs errors in `&&` and `||` as Kleene logic does, so an error that comes out means unknown.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import cel
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from msgspec.structs import replace

from habeas.kernel.instants import Instant, Precision, UncertainInstant
from habeas.kernel.kleene import Kleene
from habeas.law.compile import Compiled, Facts, compile_condition
from habeas.law.conditions import decoded, encoded
from habeas.law.enactments import Limb
from habeas.law.vocabulary import FactSpec, FactType, Vocabulary
from limb_worlds import (
    EPOCH,
    SECOND,
    START,
    STATUTES,
    Node,
    Question,
    World,
    questions,
    trace_of,
    value_of,
    written,
)


def compiled(question: Question) -> Compiled:
    """The question's condition, ready to be asked."""
    subject = question.world.subject
    return compile_condition(written(question.node), question.vocabulary, subject=subject)


def asked_of_cel(node: Node, world: World) -> Kleene:
    """What CEL says of the condition; an error is unknown."""
    context = cel.Context()
    context.add_variable("at", world.at)
    for owner, rows in world.rows.items():
        known = {name: value for name, value in rows[0].items() if value is not None}
        context.add_variable(
            owner, {n: sorted(v) if isinstance(v, frozenset) else v for n, v in known.items()}
        )
    context.add_variable("status", {name: value for name, value in STATUTES.items() if value is not None})
    try:
        answer = cel.compile(in_cel(node)).execute(context)
    except KeyError:
        return None
    assert isinstance(answer, bool)
    return answer


def in_cel(node: Node) -> str:
    """The condition in CEL: the limbs as written, durations and dates in microseconds."""
    if node.kind == "limb":
        dated = re.sub(r"[0-9T:.-]{19,}Z", lambda found: str(microseconds(found[0])), node.text)
        text = re.sub(r"\b(\d+)s\b", lambda found: str(int(found[1]) * SECOND), dated)
        status = re.sub(r"in_force\(([^)]*)\)", r"status[\1]", text)
        return f"({status})"
    if node.kind == "not":
        return f"!{in_cel(node.parts[0])}"
    return "(" + (" && " if node.kind == "all" else " || ").join(map(in_cel, node.parts)) + ")"


def microseconds(text: str) -> int:
    """An instant as limbs write it, as CEL is given it."""
    since: dt.timedelta = dt.datetime.fromisoformat(text) - EPOCH
    return since // dt.timedelta(microseconds=1)


@given(questions())
def test_scalar_equals_traced_equals_the_definition(question: Question) -> None:
    made, facts = compiled(question), question.world.facts
    expected = value_of(question.node, question.world)
    event(f"value {expected}")
    assert made.evaluate(facts) is expected, made.scalar_source
    assert made.trace(facts)[0] is expected, made.traced_source


@given(questions(for_cel=True))
def test_every_engine_agrees_with_cel(question: Question) -> None:
    made, facts = compiled(question), question.world.facts
    told = asked_of_cel(question.node, question.world)
    event(f"value {told}")
    assert made.evaluate(facts) is told, in_cel(question.node)
    assert made.trace(facts)[0] is told
    assert value_of(question.node, question.world) is told


@given(questions())
def test_a_limb_in_the_trace_has_the_value_it_has_alone(question: Question) -> None:
    _, limbs = compiled(question).trace(question.world.facts)
    told = {(limb.path, limb.row): limb.value for limb in limbs}
    assert len(told) == len(limbs)
    assert told == dict(trace_of(question.node, question.world))


@given(questions(timed=True))
def test_between_edges_the_value_stands_still(question: Question) -> None:
    made, facts = compiled(question), question.world.facts
    edges = set(made.edges(facts))
    changed = 0
    for second in range(-3, 8):
        for micro in range(-5, 7):
            at = START + second * SECOND + micro
            now, just_before = (made.evaluate(replace(facts, at=Instant(t))) for t in (at, at - 1))
            changed += now is not just_before
            assert now is just_before or at in edges
    event(f"changes {changed > 0}")


@given(questions(), st.data())
def test_learning_a_fact_never_flips_a_definite_answer(question: Question, data: st.DataObject) -> None:
    world = question.world

    def forgotten(row: Any) -> dict[str, Any]:
        return {name: None if data.draw(st.booleans()) else value for name, value in row.items()}

    rows = {owner: tuple(map(forgotten, of_owner)) for owner, of_owner in world.rows.items()}
    made = compiled(question)
    before = made.evaluate(World(world.at, world.subject, rows, {}, world.points).facts)
    event(f"before {before}")
    assert before is None or before is made.evaluate(world.facts)


@given(questions())
def test_a_tree_comes_back_from_json_as_it_was(question: Question) -> None:
    tree = compiled(question).tree
    assert tree is not None
    again = decoded(encoded(tree))
    assert again == tree
    value = Compiled(again, subject=question.world.subject).evaluate(question.world.facts)
    assert value is value_of(question.node, question.world)


@pytest.mark.parametrize(
    ("limb", "hour", "expected"),
    [
        ("at >= charge.filed_at", 12, None),
        ("at >= charge.filed_at", 24, True),
        ("at >= charge.filed_at", -1, False),
        ("at < charge.filed_at + 48h", 12, True),
        ("at < charge.filed_at + 48h", 60, None),
        ("at < charge.filed_at + 48h", 72, False),
    ],
)
def test_the_day_is_known_and_the_hour_is_not(limb: str, hour: int, expected: Kleene) -> None:
    vocabulary = Vocabulary([FactSpec("charge.filed_at", FactType.INSTANT, (), "filed")])
    day = UncertainInstant(Instant(START), Instant(START + 86_400 * SECOND), Precision.DAY, "c0")
    made = compile_condition(Limb(limb), vocabulary, subject="charge")
    at = Instant(START + hour * 3600 * SECOND)
    facts = Facts(at=at, subject_kind="charge", subject={"id": "c0", "filed_at": day})
    assert made.evaluate(facts) is expected
