"""Invented people in fictional counties, and small rulebooks for them, for properties of the answer.

Nobody would enact these laws; that is the point: what holds of the answer holds under any.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from habeas.authority.inquiry import Inquiry, Regimen, fact_kinds
from habeas.custody.coverage import EVERYTHING, Coverage
from habeas.custody.events import (
    Arrested,
    BondPosted,
    ChargeDisposed,
    DetainerLodged,
    DetainerServed,
    DetainerWithdrawn,
    Event,
    FirstAppearance,
    ProbableCauseFound,
    Ref,
    Released,
    ReleaseOrdered,
    Term,
    WarrantLodged,
)
from habeas.custody.record import CustodyRecord, fold
from habeas.custody.setting import Setting
from habeas.kernel.evidence import NotKnown
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import DAY, HOUR, Instant, Precision, UncertainInstant
from habeas.kernel.places import EVERYWHERE
from habeas.law.artefact import Artefact
from habeas.law.documents import Tree
from habeas.law.folder import load
from habeas.law.rulebook import Rulebook

RULEBOOK = Path(__file__).resolve().parent.parent / "src" / "habeas" / "rulebook"
PERSON = PersonId("invented")
PLACE = "us/zz/juniper"
STATE = "us/zz"
FIRST = Instant(1_485_907_200_000_000)
"""2017-02-01T00:00:00Z, where the stories begin; no clock of the zone changes and they last two weeks."""
LENGTH = 14 * 24
HINDSIGHT = Instant(FIRST + 20_000 * DAY)
COMPLETE = (Coverage(facts=EVERYTHING, places=frozenset({EVERYWHERE})),)

FORMS = ("I-247D", "I-247N", "I-247A", "I-247X")
CLASSES = ("felony", "misdemeanor")
WARRANTS = ("none", "I-200")


@cache
def whole_rulebook() -> Rulebook:
    return load(RULEBOOK)


@cache
def fictional() -> Regimen:
    """The rulebook that comes with habeas, asked only in its fictional state."""
    return Regimen(whole_rulebook())


@dataclass(frozen=True)
class Story:
    """One invented person's events and what sources claim to cover."""

    events: tuple[Event, ...]
    coverage: tuple[Coverage, ...]

    def record(self, known_at: Instant = HINDSIGHT, regimen: Regimen | None = None) -> CustodyRecord:
        kinds = fact_kinds((regimen or fictional()).rulebook.vocabulary)
        return fold(self.events, known_at=known_at, coverage=self.coverage, person=PERSON, kinds=kinds)

    def inquiry(self, regimen: Regimen, law_known_at: Instant = HINDSIGHT) -> Inquiry:
        return Inquiry(self.record(regimen=regimen), Setting(), regimen, law_known_at, {})


def at(hour: int) -> Instant:
    """So many hours into the story."""
    return Instant(FIRST + hour * HOUR)


def probes(hours: Sequence[int]) -> list[Instant]:
    return [at(hour) for hour in hours]


hours = st.integers(0, LENGTH)
asked = st.lists(hours, min_size=1, max_size=5, unique=True).map(sorted)


def event(
    kind: type[Event], number: int, hour: int, about: Ref, terms: Mapping[str, Term] | None = None
) -> Event:
    when = at(hour)
    return kind(
        id=EventId(f"{number}"),
        person=PERSON,
        at=when,
        known_at=when,
        about=about,
        terms={**(terms or {})},
    )


