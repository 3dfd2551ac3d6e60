"""Credit for custody before sentence: the court's figure governs, the record's own is computed where asked."""

from __future__ import annotations

import pytest

from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Regimen
from small_custodies import rulebook
from small_engine import SUM_OF_SENTENCES, answers, differences, regimen_of

SERVE = """
provisions:
  - id: serve
    on: instrument
    kinds: [sentence]
    effect: must-hold
    stratum: criminal
    cite: invented
    when: {if: at < instrument.expires_at}
""" + (SUM_OF_SENTENCES % "computed")
TEN_DAYS = """
events:
  - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: misdemeanor}
  - {at: "2017-03-06 09:00", event: FirstAppearance, booking: b1}
%s  - {at: "2017-03-13 11:00", event: Sentenced, instrument: s1, kind: sentence, charge: c1, term_days: "10"%s}
  - {at: "2017-03-13 11:00", event: CommitmentReceived, instrument: s1}
  - {at: "2017-03-13 11:00", event: ChargeDisposed, charge: c1, disposition: convicted}
ask:
  - {at: "2017-03-15 23:59:59", verdict: %s, cite: "10 days from the 13th, seven of them served: through the 15th"}
  - {at: "2017-03-16 00:00", verdict: %s, cite: same}
"""


@pytest.fixture(scope="module")
def law() -> Regimen:
    return regimen_of({"2010-law": SERVE})


def test_days_in_custody_before_sentence_are_counted_where_the_rule_asks(law: Regimen) -> None:
    assert differences(TEN_DAYS % ("", "", "LAWFUL", "UNLAWFUL"), law) == []


def test_the_court_s_figure_governs(law: Regimen) -> None:
    stated = ', jail_credit_days: "2"'
    assert differences(TEN_DAYS % ("", stated, "LAWFUL", "LAWFUL"), law) == []


@pytest.mark.parametrize("freed", ["BondPosted", "ReleaseOrdered"])
def test_custody_that_was_not_surely_on_the_charge_leaves_the_credit_open(law: Regimen, freed: str) -> None:
    between = f'  - {{at: "2017-03-07 12:00", event: {freed}, charge: c1}}\n'
    told = (TEN_DAYS % (between, "", "UNDETERMINED", "UNDETERMINED")).split("ask:", maxsplit=1)[0]
    found = answers(f'{told}ask:\n  - {{at: "2017-03-16 00:00", cite: x}}\n', law)[0]
    assert found.verdict is Verdict.UNDETERMINED
    assert "jail_credit_days" in {missing.atom[2] for missing in found.unknown}


def test_days_known_only_by_their_date_are_days_all_the_same(law: Regimen) -> None:
    """Released some time on the 7th, back some time on the 9th: six days touched before sentence."""
    between = (
        '  - {at: "2017-03-07", event: Released, booking: b1}\n'
        '  - {at: "2017-03-09", event: Admitted, booking: b2}\n'
    )
    told = (TEN_DAYS % (between, "", "LAWFUL", "UNLAWFUL")).replace("03-15 23", "03-16 23")
    assert differences(told.replace("03-16 00", "03-17 00"), law) == []


def test_custody_before_a_release_counts_too(law: Regimen) -> None:
    between = (
        '  - {at: "2017-03-08 12:00", event: Released, booking: b1}\n'
        '  - {at: "2017-03-11 12:00", event: Admitted, booking: b2}\n'
    )
    told = (
        (TEN_DAYS % (between, "", "LAWFUL", "UNLAWFUL"))
        .replace("2017-03-15 23", "2017-03-17 23")
        .replace("2017-03-16 00", "2017-03-18 00")
    )
    assert differences(told, law) == []


def test_without_a_source_that_shows_every_booking_nothing_is_computed(law: Regimen) -> None:
    told = TEN_DAYS % ("", "", "LAWFUL", "UNDETERMINED")
    some = "complete: [charge, instrument, person, charge.*, instrument.*]\n"
    assert [each for each in differences(some + told, law) if "UNLAWFUL" in each] == []
    found = answers(some + told, law)[0]
    assert found.verdict is Verdict.UNDETERMINED


FLORIDA = """
place: us/fl/miami-dade
events:
  - {at: "2018-03-05 06:00", event: Arrested, charge: c1, class: misdemeanor}
  - {at: "2018-03-15 10:00", event: Sentenced, instrument: s1, kind: sentence, charge: c1, term_days: "60"%s}
  - {at: "2018-03-15 10:00", event: CommitmentReceived, instrument: s1}
  - {at: "2018-03-15 10:00", event: ChargeDisposed, charge: c1, disposition: convicted}
ask:
  - {at: "2018-05-01 12:00", readings: {mdc-gain-time: none}, verdict: LAWFUL, cite: "60 - 10 days from 15 March: through 3 May"}
  - {at: "2018-05-05 12:00", readings: {mdc-gain-time: none}, verdict: %s, cite: "Fla. Stat. s. 921.161(1)"}
"""


def test_florida_s_credit_is_what_the_court_states_and_a_differing_record_is_an_anomaly() -> None:
    told = FLORIDA % (', jail_credit_days: "8"', "LAWFUL")
    found = answers(told, rulebook())[0]
    (odd,) = found.anomalies
    assert odd.kind == "figures-differ"
    assert odd.says == "[s1]: the court stated 8 days of credit, custody before sentence comes to 10"
    agreeing = answers(FLORIDA % (', jail_credit_days: "10"', "UNLAWFUL"), rulebook())[0]
    assert agreeing.anomalies == ()


def test_florida_computes_no_credit_that_the_court_did_not_state() -> None:
    told = FLORIDA % (', jail_credit_days: "?unstated"', "UNDETERMINED")
    found = answers(told, rulebook())[1]
    assert found.verdict is Verdict.UNDETERMINED
    assert {missing.atom[2] for missing in found.unknown} == {"jail_credit_days"}
