"""`habeas law`: what the rulebook holds, why it is in force, and whether it is sound."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from habeas.wire import schemas
from small_rulebook import small_rulebook
from wire_schema import faults

Run = Callable[..., Result]
ORDINANCE = "us/zz/juniper/2014-detainer-ordinance"


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["list", "us/zz/juniper", "--at", "2017-01-01T00:00"],
        ["list", "--places"],
        ["list", "--questions"],
        ["timeline", "us/zz/juniper"],
        ["why", f"{ORDINANCE}#honour", "--at", "2017-01-01T00:00"],
        ["diff", "us/zz/juniper", "--a", "2013-01-01T00:00", "--b", "2015-01-01T00:00"],
        ["check"],
        ["test", "us/zz/heather"],
    ],
)
def test_each_command_prints_words_and_a_document_of_its_schema(run: Run, arguments: list[str]) -> None:
    assert run("law", *arguments).stdout.strip()
    result = run("law", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    schema = schemas.json_schema(document["schema"])
    assert list(faults(document, schema, schema)) == []


def test_why_gives_the_reason_in_a_sentence_with_its_citation(run: Run) -> None:
    before = run("law", "why", ORDINANCE, "--at", "2013-12-31T23:59:59").stdout
    assert "Not in force: not begun until 1 Jan 2014 [Juniper County Ord. 14-3 (fictional)]." in before
    after = run("law", "why", ORDINANCE, "--at", "2014-01-01T00:00").stdout
    assert "In force since 1 Jan 2014 [Juniper County Ord. 14-3 (fictional)]." in after


def test_diff_shows_what_came_and_what_went(run: Run) -> None:
    shown = run("law", "diff", "us/zz/juniper", "--a", "2013-01-01T00:00", "--b", "2015-01-01T00:00").stdout
    assert f"+ {ORDINANCE}#honour (no -> yes)" in shown
    same = run("law", "diff", "us/zz/juniper", "--a", "2015-01-01T00:00", "--b", "2015-01-02T00:00").stdout
    assert "no clause differs" in same


def test_list_says_what_is_in_force_at_a_place(run: Run) -> None:
    shown = run("law", "list", "us/zz/juniper", "--at", "2013-06-01T00:00").stdout
    force = {line.split()[1]: line.split()[0] for line in shown.splitlines()}
    assert force["us/zz/2000-custody-code"] == "yes"
    assert force[ORDINANCE] == "no"
    assert "us/zz/sorrel/2012-detainer-ordinance" not in force


def test_show_gives_an_enactment_as_encoded(run: Run) -> None:
    shown = run("law", "show", ORDINANCE).stdout
    assert "cite: Ord. 14-3, s. 1 (fictional)" in shown
    assert "tests:" not in shown
    assert "tests:" in run("law", "show", ORDINANCE, "--tests").stdout
    assert run("law", "show", "heather-memo").stdout.startswith("heather-memo\n")
    assert "place:" in run("law", "show", "us/zz/juniper").stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["show", "us/zz/nothing"], "[us/zz/nothing]"),
        (["why", "us/zz/juniper/nothing"], "[us/zz/juniper/nothing]"),
        (["list", "us/zz/junipre"], "did you mean [us/zz/juniper"),
        (["timeline", "us/zz/juniper", "--reading", "all"], "under one reading"),
        (["diff", "us/zz/juniper", "--a", "2013-01-01T00:00"], "expected --a and --b, two instants"),
        (["diff", "bundled", "bundled", "--a", "2013-01-01T00:00"], "not two rulebooks"),
        (
            ["diff", "us/zz/juniper", "--a", "2013-01-01", "--b", "2014-01-01", "--within", "us/zz"],
            "--within",
        ),
        (["diff", "bundled", "nowhere"], "expected a rulebook's folder or the word bundled, found [nowhere]"),
        (["test", "us/zz/nowhere"], "unknown place [us/zz/nowhere]"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], expected: str) -> None:
    result = run("law", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert expected in result.stderr


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A rulebook of its own, to be broken."""
    return small_rulebook(tmp_path / "broken")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("confidence: high", "confidense: high", "confidense"),
        ("from: 2014-01-01", "from: 2014-02-30", "2014-02-30"),
        ("title: Juniper", "title: x\ntitle: Juniper", "[title] again"),
        ("acts:", "acts: &a", "an anchor [&a]"),
        ('if: charge.class == "felony"', 'if: charge.klass == "felony"', "klass"),
        ('if: charge.class == "felony"', 'if: charge.class == "felon"', "felon"),
        ('if: charge.class == "felony"', "if: charge.class ==", "charge.class =="),
        ("event: BondPosted", "event: BondPasted", "BondPasted"),
    ],
)
def test_check_lists_every_problem_with_its_line(
    run: Run, broken: Path, old: str, new: str, expected: str
) -> None:
    path = broken / f"{ORDINANCE}.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    result = run("law", "check", broken)
    assert result.exit_code == 4
    found = [each for each in result.stdout.splitlines() if expected in each]
    assert found, result.stdout
    line = text[: text.index(old)].count("\n") + new.count("\n") + 1
    assert re.match(rf"{ORDINANCE}\.yaml:{line}\b", found[0]), found[0]


