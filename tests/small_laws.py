"""Small laws built by hand, for tests of what acts do to law."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from habeas.kernel.instants import (
    BEGINNING,
    CivilDate,
    Instant,
    Precision,
    UncertainInstant,
    When,
    parse_instant,
    start_of_day,
)
from habeas.kernel.kleene import Kleene
from habeas.kernel.places import Place, PlaceId, PlaceKind, PlaceTree
from habeas.law.acts import Guard, Regime, Regimes, evaluate
from habeas.law.enactments import (
    Act,
    Condition,
    Effect,
    Enactment,
    Limb,
    Provision,
    Reach,
    Scope,
    Uncertain,
    Verb,
)

KINDS = (PlaceKind.NATION, PlaceKind.STATE, PlaceKind.COUNTY, PlaceKind.CITY)
LATER = "2030-01-01"
"""Known at a time when all that a test enacts is known."""


@dataclass(frozen=True)
class SmallLaw:
    """A law of a few enactments over a few places, all in one zone."""

    enactments: Mapping[str, Enactment]
    places: PlaceTree

    def instant(self, date: str | Uncertain, place: str, /) -> When:
        """As the rulebook reads dates: a civil day begins at its first instant."""
        if isinstance(date, Uncertain):
            first, last = self._certain(date.earliest, place), self._certain(date.latest, place)
            return UncertainInstant(first, last, Precision.DAY, f"{place} {date.earliest}")
        return self._certain(date, place)

    def _certain(self, text: str, place: str) -> Instant:
        if text == "start":
            return BEGINNING
        zone = self.places.zone_of(PlaceId(place))
        if len(text) == len("2017-01-26"):
            return start_of_day(CivilDate.fromisoformat(text), zone)
        return parse_instant(text, zone)


class Asked:
    """A small law with its regimes, asked in civil dates."""

    def __init__(self, law: SmallLaw, place: str, custodian: str | None = "county-jail") -> None:
        self.law = law
        self.place = PlaceId(place)
        self.custodian = custodian
        self.regimes = Regimes(law)

    def regime(self, at: str, known: str = LATER, place: str = "") -> Regime:
        """The regime at a date, by default with hindsight."""
        where = PlaceId(place) if place else self.place
        zone = self.law.places.zone_of(where)
        instant, knowledge = (_moment(text, zone) for text in (at, known))
        return self.regimes.at(where, self.custodian, instant, knowledge)

    def force(self, ref: str, at: str, known: str = LATER, **asked: Any) -> Kleene:
        """Whether a clause, enactment or act is in force at a date, by default with hindsight.

        `place` asks elsewhere than in the place of this law; `guard` is the value of every guard,
        or a function of it, and unknown when left out.
        """
        regime = self.regime(at, known, asked.get("place", ""))
        return evaluate(regime.in_force(ref), guards(asked.get("guard")))

    def sentence(self, ref: str, at: str, known: str = LATER, **asked: Any) -> str:
        """The reason in one sentence; `guard` makes it one subject's."""
        regime = self.regime(at, known, asked.get("place", ""))
        return regime.sentence(ref, guards(asked["guard"]) if "guard" in asked else None)


def guards(value: Kleene | Callable[[Guard], Kleene]) -> Callable[[Guard], Kleene]:
    """The same value for every guard, or the function given."""
    if callable(value):
        return value
    return lambda _: value


def _moment(text: str, zone: Any) -> Instant:
    if len(text) == len("2017-01-26"):
        return start_of_day(CivilDate.fromisoformat(text), zone)
    return parse_instant(text, zone)


def tree(*paths: str, zone: str = "America/New_York", **territories: Iterable[str]) -> PlaceTree:
    """The places named and all above them, in one zone."""
    names = {path[: len(path) - len(rest)].rstrip("/") for path in paths for rest in _rests(path)}
    places = [
        Place(PlaceId(name), name.rpartition("/")[2].title(), KINDS[name.count("/")], zone)
        for name in sorted(names)
    ]
    return PlaceTree(places, {name: map(PlaceId, within) for name, within in territories.items()})


def _rests(path: str) -> list[str]:
    words = path.split("/")
    return ["/".join(["", *words[i:]]) if words[i:] else "" for i in range(1, len(words) + 1)]


def law_of(places: PlaceTree, *enactments: Enactment) -> SmallLaw:
    """A law of these enactments."""
    return SmallLaw({each.id: each for each in enactments}, places)


def enactment(name: str, *acts: Act, clauses: str = "rule", title: str = "", inert: str = "") -> Enactment:
    """An enactment named by its path, with a permission for each clause named."""
    short = name.rpartition("/")[2]
    return Enactment(
        id=name,
        place=name.rpartition("/")[0],
        title=title or short,
        kind="statute",
        cite=f"cite of {short}",
        inert=inert,
        acts=acts,
        provisions=tuple(
            Provision(id=clause, on="person", effect=Effect.MAY_HOLD, cite=f"{short}, {clause}")
            for clause in clauses.split()
        ),
    )


def act(name: str, does: str, begins: str | Uncertain, targets: str = "", **more: Any) -> Act:
    """One act; what it is aimed at and the `clauses` it begins are lists of words.

    `known` is by default when it begins; `reaches`, `proceeding`, `disposes`, `cite` and `scope`
    are as in a file.
    """
    reach = more.get("reaches")
    return Act(
        id=name,
        does=Verb(does),
        cite=more.get("cite", f"cite of {name}"),
        begins=begins,
        known=more.get("known", begins),
        targets=tuple(targets.split()),
        clauses=tuple(more.get("clauses", "").split()),
        scope=more.get("scope", Scope()),
        reaches=None if reach is None else Reach(reach),
        proceeding=more.get("proceeding", ""),
        disposes=more.get("disposes", ""),
    )


def scope(places: str = "", **more: Any) -> Scope:
    """A scope; `except_places`, `unsure_places` and `custodians` are lists of words too."""
    condition: Condition | None = Limb(more["bound"]) if "bound" in more else None
    return Scope(
        places=tuple(places.split()),
        except_places=tuple(more.get("except_places", "").split()),
        unsure_places=tuple(more.get("unsure_places", "").split()),
        custodians=tuple(more.get("custodians", "").split()),
        condition=condition,
    )
