"""Published figures counted again from the rows of a source."""

from __future__ import annotations

import datetime as dt
import statistics
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from habeas.intake.cells import shown_whole
from habeas.intake.errors import UnreadableInput
from habeas.intake.mapping import matches
from habeas.intake.recipes.figures import Mark, PublishedFigure
from habeas.intake.recipes.shape import Recipe
from habeas.intake.sources import Cell, Source, source_of

_DAY = dt.timedelta(days=1)
_LISTED = 12
"""Texts that a count by text lists."""
Cells = Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A figure as counted here, beside the one that was published."""

    name: str
    says: str
    found: str
    published: str
    source: str
    explains: str
    """Whether they agree, and if not, why as far as it is known."""


def counted_figures(paths: Sequence[Path], recipe: Recipe) -> list[Counted]:
    """Each figure of a recipe, counted from its files."""
    return [_counted(paths, recipe, wanted) for wanted in recipe.figures]


def _counted(paths: Sequence[Path], recipe: Recipe, wanted: PublishedFigure) -> Counted:
    try:
        _require_whole(paths, recipe, wanted)
        found = _COUNTS[wanted.count](_Rows(paths, recipe, wanted))
        explains = _compared(wanted, found)
    except UnreadableInput as error:
        found, explains = "not counted", f"The files have not what it is counted from: {error}"
    except ValueError as error:
        found, explains = "not counted", f"A cell is not what the figure is counted from: {error}"
    return Counted(
        name=wanted.name,
        says=wanted.says,
        found=found,
        published=wanted.published,
        source=wanted.source,
        explains=explains,
    )


def _require_whole(paths: Sequence[Path], recipe: Recipe, wanted: PublishedFigure) -> None:
    """Refuse to count a figure of the whole on a part.

    Raises:
        UnreadableInput: none of the files it was published of is among these.
    """
    if wanted.paths and not {path.name for path in paths} & set(wanted.paths):
        raise UnreadableInput(
            recipe.name, f"the whole of {', '.join(wanted.paths)}", "a part, or other files"
        )


def _compared(wanted: PublishedFigure, found: str) -> str:
    if not wanted.published or wanted.explains:
        return wanted.explains
    return "Agrees." if found == wanted.published else "Differs, and no reason was found."


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows that a figure is counted from."""

    paths: Sequence[Path]
    recipe: Recipe
    wanted: PublishedFigure

    def each(self, table: str = "") -> Iterator[Cells]:
        """The rows of its table, or of another, that are to be counted."""
        wanted = self.wanted
        sources = list(self._sources(table or wanted.table))
        if not sources:
            raise UnreadableInput(self.recipe.name, f"files of table [{table or wanted.table}]", "none")
        for source in sources:
            for row in source.rows():
                if row.fault is None and (table or wanted.rows is None or matches(wanted.rows, row.cells)):
                    yield row.cells

    def _sources(self, name: str) -> Iterator[Source]:
        columns = _columns(self.wanted, other=bool(name) and name == self.wanted.other)
        for path in self.paths:
            table = self.recipe.table_of(path.name)
            if table is not None and (not name or table.name == name):
                yield source_of(path, columns, self.recipe.encoding)

    def group(self, cells: Cells) -> tuple[str, ...]:
        """The group of a row."""
        return tuple(shown_whole(cells[column]) for column in self.wanted.named_by)


def _columns(wanted: PublishedFigure, *, other: bool) -> tuple[str, ...]:
    if other and wanted.other != wanted.table:
        return (*wanted.named_by, wanted.end)
    end = "" if wanted.other and wanted.other != wanted.table else wanted.end
    named = [*wanted.named_by, *wanted.where, wanted.start, end, wanted.column, wanted.at_last]
    named += [wanted.rows.column] if wanted.rows is not None else []
    for mark in wanted.marks:
        named += [each.column for each in (*mark.when, *mark.unless)]
    return tuple(dict.fromkeys(filter(None, named)))


def _rows(rows: _Rows) -> str:
    return str(sum(1 for _ in rows.each()))


def _groups(rows: _Rows) -> str:
    return str(len(_first_of_groups(rows)))


def _first_of_groups(rows: _Rows) -> list[Cells]:
    """The first row of every group that reaches each least value in some row."""
    wanted = rows.wanted
    first: dict[tuple[str, ...], Cells] = {}
    reached: dict[tuple[str, ...], set[str]] = {}
    for cells in rows.each():
        name = rows.group(cells)
        first.setdefault(name, cells)
        if wanted.where:
            reached.setdefault(name, set()).update(_reached(wanted, cells))
    return [
        cells for name, cells in first.items() if not wanted.where or reached[name] >= wanted.where.keys()
    ]


def _reached(wanted: PublishedFigure, cells: Cells) -> Iterator[str]:
    for column, least in wanted.where.items():
        cell = cells[column]
        if cell is not None and float(str(cell)) >= least:
            yield column


def _percent(rows: _Rows) -> str:
    groups = _first_of_groups(rows)
    if not groups:
        return "no group"
    share = sum(str(cells[rows.wanted.column]) == rows.wanted.equals for cells in groups) / len(groups)
    return f"{100 * share:.3f}"


