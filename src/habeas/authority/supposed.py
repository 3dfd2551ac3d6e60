"""What is supposed of a custody against its papers and its law, and the law to be asked then."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from habeas.authority.doubts import Placing
from habeas.custody.rows import Row
from habeas.kernel.instants import Instant
from habeas.law.program import Program
from habeas.law.regimes import Regime
from habeas.law.rulebook import Law


class Supposed(Struct, frozen=True):
    """What is supposed otherwise than papers and law say."""

    without: frozenset[tuple[str, str]] = frozenset()
    """Subjects, as collection and row id, left out as if they had never been."""
    placing: Placing | None = None
    """What is supposed of the law's doubts."""
    rows: Mapping[str, tuple[Row, ...]] | None = None
    """The rows that bear on the custody, where it is known which."""


AS_RECORDED = Supposed()
"""Nothing is supposed."""


def program_at(law: Law, regime: Regime, placing: Placing | None, at: tuple[Instant, Instant]) -> Program:
    """The compiled program of a regime, made once for as long as the law is kept.

    Args:
        law: The law under one reading.
        regime: What of it is in force.
        placing: What is supposed of its doubts.
        at: The instant asked about, and as known at which law is asked.
    """
    sides = None if placing is None else placing.sides(*at)
    key = id(regime), None if sides is None else frozenset(sides.items())
    found = law.programs.get(key)
    if found is None:
        # The program keeps its regime, so that the regime's id stays its own.
        found = law.programs[key] = Program(law, regime, sides)
    return found


class PlaceNotStated(LookupError):
    """A record holds somebody in custody and no event says in which place."""

    def __init__(self, person: str) -> None:
        super().__init__(f"expected an event that names the place of custody of [{person}]; none does")
