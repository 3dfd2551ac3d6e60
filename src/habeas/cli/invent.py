"""`habeas invent`: people of the fictional state, with what ought to be found in their records."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from habeas.cli.options import instant_from
from habeas.cli.progress import Meter
from habeas.desk.inventing import ZONE_NAME, Invention, invent
from habeas.invented.key import Side
from habeas.invented.population import Population
from habeas.kernel.instants import zone
from habeas.wire.canonical import encoded
from habeas.wire.invention import InventionDocument, RowsForm


@click.command("invent")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option(
    "--people",
    type=click.IntRange(min=1),
    default=4500,
    show_default=True,
    help="In custody on an average day, in each of the two counties.",
)
@click.option("--days", type=click.IntRange(min=1), default=365, show_default=True, help="Of records.")
@click.option(
    "--first",
    default="2024-01-01 00:00",
    show_default=True,
    metavar="INSTANT",
    help="From when, local to the fictional state.",
)
@click.option(
    "--planted",
    type=click.FloatRange(0, 1),
    default=0.06,
    show_default=True,
    help="The part of custodies in which an error is planted.",
)
@click.option(
    "-o", "--output", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), metavar="DIR"
)
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Nothing on standard error but errors.")
def invent_command(  # noqa: PLR0913 - one parameter for each thing the command line states
    *,
    seed: int,
    people: int,
    days: int,
    first: str,
    planted: float,
    folder: Path,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write invented people of the fictional state us/zz to DIR, and the key to them.

    events.jsonl is a record (habeas/record/1); people, bookings, charges, orders and instruments
    are plain tables; key.csv states every minute without authority, every early release and its
    cause, as an oracle walked them. Nobody in these files is real.
    """
    population = Population(
        seed=seed,
        first=instant_from(first, zone(ZONE_NAME), "--first"),
        people=people,
        days=days,
        planted=planted,
    )
    made = _written(population, folder, quiet=quiet)
    click.echo(_document(made, seed) if as_json else "\n".join(_lines(made, folder)), nl=not as_json)


def _written(population: Population, folder: Path, *, quiet: bool) -> Invention:
    meter = Meter("inventing people", "people", sys.stderr)
    try:
        return invent(population, folder, None if quiet else lambda done, total, _: meter.show(done, total))
    except OSError as error:
        message = f"cannot write [{folder}]: {error.strerror}"
        raise click.BadParameter(message, param_hint="-o") from error
    finally:
        meter.close()


def _document(made: Invention, seed: int) -> bytes:
    return encoded(
        InventionDocument(
            invented=made.mark,
            seed=seed,
            people=made.people,
            custodies=made.custodies,
            events=made.events,
            minutes_late=made.minutes_late,
            key=[RowsForm(side=side, cause=cause, rows=rows) for (side, cause), rows in _sorted(made)],
            files=list(made.files),
        )
    )


def _sorted(made: Invention) -> list[tuple[tuple[Side, str], int]]:
    return sorted(made.causes.items())


def _lines(made: Invention, folder: Path) -> list[str]:
    late = f"{made.rows(Side.LATE):,} parts of custody without authority"
    days = f"{made.minutes_late / 1440:,.1f} person-days"
    early = f"{made.rows(Side.EARLY):,} early releases"
    unsaid = f"{made.rows(Side.OPEN):,} stretches of which nobody can say"
    lines = [
        f"These are {made.mark}; no figure below is of anybody real.",
        f"{made.people:,} people, {made.custodies:,} custodies, {made.events:,} events",
        f"{late}, {days}; {early}; {unsaid}",
    ]
    lines += [f"  {f'{side} {cause}':<24} {number:>9,}" for (side, cause), number in _sorted(made)]
    return [*lines, *(str(folder / name) for name in made.files)]
