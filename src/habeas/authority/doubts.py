"""Doubts of law settled for the asking: when on a day an act was done, whether a place is covered.

A date of law known only within bounds is one point, wherever it counts: what an act ends and what
it begins change together, and it is known from then on if it became known by being done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from habeas.authority.findings import Atom
from habeas.kernel.instants import Instant
from habeas.law.formulas import About, Doubt, Formula, leaves
from habeas.law.regimes import Regimes

DATE = "date"
"""What an atom of law is about when the doubt is a point in time."""
_DATES = frozenset({About.BEGINNING, About.KNOWLEDGE})


class Placing(Struct, frozen=True):
    """What is supposed of the law's doubts."""

    points: Mapping[str, Instant] = field(default_factory=dict[str, Instant])
    """By a date's key, the instant it is placed at."""
    others: Mapping[Doubt, bool] = field(default_factory=dict[Doubt, bool])
    """Doubts that are no date, each with the side supposed."""

    def sides(self, at: Instant, law_known_at: Instant) -> Mapping[Doubt, bool]:
        """Every doubt supposed, with its side for law asked at an instant, as known at another."""
        begun = {Doubt(About.BEGINNING, key): placed <= at for key, placed in self.points.items()}
        known = {Doubt(About.KNOWLEDGE, key): placed <= law_known_at for key, placed in self.points.items()}
        return {**begun, **known, **self.others}


def placing(choices: Mapping[Atom, object]) -> Placing:
    """What is supposed of law among what is supposed of atoms."""
    points: dict[str, Instant] = {}
    others: dict[Doubt, bool] = {}
    for (owner, key, about), choice in choices.items():
        if owner == "law" and about == DATE and isinstance(choice, int):
            points[key] = Instant(choice)
        elif owner == "law":
            others[Doubt(About(about), key)] = choice is True
    return Placing(points, others)


def atoms_of(formulas: Iterable[Formula]) -> Iterator[Atom]:
    """The doubts that formulas hang on, each date once, whatever it is doubted for."""
    for formula in formulas:
        for leaf in leaves(formula):
            if isinstance(leaf, Doubt):
                yield "law", leaf.key, DATE if leaf.about in _DATES else leaf.about.value


def says(regimes: Regimes, atom: Atom) -> str:
    """What is not known of law, in words."""
    _, key, about = atom
    if about == DATE:
        acts = regimes.dated_by(key)
        named = ", ".join(dict.fromkeys(f"{act.enactment.title} [{act.act.cite}]" for act in acts))
        return f"when exactly, within the bounds its sources give: {named}"
    first, _, second = key.partition(" ")
    return _WORDS[About(about)].format(_cited(regimes, first), _cited(regimes, second))


def _cited(regimes: Regimes, ref: str) -> str:
    act = regimes.named(ref)
    return "" if act is None else f"{act.enactment.title} [{act.act.cite}]"


_WORDS = {
    About.PLACE: "whether this covers the place, which its sources do not say: {0}",
    About.CUSTODIAN: "whether this binds the custodian, whose kind is not known: {0}",
    About.ORDER: "which of the two came first: {0}; {1}",
    About.REACH: "whether the one also undoes what the other ended: {0}; {1}",
}
