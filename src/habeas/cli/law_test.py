"""`habeas law test`: the expectations of law, asked of the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from habeas.cli.asking import regimen_of, sources_of
from habeas.cli.law_gate import gate_form, gate_lines
from habeas.cli.options import Output, output_options, rulebook_option
from habeas.desk.lawtests import TestedTable, tested_tables
from habeas.kernel.places import PlaceId
from habeas.law.rulebook import Rulebook
from habeas.wire.canonical import encoded
from habeas.wire.law_forms import GateForm, LawTestsDocument, TestedTableForm


@click.command("test")
@click.argument("places", nargs=-1, metavar="[PLACE]...")
@click.option(
    "--cases",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="A folder of further tables, such as tests/cases.",
)
@click.option("--gate", is_flag=True, help="Also measure what the tests would notice; takes minutes.")
@rulebook_option
@output_options("text", "json")
def law_test(
    places: tuple[str, ...], cases: Path | None, *, gate: bool, folder: Path | None, out: Output
) -> None:
    """Ask every test of every enactment at PLACE and in what lies in it; with no PLACE, everywhere.

    Exit 1 if any expectation is not met, or with --gate if a mutant of the law survives, an edge or a
    limb is untested, or a cell of a place's matrix is contested with no question and no owner.
    """
    regimen = regimen_of(folder)
    known = regimen.rulebook.places
    within = [known[PlaceId(place)].id for place in places]
    done: list[TestedTable] = []
    for table in tested_tables(regimen, within, cases):
        done.append(table)
        out.note(f"asked {table.name}")
    form = _gate(regimen.rulebook, cases, folder, within, out) if gate else None
    if out.form == "json":
        out.deliver(encoded(_document(done, regimen.rulebook.digest, form)))
    else:
        gated = [] if form is None else ["", *gate_lines(form)]
        out.deliver("\n".join([*_lines(done), *gated]) + "\n")
    met = all(table.met for table in done) and (form is None or form.passes)
    out.leave(0 if met else 1)


def _gate(
    rulebook: Rulebook, cases: Path | None, folder: Path | None, places: Sequence[PlaceId], out: Output
) -> GateForm:
    from habeas.desk.lawgate import Sources, gate

    chosen, cache = sources_of(folder)
    sources = Sources(folder=chosen, cache=cache, cases=cases)
    return gate_form(gate(rulebook, places, sources=sources, watch=out.note))


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


def _document(done: Sequence[TestedTable], law: str, gate: GateForm | None) -> LawTestsDocument:
    return LawTestsDocument(
        law=law,
        gate=gate,
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
