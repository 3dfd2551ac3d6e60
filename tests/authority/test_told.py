"""The words of a proof and of what is not known: an open end is none, a supposed instant never shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from habeas.authority.answer import Answer, answer
from habeas.authority.explain import Proof
from habeas.authority.findings import Verdict
from small_custodies import as_recorded, class_unknown
from small_engine import answers, regimen_of

ARREST = '{at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: felony}'
SEEN = '{at: "2017-03-06 09:00", event: FirstAppearance, booking: b1}'
DETAINER = '{at: "2017-03-06 10:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: I-247D, %s}'
FREED = '{at: "2017-03-07 12:00", event: BondPosted, charge: c1}'

OFFENCE = """
provisions:
  - id: old
    on: charge
    effect: must-hold
    stratum: criminal
    cite: invented
    says: Whoever is charged with an old offence is kept.
    when: {if: charge.offence_at < 2016-07-01}
"""
OPEN = """
provisions:
  - {id: may, on: instrument, kinds: [immigration-detainer], effect: may-hold, stratum: hold, cite: invented}
  - id: cap
    on: instrument
    kinds: [immigration-detainer]
    effect: cap
    cite: invented
    limits: {strata: [hold]}
    clock: {anchor: instrument.served_at, length: 48h, key: instrument, on_repeat: once, cite: invented}
"""


def texts(proof: Proof) -> Iterator[str]:
    yield proof.text
    for child in proof.children:
        yield from texts(child)


def one(law: str, events: str, at: str) -> Answer:
    (found,) = answers(
        f'events: [{events}]\nask: [{{at: "{at}", known: "2017-04-01 00:00"}}]', regimen_of({"2010-law": law})
    )
    return found


def test_a_custody_that_goes_on_has_no_end_recorded() -> None:
    inquiry = class_unknown()
    at = inquiry.record.known_at
    found = next(text for text in texts(answer(inquiry, at).why) if text.startswith("in custody"))
    assert found.endswith("EST (UTC-05:00), no end recorded")


def test_a_custody_that_ended_says_when() -> None:
    inquiry = as_recorded()
    start = inquiry.custody[0].start
    assert isinstance(start, int)
    found = next(text for text in texts(answer(inquiry, start).why) if text.startswith("in custody"))
    assert found.endswith("until 2017-02-23 11:20 EST (UTC-05:00)")


def test_what_an_unknown_instant_would_settle_is_told_in_stretches_of_time() -> None:
    found = one(OFFENCE, f"{ARREST}, {SEEN}, {FREED}", "2017-03-08 00:00")
    (missing,) = found.unknown
    assert missing.atom == ("charge", "c1", "offence_at")
    assert dict(missing.settles) == {
        "before 2016-07-01 00:00 EDT (UTC-04:00)": Verdict.LAWFUL,
        "from 2016-07-01 00:00 EDT (UTC-04:00)": Verdict.UNLAWFUL,
    }


@pytest.mark.parametrize("law", [OFFENCE, OPEN])
def test_no_supposed_instant_is_shown(law: str) -> None:
    served = '{at: "2017-03-06 11:00", event: DetainerServed, instrument: d1}'
    lodged = DETAINER % 'complete: "true"'
    events = f"{ARREST}, {SEEN}, {lodged}, {served}, {FREED}"
    found = one(law, events, "2017-03-08 00:00")
    shown = [*texts(found.why), *(key for each in found.unknown for key in each.settles)]
    assert not [text for text in shown if "1653" in text or "LMT" in text or ".999999" in text]


def test_an_instant_between_two_of_a_day_is_told_from_and_before() -> None:
    lodged = DETAINER % 'complete: "true", served_at: "?unstated"'
    found = one(OPEN, f"{ARREST}, {SEEN}, {lodged}, {FREED}", "2017-03-10 12:00")
    told = {
        key: verdict
        for each in found.unknown
        if each.atom[2] == "served_at"
        for key, verdict in each.settles.items()
    }
    assert told == {
        "until 2017-03-08 12:00 EST (UTC-05:00)": Verdict.UNLAWFUL,
        "after 2017-03-08 12:00 EST (UTC-05:00) and until 2017-03-10 12:00 EST (UTC-05:00)": Verdict.LAWFUL,
        "after 2017-03-10 12:00 EST (UTC-05:00)": Verdict.UNLAWFUL,
        "never": Verdict.UNLAWFUL,
    }
