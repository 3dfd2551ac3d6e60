"""Errors planted on purpose, one in a custody at most: what each is, and what it ought to show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Planted(StrEnum):
    """An error of a jail, planted in a custody."""

    ORDER_LOST = "order-lost"
    """A court's order reached the jail days late."""
    ORDER_UNREADABLE = "order-unreadable"
    """The jail could not read the order and waited for word."""
    FORGOTTEN = "forgotten"
    """Everything was known and clear, and nobody opened the door."""
    MISTAKEN = "mistaken"
    """Somebody was admitted on nothing at all."""
    VOID_PAPER = "void-paper"
    """Kept on a request that never supported custody."""
    WINDOW_OVER = "window-over"
    """Kept on a hold after its own time."""
    WITHDRAWN_PAPER = "withdrawn-paper"
    """Kept on a hold that its issuer had withdrawn."""
    SUM_LATE = "sum-late"
    """The jail's own sum of a sentence came out too late."""
    CREDIT_LEFT_OUT = "credit-left-out"
    """The jail left out credit that the court had stated."""
    LATE_TO_COURT = "late-to-court"
    """Not before a judge within 24 hours."""
    LATE_FINDING = "late-finding"
    """No probable cause found within 48 hours, and kept on."""
    LATE_CHARGE = "late-charge"
    """No formal charge by the end of the twenty-first day, and kept on until it was filed."""
    NO_DATE = "no-date"
    """A sentence ended, the door stayed shut, and no paper says what the jail thought."""
    ORDER_TO_KEEP_UNSEEN = "order-to-keep-unseen"
    """Freed while a warrant was waiting that the jail had not recorded."""
    DETENTION_UNSEEN = "detention-unseen"
    """Freed on bail while an order of detention was waiting that the jail had not recorded."""
    COMMITMENT_UNREADABLE = "commitment-unreadable"
    """Freed while a sentence ran whose paper could not be read."""
    SUM_EARLY = "sum-early"
    """The jail's own sum of a sentence came out too early."""
    CREDIT_TWICE = "credit-twice"
    """The jail counted more credit than the court had stated."""
    DOOR_TOO_SOON = "door-too-soon"
    """Freed while a sentence ran, and no paper says why."""


SHOWS: Final = {
    Planted.ORDER_LOST: "order-unseen",
    Planted.ORDER_UNREADABLE: "order-unclear",
    Planted.FORGOTTEN: "queue",
    Planted.MISTAKEN: "no-authority",
    Planted.VOID_PAPER: "hold-void",
    Planted.WINDOW_OVER: "hold-lapsed",
    Planted.WITHDRAWN_PAPER: "hold-stale",
    Planted.SUM_LATE: "arithmetic",
    Planted.CREDIT_LEFT_OUT: "credit",
    Planted.LATE_TO_COURT: "clock",
    Planted.LATE_FINDING: "clock",
    Planted.LATE_CHARGE: "clock",
    Planted.NO_DATE: "unknown",
    Planted.ORDER_TO_KEEP_UNSEEN: "order-unseen",
    Planted.DETENTION_UNSEEN: "order-unseen",
    Planted.COMMITMENT_UNREADABLE: "order-unclear",
    Planted.SUM_EARLY: "arithmetic",
    Planted.CREDIT_TWICE: "credit",
    Planted.DOOR_TOO_SOON: "unknown",
}
"""The cause, in the glossary's words, that each ought to show."""

EARLY: Final = frozenset(
    {
        Planted.ORDER_TO_KEEP_UNSEEN,
        Planted.DETENTION_UNSEEN,
        Planted.COMMITMENT_UNREADABLE,
        Planted.SUM_EARLY,
        Planted.CREDIT_TWICE,
        Planted.DOOR_TOO_SOON,
    }
)
"""Those that free somebody too soon; the others keep somebody too long."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the generator planted, and what it means to have made of it."""

    person: str
    booking: str
    planted: Planted
    start: int
    """The minute from which it ought to show; the door, of an early release."""
    end: int
    """The first minute after it; of an early release the door again."""

    @property
    def cause(self) -> str:
        """The cause it ought to show."""
        return SHOWS[self.planted]

    @property
    def is_early(self) -> bool:
        """Whether it frees somebody too soon."""
        return self.planted in EARLY
