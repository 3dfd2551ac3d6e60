"""Plain trees into the typed structures of an enactment file, collecting every problem.

A condition in a file is a nest of mappings (``all``, ``any``, ``not``, ``unless``, ``some``,
``every``, ``no``, ``count``, ``if``, ``missing``); here it becomes the structs of
:mod:`habeas.law.enactments`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar, cast

import msgspec

from habeas.law.documents import Document, Path, Problem, Tree
from habeas.law.enactments import Act, Enactment, Provision, Question, Source

_T = TypeVar("_T")
_UNKNOWN_KEY = re.compile(r"contains unknown field `([^`]*)`(?: - at `\$([^`]*)`)?")
_AT = re.compile(r"^(.*?)(?: - at `\$([^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+|\.\.\.)\]")
_QUANTIFIERS = ("some", "every", "no", "count")
_CONDITION_KEYS = frozenset(
    {"if", "missing", "all", "any", "not", "unless", *_QUANTIFIERS, "cite", "at_least", "where"}
)
_CONDITION_FIELDS = {"when", "only_if", "for"}


class _Malformed(Exception):
    """A condition that is not one of the known forms."""

    def __init__(self, path: Path, expected: str, found: str) -> None:
        super().__init__(expected)
        self.path, self.expected, self.found = path, expected, found


def enactment(
    document: Document, tree: dict[str, Tree], *, id: str, place: str
) -> tuple[Enactment | None, list[Problem]]:
    """The enactment in a document's (chosen) tree, or every reason why it cannot be read."""
    problems: list[Problem] = []
    rest: dict[str, Any] = {key: value for key, value in tree.items() if key != "schema"}
    if tree.get("schema") != "1":
        problems.append(document.problem(("schema",), "schema: 1", f"[{tree.get('schema')}]"))
    rest["id"], rest["place"] = id, place
    for key, kind in (("acts", Act), ("provisions", Provision), ("sources", Source)):
        rest[key] = tuple(_each(document, rest.get(key, []), (key,), kind, problems))
    rest["tests"] = tuple(_sequence(document, rest.get("tests", []), ("tests",), problems))
    made = _convert(document, rest, (), Enactment, problems)
    return (None if problems else made), problems


def question(document: Document, tree: Tree, path: Path, place: str) -> tuple[Question | None, list[Problem]]:
    """One question of a document."""
    problems: list[Problem] = []
    body = dict(tree) if isinstance(tree, dict) else {}
    made = _convert(document, {**body, "place": place}, path, Question, problems)
    return made, problems


def converted(
    document: Document, tree: object, path: Path, kind: type[_T], problems: list[Problem]
) -> _T | None:
    """A node as a typed structure; its problems are appended."""
    return _convert(document, tree, path, kind, problems)


def condition_tree(tree: Tree, path: Path = ()) -> dict[str, Any]:
    """A condition as written into the tagged form that structures are made of.

    Raises:
        _Malformed: a mapping that is none of the known forms.
    """
    if isinstance(tree, list):
        return {"node": "all", "parts": [condition_tree(t, (*path, i)) for i, t in enumerate(tree)]}
    if isinstance(tree, str):
        raise _Malformed(path, "a condition such as `if: ...` or `all: [...]`", f"[{tree}]")
    unknown = [key for key in tree if key not in _CONDITION_KEYS]
    if unknown:
        known = ", ".join(sorted(_CONDITION_KEYS))
        raise _Malformed((*path, unknown[0]), f"one of {known}", f"[{unknown[0]}]")
    quantifier = next((key for key in _QUANTIFIERS if key in tree), None)
    if quantifier is not None:
        return _quantified(tree, quantifier, path)
    return _joined([_part(tree, key, path) for key in tree if key != "cite"], path)


def _quantified(tree: dict[str, Tree], quantifier: str, path: Path) -> dict[str, Any]:
    inner = {k: v for k, v in tree.items() if k not in {quantifier, "cite", "at_least"}}
    if "where" in inner:
        where = inner.pop("where")
        part = condition_tree(where, (*path, "where"))
    else:
        part = condition_tree(inner, path)
    return {
        "node": "quantified",
        "quantifier": quantifier,
        "collection": tree[quantifier],
        "part": part,
        "at_least": tree.get("at_least", "1"),
        "cite": tree.get("cite", ""),
    }


