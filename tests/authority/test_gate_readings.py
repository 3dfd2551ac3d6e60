"""What the gate sees of questions asked under a reading, of words nobody found, and of every kind of clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

from authority_strategies import PLACE, artefact_of
from habeas.authority.gate import GateReport, run_gate
from habeas.kernel.places import PlaceId
from habeas.law.documents import Tree
from habeas.law.rulebook import Rulebook
from small_engine import TITLE, tree_of

HOLDS = """
provisions:
  - id: honour
    on: instrument
    kinds: [immigration-detainer]
    effect: must-hold
    stratum: hold
    cite: invented s. 1
    when: {if: instrument.complete}
"""
STATUTE = """
acts:
  - {id: enacts, does: enacts, from: 2015-01-01, known: 2015-01-01, cite: invented ch. 1}
  - id: occupies
    does: preempts
    from: 2015-01-01
    known: 2015-01-01
    targets: [us/zz/juniper/2010-holds#honour]
    scope: {for: {unless: {if: instrument.supported_by_affidavit}}}
    only_under: {field: [occupied]}
    cite: invented ch. 1
provisions:
  - id: written
    on: instrument
    kinds: [immigration-detainer]
    effect: may-hold
    stratum: hold
    cite: invented ch. 2
    when: {by_question: word, letter: {if: instrument.written}, seal: {if: instrument.signed_by_judge}}
tests:
  - name: with an affidavit
    place: us/zz/juniper
    custodian: county-jail
    complete: everything
    events:
      - {at: "2016-03-01 06:00", event: Admitted, booking: b1}
      - {at: "2016-03-01 06:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, complete: "true", supported_by_affidavit: "true"}
    ask: [%s]
  - name: with none
    place: us/zz/juniper
    custodian: county-jail
    complete: everything
    events:
      - {at: "2016-03-01 06:00", event: Admitted, booking: b1}
      - {at: "2016-03-01 06:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, complete: "true"}
    ask: [%s]
    law:
      - {at: "2016-03-01 06:00", of: us/zz/juniper/2010-holds#honour, in_force: "true", readings: {field: free}, cite: invented}
"""
QUESTIONS: dict[str, dict[str, Tree]] = {
    "field": {
        "id": "field",
        "place": PLACE,
        "asks": "Does the chapter leave room for the ordinance?",
        "default": "free",
        "alternatives": [
            {"id": "free", "says": "Yes.", "cites": ["invented"]},
            {"id": "occupied", "says": "No.", "cites": ["invented"]},
        ],
    },
    "word": {
        "id": "word",
        "place": PLACE,
        "asks": "What is a writing?",
        "default": "letter",
        "alternatives": [
            {"id": "letter", "says": "A letter.", "cites": ["invented"]},
            {"id": "seal", "says": "A sealed one.", "cites": ["invented"]},
        ],
    },
}
OCCUPIED = "readings: {field: occupied, word: seal}"
KEPT = f'{{at: "2016-03-01 07:00", {OCCUPIED}, verdict: LAWFUL, bases: [d1], cite: x}}'
FREED = f'{{at: "2016-03-01 07:00", {OCCUPIED}, verdict: UNLAWFUL, bases: [], cite: x}}'
DIFFER = '{at: "2016-03-01 07:00", readings: all, verdict: UNDETERMINED, cite: x}'
AGREE = '{at: "2016-03-01 07:00", readings: all, verdict: LAWFUL, bases: [d1], cite: x}'
SENSITIVE = '{at: "2016-03-01 07:00", verdict: LAWFUL, sensitive_to: [field], cite: x}'
SCOPE = "us/zz/juniper/2015-statute!occupies"


def gate(**texts: str) -> GateReport:
    made = {
        f"{PLACE}/{name.replace('_', '-')[1:]}": {**TITLE, **tree_of(text)} for name, text in texts.items()
    }
    artefact = replace(artefact_of(made), questions=QUESTIONS)
    return run_gate(Rulebook(artefact, {}), places=[PlaceId(PLACE)])


def statute(affidavit: str, none: str) -> GateReport:
    return gate(_2010_holds=HOLDS, _2015_statute=STATUTE % (affidavit, none))


def left(report: GateReport, ref: str) -> set[str]:
    return {fate.mutant.says for fate in report.survivors if fate.mutant.ref == ref}


def test_a_guard_that_one_reading_brings_in_is_noticed_by_questions_asked_under_it() -> None:
    assert not {says for says in left(statute(KEPT, FREED), SCOPE) if says.startswith("for")}
    assert left(statute("", ""), SCOPE) >= {
        "for: without [not instrument.supported_by_affidavit]",
        "for: the opposite of [not instrument.supported_by_affidavit]",
    }


def test_the_limb_of_such_a_guard_decides_under_that_reading() -> None:
    limbs = {limb.path: limb for limb in statute(KEPT, FREED).limbs if limb.ref == SCOPE}
    assert [limb.is_covered for limb in limbs.values()] == [True]


WITHOUT = "for: without [not instrument.supported_by_affidavit]"


@pytest.mark.parametrize(
    ("affidavit", "none", "missed"),
    [
        (AGREE, "", set[str]()),
        ("", DIFFER, {WITHOUT}),
        ("", SENSITIVE, {WITHOUT}),
        (AGREE, DIFFER, set[str]()),
    ],
)
def test_a_question_asked_under_every_reading_notices_what_changes_what_they_come_to(
    affidavit: str, none: str, missed: set[str]
) -> None:
    found = {says for says in left(statute(affidavit, none), SCOPE) if says.startswith("for")}
    assert found == missed


def test_an_act_that_one_reading_has_is_noticed_under_it() -> None:
    assert "without the act" in left(statute("", ""), SCOPE)
    assert "without the act" not in left(statute("", FREED), SCOPE)
    assert "without the act" not in left(statute("", DIFFER), SCOPE)


GAP = """
provisions:
  - id: unread
    on: charge
    effect: may-hold
    stratum: criminal
    cite: invented s. 1
    when:
      all:
        - {if: charge.filed_at <= at}
        - any:
            - {if: charge.listed}
            - {missing: "the list", cite: not found}
        - {missing: "the rest of the sentence", cite: not found}
  - id: evening
    on: charge
    effect: must-present-by
    cite: invented s. 2
    bearer: custodian
    met_by: charge.first_appearance_at
    consequence: none
    clock: {anchor: charge.arrested_at, kind: wall, length: "20:00", on_repeat: once, cite: invented s. 2}
  - id: court-days
    on: charge
    effect: must-charge-by
    cite: invented s. 3
    bearer: prosecutor
    met_by: charge.filed_at
    consequence: none
    clock: {anchor: charge.arrested_at, kind: civil-days, length: 2d, excluded: [sunday], roll_forward: [saturday], on_repeat: once, cite: invented s. 3}
  - id: two-papers
    on: person
    effect: may-hold
    stratum: hold
    cite: invented s. 4
    when:
      all:
        - {count: instrument, at_least: "2", where: {if: instrument.complete}}
        - {if: setting.population >= 1000}
tests:
  - name: kept on a charge
    place: us/zz/juniper
    custodian: county-jail
    complete: everything
    setting:
      - {fact: setting.population, value: "1000", from: 2010-01-01, known: 2010-01-01, cite: supposed}
    events:
      - {at: "2016-03-03 08:00", event: Arrested, charge: c1, class: felony, listed: "true"}
      - {at: "2016-03-03 08:30", event: DetainerLodged, instrument: d1, kind: immigration-detainer, complete: "true"}
      - {at: "2016-03-03 12:00", event: ReleaseOrdered, charge: c1}
      - {at: "2016-03-04 12:00", event: Charged, charge: c1}
    ask:
      - {at: "2016-03-03 09:00", verdict: LAWFUL, duties: [{what: must-present-by, by: "2016-03-03 20:00"}, {what: must-charge-by, by: "2016-03-07 00:00"}], cite: x}
      - {at: "2016-03-03 13:00", verdict: UNLAWFUL, bases: [], cite: x}
      - {at: "2016-03-04 12:00", verdict: UNDETERMINED, because: missing, cite: x}
equivalent:
  - {mutant: "#unread when.all[1].any[0]: without [charge.listed]", reason: what is not listed is not read either}
"""


def test_limbs_beside_words_that_nobody_found_are_measured_whichever_way_those_may_go() -> None:
    report = gate(_2010_rules=GAP)
    limbs = {(limb.ref.partition("#")[2], limb.text): limb for limb in report.limbs}
    filed = limbs["unread", "charge.filed_at <= at"]
    assert (filed.decided_true, filed.decided_false) == (True, True)
    listed = limbs["unread", "charge.listed"]
    assert (listed.decided_true, listed.decided_false, bool(listed.reason)) == (True, False, True)
    assert listed.is_covered


def test_a_limb_that_no_test_comes_to_is_counted_all_the_same() -> None:
    report = gate(_2010_rules=GAP.partition("tests:")[0])
    assert {limb.text for limb in report.limbs if not limb.is_covered} == {
        "charge.filed_at <= at",
        "charge.listed",
        "instrument.complete",
        "setting.population >= 1000",
    }


def test_a_minute_of_a_wall_clock_and_each_day_left_out_are_noticed() -> None:
    report = gate(_2010_rules=GAP)
    rules = "us/zz/juniper/2010-rules"
    assert left(report, f"{rules}#evening") == {"clock on_repeat restart"}
    assert left(report, f"{rules}#court-days") <= {
        "clock on_repeat restart",
        "clock without [sunday] excluded",
        "clock without [saturday] roll_forward",
        "clock -1 day",
        "clock first_day counted",
    }
    assert {says for says in left(report, f"{rules}#two-papers") if says.startswith("when.all[0]:")}
