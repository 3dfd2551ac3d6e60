"""Acts to look at again: circles, targets that name nothing, endings left open, deep chains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from habeas.law.attacks import AttackGraph, attack_graph
from habeas.law.circles import circles
from habeas.law.documents import Document, Problem
from habeas.law.lint_readings import readings_of
from habeas.law.loose_ends import LooseEnd, loose_ends
from habeas.law.mutual import Circle, cycles
from habeas.law.rulebook import Rulebook

DEEPEST = 4
"""A chain of acts upon acts longer than this is worth a second look: rulings on stays of rulings."""


def act_problems(rulebook: Rulebook, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Circles of acts under some reading, and ends that are loose under every one."""
    found: dict[Circle, None] = {}
    loose: set[LooseEnd] | None = None
    for law in readings_of(rulebook):
        found |= dict.fromkeys(cycles(law))
        ends = set(loose_ends(law))
        loose = ends if loose is None else loose & ends
    for circle in found:
        yield _at(documents, circle.acts[0], "acts of which one prevails", str(circle))
    for end in sorted(loose or (), key=str):
        yield _at(documents, end.ref, end.expected, f"{end.found} [{end.cite}]")


def act_warnings(rulebook: Rulebook, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Acts at the end of a chain of acts upon acts that is longer than a reader can follow."""
    graph = attack_graph(rulebook.under({}))
    for ref, depth in _depths(graph).items():
        if depth > DEEPEST:
            yield _at(documents, ref, f"at most {DEEPEST} acts upon one another", f"{depth}")


def _depths(graph: AttackGraph) -> dict[str, int]:
    """How many acts stand upon one another above each act, each circle counted once."""
    depth: dict[int, int] = {}
    for group in circles(graph, range(len(graph.attacks))):
        above = [depth[a.node] for node in group for a in graph.attacks[node] if a.node in depth]
        for node in group:
            depth[node] = 1 + max(above, default=-1)
    found: dict[str, int] = {}
    for node, value in depth.items():
        ref = graph.acts[node >> 1].ref
        found[ref] = max(value, found.get(ref, 0))
    return found


def _at(documents: Mapping[str, Document], ref: str, expected: str, found: str) -> Problem:
    name = ref.partition("#")[0].partition("!")[0]
    part = "acts" if "!" in ref else "provisions"
    document = documents[name]
    inner = ref[len(name) + 1 :]
    entries = document.tree.get(part)
    for index, each in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(each, dict) and each.get("id") == inner:
            return document.problem((part, index), expected, found)
    return document.problem((part,), expected, found)
