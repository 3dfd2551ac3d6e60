"""Numbers that nobody stated: a verdict is definite only if it is the same whatever they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Regimen
from habeas.authority.trials import Asked
from habeas.authority.unknowns import settled
from habeas.kernel.instants import DAY, Instant
from small_engine import SUM_OF_SENTENCES, differences, regimen_of, trial_of

SUM = SUM_OF_SENTENCES % "unknown"
AFTERWARDS = f"""
provisions:
  - id: afterwards
    on: instrument
    kinds: [sentence]
    effect: may-hold
    stratum: criminal
    cite: invented
    says: Two days after a sentence has ended, and no longer.
    when:
      all:
        - {{if: instrument.expires_at <= at}}
        - {{if: at < instrument.expires_at + 48h}}
{SUM}"""
SERVED = f"""
provisions:
  - id: serve
    on: instrument
    kinds: [sentence]
    effect: must-hold
    stratum: criminal
    cite: invented
    when: {{if: at < instrument.expires_at}}
  - {{id: may, on: instrument, kinds: [immigration-detainer], effect: may-hold, stratum: hold, cite: invented}}
  - id: cap
    on: instrument
    kinds: [immigration-detainer]
    effect: cap
    cite: invented
    limits: {{strata: [hold]}}
    clock: {{anchor: releasable_at, length: 48h, on_repeat: once, cite: invented}}
{SUM}"""
CASE = """
events:
  - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: misdemeanor}
  - {at: "2017-03-06 09:00", event: FirstAppearance, booking: b1}
%s  - {at: "2017-03-06 11:00", event: Sentenced, instrument: s1, kind: sentence, charge: c1, term_days: "%s", jail_credit_days: "%s"}
  - {at: "2017-03-06 11:00", event: CommitmentReceived, instrument: s1}
  - {at: "2017-03-06 11:00", event: ChargeDisposed, charge: c1, disposition: convicted}
ask:
  - {at: "%s", known: "2017-06-01 00:00", cite: x}
"""
DETAINED = '  - {at: "2017-03-06 10:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer}\n'


def verdict(law: Regimen, before: str, term: str, credit: str, day: int) -> Verdict:
    trial = trial_of(CASE % (before, term, credit, "2017-03-06 12:00"), law)
    (asked,) = trial.asks()
    return settled(trial.inquiry(asked), _later(asked, day))


def _later(asked: Asked, day: int) -> Instant:
    return Instant(asked.at + day * DAY)


@pytest.fixture(scope="module", params=[AFTERWARDS, SERVED], ids=["afterwards", "served"])
def law(request: pytest.FixtureRequest) -> Regimen:
    return regimen_of({"2010-law": request.param}, code=False)


def test_a_verdict_between_two_alike_at_the_ends_is_not_overlooked() -> None:
    """No credit: the sentence runs yet. All of it: over long ago. Only in between is it two days over."""
    regimen = regimen_of({"2010-law": AFTERWARDS}, code=False)
    of_credit = [verdict(regimen, "", "30", str(credit), 10) for credit in (0, 20, 36_500)]
    assert of_credit == [Verdict.UNLAWFUL, Verdict.LAWFUL, Verdict.UNLAWFUL]
    assert verdict(regimen, "", "30", "?unstated", 10) is Verdict.UNDETERMINED


def test_past_the_whole_term_no_credit_matters() -> None:
    assert verdict(regimen_of({"2010-law": SERVED}), "", "30", "?unstated", 31) is Verdict.UNLAWFUL


@settings(max_examples=25, deadline=None)
@given(term=st.integers(1, 12), day=st.integers(0, 16), detained=st.booleans())
def test_a_definite_verdict_is_that_of_every_figure(
    law: Regimen, term: int, day: int, detained: bool
) -> None:
    before = DETAINED if detained else ""
    found = verdict(law, before, str(term), "?unstated", day)
    every = {verdict(law, before, str(term), str(credit), day) for credit in range(term + 2)}
    assert found is Verdict.UNDETERMINED or {found} == every
    if len(every) == 1 and Verdict.UNDETERMINED not in every:
        assert found in every, "nor is anything left open that no figure could change"


LISTED = """
provisions:
  - id: listed
    on: instrument
    kinds: [sentence]
    effect: must-hold
    stratum: criminal
    cite: invented
    when: {if: "%s"}
"""


@pytest.mark.parametrize(
    "limb",
    [
        "instrument.term_days in [7, 300]",
        "instrument.term_days == 500",
        "instrument.term_days > 40000",
        "instrument.minimum_days <= instrument.term_days",
    ],
)
def test_every_number_that_a_limb_compares_is_tried(limb: str) -> None:
    """The limb is false of none and of a great many, or true of both, and otherwise in between."""
    regimen = regimen_of({"2010-law": LISTED % limb}, code=False)
    stated = CASE.replace('jail_credit_days: "%s"', 'minimum_days: "20", jail_credit_days: "%s"')
    told = stated % ("", "?unstated", "0", "2017-03-08 12:00")
    (asked,) = trial_of(told, regimen).asks()
    assert settled(trial_of(told, regimen).inquiry(asked), asked.at) is Verdict.UNDETERMINED


def test_a_figure_that_a_limb_reads_too_is_not_supposed_apart_from_the_sum() -> None:
    """What the term makes of the limb and of the end go together, so neither is tried without the other."""
    law = AFTERWARDS.replace("at < instrument.expires_at + 48h", "instrument.jail_credit_days < 5")
    told = CASE % ("", "30", "?unstated", "2017-03-16 12:00")
    assert (
        differences(
            told.replace("cite: x", "verdict: UNDETERMINED, cite: x"),
            regimen_of({"2010-law": law}, code=False),
        )
        == []
    )
