"""`habeas import`: a source's rows as events, with an account of every row."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from habeas.cli.asking import configured, regimen_of
from habeas.cli.failures import ConfigurationFailure, UnreadableFailure
from habeas.cli.import_text import import_lines
from habeas.cli.ledger_names import LEDGER
from habeas.cli.ledger_options import who_options
from habeas.cli.options import instant_from, rulebook_option
from habeas.cli.progress import Meter
from habeas.desk.clock import now
from habeas.desk.imports import ImportProgress, ImportRequest, import_files
from habeas.intake.databases import is_url
from habeas.intake.recipes import Recipe, bundled, read_recipe, recognised
from habeas.kernel.instants import zone
from habeas.kernel.places import PlaceId
from habeas.wire.canonical import encoded
from habeas.wire.imports import ImportDocument

UNREADABLE = 4


@click.command("import")
@click.argument("inputs", nargs=-1, required=True, metavar="PATH|URL...")
@click.option("--recipe", "named", metavar="NAME|FILE", help="How to read the rows; default by file name.")
@click.option("--law", "place", metavar="PLACE", help="Whose records they are, if the recipe leaves it open.")
@click.option("--query", metavar="SELECT", help="Of a database: the rows; default as the recipe says.")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--learned-at", metavar="INSTANT", help="When these files came; corrections count since.")
@click.option("--sketch", is_flag=True, help="Propose a recipe for the file, as TOML, and import nothing.")
@click.option("--tz", metavar="ZONE", help="With --sketch: the zone of its times.")
@click.option("--no-figures", is_flag=True, help="Do not count published figures again.")
@click.option("--strict", is_flag=True, help="Exit 4 if any row is quarantined.")
@click.option("--db", type=LEDGER, metavar="DIR", help="Import into this ledger.")
@who_options
@click.option("--json", "as_json", is_flag=True, help="The account as JSON on standard output.")
@click.option("-q", "--quiet", is_flag=True, help="Nothing on standard error but errors.")
@rulebook_option
def import_command(  # noqa: PLR0913 - one parameter for each thing the command line states
    inputs: tuple[str, ...],
    *,
    named: str | None,
    place: str | None,
    query: str | None,
    output: Path | None,
    learned_at: str | None,
    sketch: bool,
    tz: str | None,
    no_figures: bool,
    strict: bool,
    db: Path | None,
    actor: str | None,
    role: str,
    as_json: bool,
    quiet: bool,
    folder: Path | None,
) -> None:
    """Read the files, folder or database at PATH and write events and an account of every row to DIR.

    The same files again give nothing new; a corrected row supersedes what it told before.
    """
    regimen = regimen_of(folder)
    where = place or configured("law")
    files = _inputs(inputs)
    if sketch:
        known = "" if where is None else str(regimen.rulebook.places[PlaceId(where)].id)
        zoned = tz or (regimen.rulebook.places.zone_of(PlaceId(known)).key if known else "")
        _sketch(files, known, zoned)
        return
    if (output is None) == (db is None):
        raise click.UsageError("give the folder to write to with -o DIR, or --db DIR, or --sketch")
    recipe = with_query(chosen_recipe(named, files), query)
    if where is not None and (place is not None or not recipe.place):
        known = regimen.rulebook.places[PlaceId(where)].id
        recipe = recipe.at_place(str(known), recipe.zone or regimen.rulebook.places.zone_of(known).key)
    if db is not None:
        from habeas.cli.filing import import_to_ledger

        filing = (files, recipe, regimen, actor, role)
        import_to_ledger(db, filing, strict=strict, as_json=as_json, quiet=quiet)
        return
    assert output is not None  # one of the two was given
    clock = zone(recipe.zone or "UTC")
    request = ImportRequest(
        inputs=files,
        recipe=recipe,
        regimen=regimen,
        folder=output,
        learned_at=now() if learned_at is None else instant_from(learned_at, clock, "--learned-at"),
        figures=not no_figures,
    )
    document = _imported(request, quiet=quiet)
    if as_json:
        click.echo(encoded(document), nl=False)
    else:
        click.echo("\n".join(import_lines(document, output)))
    if strict and document.quarantined:
        raise click.exceptions.Exit(UNREADABLE)


def _imported(request: ImportRequest, *, quiet: bool) -> ImportDocument:
    """Import the files, and say how far it is.

    Raises:
        ConfigurationFailure: the folder cannot be written.
    """
    shown = _Shown()
    try:
        return import_files(request, None if quiet else shown)
    except OSError as error:
        message = f"cannot write to [{request.folder}]: {error.strerror or error}; nothing in it was changed"
        raise ConfigurationFailure(message) from error
    finally:
        shown.close()


class _Shown:
    """Progress on standard error, a line for each stage."""

    def __init__(self) -> None:
        self._meters: dict[str, Meter] = {}

    def __call__(self, progress: ImportProgress) -> None:
        """Say how far it is."""
        if not progress.share:
            return
        if progress.stage not in self._meters:
            self.close()
            of = "rows" if progress.stage == "reading rows" else "people"
            self._meters[progress.stage] = Meter(progress.stage, of, sys.stderr)
        whole = max(progress.done, round(progress.done / progress.share))
        self._meters[progress.stage].show(progress.done, whole)

    def close(self) -> None:
        """End the line that was written over."""
        for meter in self._meters.values():
            meter.close()


def _sketch(inputs: list[str], place: str, tz: str) -> None:
    from habeas.desk.sketches import sketch_text

    if len(inputs) != 1 or is_url(inputs[0]):
        raise click.UsageError("--sketch reads one file")
    click.echo(sketch_text(Path(inputs[0]), place, tz), nl=False)


def _inputs(inputs: tuple[str, ...]) -> list[str]:
    """Every file or address named, and every file of a folder named that some recipe knows.

    Raises:
        UnreadableFailure: there is none.
    """
    found: list[str] = []
    for each in inputs:
        path = Path(each)
        if is_url(each) or path.is_file():
            found.append(each)
        elif path.is_dir():
            inside = sorted(one for one in path.iterdir() if one.is_file() and one.name[0] != ".")
            known = [one for one in inside if any(recipe.knows(one.name) for recipe in bundled().values())]
            found += [str(one) for one in known or inside]
        else:
            raise UnreadableFailure(f"expected a file or folder, found none at [{path}]")
    if not found:
        raise UnreadableFailure(f"expected files of records, found an empty folder [{inputs[0]}]")
    return found


def chosen_recipe(named: str | None, inputs: list[str]) -> Recipe:
    """The recipe named, or the bundled one that knows the files.

    Raises:
        UsageError: none was named and none knows the files.
    """
    if named is not None:
        return bundled()[named] if named in bundled() else read_recipe(Path(named))
    found = recognised(Path(each) for each in inputs if not is_url(each))
    if found is None:
        names = ", ".join(sorted(bundled()))
        message = f"no bundled recipe ({names}) knows these files by name; give --recipe NAME or FILE"
        raise click.UsageError(f"{message}, or propose one with --sketch")
    return found


def with_query(recipe: Recipe, query: str | None) -> Recipe:
    """The recipe with another query for the rows of its only table.

    Raises:
        UsageError: it has several tables.
    """
    if query is None:
        return recipe
    if len(recipe.all_tables) > 1:
        raise click.UsageError(
            "--query gives the rows of one table; this recipe has several: write them there"
        )
    return recipe.with_query(query)
