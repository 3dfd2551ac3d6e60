"""Answers: one instant of one person, from a single provision to everything with its proof.

The person and the law come from the first detainer case of the fictional county and from the
golden table of the founding story, each record filled up to twenty events.

Two ways of asking are told apart. *Anew*: rulebook, regimes and the folded record are at hand, and
the inquiry is made for this one question, with all that leads up to the instant. *Again*: the
inquiry has derived the person's whole custody once, as a desk does that watches somebody, and is
asked of one instant after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import Measured, shortest

from habeas.authority.answer import answer
from habeas.authority.inquiry import Inquiry, Regimen
from habeas.authority.trials import Asked, Trial, trials
from habeas.desk.library import BUNDLED, library
from habeas.kernel.instants import FOREVER, Instant
from habeas.law.documents import Tree
from habeas.law.folder import load
from habeas.law.yaml_text import parse

CASES = Path(__file__).parents[1] / "tests" / "cases"
EVENTS = 20
ONE_PROVISION = {
    "vocabulary": """\
schema: 1
facts:
  charge.arrested_at: {type: instant, means: Arrest.}
  charge.posted_at: {type: instant, means: Bond.}
""",
    "us/place": "schema: 1\nname: Nation\nkind: nation\nzone: America/New_York\n",
    "us/zz/place": """\
schema: 1
name: Zenith (fictional)
kind: state
zone: America/New_York
complete:
  - {on: [charge, booking], from: 2000-01-01}
""",
    "us/zz/2000-code": """\
schema: 1
title: Code (fictional)
kind: state-statute
cite: Code (fictional)
acts:
  - {id: enacts, does: enacts, from: 2000-01-01, known: 2000-01-01, cite: Code (fictional)}
provisions:
  - id: arrest
    on: charge
    effect: may-hold
    stratum: criminal
    cite: Code 1 (fictional)
    when:
      all:
        - {if: charge.arrested_at <= at}
        - unless: {if: charge.posted_at <= at}
""",
}
HELD: dict[str, Tree] = {
    "name": "held on one charge",
    "place": "us/zz",
    "complete": "everything",
    "events": [{"at": "2017-03-06 08:00", "event": "Arrested", "charge": "c1"}],
    "ask": [{"at": "2017-03-06 12:00", "known": "2018-01-01 00:00"}],
}


def measure() -> Iterator[Measured]:
    """Rulebook, regimes and the folded record are at hand; see above for what else is."""
    with TemporaryDirectory() as folder:
        for name, text in ONE_PROVISION.items():
            path = Path(folder) / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        single = Trial(HELD, {}, Regimen(load(Path(folder))))
    yield from _answers("one provision, one event", single, aim=50e-6)
    regimen = library()
    founding = parse((CASES / "founding-story.yaml").read_text("utf-8"), "founding").tree
    told = _filled(list(trials(founding, regimen))[1], founding, regimen)
    yield from _answers(f"all of Florida and federal law, {EVENTS} events", told, aim=1e-3)
    yield from _everything(told)
    yield from _resolution(regimen)


def _answers(what: str, trial: Trial, aim: float) -> Iterator[Measured]:
    asked = next(trial.asks())
    record = trial.inquiry(asked).record

    def verdict() -> object:
        piece = _inquiry(trial, asked, record).piece_at(asked.at)
        assert piece is not None
        return piece.verdict

    yield shortest(f"{what}: verdict and bases, anew", verdict, aim=aim)
    yield shortest(f"{what}: verdict and bases, again", _again(trial, asked), aim=aim)


def _again(trial: Trial, asked: Asked) -> Callable[[], object]:
    """Ask one inquiry, its custody derived, of a thousand instants in turn."""
    made = trial.inquiry(asked)
    made.look_ahead(asked.at)
    index = made.episode_at(asked.at)
    assert index is not None
    start = made.derivation(index).pieces[0].start
    instants = cycle([Instant(start + (asked.at - start) * step // 1000) for step in range(1000)])

    def verdict() -> object:
        piece = made.derivation(index).piece_at(next(instants))
        assert piece is not None
        return piece.verdict, piece.supports

    return verdict


def _everything(trial: Trial) -> Iterator[Measured]:
    asked = next(trial.asks())
    record = trial.inquiry(asked).record

    def whole(*, proof: bool, vary: bool) -> object:
        return answer(_inquiry(trial, asked, record), asked.at, proof=proof, vary=vary)

    yield shortest(
        "every part but proof and other readings", lambda: whole(proof=False, vary=False), aim=1e-3
    )
    yield shortest("every part with its proof", lambda: whole(proof=True, vary=False), aim=1e-3)
    yield shortest("every part, proof, and every other reading", lambda: whole(proof=True, vary=True))


def _resolution(regimen: Regimen) -> Iterator[Measured]:
    _, regimes = regimen.under({})
    place = next(place.id for place in regimen.rulebook.places.places if place.id.count("/") == 2)
    edges = regimes.edges(place, "county-jail", FOREVER)
    instant = edges[len(edges) // 2]
    yield shortest(
        "law in force at a place and instant, segments made",
        lambda: regimes.at(place, "county-jail", instant, FOREVER),
        aim=1e-6,
    )
    yield shortest("the bundled rulebook from its compiled artefact", library, batches=5)
    yield shortest("the bundled rulebook from its files", lambda: load(BUNDLED), batches=2)


def _inquiry(trial: Trial, asked: Asked, record: object) -> Inquiry:
    made = trial.inquiry(asked)
    assert made.record is record
    return made


def _filled(trial: Trial, table: dict[str, Tree], regimen: Regimen) -> Trial:
    """The same case with statements of record added until there are twenty events."""
    cases = table["cases"]
    assert isinstance(cases, list)
    case = next(each for each in cases if isinstance(each, dict) and each.get("name") == trial.name)
    assert isinstance(case, dict)
    events = case["events"]
    assert isinstance(events, list)
    spare: list[Tree] = [
        {"at": f"2017-03-04 02:{minute:02d}", "event": "HistoryShown", "adult": "true"}
        for minute in range(10, 10 + EVENTS - len(events))
    ]
    defaults: dict[str, Tree] = {
        key: table[key] for key in ("place", "custodian", "complete") if key in table
    }
    return Trial({**case, "events": [*events, *spare]}, defaults, regimen)
