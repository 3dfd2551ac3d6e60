"""Audits of invented custodies and requests, small enough to add up by hand."""

from __future__ import annotations

from habeas.authority.causes import Cause
from habeas.authority.findings import Because, Rung, Verdict
from habeas.desk.audit_findings import (
    Bounds,
    CustodyFinding,
    HoldTail,
    LawView,
    OddRecord,
    RequestFinding,
    Stretch,
    Support,
    Timeliness,
)
from habeas.desk.audit_report import AuditReport, Count, Figure, QuestionAsked, Totals
from habeas.intake.accounts import FileAccount, Quarantined
from habeas.kernel.instants import DAY, FOREVER, HOUR, Instant, parse_instant, zone
from habeas.kernel.places import PlaceId
from habeas.law.precedence import Outcome

EASTERN = zone("America/New_York")
JUNIPER = PlaceId("us/zz/juniper")


def local(text: str) -> Instant:
    """A wall time of the fictional county."""
    return parse_instant(text, EASTERN)


def _stretch(
    start: str,
    end: str,
    verdict: Verdict,
    *,
    because: Because | None = None,
    supports: tuple[Support, ...] = (),
    unsettled: tuple[str, ...] = (),
    questions: tuple[str, ...] = (),
) -> Stretch:
    return Stretch(
        start=local(start),
        end=local(end),
        verdict=verdict,
        because=because,
        by_verdict={verdict: 2},
        supports=supports,
        unsettled=unsettled,
        questions=questions,
    )


CHARGE = Support(
    subject=("charge", "c1"),
    label="ASSAULT <4>",
    provision="us/zz/2000-custody-code#arrest",
    cite="Zenith Stat. 900.01",
    says="Arrest on a charge supports custody until the charge ends.",
)
LATE = CustodyFinding(
    booking="B-17",
    person="P-1",
    place=JUNIPER,
    custodian="county-jail",
    zone="America/New_York",
    start=local("2017-02-16 08:00"),
    end=local("2017-02-19 05:00"),
    stretches=(
        _stretch("2017-02-16 08:00", "2017-02-17 17:00", Verdict.LAWFUL, supports=(CHARGE,)),
        _stretch("2017-02-17 17:00", "2017-02-19 05:00", Verdict.UNLAWFUL),
    ),
    timeliness=Timeliness.CERTAINLY_LATE,
    late=Bounds(least=36 * HOUR, most=36 * HOUR),
    rung=Rung.THIRTY_NINE_HOURS,
    last_supported=local("2017-02-17 17:00"),
    certainly_ended=local("2017-02-17 17:00"),
    tail=HoldTail(
        subject=("instrument", "d1"),
        others_end=local("2017-02-17 17:00"),
        hold_ends=local("2017-02-19 09:00"),
        rung=Rung.BEYOND,
    ),
    unsettled=(),
    questions=(),
    odd=(OddRecord(kind="two clocks", says="the booking ends before its charge & the hold"),),
)
OPEN = CustodyFinding(
    booking="B-18",
    person="P-2",
    place=JUNIPER,
    custodian="county-jail",
    zone="America/New_York",
    start=local("2017-02-16 08:00"),
    end=FOREVER,
    stretches=(
        _stretch(
            "2017-02-16 08:00",
            "2017-02-18 08:00",
            Verdict.UNDETERMINED,
            because=Because.MISSING,
            unsettled=("form of detainer d1",),
            questions=("weekend-pause",),
        ),
    ),
    timeliness=Timeliness.POSSIBLY_LATE,
    late=Bounds(least=0, most=2 * DAY),
    rung=None,
    last_supported=None,
    certainly_ended=None,
    tail=None,
    unsettled=("form of detainer d1",),
    questions=("weekend-pause",),
    odd=(),
)
PERMITS = LawView(
    outcome=Outcome.MAY_HOLD,
    readings=({"weekend-pause": "regulation"},),
    provisions=("us/zz/juniper/2014-detainer-ordinance#honour",),
    cites=("Ord. 14-3, s. 1",),
    says=("The jail may keep a person on a detainer only if a felony is charged.",),
    caps=("Not longer than 48 hours.",),
    turns_on=(),
)
ASKS = LawView(
    outcome=Outcome.UNKNOWN,
    readings=({"weekend-pause": "form-face"}, {"weekend-pause": "other"}),
    provisions=(),
    cites=(),
    says=(),
    caps=(),
    turns_on=("the class of the charge",),
)


