"""What bears on a clock: its key, its repetitions, extensions with a condition, days no calendar lists."""

from __future__ import annotations

import pytest

from habeas.authority.findings import Because, Verdict
from habeas.kernel.instants import SECOND, Instant, UncertainInstant, parse_instant, rfc3339, zone
from small_engine import answers, differences, regimen_of

ZONE = zone("America/New_York")
DETAINER = "kind: immigration-detainer, form: I-247D"
HOLD = """
provisions:
  - {id: may, on: instrument, kinds: [immigration-detainer, hold], effect: may-hold, stratum: hold, cite: invented}
  - id: cap
    on: instrument
    kinds: [immigration-detainer, hold]
    effect: cap
    cite: invented
    limits: {strata: [hold]}
    clock: {%s, cite: invented}
"""
TELL = """
provisions:
  - {id: may, on: instrument, kinds: [immigration-detainer], effect: may-hold, stratum: hold, cite: invented}
  - id: tell
    on: instrument
    kinds: [immigration-detainer]
    effect: must-notify
    cite: invented
    bearer: custodian
    met_by: instrument.notice_given_at
    consequence: %s
    ends: {strata: [hold]}
    clock: {anchor: releasable_at, length: 2h, on_repeat: %s, cite: invented}
"""
BOOKED = """
events:
  - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
  - {at: "2017-03-06 09:00", event: FirstAppearance, booking: b1}
  - {at: "2017-03-06 10:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: I-247D}
"""
AGAIN = """
  - {at: "2017-03-07 12:00", event: BondPosted, charge: c1}
  - {at: "2017-03-07 16:00", event: WarrantLodged, instrument: w1, kind: warrant}
  - {at: "2017-03-09 16:00", event: WarrantWithdrawn, instrument: w1}
"""


def instant(text: str) -> Instant:
    return parse_instant(text, ZONE)


# ------------------------------------------------------------------------------- duties from release


def test_a_duty_that_waits_for_release_is_due_from_it_and_not_before() -> None:
    told = BOOKED + AGAIN
    asks = """
ask:
  - {at: "2017-03-07 11:59:59", no_duty: must-notify, cite: x}
  - {at: "2017-03-07 12:00", duty: {what: must-notify, by: "2017-03-07 14:00", state: due}, cite: x}
  - {at: "2017-03-07 13:59:59", duty: {what: must-notify, by: "2017-03-07 14:00", state: due}, cite: x}
  - {at: "2017-03-07 14:00", duty: {what: must-notify, by: "2017-03-07 14:00", state: breached}, cite: x}
"""
    assert differences(told + asks, regimen_of({"2010-law": TELL % ("none", "once")})) == []


@pytest.mark.parametrize(
    ("repeats", "later"), [("once", ()), ("restart", ("2017-03-09 18:00",)), ("resume", ())]
)
def test_each_release_has_a_duty_of_its_own_where_the_clock_starts_anew(
    repeats: str, later: tuple[str, ...]
) -> None:
    law = regimen_of({"2010-law": TELL % ("none", repeats)})
    notice = '  - {at: "2017-03-07 13:00", event: NoticeGiven, instrument: d1}\n'
    asks = 'ask:\n  - {at: "2017-03-09 19:00", cite: x}\n'
    (found,) = answers(BOOKED + AGAIN + notice + asks, law)
    told = [(duty.due_at, duty.state.value) for duty in found.duties if duty.effect == "must-notify"]
    wanted = [(instant("2017-03-07 14:00"), "met"), *((instant(each), "breached") for each in later)]
    assert told == wanted


def test_a_repetition_that_the_clock_is_silent_on_leaves_the_second_duty_open() -> None:
    law = regimen_of({"2010-law": (TELL % ("none", "once")).replace(", on_repeat: once", "")})
    (found,) = answers(BOOKED + AGAIN + 'ask:\n  - {at: "2017-03-09 19:00", cite: x}\n', law)
    told = [(duty.due_at, duty.state.value) for duty in found.duties if duty.effect == "must-notify"]
    assert told == [(instant("2017-03-07 14:00"), "breached"), (instant("2017-03-09 18:00"), "unknown")]


