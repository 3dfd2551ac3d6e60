"""The words of the code are the words of the glossary."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
SOURCES = sorted((ROOT / "src").rglob("*.py"))
# "Words refused" of the glossary, as they would appear in a name.
REFUSED = {
    "inmate",
    "inmates",
    "offender",
    "offenders",
    "alien",
    "aliens",
    "illegal",
    "stint",
    "spell",
    "helper",
    "helpers",
    "util",
    "utils",
    "manager",
    "misc",
}


def words(name: str) -> list[str]:
    """`CustodyEpisode` and `custody_episode` are both custody, episode."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def names(tree: ast.Module) -> set[str]:
    """Every name a module gives to something."""
    given: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            given.add(node.name)
        elif isinstance(node, ast.arg):
            given.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            given.add(node.id)
    return given


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT / "src").as_posix())
def test_no_name_uses_a_refused_word(path: Path) -> None:
    used = {name for name in names(ast.parse(path.read_text())) | {path.stem} if REFUSED & set(words(name))}
    assert used == set()


@pytest.mark.parametrize("module", ["events", "instruments"])
def test_each_event_and_paper_is_said_in_words_of_the_glossary(module: str) -> None:
    sources = [
        path
        for path in SOURCES
        if path.parts[-2:] == ("custody", f"{module}.py") or path.parts[-3:-1] == ("custody", module)
    ]
    known = set(words(GLOSSARY))
    unknown = {
        node.name
        for path in sources
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and not set(words(node.name)) <= known
    }
    assert unknown == set(), "enter the word in docs/glossary.md first"


def test_every_row_says_what_it_is() -> None:
    rows = [
        line
        for line in GLOSSARY.splitlines()
        if line.startswith("| ") and not line.startswith(("| Term", "| Not"))
    ]
    assert len(rows) > 60
    assert [row for row in rows if any(not cell.strip() for cell in row.strip("|").split("|"))] == []
