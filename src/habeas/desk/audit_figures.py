"""Published figures counted again from the rows, and habeas's own beside them."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from habeas.desk.audit_findings import CustodyFinding
from habeas.desk.audit_report import Figure
from habeas.intake.figures import counted_figures
from habeas.intake.recipes.shape import Recipe
from habeas.kernel.instants import DAY, FOREVER, UncertainInstant


def figures_of(paths: Sequence[Path], recipe: Recipe, lengths: Sequence[int]) -> Iterator[Figure]:
    """Each figure of the recipe, counted from the files, and the length of custody as decided.

    Args:
        paths: The files.
        recipe: Which figures, and how they are counted.
        lengths: Of each custody whose ends are known, in microseconds.
    """
    for counted in counted_figures(paths, recipe):
        yield Figure(
            name=counted.name,
            says=counted.says,
            found=counted.found,
            published=counted.published,
            source=counted.source,
            explains=counted.explains,
        )
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
