"""Evidence that cannot all be true, or is improbable: reported and carried, never repaired."""

from dataclasses import dataclass
from enum import StrEnum

from habeas.custody.events import Event, Ref


class AnomalyKind(StrEnum):
    """What is wrong with what the sources say."""

    END_BEFORE_START = "end-before-start"
    """Custody under one booking ended before it began; when it ended is not known."""

    OVERLAPPING_CUSTODY = "overlapping-custody"
    """Two custodians say they held the person at once."""

    RELEASE_WITHOUT_ADMISSION = "release-without-admission"
    """Custody ended that no event began."""

    AFTER_RELEASE = "after-release"
    """Something that happens only in custody happened after custody had ended."""

    ANOTHER_CUSTODIAN = "another-custodian"
    """A custodian released or moved a person whom another was holding."""

    DISPUTED_VALUE = "disputed-value"
    """Two statements of one fact at one instant differ; the fact is not known."""

    SERVED_BEFORE_LODGED = "served-before-lodged"
    """An instrument was given to the person before the custodian had received it."""

    WITHDRAWN_BEFORE_LODGED = "withdrawn-before-lodged"
    """An instrument was recalled before the custodian had received it."""

    ONE_ID_TWO_EVENTS = "one-id-two-events"
    """Two different events bear one identity."""

    CORRECTS_NOTHING = "corrects-nothing"
    """A correction names an event that is not in the record."""

    FIGURES_DIFFER = "figures-differ"
    """A figure that a paper states is not what the record and the law come to; the stated one governs."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One thing wrong with what the sources say, and the events that say it."""

    kind: AnomalyKind
    """What is wrong."""

    events: tuple[Event, ...]
    """The events that cannot all be true, in the order of the record."""

    about: Ref | None = None
    """The row concerned, where one is."""

    fact: str | None = None
    """The fact concerned, where one is."""

    says: str = ""
    """Which figures differ, in words."""

    @property
    def sentence(self) -> str:
        """What is wrong, with the events' identities and never a person's name."""
        named = ", ".join(f"{event.kind} [{event.id}]" for event in self.events)
        where = f" {self.about.collection} [{self.about.id}]" if self.about else ""
        which = f" {self.fact}" if self.fact else ""
        return f"{self.kind}:{where}{which}: {self.says or named}"