def test_a_rulebook_that_cannot_be_read_is_a_matter_of_configuration(
    run: Run, broken: Path, people: Path
) -> None:
    (broken / f"{ORDINANCE}.yaml").write_text("title: [\n")
    result = run(
        "why", "held-on-a-felony", "--from", people, "--at", "2017-02-17T17:00", "--rulebook", broken
    )
    assert result.exit_code == 3
    assert f"{ORDINANCE}.yaml:" in result.stderr
    shutil.rmtree(broken / "us" / "zz" / "juniper")
    (broken / "us" / "place.yaml").unlink()
    result = run("law", "list", "--rulebook", broken)
    assert result.exit_code == 3
    assert result.stdout == ""


ASK = """\
    ask: [{at: "2017-02-18 09:00", verdict: LAWFUL, cite: x}]
  - name: class-not-recorded"""


def test_diff_of_two_rulebooks_lists_whose_answers_change(run: Run, broken: Path, tmp_path: Path) -> None:
    before = small_rulebook(tmp_path / "before")
    path = broken / "us/zz/heather/2015-memo.yaml"
    path.write_text(path.read_text().replace("effect: may-hold", "effect: must-not-hold"))
    result = run("law", "diff", before, broken, "--within", "us/zz/heather")
    assert result.exit_code == 0
    first, old, new, reason, total = result.stdout.splitlines()
    assert first == "us/zz/heather/2015-memo: a detainer after bond, 2017-02-18 17:00"
    assert old.startswith("    - LAWFUL on us/zz/heather/2015-memo#honour of d1")
    assert new.startswith("    + UNLAWFUL")
    assert reason == "      us/zz/heather/2015-memo#honour: its text differs"
    assert total == "1 questions put to both, 1 answered differently"
    told = json.loads(run("law", "diff", before, broken, "--within", "us/zz/heather", "--json").stdout)
    assert told["schema"] == "habeas/law-changes/1"
    assert [each["after"]["verdict"] for each in told["changed"]] == ["UNLAWFUL"]
    assert told["before"] != told["after"]


def test_diff_of_a_rulebook_with_itself_finds_nothing(
    run: Run, broken: Path, people: Path, tmp_path: Path
) -> None:
    tables = tmp_path / "tables"
    tables.mkdir()
    asked = people.read_text().replace("  - name: class-not-recorded", ASK, 1)
    (tables / "people.yaml").write_text(asked)
    result = run("law", "diff", broken, broken, "--cases", tables)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[-1].endswith("0 answered differently")


def test_a_case_whose_place_is_not_in_the_other_rulebook_is_told_so(
    run: Run, broken: Path, tmp_path: Path
) -> None:
    before = small_rulebook(tmp_path / "before")
    shutil.rmtree(before / "us" / "zz" / "heather")
    shown = run("law", "diff", before, broken, "--within", "us/zz/heather").stdout
    assert "    - cannot be asked: " in shown
    assert "    + LAWFUL on us/zz/heather/2015-memo#honour of d1" in shown


def test_test_lists_what_differs(run: Run, broken: Path) -> None:
    path = broken / "us/zz/heather/2015-memo.yaml"
    path.write_text(path.read_text().replace("from: 2015-01-01", "from: 2018-01-01"))
    result = run("law", "test", "us/zz/heather", "--rulebook", broken, "--quiet")
    assert result.exit_code == 1
    assert "expected verdict LAWFUL, found verdict UNLAWFUL [memorandum, line 1 (fictional)]" in result.stdout
    assert result.stderr == ""
    again = run("law", "test", "us/zz/heather", "--rulebook", broken, "--exit-zero", "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["tables"][0]["differences"]


def test_test_asks_a_folder_of_tables_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "one.yaml").write_text(
        "place: us/zz/juniper\ncomplete: everything\ncases:\n  - name: one\n"
        '    events: [{at: "2017-02-16 08:00", event: Arrested, charge: c1}]\n'
        '    ask: [{at: "2017-02-16 09:00", verdict: UNLAWFUL, cite: none}]\n'
    )
    result = run("law", "test", "us/zz/juniper", "--cases", tmp_path / "cases", "--quiet")
    assert result.exit_code == 1
    assert "expected verdict UNLAWFUL, found verdict LAWFUL [none]" in result.stdout


def test_the_gate_says_what_no_test_would_notice(run: Run) -> None:
    result = run("law", "test", "us/zz/heather", "--gate", "--json", "--quiet")
    assert result.exit_code == 1, result.output
    document = json.loads(result.stdout)
    schema = schemas.json_schema(document["schema"])
    assert list(faults(document, schema, schema)) == []
    assert document["tables"][0]["differences"] == []
    gate = document["gate"]
    assert not gate["passes"]
    (place,) = gate["places"]
    assert place["place"] == "us/zz/heather"
    assert place["mutants"] == place["noticed"] + place["annotated"] + len(gate["survivors"])
    assert gate["untested_edges"] == ["us/zz/heather/2015-memo!directs from 2015-01-01"]
    shown = run("law", "test", "us/zz/heather", "--gate", "--quiet").stdout
    assert shown.splitlines()[-1] == "the gate does not pass"


def test_the_timeline_of_a_place_is_a_page_too(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "law.html"
    arguments = ("law", "timeline", "us/zz/juniper", "--law-known-at", "2026-01-01T00:00Z", "-o", path)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (0, "")
    first = path.read_bytes()
    assert b"Juniper detainer ordinance (fictional)" in first
    run(*arguments)
    assert path.read_bytes() == first