def test_a_later_notice_meets_the_later_duty() -> None:
    law = regimen_of({"2010-law": TELL % ("none", "restart")})
    notices = (
        '  - {at: "2017-03-07 13:00", event: NoticeGiven, instrument: d1}\n'
        '  - {at: "2017-03-09 17:00", event: NoticeGiven, instrument: d1}\n'
    )
    (found,) = answers(BOOKED + AGAIN + notices + 'ask:\n  - {at: "2017-03-09 19:00", cite: x}\n', law)
    assert [duty.state.value for duty in found.duties if duty.effect == "must-notify"] == ["met", "met"]


def test_a_breach_ends_the_hold_that_it_names() -> None:
    told = BOOKED + AGAIN
    asks = """
ask:
  - {at: "2017-03-07 13:59:59", verdict: LAWFUL, bases: [d1], until: "2017-03-07 14:00", cite: x}
  - {at: "2017-03-07 14:00", verdict: UNLAWFUL, bases: [], cite: x}
"""
    assert differences(told + asks, regimen_of({"2010-law": TELL % ("basis-ends", "once")})) == []


def test_nobody_releasable_has_no_such_duty() -> None:
    (found,) = answers(
        BOOKED + 'ask:\n  - {at: "2017-03-06 12:00", cite: x}\n',
        regimen_of({"2010-law": TELL % ("none", "once")}),
    )
    assert not [duty for duty in found.duties if duty.effect == "must-notify"]


# ------------------------------------------------------------------------------- repetitions and keys


def resumes(length: str) -> str:
    return HOLD % f"anchor: releasable_at, length: {length}, on_repeat: resume"


def test_a_clock_that_resumes_goes_on_with_what_the_next_basis_left() -> None:
    """Four of 48 hours ran before the warrant; the rest runs from when it was withdrawn."""
    asks = """
ask:
  - {at: "2017-03-07 15:59:59", verdict: LAWFUL, bases: [d1], cite: x}
  - {at: "2017-03-11 11:59:59", verdict: LAWFUL, bases: [d1], until: "2017-03-11 12:00", cite: x}
  - {at: "2017-03-11 12:00", verdict: UNLAWFUL, bases: [], no_force: {d1: lapsed}, cite: x}
"""
    assert differences(BOOKED + AGAIN + asks, regimen_of({"2010-law": resumes("48h")})) == []


SERVED = """
  - {at: "2017-03-06 11:00", event: DetainerServed, instrument: d1}
  - {at: "2017-03-07 12:00", event: BondPosted, charge: c1}
  - {at: "2017-03-07 18:00", event: DetainerLodged, instrument: d2, kind: immigration-detainer, form: I-247D}
  - {at: "2017-03-07 18:00", event: DetainerServed, instrument: d2}
  - {at: "2017-03-08 06:00", event: DetainerServed, instrument: d1}
"""


@pytest.mark.parametrize(
    ("key", "repeats", "ends"),
    [
        ("episode", "once", "2017-03-08 11:00"),
        ("instrument", "once", "2017-03-09 18:00"),
        ("instrument", "restart", "2017-03-10 06:00"),
        ("issuer", "once", "2017-03-08 11:00"),
    ],
)
def test_another_paper_repeats_an_anchor_where_the_key_joins_them(key: str, repeats: str, ends: str) -> None:
    told = (BOOKED + SERVED).replace("form: I-247D", "form: I-247D, issuer: ice")
    law = HOLD % f"anchor: instrument.served_at, length: 48h, key: {key}, on_repeat: {repeats}"
    last = instant(ends)
    asks = "".join(f'  - {{at: "{rfc3339(Instant(at))}", cite: x}}\n' for at in (last - SECOND, last))
    before, after = answers(f"{told}ask:\n{asks}", regimen_of({"2010-law": law}))
    assert (before.verdict, after.verdict) == (Verdict.LAWFUL, Verdict.UNLAWFUL)


