"""The repository's own rules, each as the command that `make lint` and `make types` run."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

GATES = {
    "style": ["ruff", "check", "."],
    "form": ["ruff", "format", "--check", "."],
    "floors": ["lint-imports", "--no-logo"],
    "mypy": ["mypy"],
    "pyright": ["pyright"],
    "spelling": ["codespell"],
    "docstrings": ["interrogate", "--quiet"],
    "changelog": ["towncrier", "build", "--draft", "--version", "next"],
}


@pytest.mark.gate
@pytest.mark.parametrize("name", GATES)
def test_gate(name: str) -> None:
    program, *arguments = GATES[name]
    result = subprocess.run(
        [str(BIN / program), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{' '.join(GATES[name])}\n{result.stdout[-6000:]}{result.stderr[-2000:]}"


@pytest.mark.gate
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    command = [str(BIN / "mkdocs"), "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
