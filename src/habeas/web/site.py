"""What one server serves: a ledger as it grows, its accounts, the rulebook."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from habeas.authority.inquiry import Regimen
from habeas.desk.accounts import Accounts
from habeas.desk.clock import now
from habeas.desk.ledgers import LedgerFolder
from habeas.desk.live import LiveLedger
from habeas.desk.restoring import appending
from habeas.kernel.instants import Instant, zone
from habeas.kernel.places import PlaceId
from habeas.ledger.ledger import Ledger


@dataclass(frozen=True, kw_only=True)
class Site:
    """What one server serves."""

    folder: LedgerFolder
    regimen: Regimen
    live: LiveLedger
    accounts: Accounts
    rulebook: Path | None = None
    """The folder of the rulebook in use; None is the bundled one."""
    secure: bool = False
    """Whether browsers reach it over TLS only, so that cookies may say so."""
    clock: Callable[[], Instant] = now
    writing: threading.Lock = field(default_factory=threading.Lock)
    """Held from looking at what a signature is bound to until it is recorded."""

    def zone_of(self, place: PlaceId | None) -> ZoneInfo:
        """The zone in which times of a place are shown."""
        return zone("UTC") if place is None else self.regimen.rulebook.places.zone_of(place)

    def name_of(self, place: PlaceId | None) -> str:
        """A place's name."""
        return "" if place is None else self.regimen.rulebook.places[place].name

    def invents(self, place: PlaceId | None) -> bool:
        """Whether a place is fictional, so that whoever is held there is invented."""
        return place is not None and self.regimen.rulebook.places.is_fictional(place)

    @contextmanager
    def appending(self) -> Generator[Ledger]:
        """The ledger, opened to append; the worklist looks at it as soon as that is done."""
        with appending(self.folder) as ledger:
            yield ledger
        self.live.nudge()