def _part(tree: dict[str, Tree], key: str, path: Path) -> dict[str, Any]:
    value, at, cite = tree[key], (*path, key), tree.get("cite", "")
    if key == "if":
        return {"node": "limb", "text": value, "cite": cite}
    if key == "missing":
        return {"node": "gap", "missing": value, "cite": cite}
    if key in {"not", "unless"}:
        return {"node": "not", "part": condition_tree(value, at), "cite": cite}
    if key not in {"all", "any"} or not isinstance(value, list):
        raise _Malformed(at, "a list of conditions under `all` or `any`", f"[{key}]")
    return {"node": key, "parts": [condition_tree(t, (*at, i)) for i, t in enumerate(value)]}


def _joined(parts: list[dict[str, Any]], path: Path) -> dict[str, Any]:
    if not parts:
        raise _Malformed(path, "a condition", "an empty mapping")
    return parts[0] if len(parts) == 1 else {"node": "all", "parts": parts}


def _with_conditions(tree: object, path: Path) -> object:
    """The tree with every condition in it put into tagged form; structures pass unchanged."""
    if isinstance(tree, list):
        parts = cast("list[Tree]", tree)
        return [_with_conditions(each, (*path, index)) for index, each in enumerate(parts)]
    if not isinstance(tree, dict):
        return tree
    return {
        key: condition_tree(value, (*path, key))
        if key in _CONDITION_FIELDS
        else _with_conditions(value, (*path, key))
        for key, value in cast("dict[str, Tree]", tree).items()
    }


def _sequence(document: Document, tree: Tree | None, path: Path, problems: list[Problem]) -> Sequence[Any]:
    if isinstance(tree, list):
        return [*tree]
    problems.append(document.problem(path, "a list", type(tree).__name__))
    return []


def _each(
    document: Document, tree: Tree | None, path: Path, kind: type[_T], problems: list[Problem]
) -> list[_T]:
    made: list[_T] = []
    for index, node in enumerate(_sequence(document, tree, path, problems)):
        one = _convert(document, node, (*path, index), kind, problems)
        if one is not None:
            made.append(one)
    return made


def _convert(
    document: Document, tree: object, path: Path, kind: type[_T], problems: list[Problem]
) -> _T | None:
    try:
        node = _with_conditions(tree, path)
    except _Malformed as error:
        problems.append(document.problem(error.path, error.expected, error.found))
        return None
    failed = False
    while True:
        try:
            made = msgspec.convert(node, kind, strict=False)
        except msgspec.ValidationError as error:
            failed = True
            if not _note(document, str(error), node, path, problems, kind.__name__):
                return None
        else:
            return None if failed else made


def _note(
    document: Document, message: str, node: object, path: Path, problems: list[Problem], kind: str
) -> bool:
    """Record a problem; True when it was an unknown key, now removed, so more can be found."""
    unknown = _UNKNOWN_KEY.search(message)
    if unknown:
        inner = _steps(unknown.group(2) or "")
        problems.append(
            document.problem((*path, *inner, unknown.group(1)), f"a key of {kind}", "an unknown key")
        )
        parent: Any = node
        for step in inner:
            parent = parent[step]
        return parent.pop(unknown.group(1), None) is not None
    found = _AT.match(message)
    text, inner_text = (found.group(1), found.group(2)) if found else (message, None)
    problems.append(document.problem((*path, *_steps(inner_text or "")), *_split(text)))
    return False


def _steps(text: str) -> Path:
    return tuple(
        int(match.group(2)) if (match.group(2) or "").isdigit() else (match.group(1) or "...")
        for match in _STEP.finditer(text)
    )


def _split(message: str) -> tuple[str, str]:
    wanted = re.match(r"Expected (.*), got (.*)$", message)
    if wanted:
        return wanted.group(1), wanted.group(2)
    missing = re.match(r"Object missing required field (.*)$", message)
    if missing:
        return f"a value for {missing.group(1)}", "none"
    return "a value its field allows", message
