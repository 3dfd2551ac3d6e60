"""What a computation starts from: sentences as courts imposed them, in whole civil days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from habeas.kernel.instants import CivilDate

Days: TypeAlias = tuple[CivilDate, CivilDate]
"""From a civil day through another, both included."""


class UnsupportedSentence(ValueError):
    """A sentence, or a rule for computing one, that these steps cannot compute.

    Attributes:
        what: The case, by name.
    """

    def __init__(self, what: str) -> None:
        """Name the case."""
        self.what = what
        super().__init__(f"cannot compute: {what}")


@dataclass(frozen=True, slots=True)
class Forfeiture:
    """Conduct credit taken away by an order."""

    on: CivilDate
    days: int | None
    """None takes away everything accrued by that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One judgment on one charge, as far as it bears on when custody ends.

    ``None`` is not known, never none: a step that needs it leaves the end unknown and says why.
    """

    id: str
    days: int = 0
    months: int = 0
    years: int = 0
    """The term is the sum of days, months and years as the court stated it."""
    imposed_on: CivilDate | None = None
    received_on: CivilDate | None = None
    """When the person was received where the sentence is served."""
    document: str | None = None
    """The charging document, where the rule asks whether two sentences share one."""
    consecutive_to: tuple[str, ...] = ()
    """The sentences after which the court ordered this one to run."""
    concurrent: bool = False
    """The court ordered it to run with the others."""
    custody: tuple[Days, ...] | None = None
    """Days in custody on this charge before sentence; every day touched."""
    stated_credit: int | None = None
    """Days of credit that the judgment states."""
    minimum_days: int | None = None
    """The mandatory minimum in days; 0 where the law sets none."""
    marks: frozenset[str] | None = None
    """What a rule may make an exception of, such as ``harm``; empty where nothing applies."""
    earned_days: int | None = None
    """Conduct credit as the custodian's own ledger states it."""
    forfeitures: tuple[Forfeiture, ...] = ()
    trim_days: int = 0
    """Days by which an order shortens the end of the sentence."""
    stated_end: CivilDate | None = None
    """The last day of custody, where the judgment states it."""
