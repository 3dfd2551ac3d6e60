"""What an evaluator is asked of, and what it says of each limb."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from habeas.kernel.instants import Instant
from habeas.kernel.kleene import Kleene
from habeas.law.vocabulary import Value

COMPLETE: Final = "?complete"
"""Stands for a fact's name in the trace of a quantifier: whether its collection is known to be
complete. No fact can be called so."""

Row: TypeAlias = Mapping[str, Value]
"""The facts of one subject by name, without owner; ``id`` is its identity. A fact that is missing
or None is not known."""

ReadFact: TypeAlias = tuple[str, str, str, Value]
"""A fact that was read: owner, row id, name, value."""


def _status_not_known(enactment: str) -> Kleene:  # noqa: ARG001 - every enactment alike
    return None


class Facts(Struct, frozen=True, kw_only=True):
    """Everything a condition can see, at one instant; what is left out is not known."""

    at: Instant
    """The instant that is asked about; never BEGINNING or FOREVER."""
    subject_kind: str
    """``person``, ``charge``, ``instrument`` or ``booking``."""
    subject: Row = {}
    """The subject's facts; for a person the same as `person`."""
    person: Row = {}
    setting: Row = {}
    rows: Mapping[str, Sequence[Row]] = {}
    """Collection -> its rows."""
    complete: Mapping[str, bool] = {}
    """Collection -> whether every row it has is known; left out is no. A ``some`` that finds
    nothing in an incomplete collection is unknown, and so are ``every`` and ``no``."""
    in_force: Callable[[str], Kleene] = _status_not_known
    """Whether an enactment is in force here and now."""


class LimbValue(Struct, frozen=True, gc=False):
    """What one limb, gap or quantifier came to.

    Limbs inside a quantifier give one value for each row, and the quantifier itself one more
    after them.
    """

    path: str
    """Where it stands in its provision: ``when.all[1].any[0]``."""
    text: str
    """The limb as written; of a gap, what is missing."""
    cite: str
    value: Kleene
    facts: tuple[ReadFact, ...] = ()
    """What it read, in the order written, without `at`. ``in_force(x)`` reads
    ``("enactment", x, "in_force", value)``; a quantifier over a collection that is not known to
    be complete, ``(collection, "", COMPLETE, False)``."""
    row: str = ""
    """Inside a quantifier, the row's id."""
    node: str = "limb"
    """``limb``, ``gap`` or ``quantified``."""
