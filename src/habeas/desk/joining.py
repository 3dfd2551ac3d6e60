"""That two names are one person, or are not after all: entries, reversible, with their effect shown first."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from habeas.authority.answer import answer
from habeas.desk.kept import KeptPerson, LedgerPeople
from habeas.desk.ledgers import MERGED, SPLIT, Identity, opened
from habeas.desk.naming import PERSON_EPISODE, Join, Merge, Names, Split, names_of
from habeas.desk.people import UnknownPerson
from habeas.desk.withheld import Withheld
from habeas.kernel.instants import FOREVER, Instant
from habeas.ledger.entries import Draft, Receipt
from habeas.ledger.errors import UnknownEvent
from habeas.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Short:
    """What is answered about somebody, in short."""

    person: str
    verdict: str
    bases: tuple[str, ...]
    until: Instant | None


@dataclass(frozen=True, slots=True)
class Effect:
    """The answers before a merge or split is made, and after."""

    at: Instant
    before: tuple[Short, ...]
    after: tuple[Short, ...]


def effect_of_merge(people: LedgerPeople, kept: str, joined: str, at: Instant) -> Effect:
    """What a merge of two people changes in the answers at an instant, as known now.

    Raises:
        UnknownPerson: the ledger names one of them not.
        WithheldPerson: an order withholds one of the records.
        Withheld: they are one person already.
    """
    one, other = _streams(people.names, kept, people.moment), _streams(people.names, joined, people.moment)
    if set(one) & set(other):
        raise Withheld(f"[{kept}] and [{joined}] are one person already")
    join = Join("proposed", one[0], other, people.moment)
    return _effect(people, (kept, joined), join, at)


def effect_of_split(people: LedgerPeople, merge: str, at: Instant) -> Effect:
    """What taking a merge back changes.

    Raises:
        UnknownEvent: there is no such merge, or it was taken back.
    """
    join = _standing(people.names, merge)
    both = [people.names.person(stream) for stream in (join.kept, *join.joined)]
    named = tuple(dict.fromkeys(each for each in both if each is not None))
    return _effect(people, named, None, at, without=merge)


def merge(ledger: Ledger, kept: str, joined: str, because: str, who: Identity, at: Instant) -> Receipt:
    """Record that two people are one.

    Raises:
        UnknownPerson: the ledger names one of them not.
        LedgerError: it was not recorded.
    """
    names = names_of(ledger)
    one, other = _streams(names, kept, at), _streams(names, joined, at)
    payload = msgspec.json.encode(Merge(one[0], list(other), because), order="sorted")
    return ledger.append(_draft(MERGED, one[0], payload, who))


def split(ledger: Ledger, merge_id: str, because: str, who: Identity) -> Receipt:
    """Record that a merge is taken back; what was recorded meanwhile stays where it was recorded.

    Raises:
        UnknownEvent: there is no such merge, or it was taken back.
        LedgerError: it was not recorded.
    """
    join = _standing(names_of(ledger), merge_id)
    payload = msgspec.json.encode(Split(merge_id, because), order="sorted")
    return ledger.append(_draft(SPLIT, join.kept, payload, who))


def _effect(
    people: LedgerPeople, named: Sequence[str], join: Join | None, at: Instant, *, without: str = ""
) -> Effect:
    before = _answers(people, named, at)
    with opened(people.folder) as ledger:
        changed = names_of(ledger, people.position)
    if join is not None:
        changed.join(join)
    if without:
        changed.part(without, people.moment)
    after = LedgerPeople(people.folder, people.regimen, source_times=people.source_times)
    after.names, after.moment = changed, people.moment
    return Effect(at, before, _answers(after, named, at))


def _answers(people: LedgerPeople, named: Sequence[str], at: Instant) -> tuple[Short, ...]:
    found: Mapping[str, Short] = {
        short.person: short for name in named for short in [_short(people[name], at)]
    }
    return tuple(found.values())


def _short(found: KeptPerson, at: Instant) -> Short:
    inquiry = found.inquiry(facts_known_at=found.moment, law_known_at=min(at, found.moment))
    said = answer(inquiry, at, proof=False, vary=False)
    bases = tuple(sorted({f"{basis.subject[0]} {basis.subject[1]}" for basis in said.bases}))
    until = said.latest_lawful
    return Short(str(inquiry.record.person), said.verdict.value, bases, until)


def _streams(names: Names, person: str, at: Instant) -> tuple[str, ...]:
    if not names.of(person):
        raise UnknownPerson(person, names.people)
    return names.whole(person, at)[1]


def _standing(names: Names, merge_id: str) -> Join:
    for join in names.joins:
        if join.event_id == merge_id and join.ended_at >= FOREVER:
            return join
    raise UnknownEvent("merge", merge_id, "a merge that stands; see: habeas persons list")


def _draft(kind: str, stream: str, payload: bytes, who: Identity) -> Draft:
    """An entry in the stream of the person kept: an expunction of them destroys it too."""
    return Draft(
        stream=stream,
        episode=PERSON_EPISODE,
        kind=kind,
        schema_version=1,
        payload=payload,
        actor=who.actor,
        role=who.role,
        idem=os.urandom(16).hex(),
    )
