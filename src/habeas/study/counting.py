"""Counting a population under rules: one report, from which text, JSON, tables and pages are all made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from habeas.counts.bounds import Bounds, Shares
from habeas.counts.daily import DayCount, average_daily_population, daily_population
from habeas.counts.flows import expected_stay_days, flows, littles_law
from habeas.counts.gaps import censored, unseen_between, warm
from habeas.counts.held import Looks, Population
from habeas.counts.instants import count_instant, days_between
from habeas.counts.reconcile import Reconciled, reconciled
from habeas.counts.rules import CountingRule, Days, rule_named
from habeas.counts.shares import TimeBy, UncertainLabels, cost_cents, time_by
from habeas.kernel.instants import SECOND, CivilDate, Instant, civil_date_of, end_of_day, start_of_day
from habeas.kernel.intervals import Interval
from habeas.study.bases import BasisTime
from habeas.study.declared import Declared
from habeas.study.populations import Counted
from habeas.study.returns import returns_of
from habeas.wire.count_forms import (
    AmountForm,
    CountDocument,
    CountedDayForm,
    CountedLineForm,
    LabelTimeForm,
    PublishedForm,
    ReconciledForm,
    RuleCountForm,
    StepForm,
    TimeForm,
    UnseenForm,
    WholeForm,
)
from habeas.wire.instants import instant_text

_PLACES = 3
_STEADY = (0.9, 1.1)
"""Between which Little's law is taken to hold: beyond it the records are said not to be whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRequest:
    """What to count of a population."""

    counted: Counted
    rules: Sequence[CountingRule]
    first: CivilDate | None = None
    """The first day; the first of the records where left out."""
    last: CivilDate | None = None
    """The last day, itself counted; the last whole day of the records where left out."""
    at: dt.time = dt.time(0)
    """The facility's count instant, for rules that state none."""
    rate_cents: int | None = None
    """Cost of 24 hours of custody."""
    prefix: str = "paper="
    """By which marks time is partitioned."""
    return_days: int | None = None
    """Within how many days returns to custody are counted."""
    place: str = ""
    bases: BasisTime | None = None
    """Time by the bases that law finds, where it was asked; else time is divided by marks."""


class NoDays(ValueError):
    """The last day to be counted precedes the first."""


def count(request: CountRequest) -> CountDocument:
    """Count a population under rules.

    Raises:
        NotEncoded: the words of a rule were not read.
        NoDays: the last day precedes the first.
        MissingExtra: returns need the extra ``study``.
    """
    population = request.counted.population
    first, last = days_of(request)
    within = interval_of(request)
    each = [_counted(request, rule, (first, last), within) for rule in request.rules]
    cut = censored(population)
    unseen = _unseen(request, (first, last))
    forms = [form for form, _ in each]
    return CountDocument(
        title=request.counted.title,
        says=request.counted.says,
        invented=request.counted.invented,
        files=dict(request.counted.files),
        first=first.isoformat(),
        last=last.isoformat(),
        zone=population.zone.key,
        at=request.at.isoformat("minutes"),
        place=request.place,
        looks=population.looks,
        people=len({episode.person for episode in population.episodes}),
        custodies=cut.custodies,
        began_before=cut.began_before,
        not_ended=cut.not_ended,
        uncertain=cut.uncertain,
        rules=forms,
        reconciled=[
            _reconciled(request, request.rules[0], other, (first, last)) for other in request.rules[1:]
        ],
        time=_time(request, within),
        unseen=unseen,
        returns=[] if request.return_days is None else returns_of(population, within, request.return_days),
        published=[],
        warnings=list(_warnings(request, forms, unseen, within)),
    )


def interval_of(request: CountRequest) -> Interval:
    """From the first instant of the first day to the last of the last.

    Raises:
        NoDays: the last day precedes the first.
    """
    where = request.counted.population.zone
    first, last = days_of(request)
    return Interval(start_of_day(first, where), end_of_day(last, where))


def published_beside(request: CountRequest, declared: Declared) -> list[PublishedForm]:
    """The figures that somebody printed of a table of lists, each beside the average of the same days.

    Raises:
        UnknownRule: a figure names a rule that is not there.
    """
    found: list[PublishedForm] = []
    for each in declared.published:
        days = dt.date.fromisoformat(each.first), dt.date.fromisoformat(each.last)
        rule = rule_named(each.rule)
        counts = daily_population(
            request.counted.population, rule, _when(rule, request, days, on=Days.EVERY_DAY)
        )
        average = average_daily_population(counts)
        found.append(
            PublishedForm(
                says=each.says,
                published=each.value,
                found=average.shown(0 if days[0] == days[1] else 1),
                source=each.source,
                explains=each.explains,
            )
        )
    return found


