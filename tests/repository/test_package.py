"""What is shipped: the law with its licence, the types, and a version that is said once."""

import importlib.metadata
import importlib.resources
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import habeas

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_version_is_the_same_wherever_it_is_said() -> None:
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    assert cited is not None
    assert {PROJECT["version"], cited[1], habeas.__version__, importlib.metadata.version("habeas")} == {
        "0.1.0"
    }


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if name.startswith("habeas/")}
    files = [path for path in (ROOT / "src").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.relative_to(ROOT / "src").as_posix() for path in files} - held == set()


def test_types_and_the_rulebook_with_its_own_licence_are_package_data() -> None:
    package = importlib.resources.files("habeas")
    assert (package / "py.typed").is_file()
    assert (package / "rulebook" / "LICENSE").read_text().startswith("Creative Commons Legal Code")


def test_the_zone_tables_are_the_pinned_edition() -> None:
    pins = [line.partition("==")[2] for line in PROJECT["dependencies"] if line.startswith("tzdata")]
    assert pins == [importlib.metadata.version("tzdata")]


def test_each_runtime_dependency_has_its_decision() -> None:
    decisions = "\n".join(path.read_text().lower() for path in (ROOT / "docs" / "decisions").glob("0*.md"))
    names = [re.split(r"[><=]", line)[0].lower() for line in PROJECT["dependencies"]]
    assert [name for name in names if f"{name} " not in decisions and f"`{name}`" not in decisions] == []
