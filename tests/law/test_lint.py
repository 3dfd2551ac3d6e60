"""The linter names every slip at once, each with the file and line it stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from habeas.law.folder import load, read
from habeas.law.lint import Lint, lint

ROOT = Path(__file__).resolve().parents[2]
RULEBOOK = ROOT / "src" / "habeas" / "rulebook"
PLACES = {
    "us/place.yaml": "schema: 1\nname: Nation\nkind: nation\nzone: America/New_York\n",
    "us/zz/place.yaml": "schema: 1\nname: Zenith (fictional)\nkind: state\n",
    "vocabulary.yaml": (RULEBOOK / "vocabulary.yaml").read_text("utf-8"),
}
TEXT = """\
schema: 1
title: Statute (fictional)
kind: state-statute
cite: {cite}
acts:
  - {{id: enacts, does: enacts, from: 2000-01-01, known: 2000-01-01, cite: Laws 2000 (fictional){act}}}
{acts}provisions:
  - id: hold
    on: {on}
    effect: may-hold
    {stratum}
    cite: s. 1 (fictional)
{provision}"""


def linted(folder: Path, files: dict[str, str]) -> Lint:
    for name, text in (PLACES | files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return lint(load(folder), read(folder))


def text(
    provision: str = "",
    *,
    cite: str = "Stat. (fictional)",
    on: str = "instrument",
    act: str = "",
    acts: str = "",
    stratum: str = "stratum: hold",
) -> str:
    return TEXT.format(cite=cite, on=on, act=act, acts=acts, provision=provision, stratum=stratum)


def shown(found: Lint) -> list[str]:
    return [str(problem) for problem in found.problems]


def warned(found: Lint) -> list[str]:
    return [str(problem) for problem in found.warnings]


CAP = """\
  - id: cap
    on: {on}
    effect: cap
    cite: s. 2 (fictional)
    clock: {{anchor: releasable_at, length: 48h{more}, cite: s. 2 (fictional)}}
