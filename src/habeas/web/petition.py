"""The facts of a habeas petition, drafted: each from the record or the proof, and none else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from habeas.authority.answer import Answer
from habeas.authority.findings import DutyState, SubjectKey, Verdict
from habeas.authority.inquiry import Inquiry
from habeas.custody.events.event import Event
from habeas.kernel.instants import FOREVER
from habeas.report.sentences import no_force
from habeas.web.drawing import plain, shown


@dataclass(frozen=True, slots=True)
class Stated:
    """One numbered fact, and where it stands."""

    says: str
    source: str
    """The entry of the record, or the citation of the text."""


def facts_of(
    inquiry: Inquiry, said: Answer, zone: ZoneInfo, called: Callable[[SubjectKey], str]
) -> Iterator[Stated]:
    """Every fact in the order of time, then what the law makes of them at the instant asked.

    Args:
        inquiry: What is known.
        said: The answer at an instant.
        zone: In which times are told.
        called: How the rows of the record are called.
    """
    for event in inquiry.record.events:
        yield Stated(_happened(event, zone, called), _source(event))
    at = shown(said.effective_at, zone)
    for basis in said.bases:
        end = "with no end set" if basis.until >= FOREVER else f"until {shown(basis.until, zone)}"
        yield Stated(f"At {at} custody rests on {called(basis.subject)}, {end}. {basis.says}", basis.cite)
    for paper in said.no_force:
        says = f"{called(paper.subject)} supports nothing: {no_force(paper.reason)}. {paper.says}".strip()
        yield Stated(says[:1].upper() + says[1:], ", ".join(paper.provisions))
    for duty in said.duties:
        if duty.state is DutyState.BREACHED and duty.due_at is not None:
            what = duty.says or plain(duty.effect.value)
            yield Stated(f"Not done by {shown(duty.due_at, zone)}: {what}", duty.cite)
    yield from _verdict(said, zone)


def _verdict(said: Answer, zone: ZoneInfo) -> Iterator[Stated]:
    at, digests = shown(said.effective_at, zone), f"rulebook {said.law}, facts {said.facts}"
    if said.verdict is Verdict.UNLAWFUL:
        starts = [
            each.interval.start for each in said.over_detention if each.interval.covers(said.effective_at)
        ]
        since = shown(min(starts, default=said.effective_at), zone)
        yield Stated(
            f"At {at} nothing in the record and the law supports custody; it has been so since {since}.",
            digests,
        )
    elif said.verdict is Verdict.UNDETERMINED:
        missing = "; ".join(each.says for each in said.unknown)
        why = f"missing: {missing}" if missing else "laws in force disagree"
        yield Stated(f"At {at} the record does not settle whether custody is supported: {why}.", digests)
    else:
        yield Stated(f"At {at} the answer is {said.verdict}.", digests)


def _happened(event: Event, zone: ZoneInfo, called: Callable[[SubjectKey], str]) -> str:
    return f"{shown(event.at, zone)}: {_spaced(event.kind)}{_about(event, called)}."


def _about(event: Event, called: Callable[[SubjectKey], str]) -> str:
    collection, name = event.subject.collection, event.subject.id
    if collection == "person":
        return ""
    words = called((collection, name))
    return f", booking {words.rpartition(' ')[2]}" if collection == "booking" else f", {words}"


def _spaced(kind: str) -> str:
    """``BondPosted`` as ``bond posted``."""
    return "".join(f" {each.lower()}" if each.isupper() else each for each in kind).strip()


def _source(event: Event) -> str:
    read = ""
    if event.source is not None:
        row = "" if event.source.row is None else f", row {event.source.row}"
        read = f"; {event.source.name}{row}"
    return f"event {event.id}{read}"
