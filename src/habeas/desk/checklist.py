"""What has to be checked before one person goes: made from that person's own papers, and nothing else.

There is no item for bond where none was posted, and none for a detainer where none was lodged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from habeas.authority.answer import Answer
from habeas.authority.belonging import rows_in
from habeas.authority.findings import DutyState, SubjectKey
from habeas.authority.inquiry import Inquiry
from habeas.custody.facts import Collection
from habeas.custody.rows import Row
from habeas.desk.releases import Item
from habeas.desk.worklist import named
from habeas.kernel.instants import NEVER, Instant, UncertainInstant
from habeas.law.enactments import Bearer

_ENDED_BY: Final = (
    ("posted_at", "bond posted", "receipt in hand, amount as ordered"),
    ("release_ordered_at", "release ordered", "order read: it names this person and this matter"),
    ("disposed_at", "matter ended", "disposition seen, and it leaves nothing open"),
    ("withdrawn_at", "paper withdrawn", "withdrawal seen, from the issuer itself"),
    ("expires_at", "sentence ended", "days and credit counted again by a second person"),
    ("no_probable_cause_at", "no probable cause", "the judge's finding read"),
)
"""Facts that end a basis, and what is to be looked at where one is there."""
_LOOK_AT: Final = (
    ("detainer", "read it again: edition, boxes, warrant, service"),
    ("sentence", "count its days again, and the credit"),
    ("warrant", "ask the court whether it stands"),
)
"""What is to be looked at on a paper of a kind that supports nothing."""
_COLLECTIONS: Final[tuple[Collection, ...]] = ("booking", "charge", "instrument")


def checklist(inquiry: Inquiry, said: Answer, at: Instant) -> tuple[Item, ...]:
    """The items for one person at an instant."""
    index = inquiry.episode_at(at)
    if index is None:
        return ()
    items: dict[str, Item] = {}
    call = _caller(inquiry, at)
    for collection in _COLLECTIONS:
        for row in rows_in(inquiry.record, inquiry.custody[index], collection):
            for item in _of_row(row, at, call((row.collection, row.id))):
                items[item.id] = item
    for item in (*_of_papers(said, call), *_of_duties(said, call)):
        items[item.id] = item
    return tuple(items.values())


def _caller(inquiry: Inquiry, at: Instant) -> Callable[[SubjectKey], str]:
    own = f"{inquiry.record.person}-"
    return lambda key: f"{named(inquiry, key, at)} {key[1].removeprefix(own)}"


def _of_row(row: Row, at: Instant, name: str) -> Iterator[Item]:
    facts = row.facts_at(at)
    for fact, what, check in _ENDED_BY:
        if _is_past(facts.get(fact), at):
            yield Item(f"{row.collection}-{row.id}-{fact}", f"{name}, {what}: {check}", name)


def _is_past(value: object, at: Instant) -> bool:
    if isinstance(value, UncertainInstant):
        return value.earliest <= at
    return isinstance(value, int) and not isinstance(value, bool) and NEVER != value <= at


def _of_papers(said: Answer, call: Callable[[SubjectKey], str]) -> Iterator[Item]:
    for paper in said.no_force:
        name = call(paper.subject)
        look = next((look for kind, look in _LOOK_AT if kind in name), "read it again, to its end")
        why = paper.reason.value.replace("-", " ")
        yield Item(f"no-force-{paper.subject[1]}", f"{name} supports nothing ({why}): {look}", name)


def _of_duties(said: Answer, call: Callable[[SubjectKey], str]) -> Iterator[Item]:
    for duty in said.duties:
        if duty.bearer is Bearer.CUSTODIAN and duty.state is DutyState.DUE and "notify" in duty.effect.value:
            name = call(duty.subject)
            yield Item(
                f"duty-{duty.provision}-{duty.subject[1]}".replace("/", "-").replace("#", "-"),
                f"{name}: {duty.says.rstrip('.') or 'notice'} [{duty.cite}]",
                name,
            )
