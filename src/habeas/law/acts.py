"""Acts: what is done to law, and what law is therefore in force at a point.

The names the rest of the product uses. How acts defeat one another is in
:mod:`~habeas.law.attacks`, what follows at a point in :mod:`~habeas.law.effectiveness`, piece by
piece of time in :mod:`~habeas.law.regimes`, and why in :mod:`~habeas.law.reasons`.
"""

from habeas.law.formulas import (
    About,
    And,
    Doubt,
    Formula,
    Guard,
    Not,
    Or,
    conjunction,
    disjunction,
    evaluate,
    leaves,
    negated,
)
from habeas.law.loose_ends import LooseEnd, loose_ends
from habeas.law.mutual import Circle, cycles
from habeas.law.reasons import LawStatus
from habeas.law.regimes import Regime, Regimes, UnknownRef
from habeas.law.targets import Law, Target, target_of

__all__ = [
    "About",
    "And",
    "Circle",
    "Doubt",
    "Formula",
    "Guard",
    "Law",
    "LawStatus",
    "LooseEnd",
    "Not",
    "Or",
    "Regime",
    "Regimes",
    "Target",
    "UnknownRef",
    "conjunction",
    "cycles",
    "disjunction",
    "evaluate",
    "leaves",
    "loose_ends",
    "negated",
    "target_of",
]
