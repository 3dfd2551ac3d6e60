"""From where law is looked at: a place, a custodian kind, an instant, and what was known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from habeas.authority.inquiry import Regimen
from habeas.cli.asking import configured, regimen_of
from habeas.cli.options import Known, instant_from, knowledge_options, rulebook_option, zone_of
from habeas.desk.clock import now
from habeas.kernel.instants import Instant
from habeas.kernel.places import PlaceId
from habeas.law.formulas import Doubt, Formula, decided, leaves
from habeas.law.regimes import Regime, Regimes
from habeas.law.rulebook import Law
from habeas.wire.instants import instant_text
from habeas.wire.law_forms import InForce, VantageForm

CUSTODIAN = "county-jail"


@dataclass(frozen=True, kw_only=True)
class LawVantage:
    """One place's law, as some kind of custodian has it, under one reading, as known."""

    regimen: Regimen
    place: PlaceId
    custodian: str
    zone: ZoneInfo
    reading: dict[str, str]
    known: Known

    @property
    def law(self) -> Law:
        """The law under the reading."""
        return self.regimen.under(self.reading)[0]

    @property
    def regimes(self) -> Regimes:
        """Its regimes."""
        return self.regimen.under(self.reading)[1]

    def instant(self, text: str | None, flag: str = "--at") -> Instant:
        """The instant of a flag; now where it is left out."""
        return now() if text is None else instant_from(text, self.zone, flag)

    def at(self, instant: Instant) -> Regime:
        """What was in force at an instant, as known then unless a flag says otherwise."""
        return self.regimes.at(self.place, self.custodian, instant, self.known.law(self.zone, instant))

    def form(self, instant: Instant) -> VantageForm:
        """The vantage as a document."""
        return VantageForm(
            place=self.place,
            custodian=self.custodian,
            law_known_at=instant_text(self.known.law(self.zone, instant), self.zone),
            reading=self.reading,
            law=self.regimen.rulebook.digest,
        )


@dataclass(frozen=True, kw_only=True)
class Looking:
    """The flags from which a vantage is made, once its place is known."""

    custodian: str
    known: Known
    folder: Path | None

    @property
    def regimen(self) -> Regimen:
        """The rulebook looked into."""
        return regimen_of(self.folder)

    def upon(self, place: str) -> LawVantage:
        """The vantage at a place.

        Raises:
            UnknownPlace: the rulebook has no such place.
            ZoneNotStated: it has no zone of its own and none was given.
            BadParameter: every reading was asked, which law itself has no answer for.
        """
        reading = self.known.reading()
        if reading is None:
            message = "law is looked at under one reading; give NAME=ALT"
            raise click.BadParameter(message, param_hint="--reading")
        regimen = self.regimen
        found = regimen.rulebook.places[PlaceId(place)].id
        zone = zone_of(self.known.tz or configured("tz"))
        return LawVantage(
            regimen=regimen,
            place=found,
            custodian=self.custodian,
            zone=zone or regimen.rulebook.places.zone_of(found),
            reading=dict(reading),
            known=self.known,
        )


def looking_options(command: Callable[..., None]) -> Callable[..., None]:
    """`--custodian`, what was known, `--reading`, `--tz` and `--rulebook`, passed on as `looking`."""

    @wraps(command)
    def bundled(*, custodian: str, known: Known, folder: Path | None, **given: Any) -> None:
        command(**given, looking=Looking(custodian=custodian, known=known, folder=folder))

    custodian = click.option(
        "--custodian",
        default=CUSTODIAN,
        show_default=True,
        metavar="KIND",
        help="Kind of custodian: county-jail, city-lockup, state-prison, federal.",
    )
    return custodian(knowledge_options(rulebook_option(bundled)))


def in_force(formula: Formula) -> InForce:
    """What a formula comes to for people at large."""
    if decided(formula):
        return "yes" if formula is True else "no"
    if formula is None or any(isinstance(leaf, Doubt) for leaf in leaves(formula)):
        return "not-certain"
    return "for-some"
