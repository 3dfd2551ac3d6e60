"""The gate measures what it says: a test that notices kills, one that does not lets survive."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from habeas.authority.gate import GateReport, Part, run_gate
from habeas.authority.gate_cells import contested_cells
from habeas.authority.gate_mutants import Sort, mutants_of
from habeas.authority.gate_regimens import wrong
from habeas.authority.inquiry import Regimen
from habeas.kernel.instants import FOREVER, Instant, parse_instant
from habeas.kernel.places import PlaceId
from habeas.law.artefact import Artefact
from habeas.law.documents import Tree
from habeas.law.folder import load
from habeas.law.rulebook import Rulebook
from habeas.law.yaml_text import parse

ROOT = Path(__file__).resolve().parents[2]
STATE, WILLOW = PlaceId("us/zz"), PlaceId("us/zz/willow")

ORDINANCE = """
schema: 1
title: Detainers in Willow (fictional)
kind: county-ordinance
body: us/zz/willow/board
cite: Willow Ord. 1 (fictional)
acts:
  - {id: enacts, does: enacts, from: 2017-02-01, known: 2017-02-01, cite: Willow Ord. 1 (fictional)}
provisions:
  - id: honour
    on: instrument
    kinds: [immigration-detainer]
    effect: may-hold
    stratum: hold
    cite: Willow Ord. 1, s. 1 (fictional)
    when: {if: instrument.complete}
  - id: ceiling
    on: instrument
    kinds: [immigration-detainer]
    effect: cap
    cite: Willow Ord. 1, s. 2 (fictional)
    clock: {anchor: releasable_at, length: 24h, on_repeat: once, cite: Willow Ord. 1 (fictional)}
