"""House rules that no linter knows: sizes, silenced checks, law in code, machine paths."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
RULEBOOK = ROOT / "src" / "habeas" / "rulebook"


def tracked() -> list[Path]:
    """Every text file of the repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("NOT RUN [git]: a clone; this is not one")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8192]]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# A court keeps the checker of proofs as one file, so it may be longer than a module of the house.
LONGEST = {ROOT / "src" / "habeas" / "ledger" / "standalone" / "habeas_verify.py": 500}


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) < LONGEST.get(path, 400)


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    long = {
        node.name: lines
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > 60
    }
    assert long == {}


def test_no_check_is_silenced_without_a_reason_beside_it() -> None:
    mark = re.compile(r"#\s*(?:type: ignore|noqa|pyright: ignore|pragma: no cover|pragma: no mutate)[^#]*$")
    reason = re.compile(r"(?:\]|[A-Z]\d+|no cover|no mutate|noqa|ignore)\s*(?:-|#|;|because)\s*\S+")
    bare: list[str] = []
    for path in tracked():
        above = ""
        lines = path.read_text().splitlines() if path.suffix == ".py" and path != Path(__file__) else []
        for number, line in enumerate(lines, start=1):
            explained = reason.search(line) or above.lstrip().startswith("#") or reason.search(above)
            if mark.search(line) and not explained:
                bare.append(f"{relative(path)}:{number}")
            above = line
    assert bare == []


def test_no_file_names_a_machine() -> None:
    machine = re.compile("/" + r"(?:root|home/[a-z]+|Users/[A-Za-z]+|work)/[a-z.]")
    named = [
        f"{relative(path)}:{number}"
        for path in tracked()
        if path.name != "uv.lock" and path != Path(__file__)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if machine.search(line)
    ]
    assert named == []


def test_the_lock_names_the_public_registry_only() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text()))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


# Years that could be a date of law; 1970 is where UTC microseconds begin.
LEGAL_YEARS = set(range(1776, 2100)) - {1970}


def said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What a module says to the machine: names it gives or uses, strings that are not docstrings, years."""
    # Docstrings speak to the reader, and `len("2000-01-01")` states a width.
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)} | {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"
        for argument in node.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value
        elif isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value in LEGAL_YEARS:
            yield node.lineno, f"year {node.value}"
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id


def place_names() -> set[str]:
    """Names of places of the rulebook long enough not to be ordinary letters."""
    folders = (path.relative_to(RULEBOOK).parts for path in RULEBOOK.rglob("*") if path.is_dir())
    return {parts[-1] for parts in folders if parts[0] == "us" and len(parts[-1]) > 3}


DATE = re.compile(r"year \d{4}|\d{4}-\d\d(-\d\d)?([T ].*)?")
CASE_OR_PLACE = re.compile(r"\bus/(?!zz)[a-z]{2}\b|\w v\. [A-Z]")
# The floors that compute an answer. Above them, a demonstration may name what it demonstrates.
IMPARTIAL = {"kernel", "custody", "law", "authority", "wire"}


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if path.relative_to(ROOT / "src" / "habeas").parts[0] in IMPARTIAL],
    ids=relative,
)
def test_no_module_names_a_place_a_case_or_a_legal_date(path: Path) -> None:
    places = place_names()
    found = [
        (line, text)
        for line, text in said(ast.parse(path.read_text()))
        if DATE.fullmatch(text)
        or CASE_OR_PLACE.search(text)
        or places & set(re.findall(r"[a-z]+(?:-[a-z]+)*", text.lower().replace("_", "-")))
    ]
    assert found == []
