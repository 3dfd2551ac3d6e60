"""A ground that may hold is not forgotten beside one that surely does."""

from __future__ import annotations

from small_engine import differences, regimen_of

TWO_GROUNDS = """
provisions:
  - id: sure
    on: instrument
    kinds: [immigration-detainer]
    effect: must-hold
    stratum: hold
    cite: invented s. 1
  - id: perhaps
    on: instrument
    kinds: [immigration-detainer]
    effect: must-hold
    stratum: hold
    cite: invented s. 2
    when: {if: instrument.complete}
  - id: a-day
    on: instrument
    kinds: [immigration-detainer]
    effect: cap
    cite: invented s. 3
    limits: {provisions: [us/zz/juniper/2010-holds#sure]}
    clock: {anchor: instrument.lodged_at, length: 24h, key: instrument, on_repeat: once, cite: invented s. 3}
"""
CASE = """
events:
  - {at: "2011-03-01 02:00", event: Arrested, charge: c1, class: misdemeanor}
  - {at: "2011-03-01 06:00", event: DetainerLodged, instrument: h1, kind: immigration-detainer, complete: %s}
  - {at: "2011-03-01 10:00", event: ReleaseOrdered, charge: c1}
ask:
  - {at: "2011-03-02 05:59:59", verdict: LAWFUL, bases: [h1], cite: invented s. 1}
  - {at: "2011-03-02 06:00", verdict: %s, cite: invented s. 3}
"""


def test_when_the_sure_ground_has_run_out_the_unknown_one_leaves_the_verdict_open() -> None:
    regimen = regimen_of({"2010-holds": TWO_GROUNDS})
    assert differences(CASE % ('"?unstated"', "UNDETERMINED"), regimen) == []


def test_when_the_other_ground_is_known_the_verdict_is_known() -> None:
    regimen = regimen_of({"2010-holds": TWO_GROUNDS})
    assert differences(CASE % ('"true"', "LAWFUL"), regimen) == []
    assert differences(CASE % ('"false"', "UNLAWFUL"), regimen) == []