tests:
  - name: a complete paper
    place: us/zz/willow
    custodian: county-jail
    complete: everything
    events:
      - {at: "2017-02-01 00:00", event: Arrested, charge: c1, class: felony}
      - {at: "2017-02-01 06:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, complete: "true"}
      - {at: "2017-02-01 12:00", event: ReleaseOrdered, charge: c1}
    ask: [%s]
  - name: a paper that is not complete
    place: us/zz/willow
    custodian: county-jail
    complete: everything
    events:
      - {at: "2017-02-01 00:00", event: Arrested, charge: c1, class: felony}
      - {at: "2017-02-01 06:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, complete: "false"}
      - {at: "2017-02-01 12:00", event: ReleaseOrdered, charge: c1}
    ask: [%s]
%s
"""
BEFORE = '{at: "2017-02-02 11:59:59", verdict: LAWFUL, bases: [d1], cite: s. 2}'
AFTER = '{at: "2017-02-02 12:00", verdict: UNLAWFUL, bases: [], cite: s. 2}'
INCOMPLETE = '{at: "2017-02-01 13:00", verdict: UNLAWFUL, bases: [], cite: s. 1}'


@cache
def whole() -> Rulebook:
    return load(ROOT / "src" / "habeas" / "rulebook")


def willow(complete: str, incomplete: str, more: str = "") -> Rulebook:
    """A fictional county with one ordinance and the given tests, under the law of its state."""
    artefact = whole().artefact
    text = ORDINANCE % (complete, incomplete, more)
    tree = parse(text, "ordinance.yaml").tree
    place: dict[str, Tree] = {"schema": "1", "name": "Willow County (fictional)", "kind": "county"}
    nation: dict[str, Tree] = {"schema": "1", "name": "Nation", "kind": "nation", "zone": "UTC"}
    code = {
        key: value for key, value in artefact.enactments["us/zz/2000-custody-code"].items() if key != "tests"
    }
    made = Artefact(
        vocabulary=artefact.vocabulary,
        calendars=artefact.calendars,
        places={"us": nation, STATE: artefact.places[STATE], WILLOW: place},
        orders={STATE: artefact.orders[STATE]},
        enactments={"us/zz/2000-custody-code": code, f"{WILLOW}/2017-ordinance": tree},
    )
    return Rulebook(made, {})


def gate(rulebook: Rulebook, part: Part | None = None) -> GateReport:
    return run_gate(rulebook, places=[WILLOW], part=part)


def surviving(report: GateReport, sort: Sort) -> set[str]:
    return {fate.mutant.label for fate in report.survivors if fate.mutant.sort is sort}


def test_tests_at_both_sides_of_every_word_let_no_limb_and_no_clock_survive() -> None:
    report = gate(willow(f"{BEFORE}, {AFTER}", INCOMPLETE))
    assert surviving(report, Sort.LIMB) == set()
    assert surviving(report, Sort.CLOCK) == {"#ceiling clock on_repeat restart"}
    assert surviving(report, Sort.PROVISION) == set()


def test_a_limb_that_no_test_has_false_survives_without_it() -> None:
    report = gate(willow(f"{BEFORE}, {AFTER}", ""))
    assert surviving(report, Sort.LIMB) == {"#honour when: without [instrument.complete]"}


def test_a_deadline_that_no_test_asks_about_survives_an_hour_more_or_less() -> None:
    report = gate(willow('{at: "2017-02-01 13:00", verdict: LAWFUL, bases: [d1], cite: s. 1}', INCOMPLETE))
    assert {"#ceiling clock +1 hour", "#ceiling clock -1 hour"} <= surviving(report, Sort.CLOCK)
    assert surviving(report, Sort.PROVISION) == {"#ceiling without the cap"}


def test_both_sides_of_a_clock_and_of_an_act_are_looked_for() -> None:
    asked = '{at: "2017-02-01 00:00", verdict: LAWFUL, cite: s. 1}'
    half = gate(willow(f"{asked}, {BEFORE}", INCOMPLETE))
    both = gate(willow(f"{asked}, {BEFORE}, {AFTER}", INCOMPLETE))
    name = f"{WILLOW}/2017-ordinance"
    assert {(e.ref, e.before, e.after) for e in half.edges} == {
        (f"{name}!enacts", False, True),
        (f"{name}#ceiling", True, False),
    }
    assert (f"{name}#ceiling", True, True) in {(e.ref, e.before, e.after) for e in both.edges}


def test_a_limb_is_covered_once_it_has_decided_in_both_directions() -> None:
    name = f"{WILLOW}/2017-ordinance#honour"
    one = gate(willow(BEFORE, ""))
    two = gate(willow(BEFORE, INCOMPLETE))
    assert {limb.is_covered for limb in one.limbs if limb.ref == name} == {False}
    assert {limb.is_covered for limb in two.limbs if limb.ref == name} == {True}


def test_a_reason_in_the_file_excuses_a_mutant_that_no_test_can_notice() -> None:
    reason = 'equivalent: [{mutant: "#ceiling clock on_repeat restart", reason: nobody is rearrested here}]'
    report = gate(willow(f"{BEFORE}, {AFTER}", INCOMPLETE, reason))
    assert surviving(report, Sort.CLOCK) == set()
    assert [fate.mutant.label for fate in report.annotated] == ["#ceiling clock on_repeat restart"]
    assert report.unused == ()


def test_a_reason_for_a_mutant_that_a_test_notices_is_itself_a_fault() -> None:
    reason = 'equivalent: [{mutant: "#honour when: without [instrument.complete]", reason: no}]'
    report = gate(willow(f"{BEFORE}, {AFTER}", INCOMPLETE, reason))
    assert report.unused == (f"{WILLOW}/2017-ordinance#honour when: without [instrument.complete]",)
    assert not report.passes


def test_two_halves_come_to_what_the_whole_comes_to() -> None:
    of = willow(f"{BEFORE}, {AFTER}", "")
    whole_gate = gate(of)
    halves = gate(of, Part(number=0, of=2)) + gate(of, Part(number=1, of=2))
    assert {(f.mutant.label, f.survives) for f in halves.fates} == {
        (f.mutant.label, f.survives) for f in whole_gate.fates
    }
    assert set(halves.edges) == set(whole_gate.edges)
    assert halves.cells == whole_gate.cells


def test_the_same_seed_draws_the_same_sample() -> None:
    of = willow(f"{BEFORE}, {AFTER}", INCOMPLETE)
    few = Part(sample=3)
    one, two = (
        run_gate(of, places=[WILLOW], seed=7, part=few),
        run_gate(of, places=[WILLOW], seed=7, part=few),
    )
    assert [f.mutant.label for f in one.fates] == [f.mutant.label for f in two.fates]
    assert len(one.fates) == 3


def test_a_mutant_leaves_no_trace_in_the_rulebook_it_was_made_of() -> None:
    of = willow(f"{BEFORE}, {AFTER}", INCOMPLETE)
    regimen = Regimen(of)
    digest, before = of.digest, dict(of.compiled)
    for mutant in mutants_of(of, [WILLOW]):
        with wrong(regimen, mutant) as there:
            there.under({})
    assert dict(of.compiled) == before
    assert of.digest == digest


def test_every_mutant_of_the_rulebook_has_a_name_of_its_own() -> None:
    labels = [(mutant.ref, mutant.says) for mutant in mutants_of(whole())]
    assert len(labels) == len(set(labels))
    assert {mutant.sort for mutant in mutants_of(whole())} == set(Sort)


CONTRADICTION = """
schema: 1
title: Directive (fictional)
kind: county-directive
body: us/zz/willow/sheriff
cite: Directive 2 (fictional)
acts: [{id: directs, does: enacts, from: 2017-02-01, known: 2017-02-01, cite: Directive 2 (fictional)}]
provisions:
  - {id: honour, on: instrument, kinds: [immigration-detainer], effect: must-hold, stratum: hold, cite: Directive 2 (fictional)}
"""


def test_a_cell_that_law_contests_needs_a_question_or_a_named_owner() -> None:
    base = willow("", "").artefact
    ban = CONTRADICTION.replace("must-hold", "must-not-hold").replace("Directive", "Resolution")
    ban = ban.replace("county-directive", "county-resolution").replace("willow/sheriff", "willow/board")
    texts = {
        **base.enactments,
        f"{WILLOW}/2017-directive": parse(CONTRADICTION, "directive.yaml").tree,
        f"{WILLOW}/2017-resolution": parse(ban, "resolution.yaml").tree,
    }
    contested = contested_cells(Regimen(Rulebook(replace(base, enactments=texts), {})), WILLOW)
    assert contested.contested
    assert len(contested.contested) <= contested.asked
    order = "schema: 1\nunordered: [{kinds: [county-directive, county-resolution], cite: none decides, owner: the county attorney}]"
    owned = replace(base, enactments=texts, orders={**base.orders, WILLOW: parse(order, "order.yaml").tree})
    assert contested_cells(Regimen(Rulebook(owned, {})), WILLOW).contested == ()
    assert parse_instant("2017-02-01T00:00Z", None) < Instant(FOREVER)
