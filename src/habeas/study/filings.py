"""What states ask jails to send: Texas each month, Colorado each quarter, and Justice Counts.

A row whose figure no record tells is left blank, which is not zero. A form's own layout was not read for any
of the three: the rows carry the statute's or the programme's own items, to be copied into it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from habeas.counts.bounds import Bounds, Shares, decimal
from habeas.counts.daily import DayCount, average_daily_population, daily_population
from habeas.counts.flows import flows
from habeas.counts.held import Population
from habeas.counts.instants import count_instant, days_between
from habeas.counts.rules import CountingRule, Days, rule_named
from habeas.counts.shares import cost_cents
from habeas.kernel.instants import DAY, CivilDate, end_of_day, start_of_day
from habeas.kernel.intervals import Interval

COLUMNS: Final = ("when", "item", "says", "least", "most", "cite", "invented")
_YEAR: Final = dt.timedelta(days=365)
_BLANK: Final = {
    "E": "felony offenders whose penalty has been reduced to a misdemeanor: no record tells it",
    "L": "transferred from another jail for whom the commission paid: no record tells it",
    "N": "female prisoners: habeas keeps no sex",
    "(2)": "total capacity of the county jail: no record tells it",
    "(3)": "known to be pregnant: no record tells it",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One figure of a filing; blank where both ends are None."""

    when: str
    item: str
    says: str
    least: str = ""
    most: str = ""
    cite: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What a filing is made from."""

    population: Population
    first: CivilDate
    last: CivilDate
    at: dt.time
    rate_cents: int | None


def texas_monthly(filed: Filed) -> Iterator[Item]:
    """Tex. Gov't Code s. 511.0101(a): prisoners on the first day of each month, by category.

    The cost, item (4), is the days of the month before with an immigration detainer lodged times the rate; it
    is blank where no rate is given or the records begin later.
    """
    rule = rule_named("texas-511-0101")
    cites = {line.name: line.cite for line in rule.lines}
    for day in days_between(filed.first, filed.last, Days.FIRST_OF_MONTH):
        (count,) = _counts(filed, rule, day, day)
        when = day.isoformat()
        yield _whole(when, "A", "total prisoners", count.found, "Tex. Gov't Code s. 511.0101(a)(1)(A)")
        unsure = {"B", "C"} if count.lines["B or C"].most else set[str]()
        for line in rule.lines:
            if line.name in unsure:
                yield Item(when, line.name, f"{line.says}: see B or C", cite=line.cite)
            else:
                yield _whole(when, line.name, line.says, count.lines[line.name], cites[line.name])
        yield from (Item(when, item, says) for item, says in _BLANK.items())
        before = (day - dt.timedelta(days=1)).replace(day=1)
        cost = "housing people with an immigration detainer, the month before, in dollars"
        if filed.rate_cents is None or before < filed.first:
            yield Item(when, "(4)", cost)
            continue
        days = [each.lines["M"] for each in _counts(filed, rule, before, day - dt.timedelta(days=1))]
        ends = (sum(each.least for each in days), sum(each.most for each in days))
        paid = [
            decimal(Fraction(cost_cents(end * DAY, filed.rate_cents), 100), 2).replace(",", "")
            for end in ends
        ]
        yield Item(when, "(4)", cost, paid[0], paid[1], "Tex. Gov't Code s. 511.0101(a)(4)")


def colorado_quarterly(filed: Filed) -> Iterator[Item]:
    """C.R.S. s. 17-26-118: the first day of each quarter, the quarter before, the 365 days before."""
    rule = rule_named("colorado-17-26-118")
    for day in days_between(filed.first, filed.last, Days.FIRST_OF_QUARTER):
        (count,) = _counts(filed, rule, day, day)
        when = day.isoformat()
        yield _whole(when, "confined", "confined on the day", count.found, "C.R.S. s. 17-26-118(1)(c)")
        for line in rule.lines:
            yield _whole(when, line.name, line.says, count.lines[line.name], line.cite)
        yesterday = day - dt.timedelta(days=1)
        quarter = _quarter_before(day)
        for name, first in (("quarter before", quarter), ("365 days before", day - _YEAR)):
            if first < filed.first:
                yield Item(when, f"average, {name}", "the records begin later")
                continue
            average = average_daily_population(_counts(filed, rule, first, yesterday))
            yield _share(
                when, f"average, {name}", "average daily population", average, "C.R.S. s. 17-26-118(1)(a)"
            )
            found = flows(filed.population, rule, _between(filed, first, yesterday))
            yield _whole(when, f"admissions, {name}", "admissions", found.admissions, "")
            yield _whole(when, f"releases, {name}", "releases", found.releases, "")


def justice_counts(filed: Filed) -> Iterator[Item]:
    """Justice Counts: each whole month's average daily population, admissions and releases."""
    rule = rule_named("justice-counts")
    for first in days_between(filed.first, filed.last, Days.FIRST_OF_MONTH):
        last = _month_end(first)
        if last > filed.last:
            continue
        counts = _counts(filed, rule, first, last)
        when = f"{first:%Y-%m}"
        yield _share(
            when, "total_population", "average daily population", average_daily_population(counts), ""
        )
        for line in rule.lines:
            total = [each.lines[line.name] for each in counts]
            ends = Bounds(sum(each.least for each in total), sum(each.most for each in total))
            yield _share(when, line.name, line.says, ends.per(len(total)), line.cite)
        found = flows(filed.population, rule, _between(filed, first, last))
        yield _whole(
            when, "total_admissions", "admissions", found.admissions, "TotalAdmissionsIncludesExcludes"
        )
        yield _whole(when, "total_releases", "releases", found.releases, "TotalReleasesIncludesExcludes")


FILINGS: Final[Mapping[str, Callable[[Filed], Iterator[Item]]]] = {
    "texas-monthly": texas_monthly,
    "colorado-quarterly": colorado_quarterly,
    "justice-counts": justice_counts,
}
"""Every filing by name."""


def filing_csv(items: Sequence[Item], *, invented: bool) -> bytes:
    """A filing as CSV, UTF-8; every row says whether its people are invented."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    mark = "yes" if invented else "no"
    writer.writerows((i.when, i.item, i.says, i.least, i.most, i.cite, mark) for i in items)
    return text.getvalue().encode()


def _counts(filed: Filed, rule: CountingRule, first: CivilDate, last: CivilDate) -> list[DayCount]:
    where = filed.population.zone
    when = [(day, count_instant(day, filed.at, where)) for day in days_between(first, last)]
    return daily_population(filed.population, rule, when)


def _between(filed: Filed, first: CivilDate, last: CivilDate) -> Interval:
    where = filed.population.zone
    return Interval(start_of_day(first, where), end_of_day(last, where))


def _whole(when: str, item: str, says: str, found: Bounds, cite: str) -> Item:
    return Item(when, item, says, str(found.least), str(found.most), cite)


def _share(when: str, item: str, says: str, found: Shares, cite: str) -> Item:
    ends = [decimal(end, 1).replace(",", "") for end in (found.least, found.most)]
    return Item(when, item, says, ends[0], ends[1], cite)


def _month_end(first: CivilDate) -> CivilDate:
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return following - dt.timedelta(days=1)


def _quarter_before(day: CivilDate) -> CivilDate:
    months = day.year * 12 + day.month - 1 - 3
    return dt.date(months // 12, months % 12 + 1, 1)
