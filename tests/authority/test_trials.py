"""Cases of law: what they ask, and that a case asked with hindsight is asked twice."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from habeas.authority.inquiry import Regimen
from habeas.authority.trials import Trial
from habeas.law.documents import Tree
from habeas.law.folder import load
from habeas.law.yaml_text import parse

ROOT = Path(__file__).resolve().parents[2]
CASE = """
name: bail is paid a day later
place: us/zz/juniper
custodian: county-jail
complete: everything
%sevents:
  - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: misdemeanor}
  - {at: "2017-03-06 10:00", event: FirstAppearance, booking: b1}
  - {at: "2017-03-07 12:00", event: BondPosted, charge: c1}
ask:
  - {at: "2017-03-07 11:59:59", verdict: LAWFUL, bases: [c1], until: "2017-03-08 08:00", cite: x}
  - {at: "2017-03-07 11:59:59", known: "2017-03-08 00:00", verdict: LAWFUL, bases: [c1], cite: x}
  - {at: "2017-03-07 12:00", verdict: %s, bases: [], cite: x}
"""


@cache
def regimen() -> Regimen:
    return Regimen(load(ROOT / "src" / "habeas" / "rulebook"))


def trial(more: str, verdict: str = "UNLAWFUL") -> Trial:
    tree: dict[str, Tree] = parse(CASE % (more, verdict), "case.yaml").tree
    return Trial(tree, {}, regimen())


def test_a_question_that_states_what_is_known_is_asked_once() -> None:
    asked = list(trial("hindsight: same\n").asks())
    assert [each.hindsight for each in asked] == [False, True, False, False, True]
    assert asked[1].facts_known_at == max(event.known_at for event in trial("").events)
    assert asked[1].law_known_at == asked[0].law_known_at
    assert "with hindsight" in asked[1].label


def test_with_hindsight_only_what_later_events_cannot_change_is_expected() -> None:
    assert [set(each.expects) for each in trial("hindsight: same\n").asks() if each.hindsight] == [
        {"at", "verdict", "bases", "cite"},
        {"at", "verdict", "bases", "cite"},
    ]


def test_a_difference_names_the_case_the_instant_and_the_citation() -> None:
    case = trial("hindsight: same\n", "LAWFUL")
    shown = [str(difference) for asked in case.asks() for difference in case.differences(asked)]
    assert [line for line in shown if "2017-03-07 12:00" in line] == [
        "bail is paid a day later, 2017-03-07 12:00: expected verdict LAWFUL, found verdict UNLAWFUL [x]",
        "bail is paid a day later, 2017-03-07 12:00, with hindsight: expected verdict LAWFUL, found verdict UNLAWFUL [x]",
    ]


def duty_case(ask: str) -> Trial:
    text = CASE.partition("ask:")[0] % "" + f"ask:\n  - {{{ask}, cite: x}}\n"
    tree: dict[str, Tree] = parse(text, "case.yaml").tree
    return Trial(tree, {}, regimen())


def test_a_duty_that_must_not_be_reported_is_a_difference_where_it_is() -> None:
    quiet = duty_case('at: "2017-03-06 09:00", no_duty: must-notify')
    assert list(quiet.run()) == []
    loud = duty_case('at: "2017-03-06 09:00", no_duty: [must-notify, must-present-by]')
    (found,) = loud.run()
    assert (found.expected, found.found) == ("no duty must-present-by", "no duty one is reported")


def test_a_duty_that_must_not_be_reported_may_be_told_from_others_of_its_effect() -> None:
    quiet = duty_case('at: "2017-03-06 09:00", no_duty: {what: must-present-by, state: breached}')
    assert list(quiet.run()) == []
    (found,) = duty_case('at: "2017-03-06 09:00", no_duty: {what: must-present-by, state: due}').run()
    assert found.expected == "no duty must-present-by, state due"
