"""`habeas study`: estimates, each labelled as one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

import click

from habeas.cli.audit import files_of
from habeas.cli.options import Output, output_options
from habeas.study.declared import declared_for
from habeas.study.event import EventRequest, TooShort, event_study
from habeas.wire.canonical import encoded
from habeas.wire.event_forms import EventDocument, StepForm


@click.group("study")
def study_group() -> None:
    """Estimates of what people did; exact replay of law is `habeas compare`."""


@study_group.command("event")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--measure", required=True, metavar="NAME", help="A column of figures of the table.")
@click.option("--at", required=True, metavar="MONTH|YEAR", help="The first point after the act.")
@click.option("--name", "names", multiple=True, metavar="NAME", help="Whose series; all together by default.")
@click.option(
    "--elsewhere", multiple=True, metavar="NAME", help="A series the act did not touch; may be repeated."
)
@click.option("--from", "first", default="", metavar="MONTH|YEAR", help="The first point taken.")
@click.option("--to", "last", default="", metavar="MONTH|YEAR", help="The last point taken.")
@output_options("text", "html", "json", by_suffix=True)
def event_command(  # noqa: PLR0913 - one parameter for each thing the command line states
    paths: tuple[Path, ...],
    *,
    measure: str,
    at: str,
    names: tuple[str, ...],
    elsewhere: tuple[str, ...],
    first: str,
    last: str,
    out: Output,
) -> None:
    """Estimate the step that a series of PATH took at the date of an act (extra study).

    Beside the step stand the slope before it, the same step sought at dates at which nothing was enacted,
    other windows, and series elsewhere. It is an estimate and never a finding about a person.
    """
    files = files_of(paths)
    declared = declared_for(files)
    if declared is None or declared.kind != "series":
        raise click.UsageError("expected a published table of figures that habeas knows by its file name")
    request = EventRequest(
        paths=files,
        declared=declared,
        measure=measure,
        at=at,
        names=names,
        elsewhere=elsewhere,
        first=first,
        last=last,
    )
    try:
        found = event_study(request)
    except TooShort as error:
        raise click.UsageError(str(error)) from error
    if out.form == "json":
        out.deliver(encoded(found))
    elif out.form == "html":
        from habeas.report.study_html import event_page

        out.deliver(event_page(found))
    else:
        out.deliver("\n".join(event_lines(found)) + "\n")


def event_lines(found: EventDocument) -> Iterator[str]:
    """The estimate on the terminal."""
    yield found.label
    yield f"{found.title}: {found.measure} ({found.unit}); {', '.join(found.names) or 'every name'}"
    yield f"{found.before} points before {found.at}, {found.after} from it on"
    yield f"step {_between(found.step)}"
    slope = f"{found.slope_before} a point ({found.slope_low} to {found.slope_high})"
    yield f"slope before {slope}; neighbouring points hang together by {found.tie}"
    for each in (*found.sensitivity, *found.elsewhere):
        yield f"  {each.says:<34}{_between(each)}"
    for sentence in (*found.reads, *found.limits):
        yield ""
        yield from wrap(sentence, 100)


def _between(step: StepForm) -> str:
    return f"{step.estimate} ({step.low} to {step.high})"
