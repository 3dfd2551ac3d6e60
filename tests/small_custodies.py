"""Custodies of invented people in the fictional counties, asked as a table asks, for tests of drawings."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from habeas.authority.inquiry import Inquiry, Regimen
from habeas.authority.trials import Trial, trials
from habeas.desk.library import library
from habeas.law.documents import Tree
from habeas.law.yaml_text import parse

Custody: TypeAlias = Callable[[], Inquiry]
"""One of the custodies below."""

PAST_THE_WINDOW = """
cases:
  - name: invented person
    place: us/zz/juniper
    custodian: county-jail
    complete: everything
    events:
      - {at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
      - {at: "2017-02-16 12:00", event: FirstAppearance, booking: b1}
      - {at: "2017-02-16 12:00", event: ProbableCauseFound, booking: b1}
      - {at: "2017-02-16 15:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: I-247D, issued_at: "2017-02-16 14:00", issuer_office: zz-office, attached_warrant: none}
      - {at: "2017-02-17 17:00", event: BondPosted, charge: c1}
      - {at: "2017-02-23 11:20", event: Released}
    ask:
      - {at: "2017-02-17 17:00"}
      - {at: "2017-02-17 17:00", known: "2017-03-01 00:00"}
  - name: the class of the charge was not recorded
    place: us/zz/juniper
    custodian: county-jail
    complete: [charge, instrument, booking, person, charge.posted_at, charge.release_ordered_at, charge.disposed_at, charge.sentenced_at, instrument.withdrawn_at, instrument.ended_at]
    events:
      - {at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1}
      - {at: "2017-02-16 12:00", event: FirstAppearance, booking: b1}
      - {at: "2017-02-16 12:00", event: ProbableCauseFound, booking: b1}
      - {at: "2017-02-16 15:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: I-247D, issued_at: "2017-02-16 14:00", issuer_office: zz-office, attached_warrant: none}
      - {at: "2017-02-17 17:00", event: BondPosted, charge: c1}
    ask:
      - {at: "2017-02-17 17:00", known: "2017-03-01 00:00"}
  - name: a misdemeanor charge, barred at once
    place: us/zz/juniper
    custodian: county-jail
    complete: everything
    events:
      - {at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1, class: misdemeanor}
      - {at: "2017-02-16 12:00", event: FirstAppearance, booking: b1}
      - {at: "2017-02-16 12:00", event: ProbableCauseFound, booking: b1}
      - {at: "2017-02-16 15:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: I-247D, issued_at: "2017-02-16 14:00", issuer_office: zz-office, attached_warrant: none}
      - {at: "2017-02-17 17:00", event: BondPosted, charge: c1}
      - {at: "2017-02-17 17:20", event: Released}
    ask:
      - {at: "2017-02-17 17:00", known: "2017-03-01 00:00"}
"""


@lru_cache(maxsize=1)
def rulebook() -> Regimen:
    """The bundled rulebook, compiled once for all tests of a process."""
    return library()


def told(case: int, ask: int = 0) -> Inquiry:
    """The inquiry of one question of one case above."""
    trial = _trials()[case]
    return trial.inquiry(list(trial.asks())[ask])


def as_known_then() -> Inquiry:
    """At the moment the bond was posted: everything later is a forecast."""
    return told(0, 0)


def as_recorded() -> Inquiry:
    """The same custody with its end recorded, 18 hours 20 minutes past the window."""
    return told(0, 1)


def class_unknown() -> Inquiry:
    """A custody whose answer turns on a fact nobody recorded, and which has not ended."""
    return told(1)


def barred() -> Inquiry:
    """A custody with twenty minutes of no authority at its end."""
    return told(2)


@lru_cache(maxsize=1)
def _trials() -> tuple[Trial, ...]:
    tree: Tree = parse(PAST_THE_WINDOW, "cases.yaml").tree
    assert isinstance(tree, dict)
    return tuple(trials(tree, rulebook()))