def days_of(request: CountRequest) -> tuple[CivilDate, CivilDate]:
    """The first and the last day counted.

    Raises:
        NoDays: the last day precedes the first.
    """
    population = request.counted.population
    observed = population.observed
    first = request.first or civil_date_of(observed.start, population.zone)
    last = request.last or civil_date_of(Instant(observed.end - 1), population.zone)
    if last < first:
        raise NoDays(f"expected a last day not before {first}, found {last}")
    return first, last


def _when(
    rule: CountingRule, request: CountRequest, days: tuple[CivilDate, CivilDate], *, on: Days | None = None
) -> list[tuple[CivilDate, Instant]]:
    at = dt.time.fromisoformat(rule.at) if rule.at else request.at
    where = request.counted.population.zone
    return [(day, count_instant(day, at, where)) for day in days_between(*days, on or rule.on)]


def _counted(
    request: CountRequest, rule: CountingRule, days: tuple[CivilDate, CivilDate], within: Interval
) -> tuple[RuleCountForm, list[DayCount]]:
    population = request.counted.population
    every = daily_population(population, rule, _when(rule, request, days, on=Days.EVERY_DAY))
    wanted = set(days_between(*days, rule.on))
    counts = [day for day in every if day.day in wanted]
    average = average_daily_population(every)
    found = flows(population, rule, within)
    law = littles_law(average, found)
    form = RuleCountForm(
        rule=rule.name,
        title=rule.title,
        unit=rule.unit,
        days=[_day(day, population) for day in counts],
        average=amount(average),
        lines=_lines(rule, every),
        admissions=_whole(found.admissions),
        releases=_whole(found.releases),
        released_as=dict(found.released_as),
        mean_length_days=_maybe(found.lengths.mean_days),
        median_length_days=_maybe(found.lengths.median_days),
        expected_stay_days=_maybe(expected_stay_days(average, found.admissions, len(every))),
        little=None if law is None else f"{law.ratio:.3f}",
        left_out=[each.name for each in rule.left_out],
        unsaid=list(rule.unsaid),
        sources=[f"{each.at} ({each.read}, read {each.on}, {each.digest})" for each in rule.sources],
    )
    return form, counts


def _day(day: DayCount, population: Population) -> CountedDayForm:
    return CountedDayForm(
        day=day.day.isoformat(),
        at=instant_text(day.at, population.zone),
        found=_whole(day.found),
        lines={name: _whole(bounds) for name, bounds in day.lines.items()},
    )


def _lines(rule: CountingRule, every: Sequence[DayCount]) -> list[CountedLineForm]:
    says = {line.name: (line.says, line.beside) for line in rule.lines}
    names = list(dict.fromkeys([*says, *(name for day in every for name in day.lines)]))
    found: list[CountedLineForm] = []
    for name in names:
        bounds = [day.lines[name] for day in every]
        total = Bounds(sum(b.least for b in bounds), sum(b.most for b in bounds))
        words, beside = says.get(name, ("whoever no line takes in", False))
        if name in says or total.most:
            found.append(
                CountedLineForm(line=name, says=words, beside=beside, average=amount(total.per(len(bounds))))
            )
    return found


def _reconciled(
    request: CountRequest, first: CountingRule, second: CountingRule, days: tuple[CivilDate, CivilDate]
) -> ReconciledForm:
    when = (
        _when(first, request, days, on=Days.EVERY_DAY),
        _when(second, request, days, on=Days.EVERY_DAY),
    )
    found: Reconciled = reconciled(request.counted.population, (first, second), when)
    return ReconciledForm(
        first=found.first,
        second=found.second,
        days=found.days,
        from_total=_whole(found.from_total),
        steps=[StepForm(says=s.says, least=s.change.least, most=s.change.most) for s in found.steps],
        to_total=_whole(found.to_total),
        adds_up=found.adds_up,
    )


