"""What an import has to tell, beside what earlier imports told: new, corrected and taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from habeas.custody.events import Event, Retracted
from habeas.intake.people import PersonRows
from habeas.intake.rowstore import RowStore
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import Instant, latest_of


class Sink(Protocol):
    """Where an import's events go: files now, a ledger where one is kept."""

    def tell(self, event: Event) -> None:
        """Take one event; those of one person come together."""
        ...


class Teller:
    """Tells a sink what is new of each person, and remembers it."""

    def __init__(self, store: RowStore, sink: Sink, run: int, learned_at: Instant) -> None:
        """Take the store, the sink, the number of this import and when its files were learned of."""
        self._store, self._sink = store, sink
        self._run, self._learned_at = run, learned_at
        self.counts = {"told": 0, "corrected": 0, "retracted": 0}

    def tell(self, rows: PersonRows) -> None:
        """Tell what is new of one person.

        What rows no longer say is superseded by what they say now in its place, or retracted.
        """
        before = self._store.told_of(rows.person)
        new = [event for event in rows.events.values() if event.id not in before]
        gone: dict[str, list[str]] = {}
        for made, (told, slot) in before.items():
            if EventId(made) not in rows.events:
                gone.setdefault(slot, []).append(told)
        for event in sorted(new, key=lambda each: each.order):
            self._add(event, gone.get(_slot(event), []))
        for dropped in sorted(each for slot in gone.values() for each in slot):
            self._retract(rows.person, dropped)

    def _add(self, event: Event, gone: list[str]) -> None:
        made, slot = event.id, _slot(event)
        if self._store.was_told(event.id):
            # Told once, dropped since, and said again: an identity is never used twice.
            event = replace(event, id=EventId(f"{event.id}.{self._run}"))
        if gone:
            dropped = gone.pop(0)
            known = max(self._learned_at, latest_of(event.at))
            event = replace(event, supersedes=EventId(dropped), known_at=known)
            self._store.drop(dropped, self._run)
            self.counts["corrected"] += 1
        self._store.keep_told(event.id, made, (event.person, slot), self._run)
        self.counts["told"] += 1
        self._sink.tell(event)

    def _retract(self, person: PersonId, dropped: str) -> None:
        self._store.drop(dropped, self._run)
        self.counts["retracted"] += 1
        self._sink.tell(
            Retracted(
                id=EventId(f"Retracted:{dropped}"),
                person=person,
                at=self._learned_at,
                known_at=self._learned_at,
                supersedes=EventId(dropped),
            )
        )


def _slot(event: Event) -> str:
    """What an event says of what: a correction of the same thing takes its place."""
    collection, name = event.subject
    facts = ",".join(sorted(event.terms))
    return f"{event.kind} {collection} {name} {facts}"
