"""`habeas audit` and `habeas demo` on the records that come with habeas."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from conftest import shared_data
from habeas.intake.recipes import bundled_paths
from small_rosters import recipe_text, roster_file

Run = Callable[..., Result]
KNOWN = ("--known-at", "2026-01-01T00:00Z")


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """The first rows of the bundled detainers, under the name by which the recipe knows them."""
    (source,) = bundled_paths("npr-detainers")
    path = tmp_path / source.name
    path.write_text("".join(source.read_text().splitlines(keepends=True)[:6]))
    return path


def test_an_audit_prints_its_figures_and_writes_its_report(run: Run, few: Path, tmp_path: Path) -> None:
    bundled = {"HABEAS_RULEBOOK": ""}
    shown = run("audit", few, *KNOWN, "--exit-zero", "--quiet", **bundled)
    assert shown.exit_code == 0, shown.output
    assert f"{few.name}: 5 rows = 5 accepted, 0 duplicate, 0 quarantined" in shown.stdout
    assert "5 requests; law only, no custody is known" in shown.stdout
    pages = []
    for name in ("one.html", "two.html"):
        written = run("audit", few, *KNOWN, "--exit-zero", "-o", tmp_path / name, **bundled)
        assert written.stdout.splitlines()[-1] == str(tmp_path / name)
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
    assert pages[0].startswith(b"<!DOCTYPE html>")


def test_an_audit_is_one_document_without_a_bare_instant(run: Run, few: Path) -> None:
    arguments = ("audit", few, *KNOWN, "--quiet", "--exit-zero", "--json")
    result = run(*arguments, HABEAS_RULEBOOK="")
    document = json.loads(result.stdout, parse_float=pytest.fail)
    assert (document["schema"], document["facts_known_at"]) == ("habeas/audit/1", "2026-01-01T00:00:00+00:00")
    assert len(document["requests"]) == document["files"][0]["rows"] == 5
    assert all(request["at"]["precision"] == "day" for request in document["requests"])
    assert re.search(r"\b\d{15,}\b", result.stdout) is None
    assert run(*arguments, HABEAS_RULEBOOK="").stdout == result.stdout


def test_an_audit_exits_as_its_report_says(run: Run, few: Path) -> None:
    assert run("audit", few, *KNOWN, "--quiet", HABEAS_RULEBOOK="").exit_code == 6


def test_a_quarantined_row_changes_the_code_only_when_strict(run: Run, few: Path) -> None:
    lines = few.read_text().splitlines(keepends=True)
    few.write_text(lines[0] + lines[1] + lines[2].replace("20", "99x", 1))
    loose = run("audit", few, *KNOWN, "--quiet", HABEAS_RULEBOOK="")
    assert "1 quarantined" in loose.stdout, loose.output
    assert loose.exit_code != 4
    assert run("audit", few, *KNOWN, "--quiet", "--strict", HABEAS_RULEBOOK="").exit_code == 4


@pytest.mark.parametrize(
    ("name", "content", "code", "expected"),
    [
        ("none.csv", None, 4, "found none at"),
        ("roster.csv", b"a,b\n1,2\n", 2, "give --recipe"),
        ("npr_detainers_florida_illinois.csv", b"", 4, "npr_detainers_florida_illinois.csv"),
        ("npr_detainers_florida_illinois.csv", b"\x89PNG\x00\x00", 4, "npr_detainers_florida_illinois.csv"),
        ("npr_detainers_florida_illinois.csv", b"a,b\n1,2\n", 4, "npr_detainers_florida_illinois.csv"),
        ("ice_hold_bookings_charges.parquet", b"PAR1 no", 4, "ice_hold_bookings_charges.parquet"),
    ],
)
def test_what_cannot_be_read(
    run: Run, tmp_path: Path, name: str, content: bytes | None, code: int, expected: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = run("audit", tmp_path / name, "--quiet")
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert expected in result.stderr


def test_wrong_usage_of_an_audit(run: Run, few: Path, tmp_path: Path) -> None:
    assert run("audit", few, "--law", "us/zz/nowhere").exit_code == 2
    assert run("audit", few, "--reading", "nothing=x").exit_code == 2
    assert run("audit", few, "--recipe", tmp_path / "none.toml").exit_code == 4
    (tmp_path / "empty").mkdir()
    assert run("audit", tmp_path / "empty").exit_code == 4


@pytest.mark.slow
@pytest.mark.needs("shared-data")
def test_a_folder_is_read_through_the_recipe_that_knows_its_files(run: Run) -> None:
    folder = shared_data() / "pierce_wa_jail_ice"
    result = run(
        "audit", folder, *KNOWN, "--law", "us/wa/pierce", "--quiet", "--exit-zero", HABEAS_RULEBOOK=""
    )
    assert result.exit_code == 0, result.output
    assert "0 quarantined" in result.stdout
    assert "bookings with an immigration hold: 188 (published: 188)" in result.stdout


@pytest.mark.slow
def test_the_demonstration_prints_the_path_of_its_page_last(run: Run, tmp_path: Path) -> None:
    result = run("demo", "--exit-zero", "--quiet", HABEAS_RULEBOOK="")
    assert result.exit_code == 0, result.output
    path = tmp_path / result.stdout.splitlines()[-1]
    assert path.name == "habeas-demo.html"
    first = path.read_bytes()
    run("demo", "--exit-zero", "--quiet", HABEAS_RULEBOOK="")
    assert path.read_bytes() == first


@pytest.fixture
def roster(tmp_path: Path) -> tuple[Path, Path]:
    """A jail of the fictional county: a recipe, and one booking held 50 hours past its charge."""
    made = tmp_path / "recipe.toml"
    made.write_text(recipe_text(**{"us/zz/sorrel": "us/zz/juniper"}))
    rows = roster_file(
        tmp_path,
        "r1,b1,2017-03-03 10:00,2017-03-06 11:00,THEFT,F,2017-03-04 09:00",
        "r2,b2,2017-03-03 10:00,2017-03-04 09:00,THEFT,F,2017-03-04 09:00",
    )
    return made, rows


def test_an_audit_costs_what_it_finds_draws_a_sample_and_writes_every_custody(
    run: Run, roster: tuple[Path, Path], tmp_path: Path
) -> None:
    made, rows = roster
    asked = ("audit", rows, "--recipe", made, *KNOWN, "--quiet", "--exit-zero")
    files = [tmp_path / f"found{suffix}" for suffix in (".csv", ".jsonl")]
    into = [part for path in files for part in ("--findings", path)]
    shown = run(*asked, "--cost-per-day", "149.50", "--sample", "1", "--seed", "3", *into, HABEAS_RULEBOOK="")
    assert "Cost of time without basis: $311" in shown.stdout, shown.output
    assert "(invented people)" in shown.stdout.splitlines()[0]
    drawn = re.search(r"Drawn for review, seed 3: (b\d)", shown.stdout)
    assert drawn
    told = [json.loads(line) for line in files[1].read_text().splitlines()]
    assert [each["booking"] for each in told] == ["b1", "b2"]
    assert all(each["invented"] for each in told)
    assert len(files[0].read_text().splitlines()) == 3
    again = run(*asked, "--only", drawn[1], "--findings", tmp_path / "one.jsonl", HABEAS_RULEBOOK="")
    assert again.exit_code == 0, again.output
    (one,) = (tmp_path / "one.jsonl").read_text().splitlines()
    assert json.loads(one) == next(each for each in told if each["booking"] == drawn[1])


@pytest.mark.parametrize(
    ("flag", "value", "expected"),
    [
        ("--cost-per-day", "1,50", "expected dollars such as"),
        ("--cost-per-day", "-3", "expected dollars such as"),
        ("--findings", "found.xls", "ending in .jsonl, .csv or .parquet"),
        ("--findings", "nowhere/found.csv", "nowhere"),
        ("--sample", "-1", "--sample"),
    ],
)
def test_wrong_values_of_an_audits_flags(
    run: Run, roster: tuple[Path, Path], flag: str, value: str, expected: str
) -> None:
    made, rows = roster
    result = run("audit", rows, "--recipe", made, *KNOWN, "--quiet", flag, value, HABEAS_RULEBOOK="")
    assert result.exit_code == 2
    assert expected in result.output


@pytest.mark.slow
def test_an_audit_killed_anywhere_gives_the_same_bytes_when_run_again(
    roster: tuple[Path, Path], tmp_path: Path
) -> None:
    made, rows = roster
    report, findings = tmp_path / "report.html", tmp_path / "found.jsonl"
    command = [
        *(sys.executable, "-c", "import sys; sys.argv[0] = 'habeas'; from habeas.cli import main; main()"),
        *("audit", str(rows), "--recipe", str(made), *KNOWN, "--exit-zero", "--quiet"),
        *("-o", str(report), "--findings", str(findings)),
    ]
    environment = {**os.environ, "HABEAS_RULEBOOK": ""}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    whole = report.read_bytes(), findings.read_bytes()
    chance = random.Random(11)  # noqa: S311 - when to kill
    for _ in range(10):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
        time.sleep(chance.uniform(0, 1.5))
        child.kill()
        child.wait()
        assert (report.read_bytes(), findings.read_bytes()) == whole
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert (report.read_bytes(), findings.read_bytes()) == whole
    assert not [each for each in tmp_path.iterdir() if each.name.endswith(".part")]
