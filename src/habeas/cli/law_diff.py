"""`habeas law diff`: what law changed between two instants, and whose answers between two rulebooks."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from habeas.authority.inquiry import Regimen
from habeas.cli.asking import regimen_of
from habeas.cli.options import Output, output_options
from habeas.cli.vantage import LawVantage, Looking, in_force, looking_options
from habeas.cli.words import shown
from habeas.desk.library import library
from habeas.kernel.instants import FOREVER, Instant, rfc3339, zone
from habeas.kernel.places import PlaceId
from habeas.wire.canonical import encoded
from habeas.wire.instants import instant_text
from habeas.wire.law_forms import (
    ChangedAnswerForm,
    ChangeForm,
    LawChangesDocument,
    LawDiffDocument,
    ToldForm,
)

if TYPE_CHECKING:
    from habeas.desk.lawchanges import Changes, Told


@dataclass(frozen=True)
class Instants:
    """The two instants at which a place's law is compared."""

    first: str | None
    second: str | None


@dataclass(frozen=True)
class Stored:
    """The cases that are put to two rulebooks."""

    cases: Path | None
    within: tuple[str, ...]


def compared_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of both comparisons, as ``instants`` and ``stored``."""

    @click.option("--a", "first", metavar="INSTANT", help="The one instant; with PLACE.")
    @click.option("--b", "second", metavar="INSTANT", help="The other; with PLACE.")
    @click.option(
        "--cases",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        metavar="DIR",
        help="With A and B: a folder of further tables, such as tests/cases.",
    )
    @click.option("--within", multiple=True, metavar="PLACE", help="With A and B: only cases there.")
    @functools.wraps(command)
    def wrapped(
        *,
        first: str | None,
        second: str | None,
        cases: Path | None,
        within: tuple[str, ...],
        **others: object,
    ) -> None:
        command(instants=Instants(first, second), stored=Stored(cases, within), **others)

    return wrapped


@click.command("diff")
@click.argument("place", metavar="PLACE|A")
@click.argument("other", metavar="[B]", required=False)
@compared_options
@looking_options
@output_options("text", "json")
def law_diff(
    place: str, other: str | None, *, instants: Instants, stored: Stored, looking: Looking, out: Output
) -> None:
    """Which clauses in force at PLACE differ between two instants, each as known then.

    With --law-known-at both are asked as known at that one instant.

    With two arguments: whose answers change from rulebook A to rulebook B, each a folder or the word
    `bundled`, over the tests beside their texts and the tables of --cases; with the clauses that make
    the difference.
    """
    if other is not None:
        if instants != Instants(None, None):
            raise click.UsageError("--a and --b compare two instants at one PLACE, not two rulebooks")
        _between_rulebooks(place, other, stored, out)
    elif instants.first is None or instants.second is None:
        raise click.UsageError("expected --a and --b, two instants; or two rulebooks, A and B")
    elif stored != Stored(None, ()):
        raise click.UsageError("--cases and --within choose cases for two rulebooks, A and B")
    else:
        _between_instants(place, instants.first, instants.second, looking, out)


def _between_rulebooks(one: str, other: str, stored: Stored, out: Output) -> None:
    from habeas.desk.lawchanges import changed_answers

    before, after = (rulebook_at(name) for name in (one, other))
    places = [after.rulebook.places[PlaceId(place)].id for place in stored.within]
    found = changed_answers(before, after, places, stored.cases)
    if out.form == "json":
        out.deliver(encoded(_changes_document(before, after, found)))
    else:
        out.deliver("\n".join(_change_lines(found)) + "\n")


def rulebook_at(name: str) -> Regimen:
    """A rulebook by its folder, or the bundled one.

    Raises:
        RulebookError: with every problem in every file.
        UsageError: there is no such folder.
    """
    if name == "bundled":
        return library()
    folder = Path(name)
    if not folder.is_dir():
        raise click.UsageError(f"expected a rulebook's folder or the word bundled, found [{name}]")
    return regimen_of(folder)


def _changes_document(before: Regimen, after: Regimen, found: Changes) -> LawChangesDocument:
    return LawChangesDocument(
        before=before.rulebook.digest,
        after=after.rulebook.digest,
        questions=found.questions,
        changed=[
            ChangedAnswerForm(
                table=each.table,
                case=each.case,
                asked=each.asked,
                before=_told_form(each.before),
                after=_told_form(each.after),
                reasons=list(each.reasons),
            )
            for each in found.changed
        ],
    )


def _told_form(told: Told) -> ToldForm:
    until = None if told.until is None else instant_text(told.until, zone("UTC"))
    return ToldForm(verdict=told.verdict, bases=list(told.bases), until=until)


def _change_lines(found: Changes) -> Iterator[str]:
    for each in found.changed:
        yield f"{each.table}: {each.case}, {each.asked}"
        yield f"    - {_told_line(each.before)}"
        yield f"    + {_told_line(each.after)}"
        yield from (f"      {reason}" for reason in each.reasons or (_NO_CLAUSE,))
    yield f"{found.questions} questions put to both, {len(found.changed)} answered differently"


def _told_line(told: Told) -> str:
    bases = f" on {'; '.join(told.bases)}" if told.bases else ""
    if told.until is None:
        return f"{told.verdict}{bases}"
    until = "no end set" if told.until >= FOREVER else f"until {rfc3339(told.until)}"
    return f"{told.verdict}{bases}, {until}"


def _between_instants(place: str, first: str, second: str, looking: Looking, out: Output) -> None:
    seen = looking.upon(place)
    a, b = seen.instant(first, "--a"), seen.instant(second, "--b")
    document = LawDiffDocument(
        place=seen.place,
        custodian=seen.custodian,
        a=instant_text(a, seen.zone),
        b=instant_text(b, seen.zone),
        reading=seen.reading,
        law=seen.regimen.rulebook.digest,
        changes=list(_changes(seen, a, b)),
    )
    if out.form == "json":
        out.deliver(encoded(document))
        return
    title = f"{seen.place} ({seen.custodian}): {shown(a, seen.zone)} against {shown(b, seen.zone)}"
    out.deliver("\n".join([title, *_lines(document)]) + "\n")


def _changes(seen: LawVantage, a: Instant, b: Instant) -> Iterator[ChangeForm]:
    before, after = seen.at(a).clauses, seen.at(b).clauses
    for ref in sorted(before.keys() | after.keys()):
        old, new = before.get(ref, False), after.get(ref, False)
        if old != new:
            provision = seen.law.provisions.get(ref)
            yield ChangeForm(
                ref=ref,
                cite=provision.cite if provision else "",
                says=provision.says if provision else "",
                before=in_force(old),
                after=in_force(new),
            )


def _lines(document: LawDiffDocument) -> Iterator[str]:
    if not document.changes:
        yield "no clause differs"
    for change in document.changes:
        mark = "-" if change.after == "no" else "+" if change.before == "no" else "~"
        cite = f" [{change.cite}]" if change.cite else ""
        yield f"{mark} {change.ref} ({change.before} -> {change.after})"
        yield f"    {change.says}{cite}"


_NO_CLAUSE = "no clause asked of this custody differs; what is said of a place, an order or a calendar does"
