"""Pages of the reference that repeat what the code says are held to the code."""

import importlib.util
import re
import shlex
import subprocess
import sys
from enum import StrEnum
from pathlib import Path

import msgspec
import pytest

from habeas.desk import audit_report
from habeas.law import enactments, place_files, precedence
from habeas.wire import schemas

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
HABEAS = Path(sys.executable).parent / "habeas"


def written_page() -> str:
    """The vocabulary page as its script writes it."""
    path = ROOT / "scripts" / "write_vocabulary_page.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.page())


def test_the_vocabulary_page_is_the_vocabulary() -> None:
    shown = (REFERENCE / "vocabulary.md").read_text(encoding="utf-8")
    assert shown == written_page(), "run: python scripts/write_vocabulary_page.py"


def test_the_schemas_page_names_every_document() -> None:
    page = (REFERENCE / "json.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(habeas/[a-z-]+/\d+)` \|", page, re.MULTILINE)
    assert sorted(named) == sorted([*schemas.DOCUMENTS, audit_report.SCHEMA])


def test_the_exit_codes_are_those_the_program_prints() -> None:
    page = (REFERENCE / "exit-codes.md").read_text(encoding="utf-8")
    asked = subprocess.run([HABEAS, "--help"], capture_output=True, text=True, check=True)
    printed = re.findall(r"^ +(\d+) +\S", asked.stdout.split("Exit codes", 1)[1], re.MULTILINE)
    assert re.findall(r"^\| (\d+) \|", page, re.MULTILINE) == printed
    assert len(printed) == 10


README = (ROOT / "README.md").read_text(encoding="utf-8")
STORY = README.split("## The founding story", 1)[1].split("\n## ", 1)[0]
ROWS = [line for line in STORY.splitlines() if re.match(r"\| \d+ \|", line)]
COMMANDS = [command for row in ROWS for command in re.findall(r"`habeas ([^`]+)`", row)]


def test_each_row_of_the_founding_table_ends_in_a_command_or_says_not_yet() -> None:
    assert len(ROWS) == 16
    assert [row for row in ROWS if "`habeas " not in row and "not yet" not in row] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_founding_table_answers(command: str) -> None:
    asked = subprocess.run(
        [HABEAS, *shlex.split(command)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert asked.returncode in {0, 1, 5, 6}, asked.stderr
    assert len(asked.stdout.splitlines()) > 3


def test_every_file_that_the_readme_names_is_there() -> None:
    named = re.findall(r"(?<![./\w-])(?:tests|docs|src|scripts)/[\w./-]*[\w/]", README)
    assert len(named) > 25
    assert [name for name in named if not (ROOT / name).exists()] == []


FORMAT = (REFERENCE / "rulebook-format.md").read_text(encoding="utf-8")
STRUCTS = (
    enactments.Enactment,
    enactments.Source,
    enactments.Act,
    enactments.Scope,
    enactments.Provision,
    enactments.Selector,
    enactments.Clock,
    enactments.Pause,
    enactments.Extension,
    enactments.Step,
    enactments.Question,
    enactments.Alternative,
    enactments.Equivalent,
    enactments.Uncertain,
    place_files.PlaceFile,
    place_files.Complete,
    place_files.SettingEntry,
    place_files.Adoption,
    precedence.Above,
    precedence.Unordered,
    precedence.LaterInTime,
)
LISTS: tuple[type[StrEnum], ...] = (
    enactments.Verb,
    enactments.Effect,
    enactments.Reach,
    enactments.Stratum,
    enactments.Bearer,
    enactments.Consequence,
    enactments.OnRepeat,
    enactments.ClockKind,
    enactments.ClockKey,
)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_the_format_page_names_every_key(struct: type[msgspec.Struct]) -> None:
    keys = {each.encode_name for each in msgspec.structs.fields(struct)} - {"schema"}
    assert {key for key in keys if not re.search(rf"[`{{\s]{key}[`:\s]", FORMAT)} == set()


@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed.__name__)
def test_the_format_page_names_every_word_of_a_closed_list(listed: type[StrEnum]) -> None:
    assert [word.value for word in listed if f"`{word.value}`" not in FORMAT] == []