@st.composite
def stories(draw: st.DrawFn, *, complete: bool | None = None, place: str = PLACE) -> Story:
    """Arrest on one or two charges, a judge, a warrant, one or two detainers, ends, perhaps a release."""
    keeper: dict[str, Term] = {"custodian_kind": "county-jail", "place": place}
    start = draw(st.integers(0, 24))
    told: list[tuple[type[Event], int, Ref, dict[str, Term]]] = []

    def later(low: int = 0) -> int:
        return start + draw(st.integers(low, LENGTH // 2))

    for charge in ("c1", "c2")[: draw(st.integers(1, 2))]:
        begun = start if charge == "c1" else later()
        about: dict[str, Term] = {"class": draw(st.sampled_from(CLASSES)), "booking": "b1"}
        told.append((Arrested, begun, Ref("charge", charge), {**keeper, **about}))
        end = draw(st.sampled_from((None, BondPosted, ReleaseOrdered, ChargeDisposed)))
        if end is not None:
            told.append((end, later(), Ref("charge", charge), {}))
    if draw(st.booleans()):
        told.append((FirstAppearance, start + draw(st.integers(1, 30)), Ref("booking", "b1"), {}))
    if draw(st.booleans()):
        told.append((ProbableCauseFound, start + draw(st.integers(1, 50)), Ref("booking", "b1"), {}))
    if draw(st.booleans()):
        warrant: dict[str, Term] = {"kind": "warrant", "booking": "b1"}
        told.append((WarrantLodged, later(), Ref("instrument", "w1"), warrant))
    for name in ("d1", "d2")[: draw(st.integers(0, 2))]:
        told += draw(detainers(name, start))
    if draw(st.booleans()):
        told.append((Released, LENGTH - draw(st.integers(0, 48)), Ref("booking", "b1"), {}))
    events = tuple(event(kind, n, hour, about, terms) for n, (kind, hour, about, terms) in enumerate(told))
    covered = draw(st.booleans()) if complete is None else complete
    return Story(events, COMPLETE if covered else ())


@st.composite
def detainers(draw: st.DrawFn, name: str, start: int) -> list[tuple[type[Event], int, Ref, dict[str, Term]]]:
    about = Ref("instrument", name)
    lodged = start + draw(st.integers(0, LENGTH // 2))
    terms: dict[str, Term] = {
        "kind": "immigration-detainer",
        "form": draw(st.sampled_from(FORMS)),
        "attached_warrant": draw(st.sampled_from(WARRANTS)),
        "complete": draw(st.booleans()),
        "issued_at": at(lodged),
        "issuer_office": "zz-office",
    }
    told: list[tuple[type[Event], int, Ref, dict[str, Term]]] = [(DetainerLodged, lodged, about, terms)]
    if draw(st.booleans()):
        told.append((DetainerServed, lodged + draw(st.integers(0, 48)), about, {}))
    if draw(st.integers(0, 4)) == 0:
        told.append((DetainerWithdrawn, lodged + draw(st.integers(1, 96)), about, {}))
    return told


@st.composite
def poorer(draw: st.DrawFn, story: Story) -> Story:
    """The same story as a worse source tells it: terms not stated, times in a range, events left out.

    What is left out may also not have happened, so no source then claims to be complete.
    """
    events: list[Event] = []
    dropped = False
    for each in story.events:
        change = draw(st.sampled_from(("as it was", "as it was", "terms", "time", "gone")))
        if change == "gone" and not isinstance(each, Arrested | Released):
            dropped = True
            continue
        if change == "terms" and not isinstance(each, Arrested):
            hidden = draw(st.sets(st.sampled_from(sorted(each.terms)))) if each.terms else set[str]()
            kept = {name: NotKnown.UNSTATED if name in hidden else term for name, term in each.terms.items()}
            events.append(replace(each, terms=kept))
        elif change == "time" and not isinstance(each, Arrested | Released):
            around = _around(each, draw(st.integers(0, 30)), draw(st.integers(1, 30)))
            events.append(replace(each, at=around))
        else:
            events.append(each)
    coverage = () if dropped or draw(st.booleans()) else story.coverage
    return Story(tuple(events), coverage)


def _around(each: Event, before: int, after: int) -> UncertainInstant:
    assert isinstance(each.at, int), "stories state every time exactly"
    first, last = Instant(each.at - before * HOUR), Instant(each.at + after * HOUR)
    return UncertainInstant(first, last, Precision.RANGE, f"around {each.id}")


# ------------------------------------------------------------------------------- rulebooks

LIMBS = (
    "instrument.complete",
    'instrument.attached_warrant in ["I-200", "I-205"]',
    'instrument.form == "I-247A"',
    "instrument.served_at <= at",
    "at < instrument.lodged_at + 72h",
)
ACT_DATES = ("2010-01-01", "2017-02-03", "2017-02-06", "2017-02-09 12:00")
KNOWN_DATES = ("2009-01-01", "2017-02-04", "2018-06-01")


@st.composite
def conditions(draw: st.DrawFn) -> Tree:
    texts = draw(st.lists(st.sampled_from(LIMBS), min_size=1, max_size=3, unique=True))
    parts: list[Tree] = [{"if": text} for text in texts]
    join = draw(st.sampled_from(("all", "any", "unless")))
    return {"unless": parts[0]} if join == "unless" else {join: parts}


@st.composite
def enactments(draw: st.DrawFn, name: str, earlier: Sequence[str]) -> dict[str, Tree]:
    """A text on detainers, perhaps with a cap, perhaps done away with something earlier."""
    act: dict[str, Tree] = {
        "id": "enacts",
        "does": "enacts",
        "from": draw(st.sampled_from(ACT_DATES)),
        "known": draw(st.sampled_from(KNOWN_DATES)),
        "cite": "invented",
    }
    acts: list[Tree] = [act]
    if draw(st.booleans()) and earlier:
        acts.append(
            {
                "id": "attacks",
                "does": draw(st.sampled_from(("repeals", "suspends", "preempts", "ends", "voids"))),
                "from": draw(st.sampled_from(ACT_DATES)),
                "known": draw(st.sampled_from(KNOWN_DATES)),
                "targets": [f"{PLACE}/{draw(st.sampled_from(list(earlier)))}"],
                "reaches": "text",
                "cite": "invented",
            }
        )
    provisions: list[Tree] = [_saying(draw)]
    if draw(st.booleans()):
        provisions.append(_cap(draw))
    return {
        "schema": "1",
        "title": f"Invented text {name}",
        "kind": draw(st.sampled_from(("county-ordinance", "county-directive", "state-statute"))),
        "body": draw(st.sampled_from(("us/zz/legislature", "us/zz/juniper/board"))),
        "cite": "invented",
        "acts": acts,
        "provisions": provisions,
    }


def _saying(draw: st.DrawFn) -> dict[str, Tree]:
    effect = draw(st.sampled_from(("may-hold", "must-hold", "must-not-hold")))
    made: dict[str, Tree] = {
        "id": "says",
        "on": "instrument",
        "kinds": ["immigration-detainer"],
        "effect": effect,
        "stratum": "hold",
        "cite": "invented",
    }
    if draw(st.booleans()):
        made["when"] = draw(conditions())
    if effect == "may-hold":
        if draw(st.booleans()):
            made["only_if"] = draw(conditions())
        if draw(st.booleans()):
            made |= {"strength": "protected", "strength_cite": "invented"}
    return made


def _cap(draw: st.DrawFn) -> dict[str, Tree]:
    pauses = draw(st.sampled_from((True, False)))
    weekend: list[Tree] = ["saturday", "sunday"] if pauses else []
    clock: dict[str, Tree] = {
        "anchor": "releasable_at",
        "length": draw(st.sampled_from(("24h", "48h", "72h"))),
        "excluded": weekend,
        "on_repeat": draw(st.sampled_from(("once", "restart"))),
        "cite": "invented",
    }
    return {
        "id": "cap",
        "on": "instrument",
        "kinds": ["immigration-detainer"],
        "effect": "cap",
        "cite": "invented",
        "limits": {"strata": ["hold"]},
        "clock": clock,
    }


@st.composite
def artefacts(draw: st.DrawFn, zone: str = "America/New_York") -> Artefact:
    """The fictional state's custody code, with up to three invented texts of Juniper on detainers."""
    names: tuple[str, ...] = ("2001-one", "2002-two", "2003-three")[: draw(st.integers(1, 3))]
    texts = {f"{PLACE}/{name}": draw(enactments(name, names[:index])) for index, name in enumerate(names)}
    return artefact_of(texts, zone)


def artefact_of(texts: Mapping[str, dict[str, Tree]], zone: str = "America/New_York") -> Artefact:
    whole = whole_rulebook().artefact
    nation: dict[str, Tree] = {"schema": "1", "name": "Nation", "kind": "nation", "zone": zone}
    return Artefact(
        vocabulary=whole.vocabulary,
        places={"us": nation, STATE: {**whole.places[STATE], "zone": zone}, PLACE: whole.places[PLACE]},
        orders={STATE: whole.orders[STATE]},
        calendars=whole.calendars,
        enactments={
            "us/zz/2000-custody-code": {
                key: value
                for key, value in whole.enactments["us/zz/2000-custody-code"].items()
                if key != "tests"
            },
            **texts,
        },
    )


def regimens(zone: str = "America/New_York") -> st.SearchStrategy[Regimen]:
    return artefacts(zone).map(lambda artefact: Regimen(Rulebook(artefact, {})))


def laws() -> st.SearchStrategy[Regimen]:
    """The fictional law that comes with habeas, or one invented on the spot."""
    return st.one_of(st.builds(fictional), regimens())


def weeks_later(artefact: Artefact, weeks: int) -> Artefact:
    """The same law with the dates of every invented act moved by whole weeks."""
    moved: dict[str, dict[str, Tree]] = {}
    for name, tree in artefact.enactments.items():
        acts = tree["acts"]
        assert isinstance(acts, list), "an enactment has acts"
        moved[name] = {**tree, "acts": [_moved(act, weeks) for act in acts]}
    return replace(artefact, enactments=moved)


def _moved(act: Tree, weeks: int) -> Tree:
    assert isinstance(act, dict), "an act has fields"
    return {**act, "from": _shifted(str(act["from"]), weeks), "known": _shifted(str(act["known"]), weeks)}


def _shifted(text: str, weeks: int) -> str:
    day = dt.date.fromisoformat(text[:10]) + dt.timedelta(weeks=weeks)
    return f"{day.isoformat()}{text[10:]}"
