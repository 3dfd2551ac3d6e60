"""The founding answers come from files of law: without any one of those files they are others."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from habeas.authority.inquiry import Regimen
from habeas.authority.trials import trials
from habeas.law.folder import load
from habeas.law.rulebook import Rulebook
from habeas.law.yaml_text import parse

ROOT = Path(__file__).resolve().parents[2]
STORY = ROOT / "tests" / "cases" / "founding-story.yaml"
FOUNDING = (
    "us/1997-8cfr-287-7",
    "us/fl/1939-arrest",
    "us/fl/1978-rap-9310",
    "us/fl/2018-junior-v-lacroix",
    "us/fl/miami-dade/2013-r-1008-13",
    "us/fl/miami-dade/2017-directive",
    "us/fl/miami-dade/2017-lacroix-v-junior",
    "us/fl/miami-dade/2017-r-163-17",
)


@cache
def rulebook() -> Rulebook:
    return load(ROOT / "src" / "habeas" / "rulebook")


def differences(of: Rulebook) -> list[str]:
    """What the founding table expects and a rulebook does not say."""
    tree = parse(STORY.read_text("utf-8"), STORY.name).tree
    return [
        str(difference)
        for trial in trials(tree, Regimen(of))
        for asked in trial.asks()
        if asked.reading is not None
        for difference in trial.differences(asked)
    ]


def test_with_every_file_the_founding_answers_are_the_expected_ones() -> None:
    assert differences(rulebook()) == []


@pytest.mark.parametrize("name", FOUNDING)
def test_without_one_file_the_founding_answers_change(name: str) -> None:
    artefact = rulebook().artefact
    without = {each: tree for each, tree in artefact.enactments.items() if each != name}
    assert len(without) == len(artefact.enactments) - 1
    assert differences(Rulebook(replace(artefact, enactments=without), {})) != []
