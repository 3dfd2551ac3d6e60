"""`habeas law diff`: what law changed at a place between two instants."""

from __future__ import annotations

from collections.abc import Iterator

import click

from habeas.cli.options import Output, output_options
from habeas.cli.vantage import LawVantage, Looking, in_force, looking_options
from habeas.cli.words import shown
from habeas.kernel.instants import Instant
from habeas.wire.canonical import encoded
from habeas.wire.instants import instant_text
from habeas.wire.law_forms import ChangeForm, LawDiffDocument


@click.command("diff")
@click.argument("place")
@click.option("--a", "first", metavar="INSTANT", required=True, help="The one instant.")
@click.option("--b", "second", metavar="INSTANT", required=True, help="The other.")
@looking_options
@output_options("text", "json")
def law_diff(place: str, first: str, second: str, looking: Looking, out: Output) -> None:
    """Which clauses in force at PLACE differ between two instants, each as known then.

    With --law-known-at both are asked as known at that one instant.
    """
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
