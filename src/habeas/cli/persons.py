"""`habeas persons`: that two names are one person, or are not after all; shown before it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from habeas.cli.asking import regimen_of
from habeas.cli.ledger_options import actor_of, db_option, ledger_path, recording, who_options
from habeas.cli.options import Output, instant_from, output_options, rulebook_option
from habeas.desk.clock import now
from habeas.desk.joining import Effect, Short, effect_of_merge, effect_of_split, merge, split
from habeas.desk.kept import LedgerPeople
from habeas.desk.ledgers import Identity, find
from habeas.kernel.instants import FOREVER, Instant, format_instant, zone
from habeas.ledger.ledger import Ledger
from habeas.wire.canonical import encoded
from habeas.wire.instants import instant_text
from habeas.wire.ledger_forms import AnswerOf, MergeDocument

_SHOWN_ONLY = "only shown; nothing was recorded. To make it: the same with --yes"


@click.group("persons")
def persons_group() -> None:
    """Two names that are one person. Never merged by itself, and taken back as it was made."""


def _shown_first(command: Callable[..., Any]) -> Callable[..., None]:
    """The options of what is shown before it is made."""
    options = (
        click.option("--because", metavar="TEXT", default="", help="On what evidence."),
        click.option("--at", metavar="INSTANT", help="Show the answers at this instant; default now."),
        click.option("--yes", is_flag=True, help="Make it, and do not only show it."),
        db_option,
        who_options,
        rulebook_option,
        output_options("text", "json"),
    )
    for option in reversed(options):
        command = option(command)
    return command


@persons_group.command("merge")
@click.argument("kept")
@click.argument("joined")
@_shown_first
def merge_command(  # noqa: PLR0913 - one parameter for each thing the command line states
    kept: str,
    joined: str,
    *,
    because: str,
    at: str | None,
    yes: bool,
    db: Path | None,
    actor: str | None,
    role: str,
    folder: Path | None,
    out: Output,
) -> None:
    """Show what is answered about KEPT and JOINED, and what if they are one person; --yes records it.

    A booking, charge or instrument that both name alike is taken for one: numbers are the source's.
    """
    people = LedgerPeople(find(ledger_path(db)), regimen_of(folder))
    effect = effect_of_merge(people, kept, joined, _instant(at))
    made = None
    if yes:
        with _recording(people, because) as ledger:
            who = Identity(actor_of(actor), role)
            made = merge(ledger, kept, joined, because, who, people.moment).event_id
    _deliver(effect, made, out)


@persons_group.command("split")
@click.argument("merge_id", metavar="MERGE")
@_shown_first
def split_command(  # noqa: PLR0913 - one parameter for each thing the command line states
    merge_id: str,
    *,
    because: str,
    at: str | None,
    yes: bool,
    db: Path | None,
    actor: str | None,
    role: str,
    folder: Path | None,
    out: Output,
) -> None:
    """Show what changes if the MERGE of that event id is taken back; --yes records it."""
    people = LedgerPeople(find(ledger_path(db)), regimen_of(folder))
    effect = effect_of_split(people, merge_id, _instant(at))
    made = None
    if yes:
        with _recording(people, because) as ledger:
            made = split(ledger, merge_id, because, Identity(actor_of(actor), role)).event_id
    _deliver(effect, made, out)


@persons_group.command("list")
@db_option
@rulebook_option
def list_command(*, db: Path | None, folder: Path | None) -> None:
    """Every merge that stands, with its event id."""
    people = LedgerPeople(find(ledger_path(db)), regimen_of(folder))
    for join in people.names.joins:
        if join.ended_at >= FOREVER:
            joined = ", ".join(str(people.names.person(stream)) for stream in join.joined)
            click.echo(f"{join.event_id}  {joined} is {people.names.person(join.kept)}")


def _recording(people: LedgerPeople, because: str) -> AbstractContextManager[Ledger]:
    if not because:
        raise click.UsageError("say on what evidence, with --because TEXT")
    return recording(people.folder)


def _instant(at: str | None) -> Instant:
    return now() if at is None else instant_from(at, zone("UTC"), "--at")


def _deliver(effect: Effect, made: str | None, out: Output) -> None:
    if out.form == "json":
        document = MergeDocument(
            at=instant_text(effect.at, zone("UTC")),
            before=[_form(each) for each in effect.before],
            after=[_form(each) for each in effect.after],
            made=made,
        )
        out.deliver(encoded(document))
        return
    lines = [
        *_lines("before", effect.before),
        *_lines("after", effect.after),
        _SHOWN_ONLY if made is None else f"recorded as {made}; taken back with: habeas persons split {made}",
    ]
    out.deliver("".join(f"{line}\n" for line in lines))


def _lines(when: str, answers: Sequence[Short]) -> list[str]:
    return [f"{when:>6}  {each.person}: {_said(each)}" for each in answers]


def _said(answer: Short) -> str:
    bases = ", ".join(answer.bases) or "nothing"
    return f"{answer.verdict}; on {bases}; until {_until(answer)}"


def _until(answer: Short) -> str:
    if answer.until is None:
        return "no instant"
    return "no end set" if answer.until >= FOREVER else format_instant(answer.until, zone("UTC"))


def _form(answer: Short) -> AnswerOf:
    until = None if answer.until is None else instant_text(answer.until, zone("UTC"))
    return AnswerOf(person=answer.person, verdict=answer.verdict, bases=list(answer.bases), until=until)
