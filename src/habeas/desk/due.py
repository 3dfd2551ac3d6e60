"""Who has to be let go, or presented, by when: everybody in custody, the least time left first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from habeas.authority.answer import Answer, answer
from habeas.authority.findings import DutyState, Verdict
from habeas.desk.people import PersonFile, UnknownPerson
from habeas.desk.withheld import WithheldPerson
from habeas.kernel.instants import FOREVER, HOUR, Instant, earliest_of
from habeas.law.questions import Reading

WITHIN: Final = 96 * HOUR
"""Microseconds ahead that a deadline sheet looks."""

_OPEN: Final = frozenset({DutyState.DUE, DutyState.BREACHED, DutyState.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that has to be done about one person."""

    person: str
    what: str
    by: Instant
    """The first instant at which it is too late; for what nobody can say, the instant asked about."""
    bearer: str
    cite: str
    verdict: Verdict
    place: str


@dataclass(slots=True)
class DueList:
    """What is due, and of how many people."""

    at: Instant
    within: int
    """Microseconds."""
    people: int = 0
    withheld: int = 0
    unread: int = 0
    """Rows about somebody that could not be read; a release order could be among them."""
    due: list[Due] = field(default_factory=list[Due])


def due_list(
    people: Mapping[str, PersonFile],
    at: Instant,
    *,
    within: int = WITHIN,
    reading: Reading | None = None,
    watch: Callable[[int, int], None] = lambda _done, _total: None,
) -> DueList:
    """What is due of everybody, from what was overdue on.

    Args:
        people: Whoever a file or a ledger speaks of.
        at: The instant asked about; facts and law as known then.
        within: How far ahead, in microseconds.
        reading: The alternatives taken of questions of law.
        watch: Told how many of how many were looked at.

    Raises:
        UnknownReading: the reading names a question or alternative the rulebook lacks.
    """
    found = DueList(at, within)
    names = list(people)
    for number, name in enumerate(names, 1):
        try:
            person = people[name]
            found.unread += len(person.beside)
            if person.expunged(at) is not None:
                found.withheld += 1
                continue
            inquiry = person.inquiry(
                facts_known_at=person.known_by_default(at), law_known_at=at, reading=reading
            )
        except WithheldPerson:
            found.withheld += 1
            continue
        except UnknownPerson:
            # Nothing of them was recorded yet, or they are another person's part of a merge.
            continue
        if str(inquiry.record.person) == name:
            found.people += 1
            said = answer(inquiry, at, proof=False, vary=False)
            # A duty about each of several charges is one thing to do.
            found.due += dict.fromkeys(each for each in due_of(name, said, at) if each.by <= at + within)
        watch(number, len(names))
    found.due.sort(key=lambda each: (each.by, each.person, each.what))
    return found


def due_of(person: str, said: Answer, at: Instant) -> Iterator[Due]:
    """What has to be done about one person by the answer of an instant, in no order."""
    if said.verdict is Verdict.NOT_IN_CUSTODY:
        return
    place = str(said.place or "")

    def line(what: str, by: Instant, bearer: str, cite: str) -> Due:
        return Due(
            person=person, what=what, by=by, bearer=bearer, cite=cite, verdict=said.verdict, place=place
        )

    if said.verdict is Verdict.UNLAWFUL:
        since = max((each.interval.start for each in said.over_detention), default=at)
        yield line("let go: nothing supports custody", min(since, at), "custodian", "")
    elif said.verdict is Verdict.UNDETERMINED:
        missing = "; ".join(each.says for each in said.unknown[:3])
        yield line(f"authority unverified: {missing or said.because}", at, "custodian", "")
    elif said.latest_lawful is not None and said.latest_lawful < FOREVER:
        cites = sorted({basis.cite for basis in said.bases})
        yield line("let go, unless another basis begins", said.latest_lawful, "custodian", "; ".join(cites))
    for duty in said.duties:
        if duty.state in _OPEN and duty.due_at is not None and earliest_of(duty.due_at) < FOREVER:
            what = duty.says or duty.effect.value.replace("-", " ")
            yield line(what, earliest_of(duty.due_at), duty.bearer.value, duty.cite)
