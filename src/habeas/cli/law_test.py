"""`habeas law test`: the expectations of law, asked of the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from habeas.cli.asking import regimen_of
from habeas.cli.options import Output, output_options, rulebook_option
from habeas.desk.lawtests import TestedTable, tested_tables
from habeas.kernel.places import PlaceId
from habeas.wire.canonical import encoded
from habeas.wire.law_forms import LawTestsDocument, TestedTableForm


@click.command("test")
@click.argument("places", nargs=-1, metavar="[PLACE]...")
@click.option(
    "--cases",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="A folder of further tables, such as tests/cases.",
)
@rulebook_option
@output_options("text", "json")
def law_test(places: tuple[str, ...], cases: Path | None, folder: Path | None, out: Output) -> None:
    """Ask every test of every enactment at PLACE and in what lies in it; with no PLACE, everywhere.

    Exit 1 if any expectation is not met.
    """
    regimen = regimen_of(folder)
    known = regimen.rulebook.places
    within = [known[PlaceId(place)].id for place in places]
    done: list[TestedTable] = []
    for table in tested_tables(regimen, within, cases):
        done.append(table)
        out.note(f"asked {table.name}")
    out.deliver(
        encoded(_document(done, regimen.rulebook.digest))
        if out.form == "json"
        else "\n".join(_lines(done)) + "\n"
    )
    out.leave(0 if all(table.met for table in done) else 1)


def _lines(done: Sequence[TestedTable]) -> Iterator[str]:
    width = max((len(table.name) for table in done), default=5)
    yield f"{'table':<{width}}  cases  asks  differ"
    for table in done:
        yield f"{table.name:<{width}}  {table.cases:5}  {table.asks:4}  {len(table.differences):6}"
    cases, asks = sum(table.cases for table in done), sum(table.asks for table in done)
    differ = sum(len(table.differences) for table in done)
    yield f"{'all':<{width}}  {cases:5}  {asks:4}  {differ:6}"
    for table in done:
        if table.differences:
            yield ""
            yield table.name
            yield from (f"  {difference}" for difference in table.differences)


def _document(done: Sequence[TestedTable], law: str) -> LawTestsDocument:
    return LawTestsDocument(
        law=law,
        tables=[
            TestedTableForm(
                name=table.name,
                cases=table.cases,
                asks=table.asks,
                differences=[str(each) for each in table.differences],
            )
            for table in done
        ],
    )
