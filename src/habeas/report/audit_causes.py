"""Why custody went on without a basis, and who left before one had ended, as sections of an audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from habeas.authority.causes import Cause
from habeas.desk.audit_findings import Agreement, Bounds, CustodyFinding, Timeliness
from habeas.desk.audit_report import AuditReport
from habeas.kernel.instants import DAY, FOREVER, UncertainInstant, earliest_of, zone
from habeas.report.audit_charts import Part, bars
from habeas.report.audit_marks import drill, marked, row_id
from habeas.report.axis import dated_text, length_text
from habeas.report.markup import Content, Markup, tag
from habeas.report.page import drawing, section, table

_WORDS: Final = {
    Cause.HOLD_LAPSED: "a hold's own time had run out",
    Cause.HOLD_STALE: "a hold had been withdrawn",
    Cause.CLOCK: "a deadline had passed that ends the basis",
    Cause.ARITHMETIC: "a sentence had ended, and the jail's own date was later",
    Cause.CREDIT: "a sentence had ended, and the jail counted other credit",
    Cause.ORDER_UNSEEN: "an order, or what else ended it, was not recorded yet",
    Cause.ORDER_UNCLEAR: "the order could not be read",
    Cause.HOLD_VOID: "nothing was left but a paper without force",
    Cause.QUEUE: "recorded and clear, the release still to be done",
    Cause.NO_AUTHORITY: "no basis ever supported it",
    Cause.UNKNOWN: "the record does not show why",
}


def cause_words(cause: Cause) -> str:
    """A cause in words for a page."""
    return _WORDS[cause]


def _short(cause: Cause) -> str:
    return cause.value.replace("-", " ")


def cost(cents: Bounds) -> str:
    """Money between bounds, in whole dollars: never a point between."""
    least, most = cents.least // 100, cents.most // 100
    return f"${least:,}" if least == most else f"${least:,} to ${most:,}"


def cause_sections(report: AuditReport, *, name: str) -> Iterator[Markup]:
    """The causes of custody certainly without basis, and the releases that came too soon."""
    if report.totals.by_cause:
        yield section(f"{name}-causes", "What stood between the person and the door", *_causes(report, name))
    if report.totals.agreement:
        yield section(f"{name}-compared", "Beside the jail's own date", *_compared(report, name))
    if report.totals.early or report.totals.possibly_early:
        yield section(f"{name}-early", "Left while something still required custody", *_early(report, name))


def _causes(report: AuditReport, name: str) -> Iterator[Content]:
    counted = report.totals.by_cause
    parts = [
        Part(_short(cause), each.time / DAY, f"{each.time / DAY:,.2f} days")
        for cause, each in counted.items()
    ]
    title = marked(report, "Time certainly without basis, by cause")
    yield tag(
        "p",
        "Each minute without a basis has one cause, read from the record; so the causes add up to the whole. "
        "None says what anyone intended.",
    )
    yield drawing(title, bars(title, parts, name=f"{name}-causes-chart"), marked(report, "Person-days."))
    rows = [
        (
            [_WORDS[cause], tag("p", tag("code", cause.value))],
            [f"{each.custodies:,}", drill(report, each.custodies, _has(cause))],
            f"{each.time / DAY:,.2f} days",
            _cost_of(report, each.time),
        )
        for cause, each in counted.items()
    ]
    head = ("Cause", "Custodies", "Time without basis", "Cost")
    yield table(title, head, rows, right=(1, 2, 3))


def _compared(report: AuditReport, name: str) -> Iterator[Content]:
    counted = report.totals.agreement
    title = marked(report, "Custodies by how the jail's own date stands to the end of the last basis")
    parts = [Part(kind.value, count, f"{count:,}") for kind, count in counted.items()]
    yield drawing(title, bars(title, parts, name=f"{name}-compared-chart"), marked(report, "Custodies."))
    rows = [
        (kind.value, [f"{count:,}", drill(report, count, _agrees(kind))]) for kind, count in counted.items()
    ]
    yield table(title, ("The jail's date", "Custodies"), rows, right=(1,))
    apart = [each for each in report.custodies if each.compared is not None and each.compared.days]
    if apart:
        lines = [_apart_row(each) for each in sorted(apart, key=_apart)]
        head = ("Booking", "The jail's date", "Last supported until", "Days apart")
        yield table(marked(report, "Dates that differ, the furthest first"), head, lines, right=(3,))


def _agrees(kind: Agreement) -> Callable[[CustodyFinding], bool]:
    """Whether a custody's dates compare so."""
    return lambda found: found.compared is not None and found.compared.agreement is kind


def _apart(found: CustodyFinding) -> tuple[int, str]:
    return (-abs(found.compared.days) if found.compared is not None else 0), found.booking


def _apart_row(found: CustodyFinding) -> tuple[Content, ...]:
    each, at = found.compared, zone(found.zone)
    if each is None or each.own is None or each.ours is None:
        return ()
    return (
        tag("a", found.booking, href=f"#{row_id(found)}"),
        dated_text(earliest_of(each.own), at),
        dated_text(each.ours, at),
        f"{each.days:+,}",
    )


def _has(cause: Cause) -> Callable[[CustodyFinding], bool]:
    """Whether a custody is certainly late for a cause."""
    late = Timeliness.CERTAINLY_LATE
    return lambda found: found.timeliness is late and any(part.cause is cause for part in found.causes)


def _cost_of(report: AuditReport, time: int) -> str:
    if report.rate_cents is None:
        return "no rate given"
    spent = report.rate_cents * time // DAY
    return cost(Bounds(least=spent, most=spent))


def _early(report: AuditReport, name: str) -> Iterator[Content]:
    totals = report.totals
    if totals.early:
        title = marked(report, "Releases before custody that every reading required had ended, by cause")
        parts = [Part(_short(cause), count, f"{count:,}") for cause, count in totals.early.items()]
        yield drawing(title, bars(title, parts, name=f"{name}-early-chart"), marked(report, "Releases."))
        yield table(title, ("Cause", "Releases"), [(part.name, part.shown) for part in parts], right=(1,))
    if totals.possibly_early:
        words = "more left while some readings, and not all, required custody."
        yield tag("p", f"{totals.possibly_early:,} {words}")
    listed = [each for each in report.custodies if each.early is not None]
    rows = [_early_row(each) for each in sorted(listed, key=_soonest)]
    head = ("Booking", "Left", "Required until", "Too soon by", "Required by", "Cause")
    yield table(marked(report, "Releases before the end"), head, rows, right=(3,))


def _soonest(found: CustodyFinding) -> tuple[int, str]:
    early = found.early
    return (
        (0, "") if early is None else (earliest_of(early.released_at) - early.required_until, found.booking)
    )


def _early_row(found: CustodyFinding) -> tuple[Content, ...]:
    early, at = found.early, zone(found.zone)
    if early is None:
        return ()
    is_open = early.required_until >= FOREVER
    left = earliest_of(early.released_at)
    about = "about " if isinstance(early.released_at, UncertainInstant) else ""
    return (
        tag("a", found.booking, href=f"#{row_id(found)}"),
        f"{about}{dated_text(left, at)}",
        "no end on its face" if is_open else dated_text(early.required_until, at),
        "open" if is_open else length_text(early.required_until - left),
        "; ".join(f"{each.label or each.subject[1]} [{each.cite}]" for each in early.supports),
        [_WORDS[early.cause], None if early.certain else tag("p", "under some readings only")],
    )
