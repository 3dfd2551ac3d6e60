"""Documents: plain trees in which every scalar is a string and every node knows its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
Path: TypeAlias = tuple[str | int, ...]


class Problem(Struct, frozen=True):
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


class Document(Struct, frozen=True):
    """A parsed file: its tree, and the line of every path in it."""

    file: str
    tree: dict[str, Tree]
    lines: Mapping[Path, int]

    def line_of(self, path: Path) -> int:
        """The line of a path, or of its nearest ancestor that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path, expected: str, found: str) -> Problem:
        """A problem at a path of this document."""
        shown = ".".join(str(part) for part in path)
        return Problem(self.file, self.line_of(path), shown, expected, found)


def walk(tree: Tree, path: Path = ()) -> Iterator[tuple[Path, Tree]]:
    """Every node of a tree with its path, parents first."""
    yield path, tree
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from walk(value, (*path, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from walk(value, (*path, index))
