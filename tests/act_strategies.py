"""Small random laws: a few enactments whose acts aim at one another on a few days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

from habeas.kernel.instants import DAY, Instant, start_of_day
from habeas.kernel.instants import CivilDate as Date
from habeas.kernel.places import PlaceId
from habeas.law.enactments import Act, Enactment, Scope, Uncertain, Verb
from small_laws import SmallLaw, act, enactment, law_of, scope, tree

PLACES = tree("us/zz/juniper", "us/zz/alder", zone="UTC")
NAMES = ("us/zz/a", "us/zz/b", "us/zz/c", "us/zz/d")
CLAUSES = ("p", "q")
ACTS = ("x", "y", "z")
DAYS = 6
FROM_START = (Verb.REVERSES, Verb.VOIDS)

days = st.integers(1, DAYS)


def date(day: int) -> str:
    """A civil day of January 2015."""
    return f"2015-01-{day:02}"


def instant(day: int) -> Instant:
    """The first instant of a civil day of January 2015, in the zone of these laws."""
    return Instant(start_of_day(Date(2015, 1, 1), PLACES.zone_of(PlaceId("us"))) + (day - 1) * DAY)


class Point(NamedTuple):
    """Where, for whom and when law is asked about."""

    place: PlaceId
    custodian: str | None
    at: Instant
    known: Instant


points = st.builds(
    Point,
    st.sampled_from([PlaceId("us/zz/juniper"), PlaceId("us/zz/alder")]),
    st.sampled_from(["county-jail", "city-lockup", None]),
    st.integers(2, DAYS).map(instant),
    st.integers(2, DAYS).map(instant),
)


def targets(names: Sequence[str]) -> st.SearchStrategy[str]:
    """An enactment, a clause or an act, more often the first."""
    name = st.sampled_from(names)
    return st.one_of(
        name,
        name,
        st.builds("{}#{}".format, name, st.sampled_from(CLAUSES)),
        st.builds("{}!{}".format, name, st.sampled_from(ACTS)),
    )


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    """Mostly everywhere and for everyone, else one limit."""
    limit: dict[str, Any] = draw(
        st.sampled_from(
            [
                *[{}] * 9,
                {"places": "us/zz/juniper"},
                {"except_places": "us/zz/juniper"},
                {"unsure_places": "us/zz/juniper"},
                {"custodians": "county-jail"},
                {"bound": "g"},
                {"bound": "h"},
            ]
        )
    )
    return scope(**limit)


@st.composite
def acts(draw: st.DrawFn, name: str, names: Sequence[str], *, uncertain: bool) -> Act:
    """One act: any verb, aimed at any of the names; `uncertain` allows dates within bounds."""
    does = draw(st.sampled_from(list(Verb)))
    begins: str | Uncertain = date(draw(days))
    known = date(draw(st.integers(1, 4)))
    if uncertain and draw(st.booleans()):
        first = draw(days)
        begins = Uncertain(date(first), date(first + draw(st.integers(1, 3))))
    elif does in FROM_START and draw(st.booleans()):
        begins = "start"
    return act(
        name,
        does,
        begins,
        " ".join(draw(st.lists(targets(names), min_size=1, max_size=2, unique=True))),
        known=known,
        clauses=" ".join(draw(st.lists(st.sampled_from(CLAUSES), max_size=2, unique=True))),
        reaches=draw(st.sampled_from(["text", "whole", None])) if does in HALTING else None,
        proceeding=draw(st.sampled_from(["", "appeal"])),
        disposes=draw(st.sampled_from(["", "", "", "appeal"])),
        scope=draw(scopes()),
    )


HALTING = (Verb.SUSPENDS, Verb.STAYS, Verb.VACATES)


@st.composite
def enactments(draw: st.DrawFn, name: str, names: Sequence[str], *, uncertain: bool) -> Enactment:
    """An enactment of up to two clauses and three acts, the first of which mostly enacts."""
    clauses = " ".join(draw(st.sampled_from([(), ("p",), ("p",), CLAUSES])))
    made = [draw(acts(ACTS[i], names, uncertain=uncertain)) for i in range(draw(st.integers(1, 2)))]
    if draw(st.integers(0, 3)):
        made.append(
            act(ACTS[2], "enacts", date(draw(st.integers(1, 3))), known=date(draw(st.integers(1, 3))))
        )
    return enactment(name, *made, clauses=clauses)


@st.composite
def laws(draw: st.DrawFn, *, uncertain: bool = False) -> SmallLaw:
    """A law of up to four enactments."""
    names = NAMES[: draw(st.integers(2, len(NAMES)))]
    return law_of(PLACES, *(draw(enactments(name, names, uncertain=uncertain)) for name in names))


def refs(law: SmallLaw) -> list[str]:
    """Every enactment, clause and act of a law."""
    found: list[str] = []
    for each in law.enactments.values():
        found.append(each.id)
        found += [f"{each.id}#{provision.id}" for provision in each.provisions]
        found += [f"{each.id}!{made.id}" for made in each.acts]
    return found


def without(law: SmallLaw, gone: str) -> SmallLaw:
    """The law without one act, given by its ref."""
    kept = (
        enactment_without(each, gone.rpartition("!")[2]) if gone.startswith(f"{each.id}!") else each
        for each in law.enactments.values()
    )
    return law_of(law.places, *kept)


def enactment_without(each: Enactment, act_id: str) -> Enactment:
    """The enactment without one act."""
    clauses = " ".join(provision.id for provision in each.provisions)
    return enactment(each.id, *(made for made in each.acts if made.id != act_id), clauses=clauses)
