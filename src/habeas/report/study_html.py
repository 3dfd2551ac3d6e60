"""The page of a comparison before and after an act: label, series, step, checks, and what makes it wrong."""

from __future__ import annotations

from collections.abc import Sequence

from habeas.report.count_charts import series_chart
from habeas.report.markup import tag
from habeas.report.page import Row, drawing, page, section, table, tile, tiles
from habeas.wire.count_forms import SeriesPointForm
from habeas.wire.event_forms import EventDocument, StepForm


def event_page(found: EventDocument) -> str:
    """The page of an estimate; its label stands first and last."""
    contents = {
        "top": "In short",
        "series": "The series",
        "checks": "Checks",
        "limits": "What would make it wrong",
    }
    points = [
        SeriesPointForm(key=p.when, measure=found.measure, total=p.value, missing=0) for p in found.points
    ]
    title = f"{found.measure}: {found.unit}"
    body = [
        tag(
            "section",
            tag("h1", f"{found.title}: before and after {found.at}", id="top"),
            tag("p", found.label, class_="warn"),
            tiles(
                [
                    tile(
                        f"{found.step.estimate}", f"step at {found.at}, {found.step.low} to {found.step.high}"
                    ),
                    tile(f"{found.as_large} of {len(found.placebos)}", "other dates with a step as large"),
                    tile(found.slope_before, f"slope before, {found.slope_low} to {found.slope_high}"),
                ]
            ),
            [tag("p", each) for each in found.reads],
        ),
        section("series", "The series", drawing(title, series_chart(title, points, "series"), title)),
        section(
            "checks",
            "Checks",
            table("Estimated otherwise", _HEAD, _rows([found.step, *found.sensitivity]), right=[2, 3, 4, 5]),
            table("Elsewhere, at the same date", _HEAD, _rows(found.elsewhere), right=[2, 3, 4, 5])
            if found.elsewhere
            else None,
            table("Dates at which nothing was enacted", _HEAD, _rows(found.placebos), right=[2, 3, 4, 5])
            if found.placebos
            else None,
        ),
        section("limits", "What would make it wrong", tag("ul", [tag("li", each) for each in found.limits])),
    ]
    foot = [tag("p", found.label), tag("p", "; ".join(f"{n} {d}" for n, d in found.files.items()))]
    return page(f"Estimate: {found.title}", found.label, contents, body, foot)


_HEAD = ["how", "at", "points", "step", "from", "to"]


def _rows(steps: Sequence[StepForm]) -> list[Row]:
    return [[s.says, s.at, s.points, s.estimate, s.low, s.high] for s in steps]