def test_a_hold_of_another_issuer_has_a_clock_of_its_own() -> None:
    told = BOOKED.replace("form: I-247D", "form: I-247D, issuer: ice") + SERVED.replace(
        "d2, kind: immigration-detainer, form: I-247D", "d2, kind: immigration-detainer, issuer: uscis"
    )
    law = HOLD % "anchor: instrument.served_at, length: 48h, key: issuer, on_repeat: once"
    asks = """
ask:
  - {at: "2017-03-08 12:00", verdict: LAWFUL, bases: [d2], until: "2017-03-09 18:00", cite: x}
"""
    assert differences(told + asks, regimen_of({"2010-law": law})) == []


def test_a_hold_lodged_after_a_release_was_over_is_not_bound_by_it_under_its_own_key() -> None:
    """The first release was over when the second paper came: under the instrument's key its first is the next."""
    second = (
        '  - {at: "2017-03-08 10:00", event: DetainerLodged, instrument: d2, kind: immigration-detainer}\n'
    )
    asks = """
ask:
  - {at: "2017-03-10 16:00", verdict: %s, bases: [%s], cite: x}
"""
    for key, verdict, bases in (("instrument", "LAWFUL", "d2"), ("episode", "UNLAWFUL", "")):
        law = HOLD % f"anchor: releasable_at, length: 48h, key: {key}, on_repeat: once"
        told = BOOKED + AGAIN + second + asks % (verdict, bases)
        assert differences(told, regimen_of({"2010-law": law})) == []


# ------------------------------------------------------------------------------- extensions


EXTENDED = HOLD % (
    "anchor: instrument.lodged_at, length: 48h, name: hold, key: instrument, on_repeat: once, "
    "extensions: [{clock: hold, each: 24h, most: 1, cite: invented, when: {if: instrument.complete}}]"
)


@pytest.mark.parametrize(
    ("complete", "verdict"), [("true", "LAWFUL"), ("false", "UNLAWFUL"), ("?unstated", "UNDETERMINED")]
)
def test_an_extension_counts_where_its_own_condition_is_met(complete: str, verdict: str) -> None:
    told = BOOKED.replace("form: I-247D", f'form: I-247D, complete: "{complete}"')
    more = """
  - {at: "2017-03-07 12:00", event: BondPosted, charge: c1}
  - {at: "2017-03-07 13:00", event: ExtensionGranted, instrument: d1, clock: hold}
ask:
  - {at: "2017-03-08 09:59:59", verdict: LAWFUL, bases: [d1], cite: x}
  - {at: "2017-03-08 10:00", verdict: %s, cite: x}
  - {at: "2017-03-09 10:00", verdict: UNLAWFUL, bases: [], cite: x}
"""
    assert differences(told + more % verdict, regimen_of({"2010-law": EXTENDED})) == []


@pytest.mark.parametrize(
    ("about", "verdict"),
    [
        ("instrument: d1", "LAWFUL"),
        ("instrument: d2", "UNLAWFUL"),
        ("booking: b1", "LAWFUL"),
        ("charge: c1", "LAWFUL"),
    ],
)
def test_an_extension_of_another_paper_s_clock_does_not_count(about: str, verdict: str) -> None:
    told = BOOKED.replace("form: I-247D", 'form: I-247D, complete: "true"')
    more = f"""
  - {{at: "2017-03-06 11:00", event: HoldLodged, instrument: d2, kind: hold, complete: "false"}}
  - {{at: "2017-03-07 12:00", event: BondPosted, charge: c1}}
  - {{at: "2017-03-07 13:00", event: ExtensionGranted, {about}, clock: hold}}
  - {{at: "2017-03-08 09:00", event: HoldLifted, instrument: d2}}
ask:
  - {{at: "2017-03-08 10:00", verdict: {verdict}, cite: x}}
"""
    assert differences(told + more, regimen_of({"2010-law": EXTENDED})) == []