def _time(request: CountRequest, within: Interval) -> TimeForm | None:
    """Time by what stands behind it; None where instants are uncertain."""
    found: TimeBy | BasisTime
    if request.bases is not None:
        found = request.bases
    else:
        try:
            found = time_by(request.counted.population, within, request.prefix)
        except UncertainLabels:
            return None
    rate = request.rate_cents
    sole = sum(found.sole(label) for label in found.labels)
    return TimeForm(
        total_seconds=found.total // SECOND,
        nothing_seconds=found.unlabelled // SECOND,
        several_seconds=(found.total - found.unlabelled - sole) // SECOND,
        labels=[_label(found, label, rate) for label in found.labels],
        cents_per_day=rate,
        total_cents=_cost(found.total, rate),
    )


def _label(found: TimeBy | BasisTime, label: str, rate: int | None) -> LabelTimeForm:
    sole, shared = found.sole(label), found.shared(label)
    but_for = found.but_for[label] if isinstance(found, BasisTime) else None
    return LabelTimeForm(
        label=label,
        people=found.people_by_label.get(label, 0),
        sole_seconds=sole // SECOND,
        shared_seconds=shared // SECOND,
        but_for_seconds=None if but_for is None else but_for // SECOND,
        sole_cents=_cost(sole, rate),
        shared_cents=_cost(shared, rate),
        but_for_cents=None if but_for is None else _cost(but_for, rate),
    )


def _cost(time: int, rate: int | None) -> int | None:
    return None if rate is None else cost_cents(time, rate)


def _unseen(request: CountRequest, days: tuple[CivilDate, CivilDate]) -> UnseenForm | None:
    population = request.counted.population
    looks = [count_instant(day, request.at, population.zone) for day in days_between(*days)]
    if len(looks) < 2:
        return None
    found = unseen_between(population, looks, is_looked_at=population.looks is Looks.SNAPSHOTS)
    return UnseenForm(
        seen=found.seen,
        missed=found.missed,
        if_evenly=f"{found.if_evenly:.0f}",
        if_falling=None if found.if_falling is None else f"{found.if_falling:.0f}",
    )


def _warnings(
    request: CountRequest, forms: Sequence[RuleCountForm], unseen: UnseenForm | None, within: Interval
) -> Sequence[str]:
    population = request.counted.population
    found = [*request.counted.limits, *warm(population, within)]
    cut = censored(population)
    if population.looks is Looks.SNAPSHOTS and unseen is not None:
        guess = unseen.if_falling or unseen.if_evenly
        found.append(
            "The records are daily lists: custody between two lists was never seen. The average is not "
            "biased by it; admissions and releases are a lower bound, short by about "
            f"{int(guess):,} beside {unseen.seen:,} seen, and mean lengths are too long."
        )
    elif unseen is not None and unseen.missed:
        found.append(
            f"A list made once a day at {request.at.isoformat('minutes')} would miss {unseen.missed:,} of "
            f"{unseen.missed + unseen.seen:,} custodies that began and ended within these days; its daily "
            "average would be right and its admissions and lengths wrong."
        )
    if cut.began_before or cut.not_ended:
        found.append(
            f"Of {cut.custodies:,} custodies {cut.began_before:,} were under way when the records begin and "
            f"{cut.not_ended:,} when they end: mean lengths are of finished custody only."
        )
    found += [_unsteady(form) for form in forms if form.little is not None and not _is_steady(form.little)]
    if request.counted.set_aside:
        found.append(
            f"{request.counted.set_aside:,} rows were set aside unread: counts may be short of them."
        )
    if population.agencies:
        named = ", ".join(sorted(population.agencies)[:5])
        found.append(f"For whom these issuers hold is in no table of agencies, so no line says it: {named}.")
    return found


def _is_steady(little: str) -> bool:
    return _STEADY[0] <= float(little) <= _STEADY[1]


def _unsteady(form: RuleCountForm) -> str:
    return (
        f"Under [{form.rule}] admissions times mean length explain {form.little} of the average, not "
        "about 1: the jail fills or empties over these days, or the records are a sample chosen by length or "
        "by end."
    )


def amount(found: Shares) -> AmountForm:
    """A fraction as a decimal text of three places, without commas."""
    return AmountForm(*(f"{_rounded(end)}" for end in (found.least, found.most)))


def _rounded(value: Fraction) -> str:
    whole = round(value * 10**_PLACES)
    digits = f"{abs(whole):0{_PLACES + 1}d}"
    return f"{'-' if whole < 0 else ''}{digits[:-_PLACES]}.{digits[-_PLACES:]}"


def _maybe(found: Shares | None) -> AmountForm | None:
    return None if found is None else amount(found)


def _whole(found: Bounds) -> WholeForm:
    return WholeForm(found.least, found.most)
