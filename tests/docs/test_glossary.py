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


def test_each_event_is_in_the_glossary() -> None:
    folder = ROOT / "src" / "habeas" / "custody" / "events"
    events = {
        node.name
        for path in folder.glob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
        and any(isinstance(b, ast.Name) and b.id == "Event" for b in node.bases)
    }
    assert len(events) > 30
    assert events - set(re.findall(r"`([A-Za-z]+)`", GLOSSARY)) == set(), "enter it in docs/glossary.md first"


def test_every_row_says_what_it_is() -> None:
    rows = [
        line
        for line in GLOSSARY.splitlines()
        if line.startswith("| ") and not line.startswith(("| Term", "| Not"))
    ]
    assert len(rows) > 60
    assert [row for row in rows if any(not cell.strip() for cell in row.strip("|").split("|"))] == []
