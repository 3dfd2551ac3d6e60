"""Published tables added up as they are: totals, years, names, ranks, and the figures somebody printed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from habeas.counts.bounds import decimal
from habeas.counts.rank import Entry, Rank, rank
from habeas.study.declared import Declared, Measure, Month, Published, UnreadableTable
from habeas.study.frames import Cell, digest_of_file, rows_of
from habeas.wire.count_forms import (
    PublishedForm,
    RankForm,
    SeriesDocument,
    SeriesPointForm,
    SeriesTotalForm,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of figures."""

    name: str
    group: str
    when: Month | None
    values: tuple[Fraction | None, ...]
    """By measure; None where the figure is missing, which is no zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRequest:
    """What to add up."""

    paths: Sequence[Path]
    declared: Declared
    names: Sequence[str] = ()
    """Only these names, or sets of names that the declaration has; all where empty."""
    first: str = ""
    """``YYYY`` or ``YYYY-MM``; the table's first where empty."""
    last: str = ""
    ranked: str = ""
    """Whose rank, of the last year asked for."""


def series(request: SeriesRequest) -> SeriesDocument:
    """Add a table up.

    Raises:
        UnreadableTable: a file is no such table, or a cell of a figure is none.
        MissingExtra: the extra ``analysis`` is not installed.
    """
    declared = request.declared
    read = (line for path in request.paths for line in lines_of(path, declared))
    every = [line for line in read if line.name not in declared.aggregates]
    names = _names(request)
    asked = [line for line in every if _is_asked(line, names, request.first, request.last)]
    if not asked:
        raise UnreadableTable(f"{request.paths[0].name}: expected rows of what was asked for, found none")
    months = [str(line.when) for line in asked if line.when is not None]
    return SeriesDocument(
        title=declared.title,
        says=declared.says,
        licence=declared.licence,
        files={path.name: digest_of_file(path) for path in request.paths},
        names=sorted(names),
        first=min(months, default=""),
        last=max(months, default=""),
        rows=len(asked),
        totals=[_total(measure, number, asked) for number, measure in enumerate(declared.measures)],
        by_year=list(_points(declared, asked, lambda line: f"{line.when.year}" if line.when else "")),
        by_name=list(_points(declared, asked, lambda line: line.group or line.name)),
        ranks=[_ranked(declared, every, request, number) for number in _rankable(request)],
        published=[_published(declared, every, each) for each in declared.published],
        limits=list(declared.limits),
    )


def _names(request: SeriesRequest) -> frozenset[str]:
    sets = request.declared.sets
    return frozenset(name for each in request.names for name in sets.get(each, [each]))


def _is_asked(line: Line, names: frozenset[str], first: str, last: str) -> bool:
    if names and line.name not in names:
        return False
    when = str(line.when) if line.when is not None else ""
    return (not first or when >= first) and (not last or when[: len(last)] <= last)


def lines_of(path: Path, declared: Declared) -> Iterator[Line]:
    """The rows of a table of figures.

    Raises:
        UnreadableTable: it is no such table, or a cell is no figure or month.
        MissingExtra: the extra ``analysis`` is not installed.
    """
    wanted = [declared.names, declared.group, declared.year, declared.month, declared.date]
    columns = list(dict.fromkeys([*filter(None, wanted), *(m.column for m in declared.measures if m.column)]))
    for number, row in enumerate(rows_of(path, columns), 1):
        cells = dict(zip(columns, row, strict=True))
        where = f"{path.name}, row {number}"
        yield Line(
            name=str(cells.get(declared.names) or "").strip(),
            group=str(cells.get(declared.group) or "not stated") if declared.group else "",
            when=_month(cells, declared, where),
            values=tuple(_figure(cells, each, where) for each in declared.measures),
        )