def _request(row: int, place: PlaceId | None) -> RequestFinding:
    return RequestFinding(
        row=row,
        file="requests.csv",
        at=local(f"2014-03-{row:02} 00:00"),
        facility="JUNIPER CO JAIL",
        place=place,
        custodian="county-jail" if place else None,
        form=None,
        form_text="I-247",
        lift_reason="Lifted",
        views=(PERMITS, ASKS) if place else (),
        unknown=("whether anybody was held",),
    )


def custody_audit(*, assumptions: tuple[str, ...] = ()) -> AuditReport:
    """Two custodies: one certainly late by 36 hours, one late by up to two days."""
    return _report(
        custodies=(LATE, OPEN),
        requests=(),
        assumptions=assumptions,
        totals=Totals(
            custodies=2,
            by_timeliness={Timeliness.CERTAINLY_LATE: 1, Timeliness.POSSIBLY_LATE: 1},
            late={Timeliness.CERTAINLY_LATE: LATE.late, Timeliness.POSSIBLY_LATE: OPEN.late},
            by_rung={Rung.THIRTY_NINE_HOURS: 1},
            time_by_verdict={
                Verdict.LAWFUL: 33 * HOUR,
                Verdict.UNLAWFUL: 36 * HOUR,
                Verdict.UNDETERMINED: 2 * DAY,
            },
            tails={Rung.BEYOND: 1},
            by_missing={"instrument.form": Bounds(least=0, most=2 * DAY)},
            by_question={"weekend-pause": Bounds(least=HOUR, most=2 * DAY)},
            by_outcome={},
            odd={"two clocks": 1},
            because={Because.MISSING: 1},
            by_cause={
                Cause.QUEUE: Count(custodies=1, time=2 * HOUR),
                Cause.HOLD_LAPSED: Count(custodies=1, time=34 * HOUR),
            },
            early={Cause.CREDIT: 1},
            possibly_early=1,
            labels_alone=HOUR,
        ),
    )


def request_audit() -> AuditReport:
    """Three requests, two of them at a place the rulebook knows."""
    return _report(
        custodies=(),
        requests=(_request(3, JUNIPER), _request(5, JUNIPER), _request(7, None)),
        assumptions=(),
        totals=Totals(
            custodies=0,
            by_timeliness={},
            late={},
            by_rung={},
            time_by_verdict={},
            tails={},
            by_missing={},
            by_question={},
            by_outcome={Outcome.MAY_HOLD: 2},
            odd={},
            because={},
        ),
    )


def _report(
    *,
    custodies: tuple[CustodyFinding, ...],
    requests: tuple[RequestFinding, ...],
    assumptions: tuple[str, ...],
    totals: Totals,
) -> AuditReport:
    return AuditReport(
        title="Juniper County jail, invented records",
        source_says="Records written for this test.",
        licence="CC0-1.0",
        recipe="juniper",
        recipe_digest="sha256:recipe",
        rulebook_digest="sha256:rulebook",
        engine="0.1.0",
        place=JUNIPER,
        facts_known_at=local("2017-03-01 00:00"),
        law_known_at=local("2017-03-01 00:00"),
        reading_given={},
        all_readings=True,
        files=(
            FileAccount(
                name="rows.csv", digest="sha256:rows", rows=1004, accepted=1000, duplicate=3, quarantined=1
            ),
        ),
        quarantined=(
            Quarantined(
                file="rows.csv",
                row=7,
                field="booked",
                expected="a local time",
                found="<script>alert(1)</script>",
            ),
        ),
        coverage=("every booking of 2017",),
        assumptions=assumptions,
        limits=("No release order is recorded.",),
        custodies=custodies,
        kept="",
        sampled=tuple(each.booking for each in custodies[:1]),
        seed=7,
        rate_cents=15_000,
        invented=True,
        meanings={"instrument.form": "Edition of the form."},
        requests=requests,
        questions=(
            QuestionAsked(
                question="weekend-pause",
                asks="Does the clock stop at weekends?",
                taken="regulation",
                given=False,
                alternatives={"regulation": "It stops.", "form-face": "It runs."},
                bookings=1,
            ),
        ),
        figures=(
            Figure(
                name="bookings",
                says="bookings with a hold",
                found="2",
                published="3",
                source="a paper",
                explains="one booking is missing from the file",
            ),
        ),
        totals=totals,
    )
