"""`habeas law why`: why a text is in force at an instant, or not."""

from __future__ import annotations

from collections.abc import Iterator

import click

from habeas.cli.options import Output, output_options
from habeas.cli.vantage import Looking, in_force, looking_options
from habeas.cli.words import shown
from habeas.law.reasons import LawStatus
from habeas.wire.canonical import encoded
from habeas.wire.instants import instant_text
from habeas.wire.law_forms import InForce, LawStatusDocument, StatusForm

_MARKS: dict[InForce, str] = {"yes": "+", "no": "-", "for-some": "~", "not-certain": "?"}


@click.command("why")
@click.argument("ref")
@click.option("--place", metavar="PLACE", help="Where it is asked about; default where the text was made.")
@click.option("--at", metavar="INSTANT", help="The instant asked of; default now.")
@looking_options
@output_options("text", "json")
def law_why(ref: str, place: str | None, at: str | None, looking: Looking, out: Output) -> None:
    """Why REF is in force or not: an enactment, a clause (`enactment#clause`) or an act (`enactment!act`)."""
    made_in = ref.partition("#")[0].partition("!")[0].rpartition("/")[0]
    seen = looking.upon(place or made_in)
    instant = seen.instant(at)
    status = seen.at(instant).why(ref)
    document = LawStatusDocument(
        vantage=seen.form(instant),
        at=instant_text(instant, seen.zone),
        sentence=status.sentence,
        status=_form(status),
    )
    if out.form == "json":
        out.deliver(encoded(document))
        return
    lines = [
        f"{status.title} [{status.cite}]",
        f"at {shown(instant, seen.zone)} in {seen.place} ({seen.custodian})",
        status.sentence,
        "",
        *_tree(document.status, 0),
        "",
        "+ yes, - no, ~ for some people, ? not certain",
        f"Rulebook  {document.vantage.law}",
    ]
    out.deliver("\n".join(lines) + "\n")


def _form(status: LawStatus) -> StatusForm:
    return StatusForm(
        ref=status.ref,
        title=status.title,
        cite=status.cite,
        in_force=in_force(status.value),
        reason=status.reason,
        link=status.link.strip(),
        present=status.present,
        doubts=list(status.doubts),
        children=[_form(child) for child in status.children],
    )


def _tree(form: StatusForm, depth: int) -> Iterator[str]:
    link = f"{form.link}: " if form.link else ""
    yield f"{'  ' * depth}{_MARKS[form.in_force]} {form.ref}: {link}{form.reason}"
    for child in form.children:
        yield from _tree(child, depth + 1)
