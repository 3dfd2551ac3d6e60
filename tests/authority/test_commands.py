"""What law tells agencies is shown where it is in force, and holds, bars and obliges nobody here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from authority_strategies import PLACE
from habeas.authority.answer import answer
from habeas.law.enactments import Effect
from habeas.law.folder import load, read
from habeas.law.lint import lint
from habeas.wire.answers import answer_document
from habeas.wire.canonical import encoded
from small_engine import answers, regimen_of, trial_of
from small_rulebook import small_rulebook

LAW = """
provisions:
  - id: sign
    on: person
    effect: must
    agency: the sheriff
    verb: sign an agreement
    says: The sheriff signs an agreement.
    cite: invented, s. 1
  - id: ask
    on: person
    effect: must-not
    agency: the clerk
    verb: ask where anyone was born
    cite: invented, s. 2
    when: {if: person.citizenship_evidence}
"""
GONE = """
acts:
  - {id: repeals, does: repeals, from: 2017-03-08, known: 2017-03-08, cite: invented, targets: [us/zz/juniper/2010-law#sign]}
"""
HEAD = """\
schema: 1
title: Heather commands (fictional)
kind: county-directive
cite: Heather 2016 (fictional)
sources:
  - {at: "written for a test", read: full, on: 2026-11-22, says: a fictional directive}
acts:
  - {id: directs, does: enacts, from: 2016-01-01, known: 2016-01-01, cite: Heather 2016 (fictional)}
"""
CASE = """
events:
  - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
  - {at: "2017-03-06 09:00", event: FirstAppearance, booking: b1}
  - {at: "2017-03-06 09:00", event: HistoryShown, citizenship_evidence: "%s"}
ask:
  - {at: "2017-03-07 12:00", cite: x}
  - {at: "2017-03-08 12:00", cite: x}
"""


@pytest.mark.parametrize(
    ("shown", "asked"), [("true", [("ask", True)]), ("false", []), ("?unstated", [("ask", False)])]
)
def test_a_command_is_told_where_it_applies_or_may(shown: str, asked: list[tuple[str, bool]]) -> None:
    law = regimen_of({"2010-law": LAW, "2017-gone": GONE})
    before, after = (
        [(each.provision.partition("#")[2], each.sure) for each in found.commands]
        for found in answers(CASE % shown, law)
    )
    assert before == [("sign", True), *asked]
    assert after == asked


def test_it_changes_no_verdict_and_no_duty() -> None:
    told, bare = (answers(CASE % "true", regimen_of(texts)) for texts in ({"2010-law": LAW}, {}))
    for one, other in zip(told, bare, strict=True):
        assert (one.verdict, one.bases, one.duties, one.unknown) == (
            other.verdict,
            other.bases,
            other.duties,
            other.unknown,
        )
        assert [each.effect for each in one.commands] == [Effect.MUST, Effect.MUST_NOT]
        assert other.commands == ()


def test_the_document_carries_it() -> None:
    law = regimen_of({"2010-law": LAW})
    trial = trial_of(CASE % "true", law)
    asked = next(iter(trial.asks()))
    found = answer(trial.inquiry(asked), asked.at)
    (first, _) = json.loads(encoded(answer_document("invented", found, trial.zone)))["commands"]
    assert first == {
        "provision": f"{PLACE}/2010-law#sign",
        "agency": "the sheriff",
        "effect": "must",
        "verb": "sign an agreement",
        "cite": "invented, s. 1",
        "says": "The sheriff signs an agreement.",
        "sure": True,
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    agency: the sheriff\n", "", "[agency]"),
        ("    verb: sign an agreement\n", "", "[verb]"),
        ("    on: person\n    effect: must\n", "    on: charge\n    effect: must\n", "a command on: person"),
        (
            "    effect: must\n",
            "    effect: must-record\n",
            "[agency] with the effects must and must-not only",
        ),
    ],
)
def test_a_command_without_its_words_is_refused(tmp_path: Path, old: str, new: str, expected: str) -> None:
    folder = small_rulebook(tmp_path / "law")
    text = (HEAD + LAW).replace(old, new, 1)
    assert text != HEAD + LAW
    (folder / "us/zz/heather/2016-commands.yaml").write_text(text)
    found = lint(load(folder), read(folder)).problems
    assert expected in [each.expected for each in found if "2016-commands" in each.file]


def test_a_command_with_its_words_is_sound(tmp_path: Path) -> None:
    folder = small_rulebook(tmp_path / "law")
    (folder / "us/zz/heather/2016-commands.yaml").write_text(HEAD + LAW)
    assert [each for each in lint(load(folder), read(folder)).problems if "2016-commands" in each.file] == []