def test_an_extension_on_one_charge_of_two_does_not_move_the_other_s_clock() -> None:
    law = """
provisions:
  - id: filed
    on: charge
    effect: must-determine-by
    cite: invented
    bearer: prosecutor
    met_by: charge.filed_at
    consequence: none
    clock: {anchor: charge.arrested_at, name: filing, length: 48h, on_repeat: once, cite: invented, extensions: [{clock: filing, each: 24h, most: 1, cite: invented}]}
"""
    told = """
events:
  - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
  - {at: "2017-03-06 08:00", event: Arrested, charge: c2, class: felony}
  - {at: "2017-03-07 13:00", event: ExtensionGranted, charge: c2, clock: filing}
ask:
  - {at: "2017-03-08 09:00", cite: x}
"""
    (found,) = answers(told, regimen_of({"2010-law": law}))
    due = {duty.subject[1]: duty.due_at for duty in found.duties if duty.provision.endswith("#filed")}
    assert due == {"c1": instant("2017-03-08 08:00"), "c2": instant("2017-03-09 08:00")}


# ------------------------------------------------------------------------------- not known, not listed


PAUSED = HOLD % (
    "anchor: instrument.lodged_at, length: 48h, key: instrument, on_repeat: once, "
    "pause: {begins: instrument.served_at, ends: instrument.declined_at, cite: invented}"
)


@pytest.mark.parametrize(
    ("served", "verdict"),
    [("", "UNLAWFUL"), (', served_at: "?unstated"', "UNDETERMINED")],
)
def test_a_pause_that_may_have_begun_leaves_the_end_open(served: str, verdict: str) -> None:
    told = BOOKED.replace("form: I-247D", f"form: I-247D{served}")
    more = f"""
  - {{at: "2017-03-07 12:00", event: BondPosted, charge: c1}}
ask:
  - {{at: "2017-03-08 09:59:59", verdict: LAWFUL, bases: [d1], cite: x}}
  - {{at: "2017-03-08 10:00", verdict: {verdict}, cite: x}}
"""
    assert differences(told + more, regimen_of({"2010-law": PAUSED})) == []


def test_a_reset_that_may_have_come_leaves_the_end_open_for_one_length_more() -> None:
    law = (
        HOLD
        % "anchor: instrument.lodged_at, length: 48h, key: instrument, on_repeat: once, reset: instrument.served_at"
    )
    told = BOOKED.replace("form: I-247D", 'form: I-247D, served_at: "?unstated"')
    more = """
  - {at: "2017-03-07 12:00", event: BondPosted, charge: c1}
ask:
  - {at: "2017-03-08 09:59:59", verdict: LAWFUL, bases: [d1], cite: x}
  - {at: "2017-03-08 10:00", verdict: UNDETERMINED, because: missing, cite: x}
  - {at: "2017-03-10 10:00", verdict: UNLAWFUL, bases: [], cite: x}
"""
    assert differences(told + more, regimen_of({"2010-law": law})) == []


HOLIDAYS = HOLD % (
    "anchor: releasable_at, length: 48h, on_repeat: once, excluded: [saturday, sunday, holiday], holidays: us-federal"
)
FAR = """
events:
  - {at: "2150-03-02 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
  - {at: "2150-03-02 09:00", event: FirstAppearance, booking: b1}
  - {at: "2150-03-02 10:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: I-247D}
  - {at: "2150-03-03 12:00", event: BondPosted, charge: c1}
ask:
  - {at: "2150-03-05 11:59:59", verdict: LAWFUL, bases: [d1], cite: x}
  - {at: "2150-03-05 12:00", verdict: UNDETERMINED, because: missing, cite: x}
"""


def test_past_what_a_calendar_lists_only_the_time_that_no_holiday_could_shorten_is_lawful() -> None:
    regimen = regimen_of({"2010-law": HOLIDAYS})
    assert differences(FAR, regimen) == []
    found = answers(FAR, regimen)[1]
    assert found.because is Because.MISSING
    (missing,) = found.unknown
    assert "calendar [us-federal] lists holidays from" in missing.says


