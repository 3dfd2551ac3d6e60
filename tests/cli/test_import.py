"""`habeas import` as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from small_rosters import RECIPE, roster_file
from small_tables import plain_files

Run = Callable[..., Result]
ROW = "r1,b1,2017-03-04 10:00,2017-03-05 10:00,THEFT,M,2017-03-05 09:00"


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    path = tmp_path / "sorrel.toml"
    path.write_text(RECIPE)
    return path


def test_an_import_tells_what_became_of_every_row(run: Run, tmp_path: Path, recipe_file: Path) -> None:
    path = roster_file(tmp_path, ROW, ROW, "r2,b1")
    shown = run("import", path, "--recipe", recipe_file, "-o", tmp_path / "out", "-q")
    assert shown.exit_code == 0, shown.output
    assert "roster.csv: 3 rows = 1 accepted + 1 duplicate\n    + 1 quarantined" in shown.output
    assert "quarantined (shape): roster.csv, row 3: expected 7 fields" in shown.output
    assert "bookings: 1 (published: 2)\n    Differs, and no reason was found." in shown.output
    assert "nothing new" in run("import", path, "--recipe", recipe_file, "-o", tmp_path / "out", "-q").output


def test_the_account_comes_as_json(run: Run, tmp_path: Path, recipe_file: Path) -> None:
    path = roster_file(tmp_path, ROW)
    shown = run("import", path, "--recipe", recipe_file, "-o", tmp_path / "out", "--json", "-q")
    account = json.loads(shown.output)
    assert account["schema"] == "habeas/import/1"
    assert account == json.loads((tmp_path / "out" / "account-0001.json").read_text())


def test_plain_files_need_the_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    plain_files(tmp_path / "in", coverage="")
    without = run("import", tmp_path / "in", "--recipe", "plain", "-o", tmp_path / "out", "-q")
    assert (without.exit_code, "give one with --law" in without.output) == (4, True)
    shown = run("import", tmp_path / "in", "--law", "us/zz/juniper", "-o", tmp_path / "out", "-q")
    assert shown.exit_code == 0, shown.output
    assert "events of 2 people" in shown.output


def test_a_sketch_is_a_recipe_that_imports(run: Run, tmp_path: Path) -> None:
    path = roster_file(tmp_path, ROW)
    sketch = run("import", path, "--sketch", "--law", "us/zz/juniper")
    assert sketch.exit_code == 0, sketch.output
    made = tmp_path / "mine.toml"
    made.write_text(sketch.output)
    shown = run("import", path, "--recipe", made, "-o", tmp_path / "out", "-q")
    assert shown.exit_code == 0, shown.output
    assert "unsure: [booked] is when custody began: guessed from its name and look" in shown.output


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["{file}", "--recipe", "{recipe}"], 2, "give the folder to write to with -o DIR"),
        (["{file}", "-o", "out"], 2, "or propose one with --sketch"),
        (["nowhere.csv", "-o", "out"], 4, "expected a file or folder"),
        (["empty", "-o", "out"], 4, "an empty folder"),
        (["{file}", "{file}", "--sketch"], 2, "--sketch reads one file"),
        (["{file}", "--recipe", "plain", "--query", "select 1", "-o", "out"], 2, "this recipe has several"),
        (["{file}", "--recipe", "{recipe}", "-o", "out", "--learned-at", "soon"], 2, "cannot read [soon]"),
        (["{file}", "--recipe", "{recipe}", "-o", "out", "--law", "us/nowhere"], 2, "us/nowhere"),
        (["{bad}", "--recipe", "{recipe}", "-o", "out", "--strict"], 4, "quarantined (shape)"),
    ],
)
def test_wrong_usage_and_bad_input(
    run: Run, tmp_path: Path, recipe_file: Path, arguments: list[str], code: int, told: str
) -> None:
    (tmp_path / "empty").mkdir()
    names = {
        "file": str(roster_file(tmp_path, ROW, name="some.csv")),
        "bad": str(roster_file(tmp_path, "r1", name="bad.csv")),
        "recipe": str(recipe_file),
    }
    shown = run("import", "-q", *(each.format(**names) for each in arguments))
    assert (shown.exit_code, told in shown.output) == (code, True), shown.output


def test_a_folder_that_cannot_be_written_says_so(run: Run, tmp_path: Path, recipe_file: Path) -> None:
    path = roster_file(tmp_path, ROW)
    shown = run("import", path, "--recipe", recipe_file, "-o", path / "out", "-q")
    assert shown.exit_code in {2, 3}
    assert "roster.csv" in shown.output
