"""Rulebook text into plain trees: every scalar is a string, every node knows its line.

YAML's implicit typing (where ``no`` is false and ``12:30`` is 750) is off; anchors, aliases,
tags and duplicate keys are refused, because a reviewer must be able to read a file from top
to bottom and take each line at its word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
Path: TypeAlias = tuple[str | int, ...]

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one file: where, what was expected, what was found."""

    file: str
    line: int
    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        at = f" at [{self.path}]" if self.path else ""
        return f"{where}{at}: expected {self.expected}, found {self.found}"


class RulebookError(ValueError):
    """Rulebook files that cannot be read; carries every problem, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line, p.path)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its tree, and the line of every path in it."""

    file: str
    tree: dict[str, Tree]
    lines: Mapping[Path, int] = field(repr=False)

    def line_of(self, path: Path) -> int:
        """The line of a path, or of its nearest ancestor that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path, expected: str, found: str) -> Problem:
        """A problem at a path of this document."""
        shown = ".".join(str(part) for part in path)
        return Problem(self.file, self.line_of(path), shown, expected, found)


def parse(text: str, file: str) -> Document:
    """Parse one file into a :class:`Document`.

    Raises:
        RulebookError: with every duplicate key, anchor, alias and tag, or the syntax error.
    """
    lines: dict[Path, int] = {}
    problems: list[Problem] = []
    try:
        _refuse_references(text, file, problems)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise RulebookError([_syntax_problem(error, file)]) from error
    if problems:
        raise RulebookError(problems)
    tree: Tree = {} if node is None else _tree(node, (), lines, problems, file)
    if not isinstance(tree, dict):
        problems.append(Problem(file, 1, "", "a mapping at the top of the file", "something else"))
        tree = {}
    if problems:
        raise RulebookError(problems)
    return Document(file, tree, lines)


def walk(tree: Tree, path: Path = ()) -> Iterator[tuple[Path, Tree]]:
    """Every node of a tree with its path, parents first."""
    yield path, tree
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from walk(value, (*path, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from walk(value, (*path, index))


def _refuse_references(text: str, file: str, problems: list[Problem]) -> None:
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        if isinstance(event, yaml.AliasEvent):
            problems.append(Problem(file, line, "", "the text itself", f"an alias [*{event.anchor}]"))
        elif isinstance(event, yaml.NodeEvent) and event.anchor:
            problems.append(Problem(file, line, "", "no anchors", f"an anchor [&{event.anchor}]"))
        tag = getattr(event, "tag", None)
        if tag:
            problems.append(Problem(file, line, "", "no tags", f"a tag [{tag}]"))


def _tree(node: yaml.Node, path: Path, lines: dict[Path, int], problems: list[Problem], file: str) -> Tree:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_tree(child, (*path, index), lines, problems, file) for index, child in enumerate(node.value)]
    result: dict[str, Tree] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            problems.append(Problem(file, line, _shown(path), "a plain key", "a nested key"))
            continue
        key = str(key_node.value)
        if key in result:
            problems.append(Problem(file, line, _shown(path), "each key once", f"[{key}] again"))
            continue
        result[key] = _tree(value_node, (*path, key), lines, problems, file)
        lines[(*path, key)] = line
    return result


def _shown(path: Path) -> str:
    return ".".join(str(part) for part in path)


def _syntax_problem(error: yaml.YAMLError, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line = int(mark.line) + 1 if mark is not None else 1
    found = getattr(error, "problem", None) or str(error)
    return Problem(file, line, "", "readable YAML", str(found))
