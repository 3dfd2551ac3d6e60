"""``computes``: when sentences end, by named steps whose order and parameters are data.

The steps are start, combine, cap, credit, conduct, forfeit and trim. A figure that a court stated
governs; a computed one that differs is an anomaly. What the steps cannot compute they refuse by
name, and what no source states leaves the end unknown.
"""

from habeas.law.computations.computing import Computation, compute
from habeas.law.computations.reading import sentence_of
from habeas.law.computations.rules import problems_of
from habeas.law.computations.sentences import Forfeiture, Sentence, UnsupportedSentence
from habeas.law.computations.steps import ComputationLine

__all__ = [
    "Computation",
    "ComputationLine",
    "Forfeiture",
    "Sentence",
    "UnsupportedSentence",
    "compute",
    "problems_of",
    "sentence_of",
]
