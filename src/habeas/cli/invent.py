"""`habeas invent`: people of the fictional state, with what ought to be found in their records."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from habeas.cli.options import instant_from
from habeas.cli.progress import Meter
from habeas.desk.inventing import ZONE_NAME, Invention, invent
from habeas.invented.population import Population
from habeas.kernel.instants import zone


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
    click.echo(json.dumps(asdict(made), indent=2) if as_json else "\n".join(_lines(made, folder)))


def _written(population: Population, folder: Path, *, quiet: bool) -> Invention:
    meter = Meter("inventing people", "people", sys.stderr)
    try:
        return invent(population, folder, None if quiet else lambda done, total, _: meter.show(done, total))
    except OSError as error:
        message = f"cannot write [{folder}]: {error.strerror}"
        raise click.BadParameter(message, param_hint="-o") from error
    finally:
        meter.close()


def _lines(made: Invention, folder: Path) -> list[str]:
    late = f"{made.late:,} parts of custody without authority, {made.minutes_late / 1440:,.1f} person-days"
    lines = [
        f"These are {made.mark}; no figure below is of anybody real.",
        f"{made.people:,} people, {made.custodies:,} custodies, {made.events:,} events",
        f"{late}; {made.early:,} early releases; {made.open:,} stretches of which nobody can say",
    ]
    lines += [f"  {name:<24} {number:>9,}" for name, number in sorted(made.causes.items())]
    return [*lines, *(str(folder / name) for name in made.files)]
