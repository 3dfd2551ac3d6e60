"""A few lines of invented law in Juniper, and tables asked of it, for tests of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from authority_strategies import PLACE, artefact_of
from habeas.authority.answer import Answer, answer
from habeas.authority.inquiry import Regimen
from habeas.authority.trials import Trial, trials
from habeas.law.documents import Tree
from habeas.law.rulebook import Rulebook
from habeas.law.yaml_text import parse

TITLE: dict[str, Tree] = {
    "schema": "1",
    "title": "Invented text",
    "kind": "county-ordinance",
    "body": "us/zz/juniper/board",
    "cite": "invented",
    "acts": [
        {"id": "enacts", "does": "enacts", "from": "2010-01-01", "known": "2010-01-01", "cite": "invented"}
    ],
}

SUM_OF_SENTENCES = """
  - id: days
    on: instrument
    kinds: [sentence]
    effect: computes
    computes: expires_at
    cite: invented
    steps:
      - {does: start, cite: invented, parameters: {from: imposed, first_day: counted, ends: end-of-day}}
      - {does: combine, cite: invented, parameters: {default: concurrent}}
      - {does: credit, cite: invented, parameters: {unstated: %s, through: day-before}}
"""
"""The end of sentences in days, imposed side by side; what credit nobody stated comes to is to be put in."""


def tree_of(text: str) -> dict[str, Tree]:
    """A document as a file states it."""
    return parse(text, "invented.yaml").tree


def regimen_of(texts: Mapping[str, str], *, code: bool = True) -> Regimen:
    """The fictional state's custody code with texts of Juniper, each YAML by its file's name.

    What a text leaves out of a file's head, and its one act, are written for it; ``code`` says
    whether the state's own code is there beside them.
    """
    made = {f"{PLACE}/{name}": {**TITLE, **tree_of(text)} for name, text in texts.items()}
    artefact = artefact_of(made)
    return Regimen(Rulebook(artefact if code else replace(artefact, enactments=made), {}))


def trial_of(case: str, regimen: Regimen) -> Trial:
    """One case of a table, in Juniper's county jail unless it says otherwise."""
    tree: dict[str, Tree] = {"place": PLACE, "custodian": "county-jail", "complete": "everything"}
    table: dict[str, Tree] = {"cases": [{"name": "invented", **tree, **tree_of(case)}]}
    (only,) = trials(table, regimen)
    return only


def differences(case: str, regimen: Regimen) -> list[str]:
    """What an answer says otherwise than the lines of a case expect."""
    trial = trial_of(case, regimen)
    return [str(each) for asked in trial.asks() for each in trial.differences(asked)]


def answers(case: str, regimen: Regimen) -> list[Answer]:
    """The whole answer to each line of a case."""
    trial = trial_of(case, regimen)
    return [answer(trial.inquiry(asked), asked.at) for asked in trial.asks()]
