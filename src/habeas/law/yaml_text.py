"""YAML text into documents.

YAML's implicit typing (where ``no`` is false and ``12:30`` is 750) is off; anchors, aliases,
tags and duplicate keys are refused, because a reviewer must be able to read a file from top
to bottom and take each line at its word. Apart from :mod:`habeas.law.documents` so that a
compiled rulebook is read without importing a YAML parser.
"""

from __future__ import annotations

import yaml

from habeas.law.documents import Document, Path, Problem, RulebookError, Tree

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
