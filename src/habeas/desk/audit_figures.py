"""Published figures counted again from the rows, and habeas's own beside them."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from habeas.desk.audit_findings import CustodyFinding
from habeas.desk.audit_report import Figure
from habeas.intake.errors import UnreadableInput
from habeas.intake.recipes.shape import PublishedFigure, Recipe
from habeas.intake.sources import Cell, source_of
from habeas.kernel.instants import DAY, FOREVER, UncertainInstant

_DAY = dt.timedelta(days=1)


def figures_of(paths: Sequence[Path], recipe: Recipe, lengths: Sequence[int]) -> Iterator[Figure]:
    """Each figure of the recipe, counted from the files, and the length of custody as decided.

    Args:
        paths: The files.
        recipe: Which figures, and how they are counted.
        lengths: Of each custody whose ends are known, in microseconds.
    """
    for wanted in recipe.figures:
        yield _figure(paths, recipe, wanted)
    if lengths and recipe.figures:
        mean, median = statistics.fmean(lengths) / DAY, statistics.median(lengths) / DAY
        yield Figure(
            name="jail days of every custody here",
            says="Mean / median elapsed days from booking to release of all custodies audited.",
            found=f"{mean:.3f} / {median:.3f}",
            published="",
            source="",
            explains=(
                f"Counts all {len(lengths)} custodies, whatever the charge, in elapsed time: a day on which "
                "clocks change is 23 or 25 hours long."
            ),
        )


def length_of(custody: CustodyFinding) -> int | None:
    """Microseconds of custody; None where an end is open or uncertain."""
    start, end = custody.start, custody.end
    if isinstance(start, UncertainInstant) or isinstance(end, UncertainInstant) or end >= FOREVER:
        return None
    return end - start


def _figure(paths: Sequence[Path], recipe: Recipe, wanted: PublishedFigure) -> Figure:
    try:
        groups = _groups(paths, recipe, wanted)
        found = _counted(wanted, groups)
        explains = wanted.explains or _compared(wanted, found)
    except UnreadableInput as error:
        found, explains = "not counted", f"The files have not what it is counted from: {error}"
    except ValueError as error:
        found, explains = "not counted", f"A cell is not what the figure is counted from: {error}"
    return Figure(
        name=wanted.name,
        says=wanted.says,
        found=found,
        published=wanted.published,
        source=wanted.source,
        explains=explains,
    )


def _compared(wanted: PublishedFigure, found: str) -> str:
    if not wanted.published:
        return ""
    return "Agrees." if found == wanted.published else "Differs, and no reason was found."


def _groups(paths: Sequence[Path], recipe: Recipe, wanted: PublishedFigure) -> list[Mapping[str, Cell]]:
    """The first row of every group that reaches each least value in some row."""
    columns = tuple(
        dict.fromkeys(
            name
            for name in (
                wanted.group,
                *wanted.where,
                wanted.start,
                wanted.end,
                wanted.column,
                *_of_rows(wanted),
            )
            if name
        )
    )
    first: dict[Cell, Mapping[str, Cell]] = {}
    reached: dict[Cell, set[str]] = {}
    for path in paths:
        for row in source_of(path, columns, recipe.encoding).rows():
            if row.fault is None and _counts(wanted, row.cells):
                name = row.cells[wanted.group]
                first.setdefault(name, row.cells)
                reached.setdefault(name, set()).update(_reached(wanted, row.cells))
    return [cells for name, cells in first.items() if reached[name] >= wanted.where.keys()]


def _of_rows(wanted: PublishedFigure) -> Iterator[str]:
    if wanted.rows is not None:
        yield wanted.rows.column


def _counts(wanted: PublishedFigure, cells: Mapping[str, Cell]) -> bool:
    return wanted.rows is None or str(cells[wanted.rows.column]) in wanted.rows.texts


def _reached(wanted: PublishedFigure, cells: Mapping[str, Cell]) -> Iterator[str]:
    for column, least in wanted.where.items():
        cell = cells[column]
        if cell is not None and float(str(cell)) >= least:
            yield column


def _counted(wanted: PublishedFigure, groups: Sequence[Mapping[str, Cell]]) -> str:
    if wanted.count == "groups":
        return str(len(groups))
    if not groups:
        return "no group"
    if wanted.count == "percent":
        share = sum(str(cells[wanted.column]) == wanted.equals for cells in groups) / len(groups)
        return f"{100 * share:.3f}"
    lengths = list(_lengths(wanted, groups))
    if wanted.count == "after / equal / before":
        signs = Counter((length > 0) - (length < 0) for length in lengths)
        return f"{signs[1]} / {signs[0]} / {signs[-1]}"
    middle = statistics.fmean(lengths) if wanted.count == "mean" else statistics.median(lengths)
    return f"{middle:.3f}"


def _lengths(wanted: PublishedFigure, groups: Iterable[Mapping[str, Cell]]) -> Iterator[float]:
    """Days between two wall times as the clock shows them, as the published figures count them."""
    for cells in groups:
        start, end = (dt.datetime.fromisoformat(str(cells[name])) for name in (wanted.start, wanted.end))
        yield (end - start) / _DAY
