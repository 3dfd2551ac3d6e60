"""Derivations shared between readings, and cut short, say what deriving anew would say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from habeas.authority.alike import goes_alike
from habeas.authority.derive import Derivation
from habeas.authority.inquiry import Inquiry, Regimen
from habeas.authority.readings import varied
from habeas.authority.situations import Situations, Supposed
from habeas.authority.trials import Asked, Trial, trials
from habeas.kernel.instants import FOREVER, Instant
from habeas.law.folder import load
from habeas.law.yaml_text import parse

ROOT = Path(__file__).resolve().parents[2]
TABLES = ("founding-story", "hard-02-lacroix-three-readings", "hard-09-clocks", "hard-14-gaps-and-relodging")


@cache
def regimen() -> Regimen:
    return Regimen(load(ROOT / "src" / "habeas" / "rulebook"))


def asked() -> Iterator[tuple[Trial, Asked]]:
    """The last question of each story: most is known by then."""
    for table in TABLES:
        text = (ROOT / "tests" / "cases" / f"{table}.yaml").read_text("utf-8")
        for trial in trials(parse(text, table).tree, regimen()):
            *_, last = (each for each in trial.asks() if each.reading is not None)
            yield trial, last


STORIES = [pytest.param(*each, id=f"{each[0].name} | {each[1].label}") for each in asked()]


def situations(inquiry: Inquiry, index: int) -> Situations:
    store = inquiry.derivation(index).situations.store
    in_force = inquiry.regimen.under(inquiry.reading)
    return Situations(
        store, inquiry.setting, in_force, inquiry.law_known_at, inquiry.custody[index], Supposed()
    )


def said(derivation: Derivation) -> list[object]:
    return [
        (
            piece.start,
            piece.end,
            piece.verdict,
            piece.because,
            {(support.key, support.value) for support in piece.supports},
            {(standing.subject, standing.settled.outcome, standing.because) for standing in piece.standings},
        )
        for piece in derivation.pieces
    ]


def afresh(inquiry: Inquiry) -> Inquiry:
    """The same question with nothing shared."""
    return Inquiry(
        inquiry.record, inquiry.setting, inquiry.regimen, inquiry.law_known_at, dict(inquiry.reading)
    )


def others(inquiry: Inquiry, index: int) -> Iterator[Inquiry]:
    """The same question under each other side of each dispute that it reaches."""
    for name in varied(inquiry, inquiry.derivation(index).pieces[-1]):
        for side in inquiry.rulebook.questions[name].alternatives:
            yield inquiry.under({name: side.id})


@pytest.mark.parametrize(("trial", "question"), STORIES)
def test_what_goes_alike_comes_to_the_same(trial: Trial, question: Asked) -> None:
    inquiry = afresh(trial.inquiry(question))
    for index in range(len(inquiry.custody)):
        made = inquiry.derivation(index)
        for other in others(inquiry, index):
            if goes_alike(made, situations(other, index)):
                assert said(made) == said(afresh(other).derivation(index))


@pytest.mark.parametrize(("trial", "question"), STORIES)
def test_a_shared_derivation_decides_as_ones_own(trial: Trial, question: Asked) -> None:
    inquiry = afresh(trial.inquiry(question))
    for index in range(len(inquiry.custody)):
        inquiry.derivation(index)
        for other in others(inquiry, index):
            own = afresh(other).derivation(index)
            shared = other.decided(index)
            for piece in own.pieces:
                there = shared.piece_at(piece.start)
                assert there is not None
                assert there.verdict is piece.verdict
                assert {(s.key, s.value) for s in there.supports} == {
                    (s.key, s.value) for s in piece.supports
                }


@pytest.mark.parametrize(("trial", "question"), STORIES)
def test_a_derivation_cut_short_is_that_of_the_beginning(trial: Trial, question: Asked) -> None:
    inquiry = afresh(trial.inquiry(question))
    for index in range(len(inquiry.custody)):
        whole = inquiry.derivation(index)
        for piece in whole.pieces:
            for until in {piece.start, min(Instant(piece.end - 1), Instant(piece.start + 1))}:
                if until < FOREVER:
                    beginning = Derivation(situations(inquiry, index), until)
                    assert said(whole.shortened(until)) == said(beginning)


def test_some_readings_share_a_derivation_and_some_do_not() -> None:
    shared = {True: 0, False: 0}
    for trial, question in asked():
        inquiry = afresh(trial.inquiry(question))
        made = inquiry.derivation(0)
        for other in others(inquiry, 0):
            shared[other.decided(0) is made] += 1
    assert shared[True] > 0
    assert shared[False] > 0
