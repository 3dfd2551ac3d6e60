"""A small release desk: four hand-made people of the fictional state, an account for each role, and a client."""

from __future__ import annotations

import atexit
import re
import shutil
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from litestar.testing import TestClient

from habeas.authority.inquiry import Regimen, fact_kinds
from habeas.custody.coverage import Coverage
from habeas.custody.events import EVENTS, Ref
from habeas.custody.events.event import Event
from habeas.desk.accounts import Account, Accounts
from habeas.desk.clock import now
from habeas.desk.ledgers import Identity, LedgerFolder, find, init
from habeas.desk.library import library
from habeas.desk.live import LiveLedger
from habeas.desk.recording import Receiving, Told, record
from habeas.desk.restoring import appending
from habeas.desk.roles import Role
from habeas.invented.marker import source_of
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import BEGINNING, FOREVER, HOUR, SECOND, Instant
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId
from habeas.web.app import make_app
from habeas.web.site import Site

PASSWORD = "correct horse battery"  # noqa: S105 - of invented accounts in tests
JUNIPER, SORREL = PlaceId("us/zz/juniper"), PlaceId("us/zz/sorrel")
SOURCE = source_of("desk", "four people")
EVERYTHING = frozenset({"person.*", "booking.*", "charge.*", "instrument.*"})
PEOPLE = {
    "Held": ("arrest of three hours ago", JUNIPER),
    "Free": ("bond posted an hour ago, nothing else", JUNIPER),
    "Bail": ("bail set and not posted", JUNIPER),
    "Away": ("as Bail, in the other county", SORREL),
}
_REGIMEN: list[Regimen] = []


def regimen() -> Regimen:
    """The bundled rulebook, read once."""
    if not _REGIMEN:
        _REGIMEN.append(library())
    return _REGIMEN[0]


def events_of(person: str, place: PlaceId, at: Instant) -> tuple[Event, ...]:
    """What is told of one of the people, up to an instant."""
    booking, charge = Ref("booking", f"{person}-b1"), Ref("charge", f"{person}-c1")
    since = 3 if person == "Held" else 30

    def event(kind: str, hours: float, about: Ref, **terms: Any) -> Event:
        instant = Instant(at - int(hours * HOUR))
        name = EventId(f"{person}-{kind}")
        return EVENTS[kind](
            id=name,
            person=PersonId(person),
            at=instant,
            known_at=instant,
            about=about,
            terms=terms,
            source=SOURCE,
        )

    where = {"place": place, "custodian": f"{place.rpartition('/')[2]} jail", "custodian_kind": "county-jail"}
    told = [event("Arrested", since, booking, charge=charge.id, **where)]
    told.append(event("Stated", since, charge, booking=booking.id, **{"class": "felony"}))
    if person != "Held":
        told += [event("FirstAppearance", 20, booking), event("ProbableCauseFound", 20, booking)]
        told.append(event("BailSet", 20, charge, bail_cents=50_000, bail_kind="money"))
    if person == "Free":
        told.append(event("BondPosted", 1, charge))
    return tuple(told)


def small_ledger(folder: Path, *, address: str | None = None) -> LedgerFolder:
    """A ledger of the four, as told up to now; its entries in a database where an address is given."""
    at = Instant(now() // SECOND * SECOND)
    made = init(folder, address=address)
    coverage = Coverage(
        facts=EVERYTHING,
        places=frozenset({PlaceId("us/zz")}),
        interval=Interval(BEGINNING, FOREVER),
        source=SOURCE,
        id="desk",
    )
    told = [
        Told(PersonId(name), events_of(name, place, at), (coverage,)) for name, (_, place) in PEOPLE.items()
    ]
    kinds = fact_kinds(regimen().rulebook.vocabulary)
    with appending(made) as ledger:
        record(ledger, told, Receiving(who=Identity("jail system"), kinds=kinds))
    return made


@dataclass
class Desk:
    """A site with its application, and everybody's client."""

    site: Site

    def __post_init__(self) -> None:
        self.app = make_app(self.site)
        self.site.live.refresh()

    def stream(self, person: str) -> str:
        """The pseudonym of somebody."""
        return self.site.live.people.names.of(person)[0].stream

    def position(self) -> int:
        """Entries of the ledger."""
        self.site.live.catch_up()
        return self.site.live.people.position

    def client(self, name: str) -> Clerk:
        """Somebody signed in."""
        clerk = Clerk(self)
        clerk.sign_in(name)
        return clerk


class Clerk:
    """Somebody at a browser without scripts."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        # Not entered as a context: the worklist is then made when a test says so, and by no thread.
        self.http: TestClient[Any] = TestClient(desk.app, raise_server_exceptions=True)

    def sign_in(self, name: str, password: str = PASSWORD) -> Any:
        return self.http.post("/sign-in", data={"name": name, "password": password}, follow_redirects=False)

    def get(self, path: str) -> Any:
        return self.http.get(path, follow_redirects=False)

    @property
    def token(self) -> str:
        """What the cookie holds."""
        return self.http.cookies.get("habeas") or ""

    def key(self) -> str:
        """The key of this session's forms."""
        session = self.desk.site.accounts.session(self.token, now())
        return "" if session is None else session.form_key

    def send(self, path: str, **fields: str) -> Any:
        return self.http.post(path, data={"form_key": self.key(), **fields}, follow_redirects=False)

    def page(self, path: str) -> str:
        """The words of a page, without markup."""
        found = self.get(path)
        assert found.status_code == 200, (path, found.status_code, words(found.text))
        return words(found.text)


def words(html: str) -> str:
    """Text of a page, tags left out and blanks joined."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


_TEMPLATE: list[Path] = []


def small_desk(folder: Path) -> Desk:
    """A desk with an account for each role, named as the role's member: `OFFICER`, and `OFFICER2`."""
    if not _TEMPLATE:
        # Tables, keys and passwords take seconds to make, so that is done once and copied.
        template = Path(mkdtemp(prefix="habeas-desk-")) / "ledger"
        _staffed(small_ledger(template)).site.accounts.close()
        _TEMPLATE.append(template)
        atexit.register(shutil.rmtree, template.parent, ignore_errors=True)
    shutil.copytree(_TEMPLATE[0], folder)
    return _desk(find(folder))


def desk_in_database(folder: Path, address: str) -> Desk:
    """The same desk on a ledger in PostgreSQL."""
    return _staffed(small_ledger(folder, address=address))


def _desk(made: LedgerFolder) -> Desk:
    live = LiveLedger(made, regimen(), source_times=True)
    return Desk(Site(folder=made, regimen=regimen(), live=live, accounts=Accounts(made.path)))


def _staffed(made: LedgerFolder) -> Desk:
    desk = _desk(made)
    for name in (*Role.__members__, "OFFICER2"):
        clients = (desk.stream("Bail"),) if name == "DEFENDER" else ()
        role = Role[name.removesuffix("2")]
        desk.site.accounts.make(
            Account(name=name, role=role, places=(JUNIPER,), clients=clients), PASSWORD, now()
        )
    return desk
