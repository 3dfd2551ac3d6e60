"""What law defines of a record's subjects, written beside what the papers say.

A paper counts as another, a fact follows from others, the end of a sentence is summed up.
"""

from __future__ import annotations

from typing import Any

from habeas.authority.situation import Situation, concerns
from habeas.authority.sums import sum_of
from habeas.custody.record import CustodyRecord
from habeas.kernel.instants import NEVER
from habeas.kernel.kleene import Kleene, both, either
from habeas.law.bearings import Bearing
from habeas.law.enactments import Effect
from habeas.law.facts import Facts
from habeas.law.program import Rule

SUPPOSED = "supposed "
"""Before the name of a computed fact: its value supposed, where the sum cannot be done."""


def define(situation: Situation, record: CustodyRecord, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Write into every row what law defines of it; the rows are those of the situation."""
    for rule in situation.program.defining:
        for row in rows[rule.provision.on]:
            concerned = concerns(rule, row)
            if concerned is False:
                continue
            value = both(concerned, rule.applies(situation.facts(rule.provision.on, row)))
            if rule.provision.effect is Effect.COMPUTES:
                _compute(situation, record, rule, row, value)
            else:
                _write(rule, row, value)
    for row in rows["instrument"]:
        end_sentence(row)


def define_alone(bearing: Bearing, facts: Facts, row: dict[str, Any]) -> None:
    """The same for one row of which nothing is computed and no definition asks other rows."""
    for rule in bearing.defining:
        concerned = concerns(rule, row)
        if concerned is not False:
            _write(rule, row, both(concerned, rule.applies(facts)))
    end_sentence(row)


def end_sentence(row: dict[str, Any]) -> None:
    """Every sentence ends; one whose papers and law give no end is not for ever."""
    if row.get("kind") == "sentence" and row.get("expires_at") == NEVER:
        row["expires_at"] = None


def _write(rule: Rule, row: dict[str, Any], value: Kleene) -> None:
    name = rule.provision.defines
    if rule.provision.effect is Effect.COUNTS_AS:
        row[f"counts as {name}"] = either(row.get(f"counts as {name}", False), value)
    else:
        row[name] = value if name not in row else either(row[name], value)


def _compute(
    situation: Situation, record: CustodyRecord, rule: Rule, row: dict[str, Any], value: Kleene
) -> None:
    """Give a row the end that its sentences come to; an end that a paper states governs."""
    name = rule.provision.computes
    stated = row.get(name)
    if value is False or (stated is not None and stated != NEVER):
        return
    from habeas.law.computations import UnsupportedSentence  # noqa: PLC0415 - only sentences need it

    try:
        found = sum_of(situation, record, rule, row)
    except UnsupportedSentence as refused:
        situation.refused[rule.ref] = str(refused)
        row[name] = None
        return
    if found is None:
        return
    made, end = found
    situation.computed[rule.ref] = made
    end = row.get(f"{SUPPOSED}{name}") if end is None else end
    row[name] = end if value is True else None
