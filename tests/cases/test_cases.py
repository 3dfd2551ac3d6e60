"""Every question of every golden table, and of the tests beside every enactment's text.

One test each, so that a difference names its story, its instant and its citation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from habeas.authority.inquiry import Regimen
from habeas.authority.trials import Asked, Trial, trials
from habeas.law.documents import Tree
from habeas.law.folder import load
from habeas.law.yaml_text import parse

ROOT = Path(__file__).resolve().parents[2]
TABLES = sorted((ROOT / "tests" / "cases").glob("*.yaml"))


@cache
def regimen() -> Regimen:
    return Regimen(load(ROOT / "src" / "habeas" / "rulebook"))


def stories() -> Iterator[tuple[str, Trial]]:
    for path in TABLES:
        for trial in trials(parse(path.read_text("utf-8"), path.name).tree, regimen()):
            yield path.stem, trial
    for name, tree in sorted(regimen().rulebook.artefact.enactments.items()):
        for trial in trials({"cases": tree.get("tests", [])}, regimen()):
            yield name, trial


STORIES = list(stories())


@pytest.mark.parametrize(
    ("trial", "asked"),
    [
        pytest.param(trial, asked, id=f"{table} | {trial.name} | {asked.label} | {number}")
        for table, trial in STORIES
        for number, asked in enumerate(trial.asks())
    ],
)
def test_a_question_has_the_answer_that_its_table_expects(trial: Trial, asked: Asked) -> None:
    assert [str(difference) for difference in trial.differences(asked)] == []


@pytest.mark.parametrize(
    ("trial", "line"),
    [
        pytest.param(trial, line, id=f"{table} | {trial.name} | {line['of']} | {number}")
        for table, trial in STORIES
        for number, line in enumerate(trial.law_lines())
    ],
)
def test_law_is_in_force_when_its_table_says_so(trial: Trial, line: Mapping[str, Tree]) -> None:
    assert [str(difference) for difference in trial.law_differences(line)] == []


def test_a_table_that_asks_nothing_is_an_oversight() -> None:
    asking = {table for table, trial in STORIES if any(trial.asks()) or trial.law_lines()}
    assert {path.stem for path in TABLES} <= asking


def test_every_expectation_says_where_it_is_written() -> None:
    uncited = [
        f"{table}, {trial.name}, {line['at']}"
        for table, trial in STORIES
        for line in (*(asked.expects for asked in trial.asks()), *trial.law_lines())
        if not line.get("cite")
    ]
    assert uncited == []