def _lengths(rows: _Rows) -> list[float]:
    """Days between two wall times as the clock shows them, as the published figures count them."""
    found: list[float] = []
    for cells in _first_of_groups(rows):
        names = (rows.wanted.start, rows.wanted.end)
        start, end = (dt.datetime.fromisoformat(str(cells[name])) for name in names)
        found.append((end - start) / _DAY)
    return found


def _mean(rows: _Rows) -> str:
    lengths = _lengths(rows)
    return f"{statistics.fmean(lengths):.3f}" if lengths else "no group"


def _median(rows: _Rows) -> str:
    lengths = _lengths(rows)
    return f"{statistics.median(lengths):.3f}" if lengths else "no group"


def _signs(rows: _Rows) -> str:
    lengths = _lengths(rows)
    if not lengths:
        return "no group"
    signs = Counter((length > 0) - (length < 0) for length in lengths)
    return f"{signs[1]} / {signs[0]} / {signs[-1]}"


def _day_of(cell: Cell) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    return cell if isinstance(cell, dt.date) else dt.date.fromisoformat(str(cell)[:10])


def _of_a_day(rows: _Rows) -> str:
    wanted, day = rows.wanted, dt.date.fromisoformat(rows.wanted.first_day)
    spans = ((_day_of(cells[wanted.start]), _day_of(cells[wanted.end])) for cells in rows.each())
    return str(sum(first <= day <= last for first, last in spans))


def _mean_of_days(rows: _Rows) -> str:
    wanted = rows.wanted
    low, high = dt.date.fromisoformat(wanted.first_day), dt.date.fromisoformat(wanted.last_day)
    held = 0
    for cells in rows.each():
        first, last = max(low, _day_of(cells[wanted.start])), min(high, _day_of(cells[wanted.end]))
        held += max(0, (last - first).days + 1)
    return f"{held / ((high - low).days + 1):.1f}"


def _by_marks(rows: _Rows) -> str:
    """How many groups are called what, by the marks of the rows of each group's last snapshot."""
    wanted = rows.wanted
    last: dict[tuple[str, ...], tuple[str, frozenset[str]]] = {}
    for cells in rows.each():
        group, look = rows.group(cells), shown_whole(cells[wanted.at_last])
        held = last.get(group, ("", frozenset[str]()))
        if look >= held[0]:
            marks = frozenset(mark.name for mark in wanted.marks if _is_marked(mark, cells))
            last[group] = (look, marks | (held[1] if look == held[0] else frozenset()))
    found = Counter(_called(wanted, marks) for _, marks in last.values())
    return " / ".join(str(found[each.name]) for each in wanted.groupings)


def _is_marked(mark: Mark, cells: Cells) -> bool:
    return all(matches(each, cells) for each in mark.when) and not any(
        matches(each, cells) for each in mark.unless
    )


def _called(wanted: PublishedFigure, marks: frozenset[str]) -> str:
    for each in wanted.groupings:
        if marks >= set(each.has) and not marks & set(each.lacks):
            return each.name
    return ""


def _later(rows: _Rows) -> str:
    """How many groups end more than some days after what was last foretold before they ended."""
    wanted = rows.wanted
    foretold: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for cells in rows.each():
        entry = (shown_whole(cells[wanted.at_last]), shown_whole(cells[wanted.start]))
        foretold.setdefault(rows.group(cells), []).append(entry)
    late: Counter[int] = Counter()
    for cells in rows.each(wanted.other):
        days = _days_late(wanted, sorted(foretold.get(rows.group(cells), ())), cells[wanted.end])
        late.update(limit for limit in wanted.days if days is not None and days > limit)
    return " / ".join(str(late[limit]) for limit in wanted.days)


def _days_late(wanted: PublishedFigure, foretold: list[tuple[str, str]], end: Cell) -> float | None:
    at = bisect_right(foretold, (shown_whole(end), "\U0010ffff"))
    if not at:
        return None
    try:
        # Both are days; the zone of neither is asked.
        day = dt.datetime.strptime(foretold[at - 1][1], wanted.format).date()  # noqa: DTZ007
    except ValueError:
        return None
    return (_day_of(end) - day).days


def _by_text(rows: _Rows) -> str:
    """How many groups have each text of a column in some row, the most frequent first."""
    found = Counter(
        text for _, text in {(rows.group(c), shown_whole(c[rows.wanted.column])) for c in rows.each()}
    )
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    listed = [f"{text or 'blank'} {count}" for text, count in ordered[:_LISTED]]
    rest = len(found) - len(listed)
    return "; ".join([*listed, *([f"and {rest} more"] if rest > 0 else [])])


_COUNTS: Mapping[str, Callable[[_Rows], str]] = {
    "rows": _rows,
    "groups": _groups,
    "mean": _mean,
    "median": _median,
    "percent": _percent,
    "after / equal / before": _signs,
    "rows of a day": _of_a_day,
    "mean rows of a day": _mean_of_days,
    "groups by marks": _by_marks,
    "groups later by more than days": _later,
    "groups by text": _by_text,
}