def test_a_duty_past_what_a_calendar_lists_is_due_at_the_earliest_then() -> None:
    law = """
provisions:
  - id: seen
    on: booking
    effect: must-present-by
    cite: invented
    bearer: custodian
    met_by: booking.probable_cause_at
    consequence: none
    clock: {anchor: booking.arrested_at, length: 24h, on_repeat: once, excluded: [holiday], holidays: us-federal, cite: invented}
"""
    (found, *_) = answers(FAR, regimen_of({"2010-law": law}))
    (duty,) = (each for each in found.duties if each.provision.endswith("#seen"))
    assert isinstance(duty.due_at, UncertainInstant)
    assert duty.due_at.earliest == instant("2150-03-03 08:00")
    assert duty.anomaly is not None
    assert "it says nothing about [2150-" in duty.anomaly


# ------------------------------------------------------------------------------- tolling by events


FILING = """
provisions:
  - id: filed
    on: charge
    effect: must-determine-by
    cite: invented
    bearer: prosecutor
    met_by: charge.filed_at
    consequence: none
    clock: {anchor: charge.arrested_at, name: filing, length: 48h, on_repeat: once, cite: invented}
"""
TWO_CHARGES = """
events:
  - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
  - {at: "2017-03-06 08:00", event: Arrested, charge: c2, class: felony}
%sask:
  - {at: "2017-03-08 09:00", cite: x}
"""


def due_of(more: str) -> dict[str, tuple[object, bool]]:
    (found,) = answers(TWO_CHARGES % more, regimen_of({"2010-law": FILING}))
    mine = [duty for duty in found.duties if duty.provision.endswith("#filed")]
    return {duty.subject[1]: (duty.due_at, duty.not_before) for duty in mine}


@pytest.mark.parametrize(
    ("about", "c1", "c2"),
    [
        ("charge: c1", "2017-03-08 20:00", "2017-03-08 08:00"),
        ("booking: b1", "2017-03-08 20:00", "2017-03-08 20:00"),
    ],
)
def test_a_pause_told_of_one_charge_or_of_the_booking(about: str, c1: str, c2: str) -> None:
    more = (
        f'  - {{at: "2017-03-06 12:00", event: TollingBegan, {about}, clock: filing}}\n'
        f'  - {{at: "2017-03-07 00:00", event: TollingEnded, {about}, clock: filing}}\n'
    )
    assert due_of(more) == {"c1": (instant(c1), False), "c2": (instant(c2), False)}


def test_a_pause_of_another_clock_or_without_an_end() -> None:
    other = '  - {at: "2017-03-06 12:00", event: TollingBegan, charge: c1, clock: trial}\n'
    assert due_of(other)["c1"] == (instant("2017-03-08 08:00"), False)
    open_ended = other.replace("trial", "filing")
    assert due_of(open_ended)["c1"][1] is True


def test_a_pause_of_a_booking_that_may_be_another_s_leaves_the_deadline_between_bounds() -> None:
    """Two bookings, and no source says to which the charge belongs."""
    more = (
        '  - {at: "2017-03-06 08:30", event: Booked, booking: b2}\n'
        '  - {at: "2017-03-06 12:00", event: TollingBegan, booking: b2, clock: filing}\n'
        '  - {at: "2017-03-07 00:00", event: TollingEnded, booking: b2, clock: filing}\n'
    )
    due = due_of(more)["c2"][0]
    assert isinstance(due, UncertainInstant)
    assert (due.earliest, due.latest - 1) == (instant("2017-03-08 08:00"), instant("2017-03-08 20:00"))


def test_papers_whose_issuer_is_not_known_may_be_of_one_issuer() -> None:
    told = BOOKED.replace("form: I-247D", "form: I-247D, issuer: ice") + SERVED
    law = HOLD % "anchor: instrument.served_at, length: 48h, key: issuer, on_repeat: once"
    (found,) = answers(told + 'ask:\n  - {at: "2017-03-08 12:00", cite: x}\n', regimen_of({"2010-law": law}))
    assert found.verdict is not Verdict.LAWFUL
