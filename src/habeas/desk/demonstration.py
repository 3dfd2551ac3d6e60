"""A release desk of invented people at a real hour: a ledger, its accounts, and everybody's password."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from habeas.authority.inquiry import Regimen, fact_kinds
from habeas.desk.accounts import Account, Accounts
from habeas.desk.ledgers import Identity, LedgerFolder, init
from habeas.desk.recording import Receiving, Told, record
from habeas.desk.restoring import appending
from habeas.desk.roles import Role
from habeas.invented.population import Population
from habeas.kernel.instants import DAY, FOREVER, MINUTE, Instant
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId

STATE: Final = PlaceId("us/zz")
_DAYS: Final = 4
_PLANTED: Final = 0.6
"""The part of custodies in which an error is planted: far more than a jail has, so that one is on show."""
_NAMES: Final = (
    ("ada", Role.OFFICER),
    ("ben", Role.OFFICER),
    ("cleo", Role.SUPERVISOR),
    ("dora", Role.RECORDS),
    ("emil", Role.ATTORNEY),
    ("fay", Role.MONITOR),
    ("gus", Role.DEFENDER),
    ("hana", Role.ADMINISTRATOR),
)


@dataclass(frozen=True, slots=True)
class Staged:
    """What was made."""

    folder: LedgerFolder
    people: int
    passwords: Mapping[str, tuple[Role, str]]
    """Name -> role and password; they are kept nowhere else."""


def stage(path: Path, regimen: Regimen, at: Instant, *, people: int = 60, seed: int = 2) -> Staged:
    """Make a ledger of invented people who are in custody about now, and somebody for each role.

    Args:
        path: The ledger's folder, empty or not there.
        regimen: The rulebook, for the kinds of facts.
        at: The instant up to which is told, in UTC microseconds.
        people: People in custody on an average day, in each of the two counties.
        seed: Of the chance by which they are invented.

    Raises:
        LedgerMisplaced: there is something already.
        OSError: it cannot be written.
    """
    first = Instant(at // MINUTE * MINUTE - _DAYS * DAY)
    population = Population(seed=seed, first=first, people=people, days=_DAYS, planted=_PLANTED)
    # A jail's own system declares what it shows from now on as well: else nothing absent would be known now.
    told_until = Interval(population.coverage.interval.start, FOREVER)
    coverage = replace(population.coverage, interval=told_until)
    told = [Told(each.person, each.events, (coverage,)) for each in population.tell()]
    folder = init(path)
    kinds = fact_kinds(regimen.rulebook.vocabulary)
    with appending(folder) as ledger:
        record(ledger, told, Receiving(who=Identity("demonstration"), kinds=kinds))
    return Staged(folder, len(told), _accounts(folder, at))


def _accounts(folder: LedgerFolder, at: Instant) -> Mapping[str, tuple[Role, str]]:
    accounts = Accounts(folder.path)
    made: dict[str, tuple[Role, str]] = {}
    for name, role in _NAMES:
        password = secrets.token_urlsafe(12)
        accounts.make(Account(name=name, role=role, places=(STATE,)), password, at)
        made[name] = (role, password)
    accounts.close()
    return made
