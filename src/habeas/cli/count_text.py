"""Counts on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from habeas.report.count_html import INVENTED, rank_words
from habeas.report.count_words import amount, days, money, per_cent, returned, signed, whole
from habeas.wire.count_forms import CountDocument, PublishedForm, RuleCountForm, SeriesDocument, TimeForm

_WIDTH = 100
_MOST = 12


def count_lines(found: CountDocument) -> Iterator[str]:
    """A population counted under rules, line by line."""
    if found.invented:
        yield INVENTED
    yield f"{found.title}{f', at {found.place}' if found.place else ''}"
    counted = f"counted {found.first} to {found.last} at {found.at} {found.zone}"
    yield f"{found.people:,} people, {found.custodies:,} custodies; {counted}"
    for form in found.rules:
        yield ""
        yield from _rule(form)
    for each in found.reconciled:
        yield ""
        yield f"From [{each.first}] to [{each.second}], {each.days:,} days added up:"
        yield f"  {each.first:<64}{whole(each.from_total):>24}"
        for step in each.steps:
            yield f"  {step.says[:62]:<64}{signed(step.least, step.most):>24}"
        yield f"  {each.second:<64}{whole(each.to_total):>24}"
    if found.time is not None:
        yield ""
        yield from _time(found.time)
    if found.returns:
        yield ""
        yield f"Returned to custody within {found.returns[0].window_days} days of release (95 % intervals):"
        for back in found.returns[:_MOST]:
            yield f"  {back.group[:40]:<42}{returned(back)}; Kaplan-Meier {per_cent(back.estimate)}"
    yield from _beside_published(found.published)
    for warning in found.warnings:
        yield ""
        yield from wrap(warning, _WIDTH)


def _rule(form: RuleCountForm) -> Iterator[str]:
    yield f"[{form.rule}] {form.title}"
    yield f"  average of every day {amount(form.average)} {form.unit}"
    yield f"  admissions {whole(form.admissions)}; releases {whole(form.releases)}"
    yield (
        f"  finished custody: mean {amount(form.mean_length_days)} days, median "
        f"{amount(form.median_length_days, 2)}; expected as BJS defines it {amount(form.expected_stay_days)}"
    )
    shown = form.days if len(form.days) <= _MOST else [form.days[0], form.days[-1]]
    yield (
        "  " + "; ".join(f"{day.day}: {whole(day.found)}" for day in shown)
        if shown
        else "  no day of this rule lies within"
    )
    for line in form.lines:
        mark = " (beside the sum)" if line.beside else ""
        yield f"    {f'{line.line}: {line.says}'[:66]:<68}{amount(line.average):>14}{mark}"


def _time(time: TimeForm) -> Iterator[str]:
    several, nothing = days(time.several_seconds), days(time.nothing_seconds)
    yield f"Days in custody {days(time.total_seconds)}: behind {several} stood several, behind {nothing} none"
    but_for = any(each.but_for_seconds is not None for each in time.labels)
    more = f"{'but for it':>14}{'cost but for':>18}" if but_for else f"{'cost alone':>18}"
    yield f"  {'':<28}{'people':>8}{'days alone':>14}{'with others':>14}{more}"
    for each in time.labels:
        spent = f"{days(each.sole_seconds):>14}{days(each.shared_seconds):>14}"
        if each.but_for_seconds is None:
            spent += f"{money(each.sole_cents):>18}"
        else:
            spent += f"{days(each.but_for_seconds):>14}{money(each.but_for_cents):>18}"
        yield f"  {each.label:<28}{each.people:>8,}{spent}"


def _beside_published(published: list[PublishedForm]) -> Iterator[str]:
    if published:
        yield ""
        yield "Beside published figures:"
    for each in published:
        yield f"  {each.says}: published {each.published}, found here {each.found}"
        yield from wrap(each.explains, _WIDTH, initial_indent="    ", subsequent_indent="    ")


def series_lines(found: SeriesDocument) -> Iterator[str]:
    """A published table added up, line by line."""
    yield found.title
    between = f", {found.first} to {found.last}" if found.first else ""
    yield f"{found.rows:,} rows{between}; {', '.join(found.names) or 'every name'}"
    for each in found.totals:
        missing = f"; {each.missing:,} missing" if each.missing else ""
        yield f"  {each.measure}: {each.total} ({each.unit}){missing}"
    for measure in found.totals:
        points = [point for point in found.by_year if point.measure == measure.measure]
        if len(points) > 1:
            yield f"  {measure.measure} by year: " + "; ".join(
                f"{point.key} {point.total}" for point in points
            )
        names = [point for point in found.by_name if point.measure == measure.measure]
        if 1 < len(names) <= 2 * _MOST:
            yield from (f"    {point.key:<48}{point.total:>16}" for point in names)
    for rank in found.ranks:
        yield from wrap(rank_words(rank), _WIDTH)
    yield from _beside_published(found.published)
    for limit in found.limits:
        yield from wrap(limit, _WIDTH, initial_indent="- ", subsequent_indent="  ")