def _month(cells: dict[str, Cell], declared: Declared, where: str) -> Month | None:
    if declared.date:
        found = cells[declared.date]
        if isinstance(found, dt.date):
            return Month(found.year, found.month)
        try:
            day = dt.date.fromisoformat(f"{found}-01" if len(str(found)) == 7 else str(found)[:10])
        except ValueError as error:
            raise UnreadableTable(f"{where}, {declared.date}: expected a date, found [{found}]") from error
        return Month(day.year, day.month)
    if not declared.year:
        return None
    try:
        year = int(str(cells[declared.year]))
        month = 0
        if declared.month:
            month = declared.months.index(str(cells[declared.month]).strip().lower()) + 1
    except ValueError as error:
        raise UnreadableTable(f"{where}: expected a year and a month, found: {error}") from error
    return Month(year, month)


def _figure(cells: dict[str, Cell], measure: Measure, where: str) -> Fraction | None:
    if not measure.column:
        return Fraction(1)
    found = cells[measure.column]
    if found is None or found == "":
        return None
    try:
        return Fraction(str(found))
    except ValueError as error:
        raise UnreadableTable(f"{where}, {measure.column}: expected a figure, found [{found}]") from error


def _value(measure: Measure, number: int, lines: Iterable[Line]) -> tuple[Fraction | None, int]:
    """The sum, or the mean of a measure that cannot be added up; and how many rows lack it."""
    found = [line.values[number] for line in lines]
    known = [each for each in found if each is not None]
    missing = len(found) - len(known)
    if not known:
        return None, missing
    total = sum(known, start=Fraction(0))
    return (total if measure.summed else total / len(known)), missing


def _shown(measure: Measure, value: Fraction | None) -> str:
    return "" if value is None else decimal(value, measure.decimals)


def _total(measure: Measure, number: int, lines: Sequence[Line]) -> SeriesTotalForm:
    value, missing = _value(measure, number, lines)
    return SeriesTotalForm(
        measure=measure.name,
        unit=measure.unit,
        total=_shown(measure, value),
        rows=len(lines),
        missing=missing,
    )


def _points(
    declared: Declared, lines: Sequence[Line], key: Callable[[Line], str]
) -> Iterator[SeriesPointForm]:
    grouped: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        grouped[key(line)].append(line)
    if set(grouped) == {""}:
        return
    for number, measure in enumerate(declared.measures):
        for name in sorted(grouped):
            value, missing = _value(measure, number, grouped[name])
            yield SeriesPointForm(
                key=name, measure=measure.name, total=_shown(measure, value), missing=missing
            )


def _rankable(request: SeriesRequest) -> list[int]:
    return list(range(len(request.declared.measures))) if request.ranked else []


def _ranked(declared: Declared, every: Sequence[Line], request: SeriesRequest, number: int) -> RankForm:
    measure = declared.measures[number]
    years = [line.when.year for line in every if line.when is not None]
    year = int(request.last[:4]) if request.last else max(years, default=0)
    grouped: defaultdict[str, list[Line]] = defaultdict(list)
    for line in every:
        if line.when is not None and line.when.year == year:
            grouped[line.name].append(line)
    entries = [
        Entry(
            name=name,
            year=year,
            value=_value(measure, number, lines)[0],
            unit=measure.unit,
            definition=measure.definition,
            breaks=tuple(declared.breaks.get(name, ())),
        )
        for name, lines in sorted(grouped.items())
    ]
    found = rank(entries, request.ranked, year, expected=declared.whole or None)
    return _rank_form(found, measure)


def _rank_form(found: Rank, measure: Measure) -> RankForm:
    return RankForm(
        name=found.name,
        year=found.year,
        unit=found.unit or measure.unit,
        definition=found.definition or measure.definition,
        value=None if found.value is None else _shown(measure, found.value),
        best=found.best,
        worst=found.worst,
        of=found.of,
        ties=list(found.ties),
        missing=list(found.missing),
        breaks=list(found.breaks),
        refused=list(found.refused),
    )


def _published(declared: Declared, every: Sequence[Line], wanted: Published) -> PublishedForm:
    names = frozenset(wanted.names)
    lines = [line for line in every if _is_asked(line, names, wanted.first, wanted.last)]
    number = next(n for n, measure in enumerate(declared.measures) if measure.name == wanted.measure)
    measure = declared.measures[number]
    return PublishedForm(
        says=wanted.says,
        published=wanted.value,
        found=_shown(measure, _value(measure, number, lines)[0]),
        source=wanted.source,
        explains=wanted.explains,
    )
