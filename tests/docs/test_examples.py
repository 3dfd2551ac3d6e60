"""What the documentation shows is run: Python in its pages, commands with their output, docstrings."""

import doctest
import importlib
import os
import pkgutil
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from sybil import Document, Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

import habeas

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(habeas.__path__, "habeas.")
    if "__main__" not in module.name
)


def console(example: Example) -> None:
    """Run each `$ habeas ...` line of a block and compare what it prints with what is shown below it.

    A closing line `[exit 5]` states the exit code; without one it is 0. A line `...` stands for any lines.
    """
    shown: list[tuple[str, list[str]]] = []
    for line in str(example.parsed).splitlines():
        if line.startswith("$ "):
            shown.append((line[2:], []))
        else:
            shown[-1][1].append(line)
    for command, lines in shown:
        program, *arguments = shlex.split(command)
        assert program == "habeas", f"{example.path}:{example.line}: only `habeas` is run from documents"
        environment = os.environ | {"NO_COLOR": "1", "COLUMNS": "100"}
        result = subprocess.run(
            [str(Path(sys.executable).parent / program), *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        expected_exit = 0
        if lines and lines[-1].startswith("[exit "):
            expected_exit = int(lines.pop()[6:-1])
        assert result.returncode == expected_exit, f"{command}: exit {result.returncode}\n{result.stderr}"
        wanted, got = "\n".join(lines).strip() + "\n", result.stdout.strip() + "\n"
        checker = doctest.OutputChecker()
        flags = doctest.ELLIPSIS | doctest.REPORT_NDIFF
        if wanted.strip() and not checker.check_output(wanted, got, flags):
            difference = checker.output_difference(doctest.Example(command, wanted), got, flags)
            raise AssertionError(f"{example.path}:{example.line}: {command}\n{difference}")


EXAMPLES = Sybil(parsers=[SkipParser(), PythonCodeBlockParser(), CodeBlockParser("console", console)])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_of_a_page(page: Path) -> None:
    document: Document = EXAMPLES.parse(page)
    for example in document.examples():
        example.evaluate()


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_docstring(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert failed == 0
