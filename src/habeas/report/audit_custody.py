"""The custodies of an audit: what supported each until when, and what is past every cap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from habeas.authority.findings import Rung, Verdict
from habeas.desk.audit_findings import Bounds, CustodyFinding, LatePart, Stretch, Timeliness
from habeas.desk.audit_report import AuditReport
from habeas.kernel.instants import DAY, UncertainInstant, When, zone
from habeas.report.audit_causes import cause_sections, cause_words
from habeas.report.audit_charts import Part, Range, bars, ranges, whole
from habeas.report.audit_marks import drill, marked, row_id, unit
from habeas.report.axis import dated_text, length_text
from habeas.report.lanes import State
from habeas.report.markup import Content, Markup, tag
from habeas.report.page import drawing, folded, section, table, verdict_tag
from habeas.report.sentences import state_of

STATES = {
    Timeliness.CERTAINLY_LATE: State.NO_AUTHORITY,
    Timeliness.POSSIBLY_LATE: State.CONTESTED,
    Timeliness.CERTAINLY_ON_TIME: State.HELD,
    Timeliness.NOT_ASSESSABLE: State.NOT_KNOWN,
}
"""How each class of timeliness is drawn."""
_MOST_TOLD = 2
_VERDICTS = (Verdict.LAWFUL, Verdict.UNLAWFUL, Verdict.UNDETERMINED)
_NAMES = {
    Verdict.LAWFUL: "supported under every reading",
    Verdict.UNLAWFUL: "no basis under any reading",
    Verdict.UNDETERMINED: "depends on a reading or on what is not known",
}


def days(bounds: Bounds) -> str:
    """A length between bounds, in days: ``1.50 d``, or ``1.50 to 3.25 d``."""
    if bounds.least == bounds.most:
        return f"{bounds.least_days:,.2f} d"
    return f"{bounds.least_days:,.2f} to {bounds.most_days:,.2f} d"


def custody_sections(report: AuditReport, *, name: str) -> Iterator[Markup]:
    """The sections on custodies; none where the source knows of no custody."""
    if not report.custodies:
        return
    yield section(f"{name}-time", "What supported custody", *_time(report, name))
    yield section(f"{name}-late", "Past the last lawful instant", *_late(report, name))
    yield from cause_sections(report, name=name)
    if any(report.totals.tails.values()):
        yield section(f"{name}-tails", "Holds that end after everything else", *_tails(report, name))
    if report.totals.by_missing:
        yield section(f"{name}-missing", "What nobody wrote down", *_missing(report, name))
    yield section(f"{name}-custodies", "Every custody", *_custodies(report))


def _time(report: AuditReport, name: str) -> Iterator[Content]:
    spent = report.totals.time_by_verdict
    shown = {
        Verdict.LAWFUL: State.HELD,
        Verdict.UNLAWFUL: State.NO_AUTHORITY,
        Verdict.UNDETERMINED: State.CONTESTED,
    }
    parts = [
        Part(_NAMES[each], spent.get(each, 0) / DAY, f"{spent.get(each, 0) / DAY:,.2f} days", shown[each])
        for each in _VERDICTS
    ]
    title = marked(report, "Custody time by what supported it")
    yield drawing(
        title,
        whole(title, parts, name=f"{name}-time-chart"),
        marked(report, "Person-days of custody, all readings together."),
    )
    alone = report.totals.time_unsupposed
    if not report.assumptions or not alone:
        yield table(
            title, ("Custody", "Person-days"), [(part.name, part.shown) for part in parts], right=(1,)
        )
        return
    rows = [
        (part.name, part.shown, f"{alone.get(verdict, 0) / DAY:,.2f} days")
        for part, verdict in zip(parts, _VERDICTS, strict=True)
    ]
    head = ("Custody", "If the source is as supposed", "With nothing supposed")
    yield table(title, head, rows, right=(1, 2))


def _late(report: AuditReport, name: str) -> Iterator[Content]:
    totals = report.totals
    rows = [
        (
            verdict_tag(STATES[each], each.value),
            [f"{totals.by_timeliness.get(each, 0):,}", _of_class(report, each)],
            days(totals.late[each]) if each in totals.late else "0.00 d",
        )
        for each in Timeliness
    ]
    yield table(
        marked(report, "Custodies by class"), ("Class", "Custodies", "Time without basis"), rows, right=(1, 2)
    )
    yield tag(
        "p",
        "Time is measured from the last instant at which anything supported custody, with no tolerance. "
        "Where facts or law leave it open, the least and the most are given, never a point between.",
    )
    if totals.by_rung:
        parts = [
            Part(each.value, totals.by_rung.get(each, 0), f"{totals.by_rung.get(each, 0):,}") for each in Rung
        ]
        title = marked(report, "Custodies certainly late, by how late")
        yield from _ladder(title, parts, f"{name}-rungs", [_of_rung(report, each) for each in Rung])


def _tails(report: AuditReport, name: str) -> Iterator[Content]:
    yield tag(
        "p",
        "A hold row that ends minutes after every other row of its booking is most often the moment somebody "
        "typed; one that ends days after is custody on the hold alone. The ladder keeps the two apart.",
    )
    tails = report.totals.tails
    parts = [Part(each.value, tails.get(each, 0), f"{tails.get(each, 0):,}") for each in Rung]
    title = marked(report, "Hold rows that end last, by how long after the others")
    yield from _ladder(title, parts, f"{name}-tails-chart", [_of_tail(report, each) for each in Rung])
    longest = sorted(
        (each for each in report.custodies if each.tail is not None and each.tail.rung is Rung.BEYOND),
        key=lambda each: (-(each.tail.length if each.tail is not None else 0), each.booking),
    )
    rows = [
        (each.booking, dated_text(each.tail.others_end, zone(each.zone)), length_text(each.tail.length))
        for each in longest
        if each.tail is not None
    ]
    if rows:
        head = ("Booking", "Everything else had ended", "The hold ran on for")
        yield folded(
            "Every hold beyond 39 hours, the longest first",
            table(marked(report, "Holds beyond 39 hours"), head, rows, right=(2,)),
        )


def _ladder(title: str, parts: Sequence[Part], name: str, which: Sequence[Content]) -> Iterator[Content]:
    yield drawing(
        title, bars(title, parts, name=name), f"{title}. The rungs measure risk; none is authority."
    )
    rows = [(part.name, [part.shown, behind]) for part, behind in zip(parts, which, strict=True)]
    yield table(title, ("How long after", "Custodies"), rows, right=(1,))


def _of_class(report: AuditReport, kind: Timeliness) -> Content:
    count = report.totals.by_timeliness.get(kind, 0)
    return drill(report, count, lambda found: found.timeliness is kind)


def _of_rung(report: AuditReport, step: Rung) -> Content:
    late = Timeliness.CERTAINLY_LATE
    count = report.totals.by_rung.get(step, 0)
    return drill(report, count, lambda found: found.rung is step and found.timeliness is late)


def _of_tail(report: AuditReport, step: Rung) -> Content:
    count = report.totals.tails.get(step, 0)
    return drill(report, count, lambda found: found.tail is not None and found.tail.rung is step)


def _missing(report: AuditReport, name: str) -> Iterator[Content]:
    found = sorted(report.totals.by_missing.items(), key=lambda item: (-item[1].most, item[0]))
    shown = [Range(fact, each.least_days, each.most_days, days(each)) for fact, each in found]
    title = marked(report, "Undetermined time that waits for a fact or a text")
    caption = (
        "From the least to the most. One stretch of custody may wait for several, so these do not add up."
    )
    yield drawing(
        title, ranges(title, shown[:12], name=f"{name}-missing-chart", unit=unit(report, "d")), caption
    )
    yield table(
        title,
        ("Not known", "What it means", "Time that waits for it"),
        [(each.name, report.meanings.get(each.name, ""), each.shown) for each in shown],
        right=(2,),
    )


def _custodies(report: AuditReport) -> Iterator[Content]:
    late = sorted(report.custodies, key=lambda each: (-each.late.least, -each.late.most, each.booking))
    rows = [_row(each) for each in late]
    head = ("Booking", "Class", "In custody", "Last supported", "Time without basis", "Hangs on")
    yield tag(
        "p",
        "The longest time certainly without basis first. A row's stretches open to show what supported it.",
    )
    if report.kept:
        yield tag("p", report.kept, class_="note")
    yield table(marked(report, "Every custody audited"), head, rows, right=(4,))


def _row(each: CustodyFinding) -> Sequence[Content]:
    at = zone(each.zone)
    hangs = [f"question: {asked}" for asked in each.questions] + list(each.unsettled)
    odd = [f"{record.kind}: {record.says}" for record in each.odd]
    last = "never" if each.last_supported is None else dated_text(each.last_supported, at)
    return (
        [tag("span", each.booking, id=row_id(each)), tag("p", f"{each.place}, {each.custodian}")],
        [
            verdict_tag(STATES[each.timeliness], each.timeliness.value),
            tag("p", each.rung.value) if each.rung else None,
            [tag("p", _cause(part)) for part in each.causes],
        ],
        [
            tag("p", f"from {_when(each.start, each.zone)}"),
            tag("p", f"until {_when(each.end, each.zone)}"),
            _stretches(each),
        ],
        last,
        days(each.late),
        [_told(hangs, "open points"), _told(odd, "contradictions")] if hangs or odd else "nothing",
    )


def _cause(part: LatePart) -> str:
    return f"{cause_words(part.cause)}: {length_text(part.end - part.start)}"


def _told(lines: Sequence[str], what: str) -> Content:
    """A few lines as they are; more of them folded under their number."""
    told = [tag("p", line) for line in lines]
    return told if len(told) <= _MOST_TOLD else folded(f"{len(told)} {what}", told)


def _stretches(each: CustodyFinding) -> Content:
    lines = [tag("li", _stretch(stretch, each.zone)) for stretch in each.stretches]
    return (
        folded("one stretch" if len(lines) == 1 else f"{len(lines)} stretches", tag("ul", lines))
        if lines
        else None
    )


def _stretch(each: Stretch, zone_name: str) -> Content:
    at = zone(zone_name)
    state = state_of(each.verdict, each.because)
    held = "; ".join(f"{support.label} [{support.cite}]" for support in each.supports)
    return [
        verdict_tag(state, _NAMES.get(each.verdict, "not in custody")),
        f" {dated_text(each.start, at)} to {dated_text(each.end, at)}",
        f", on {held}" if held else "",
    ]


def _when(when: When, zone_name: str) -> str:
    at = zone(zone_name)
    if isinstance(when, UncertainInstant):
        return f"between {dated_text(when.earliest, at)} and {dated_text(when.latest, at)}"
    return dated_text(when, at)