"""


def test_a_clean_statute_has_no_problem(tmp_path: Path) -> None:
    assert shown(linted(tmp_path, {"us/zz/2000-statute.yaml": text()})) == []


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (text(cite='""'), "us/zz/2000-statute.yaml:4 at [cite]: expected a citation, found none"),
        (
            text("    kinds: [immigration-detainr]\n"),
            "us/zz/2000-statute.yaml:13 at [provisions.0.kinds]: expected a kind of instrument, found [immigration-detainr]",
        ),
        (
            text("    when: {if: instrument.servd_at <= at}\n"),
            "us/zz/2000-statute.yaml:13 at [provisions.0.when]",
        ),
        (
            text("    when: {if: 'in_force(\"us/zz/1999-gone\")'}\n"),
            "expected an enactment of the rulebook, found in_force [us/zz/1999-gone]",
        ),
        (
            text(act=", scope: {places: [us/zz/nowhere]}"),
            "us/zz/2000-statute.yaml:6 at [acts.0.scope.places]: expected a place or territory of the rulebook, found [us/zz/nowhere]",
        ),
        (
            text(CAP.format(on="charge", more=", on_repeat: once"), on="charge", stratum="stratum: criminal"),
            "found a circle: it limits [us/zz/2000-statute#hold]",
        ),
        (
            text(CAP.format(on="instrument", more=", on_repeat: once, holidays: lunar")),
            "found [lunar]",
        ),
        (
            text(CAP.format(on="instrument", more=", on_repeat: once, excluded: [sonday]")),
            "expected a day name, found [sonday]",
        ),
        (
            text(
                acts="  - {id: ends-it, does: repeals, from: 2001-01-01, known: 2001-01-01, cite: x, targets: [us/zz/1999-gone]}\n"
            ),
            "us/zz/2000-statute.yaml:7 at [acts.1]: expected a target that is in the law",
        ),
        (
            text("    exception_to: us/zz/2000-statute#gone\n"),
            "expected a clause of the rulebook, found [us/zz/2000-statute#gone]",
        ),
    ],
)
def test_a_slip_is_named_with_its_line(file: str, expected: str, tmp_path: Path) -> None:
    found = shown(linted(tmp_path, {"us/zz/2000-statute.yaml": file}))
    assert any(expected in problem for problem in found), found


def test_every_slip_of_every_file_is_named_at_once(tmp_path: Path) -> None:
    files = {
        "us/zz/2000-one.yaml": text(cite='""'),
        "us/zz/2001-two.yaml": text("    kinds: [papyrus]\n", cite='""'),
    }
    assert len(linted(tmp_path, files).problems) == 3


def test_two_rulings_that_stay_one_another_are_named_with_both_citations(tmp_path: Path) -> None:
    def ruling(other: str, cite: str) -> str:
        halts = f"{{id: halts, does: suspends, from: 2001-01-01, known: 2001-01-01, cite: {cite}, targets: ['us/zz/{other}!halts']}}"
        return f"schema: 1\ntitle: Ruling\nkind: ruling\ncite: {cite}\nacts:\n  - {halts}\n"

    files = {"us/zz/2001-a.yaml": ruling("2001-b", "A v. B"), "us/zz/2001-b.yaml": ruling("2001-a", "B v. A")}
    (circle,) = [problem for problem in shown(linted(tmp_path, files)) if "one prevails" in problem]
    assert "A v. B" in circle
    assert "B v. A" in circle


def test_what_a_careful_drafter_would_ask_about_is_a_warning(tmp_path: Path) -> None:
    defining = (
        CAP.format(on="instrument", more="")
        + "  - {id: names, on: instrument, effect: defines, defines: facially_sufficient, cite: s. 3, when: {if: instrument.complete}}\n"
    )
    order = "schema: 1\nsteps: [{above: state-statute, below: edict, cite: Const. (fictional)}]\n"
    questions = (
        "schema: 1\nquestions:\n  - id: doubt\n    asks: Which?\n    default: one\n    alternatives:\n"
        "      - {id: one, says: One., cites: [a]}\n      - {id: two, says: Two., cites: [b]}\n"
    )
    files = {
        "us/zz/2000-statute.yaml": text(defining),
        "us/zz/order.yaml": order,
        "us/zz/questions.yaml": questions,
    }
    found = warned(linted(tmp_path, files))
    for expected in (
        "us/zz/2000-statute.yaml:17 at [provisions.1.clock]: expected [on_repeat]",
        "none asks for [instrument.facially_sufficient]",
        "us/zz/order.yaml:2 at [steps.0]: expected a kind of some enactment, found [edict]",
        "us/zz/questions.yaml:3 at [questions.0]: expected an owner who is asked to settle it",
        "us/zz/questions.yaml:3 at [questions.0]: expected something that turns on it",
    ):
        assert any(expected in warning for warning in found), (expected, found)


def test_a_long_chain_of_rulings_on_rulings_is_a_warning(tmp_path: Path) -> None:
    files = {"us/zz/2000-statute.yaml": text()}
    target = "us/zz/2000-statute"
    for number in range(6):
        act = f"{{id: halts, does: suspends, from: 200{number + 1}-01-01, known: 200{number + 1}-01-01, cite: No. {number}, targets: ['{target}']}}"
        files[f"us/zz/200{number + 1}-ruling.yaml"] = (
            f"schema: 1\ntitle: Ruling {number}\nkind: ruling\ncite: No. {number}\nacts:\n  - {act}\n"
        )
        target = f"us/zz/200{number + 1}-ruling!halts"
    deep = [warning for warning in warned(linted(tmp_path, files)) if "upon one another" in warning]
    assert deep


def test_the_rulebook_that_comes_with_habeas_has_no_problem() -> None:
    assert shown(lint(load(RULEBOOK), read(RULEBOOK))) == []
