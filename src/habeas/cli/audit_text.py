"""An audit's figures as lines: counts with bounds, what hangs on what, and the account of the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from habeas.cli.words import lasting
from habeas.desk.audit_findings import Bounds, Timeliness
from habeas.desk.audit_report import AuditReport
from habeas.kernel.instants import DAY, zone
from habeas.wire.instants import instant_text

_MOST = 8
_Named = TypeVar("_Named", bound=str)


def audit_lines(report: AuditReport) -> Iterator[str]:
    """The audit in a terminal's words; the HTML report says more."""
    utc = zone("UTC")
    yield f"{report.title} (invented people)" if report.invented else report.title
    if report.assumptions:
        yield "NO VERDICT HERE IS A FACT: each is what follows if these suppositions hold:"
        yield from (f"    {each}" for each in report.assumptions)
    place = report.place or "as each row says"
    yield f"Law of {place}, as known {instant_text(report.law_known_at, utc)}"
    given = ", ".join(f"{asked}={side}" for asked, side in report.reading_given.items())
    yield f"Readings: {given or 'none given'}; every other question reached is varied"
    yield ""
    for account in report.files:
        parts = (
            f"{account.accepted} accepted, {account.duplicate} duplicate, {account.quarantined} quarantined"
        )
        yield f"{account.name}: {account.rows} rows = {parts}"
    yield from (f"    {each}" for each in report.quarantined[:_MOST])
    if report.set_aside > _MOST:
        yield f"    and {report.set_aside - _MOST} more"
    yield from _custodies(report)
    yield from _requests(report)
    yield from _figures(report)
    yield ""
    yield from (f"Limit: {each}" for each in report.limits)
    yield f"Rulebook  {report.rulebook_digest}"
    yield f"Recipe    {report.recipe} {report.recipe_digest}"
    yield f"Engine    habeas {report.engine}"


def _custodies(report: AuditReport) -> Iterator[str]:
    totals = report.totals
    if not totals.custodies:
        return
    yield ""
    yield f"{totals.custodies} custodies"
    for timeliness in Timeliness:
        count = totals.by_timeliness.get(timeliness, 0)
        late = totals.late.get(timeliness)
        yield f"    {timeliness:<20} {count:>6}{f'  {_days(late)} without basis' if late else ''}"
    yield from _counts("Certainly late, by how late", totals.by_rung)
    if any(totals.tails.values()):
        title = "Hold rows that end after every other row of the booking, by how long after"
        yield from _counts(title, totals.tails)
    yield "Custody by verdict of all readings"
    for verdict, time in totals.time_by_verdict.items():
        yield f"    {verdict:<20} {lasting(time)}"
    if totals.labels_alone:
        yield f"    {'on labels alone':<20} {lasting(totals.labels_alone)}"
    yield from _causes(report)
    yield from _waiting("Undetermined time that waits for", totals.by_missing, report.meanings)
    yield from _waiting("Undetermined time that hangs on", totals.by_question, {})


def _causes(report: AuditReport) -> Iterator[str]:
    totals = report.totals
    if totals.by_cause:
        yield "Certainly without basis, by what stood in the way"
    for cause, each in totals.by_cause.items():
        yield f"    {cause:<20} {each.custodies:>6}  {lasting(each.time)}"
    yield from _counts("The jail's own date beside the end of the last basis", totals.agreement)
    yield from _counts("Left while something still required custody", totals.early)
    if totals.possibly_early:
        yield f"    {'some readings only':<20} {totals.possibly_early:>6}"
    if report.sampled:
        yield f"Drawn for review, seed {report.seed}: {', '.join(report.sampled)}"
    if report.cost_cents is not None:
        least, most = report.cost_cents.least // 100, report.cost_cents.most // 100
        yield f"Cost of time without basis: ${least:,}{f' to ${most:,}' if most != least else ''}"


def _requests(report: AuditReport) -> Iterator[str]:
    if report.requests:
        yield ""
        yield f"{len(report.requests)} requests; law only, no custody is known"
        yield from _counts("What the law of the day came to", report.totals.by_outcome)


def _figures(report: AuditReport) -> Iterator[str]:
    if report.figures:
        yield ""
        yield "Figures"
    for figure in report.figures:
        beside = f" (published: {figure.published})" if figure.published else ""
        yield f"    {figure.name}: {figure.found}{beside}{f' - {figure.explains}' if figure.explains else ''}"
    if report.totals.odd:
        yield from _counts("Disagreements in the source, carried and not repaired", report.totals.odd)


def _counts(title: str, counts: Mapping[_Named, int]) -> Iterator[str]:
    if counts:
        yield title
        yield from (f"    {name:<20} {count:>6}" for name, count in counts.items())


def _waiting(title: str, waiting: Mapping[str, Bounds], meanings: Mapping[str, str]) -> Iterator[str]:
    ordered = sorted(waiting.items(), key=lambda each: (-each[1].most, each[0]))
    if ordered:
        yield title
    for name, bounds in ordered[:_MOST]:
        meant = f" - {meanings[name]}" if name in meanings else ""
        yield f"    {_days(bounds):<24} {name}{meant}"
    if len(ordered) > _MOST:
        yield f"    and {len(ordered) - _MOST} more"


def _days(bounds: Bounds) -> str:
    """Whole tenths of days, counted in whole microseconds."""
    least, most = (
        f"{each * 10 // DAY // 10}.{each * 10 // DAY % 10}" for each in (bounds.least, bounds.most)
    )
    return f"{least} d" if least == most else f"{least} to {most} d"
