"""Disputes about what law is, and readings that pick a side of each.

A value that turns on a dispute is written in a rulebook file as a mapping with
``by_question: <question>`` and one entry per alternative; an empty entry leaves the field
out under that alternative, and ``otherwise`` serves the alternatives not named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec

from habeas.law.documents import Document, Path, Problem, Tree, walk
from habeas.law.enactments import Enactment, Question

Reading: TypeAlias = Mapping[str, str]
"""One alternative per question; questions left out take their published default."""


class UnknownReading(ValueError):
    """A reading names a question or an alternative that the rulebook does not have."""


def complete(reading: Reading, questions: Mapping[str, Question]) -> dict[str, str]:
    """The reading with every question answered, defaults filled in.

    Raises:
        UnknownReading: a question or an alternative the rulebook does not have.
    """
    for asked, alternative in reading.items():
        if asked not in questions:
            known = ", ".join(sorted(questions)) or "none"
            message = f"expected one of the rulebook's questions ({known}), found [{asked}]"
            raise UnknownReading(message)
        offered = [each.id for each in questions[asked].alternatives]
        if alternative not in offered:
            message = f"expected for [{asked}] one of {', '.join(offered)}, found [{alternative}]"
            raise UnknownReading(message)
    return {name: reading.get(name, question.default) for name, question in questions.items()}


def choose(tree: Tree, reading: Reading) -> Tree:
    """The tree as it stands under one complete reading."""
    if isinstance(tree, list):
        return [
            chosen for each in tree if (chosen := choose(each, reading)) != "" or not isinstance(each, dict)
        ]
    if isinstance(tree, str):
        return tree
    asked = tree.get("by_question")
    if isinstance(asked, str):
        chosen = tree.get(reading[asked], tree.get("otherwise", ""))
        return choose(chosen, reading)
    result: dict[str, Tree] = {}
    for key, value in tree.items():
        resolved = choose(value, reading)
        if resolved != "" or not isinstance(value, dict):
            result[key] = resolved
    return result


def mentioned(tree: Tree) -> frozenset[str]:
    """The questions on which a document's content turns."""
    found: set[str] = set()
    for path, node in walk(tree):
        if isinstance(node, dict) and isinstance(node.get("by_question"), str):
            found.add(str(node["by_question"]))
        if path and path[-1] == "only_under" and isinstance(node, dict):
            found.update(node)
    return frozenset(found)


def turned_on(enactments: Mapping[str, Mapping[str, Tree]]) -> dict[str, tuple[str, ...]]:
    """Enactment -> the questions it mentions, its tests left aside: a test answers, it does not ask."""
    bodies = {
        name: {key: value for key, value in tree.items() if key != "tests"}
        for name, tree in enactments.items()
    }
    return {name: tuple(sorted(mentioned(body))) for name, body in bodies.items()}


def under(enactment: Enactment, reading: Reading) -> Enactment:
    """An enactment without the acts and provisions that exist only under other alternatives."""

    def exists(conditions: Mapping[str, tuple[str, ...]]) -> bool:
        return all(reading[asked] in chosen for asked, chosen in conditions.items())

    return msgspec.structs.replace(
        enactment,
        acts=tuple(act for act in enactment.acts if exists(act.only_under)),
        provisions=tuple(each for each in enactment.provisions if exists(each.only_under)),
    )


def problems_in(document: Document, questions: Mapping[str, Question]) -> Iterable[Problem]:
    """Every mention of a question or alternative that does not exist, or is left unanswered."""
    for path, node in walk(document.tree):
        if not isinstance(node, dict):
            continue
        if "by_question" in node:
            yield from _choice_problems(document, path, node, questions)
        if path and path[-1] == "only_under":
            yield from _condition_problems(document, path, node, questions)


def _choice_problems(
    document: Document, path: Path, node: dict[str, Tree], questions: Mapping[str, Question]
) -> Iterable[Problem]:
    asked = node["by_question"]
    if not isinstance(asked, str) or asked not in questions:
        yield document.problem((*path, "by_question"), "a question of the rulebook", f"[{asked}]")
        return
    offered = {alternative.id for alternative in questions[asked].alternatives}
    for key in node:
        if key not in offered and key not in {"by_question", "otherwise"}:
            expected = f"an alternative of {asked} ({', '.join(sorted(offered))})"
            yield document.problem((*path, key), expected, f"[{key}]")
    if "otherwise" not in node:
        for alternative in sorted(offered - set(node)):
            yield document.problem(path, f"a value for alternative [{alternative}]", "none")


def _condition_problems(
    document: Document, path: Path, node: dict[str, Tree], questions: Mapping[str, Question]
) -> Iterable[Problem]:
    for asked, alternatives in node.items():
        if asked not in questions:
            yield document.problem((*path, asked), "a question of the rulebook", f"[{asked}]")
            continue
        offered = {alternative.id for alternative in questions[asked].alternatives}
        chosen = alternatives if isinstance(alternatives, list) else [alternatives]
        for each in chosen:
            if each not in offered:
                expected = f"an alternative of {asked} ({', '.join(sorted(offered))})"
                yield document.problem((*path, asked), expected, f"[{each}]")
