"""A table that a person writes by hand: one event a line, local times, in YAML.

The same shape as the golden cases and the ``tests:`` of an enactment: ``place``, ``custodian``,
``complete``, ``setting`` and ``cases``, each case the events of one person. A file about one
person alone may leave out ``cases`` and state ``name`` and ``events`` at its top.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from habeas.authority.inquiry import Regimen
from habeas.authority.trials import Trial
from habeas.law.documents import Document, Path, Problem, RulebookError, Tree
from habeas.law.yaml_text import parse

_SHARED = ("place", "custodian", "complete", "setting")
_OF_A_TEST = ("ask", "law", "doubt", "hindsight", "source", "title", "schema", "cite")
_CASE_KEYS = frozenset({*_SHARED, "name", "events", *_OF_A_TEST})


class UnreadableTable(ValueError):
    """A table that cannot be read; carries every problem, each with file and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def read_table(text: str, name: str, regimen: Regimen) -> tuple[Trial, ...]:
    """The cases of a table.

    Args:
        text: YAML without implicit typing; see `habeas.law.yaml_text`.
        name: What problems call the file.
        regimen: The rulebook in whose places and vocabulary the table is read.

    Raises:
        UnreadableTable: with every problem, the line of each and what was expected.
    """
    try:
        document = parse(text, name)
    except RulebookError as error:
        raise UnreadableTable(error.problems) from error
    return cases_of(document, regimen)


def cases_of(document: Document, regimen: Regimen, *, under: str = "cases") -> tuple[Trial, ...]:
    """The cases of a table already parsed.

    Args:
        document: The table; of an enactment's file, its tests stand under another key.
        regimen: The rulebook in whose places and vocabulary it is read.
        under: The key under which the cases stand.

    Raises:
        UnreadableTable: with every problem, the line of each and what was expected.
    """
    defaults = {key: document.tree[key] for key in _SHARED if key in document.tree}
    found: list[Trial] = []
    problems: list[Problem] = []
    for path, tree in _cases(document, under, problems):
        own = list(_problems(document, path, {**defaults, **tree}, regimen))
        problems += own
        if not own:
            found.append(Trial(tree, defaults, regimen))
    if problems:
        raise UnreadableTable(tuple(sorted(set(problems), key=lambda each: (each.line, each.path))))
    return tuple(found)


def _cases(document: Document, under: str, problems: list[Problem]) -> Iterator[tuple[Path, dict[str, Tree]]]:
    if under not in document.tree:
        if "events" not in document.tree:
            expected = f"[{under}], or one person's [name] and [events]"
            problems.append(document.problem((), expected, "neither"))
            return
        yield (), document.tree
        return
    cases = document.tree[under]
    if not isinstance(cases, list):
        problems.append(document.problem((under,), "a list of cases", f"[{cases}]"))
        return
    for index, case in enumerate(cases):
        if isinstance(case, dict):
            yield (under, index), case
        else:
            problems.append(document.problem((under, index), "a case with its events", f"[{case}]"))


def _problems(document: Document, path: Path, tree: dict[str, Tree], regimen: Regimen) -> Iterator[Problem]:
    """What is wrong in one case, each event tried alone so that the bad line is named."""
    for key in sorted(set(tree) - _CASE_KEYS if path else ()):
        yield document.problem((*path, key), f"one of {', '.join(sorted(_CASE_KEYS))}", f"[{key}]")
    for key in ("place", "name"):
        if not isinstance(tree.get(key), str):
            yield document.problem(path, f"the case's [{key}]", "none")
            return
    bare = {**tree, "events": cast("Tree", []), "setting": cast("Tree", [])}
    where = path if "place" in _at(document, path) else ()
    if problem := _tried(bare, regimen):
        yield document.problem((*where, "place"), "a place of the rulebook with a time zone", problem)
        return
    lines = [
        problem
        for part in ("events", "setting")
        for problem in _line_problems(document, path, part, tree, bare, regimen)
    ]
    yield from lines
    if not lines and (problem := _tried(tree, regimen)):
        yield document.problem(path, "a case that can be read whole", problem)


def _line_problems(
    document: Document, path: Path, part: str, tree: dict[str, Tree], bare: dict[str, Tree], regimen: Regimen
) -> Iterator[Problem]:
    lines = tree.get(part, [])
    inside = part in _at(document, path)
    where: Path = (*path, part) if inside else (part,)
    if not isinstance(lines, list):
        yield document.problem(where, f"a list of {part}", f"[{lines}]")
        return
    for index, line in enumerate(lines):
        if not isinstance(line, dict):
            yield document.problem((*where, index), "one event a line, in braces", f"[{line}]")
        elif problem := _tried({**bare, part: [line]}, regimen):
            yield document.problem((*where, index), _EXPECTED[part], problem)


_EXPECTED = {
    "events": "an event such as {at: 2017-02-16 08:00, event: Arrested, charge: c1}",
    "setting": "a dated fact such as {fact: setting.population, value: 1000, from: ..., known: ...}",
}


def _at(document: Document, path: Path) -> dict[str, Tree]:
    tree: Tree = document.tree
    for part in path:
        tree = cast("dict[str | int, Tree]", tree)[part]
    return tree if isinstance(tree, dict) else {}


def _tried(tree: dict[str, Tree], regimen: Regimen) -> str:
    """Why a case cannot be read; empty where it can."""
    try:
        Trial(tree, {}, regimen)
    except KeyError as error:
        return f"no [{error.args[0]}]"
    except (ValueError, TypeError, LookupError) as error:
        return str(error)
    return ""
