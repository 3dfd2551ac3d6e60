"""Law lives in files: no module knows a place, a case, an enactment or a date of the rulebook."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from habeas.law.enactments import Uncertain
from habeas.law.folder import load

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "habeas"
# What shows the founding story must name it; it computes nothing.
SHOWS = {SOURCE / "report" / "demo.py"}
MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if path not in SHOWS]


@cache
def names_of_law() -> frozenset[str]:
    """Ids and proper names of places outside the fictional state, enactments, parties, dates of acts."""
    rulebook = load(SOURCE / "rulebook")
    found: set[str] = set()
    for place in rulebook.places.places:
        if "/" in place.id and not place.id.startswith("us/zz"):
            found |= {place.id, place.name}
    for name in rulebook.artefact.enactments:
        for enactment in rulebook.variants(name):
            if name.startswith("us/zz"):
                continue
            found |= {
                name,
                *re.findall(r"[A-Z][\w.]+ v\. [A-Z][\w.]+", f"{enactment.title} {enactment.cite}"),
            }
            for act in enactment.acts:
                dates = [act.begins, act.known]
                ends = [(d.earliest, d.latest) if isinstance(d, Uncertain) else (d,) for d in dates]
                found |= {date[:10] for pair in ends for date in pair if date != "start"}
    return frozenset(found)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a module that is not a docstring, nor measured for its width."""
    tree = ast.parse(path.read_text("utf-8"))
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    spoken |= {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"
        for argument in node.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            yield node.lineno, node.value


@cache
def pattern() -> re.Pattern[str]:
    """Names anywhere in a string, zones and messages that show a date's form aside; dates alone in one."""
    longest_first = sorted(names_of_law(), key=len, reverse=True)
    dates = [name for name in longest_first if re.fullmatch(r"\d{4}-\d\d-\d\d", name)]
    names = [re.escape(name) for name in longest_first if name not in dates]
    return re.compile(rf"(?<![\w/-])(?:{'|'.join(names)})(?![\w-])|\A(?:{'|'.join(dates)})\Z")


def test_there_is_something_to_look_for() -> None:
    assert len(names_of_law()) > 200
    assert pattern().search("if place == 'us/fl/miami-dade'")
    assert pattern().search("2017-02-17")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_module_holds_a_name_or_date_of_law(path: Path) -> None:
    assert [(line, text) for line, text in texts(path) if pattern().search(text)] == []
