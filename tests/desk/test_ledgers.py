"""A ledger's folder: what is wrong with one is named, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from habeas.custody.events import EVENTS, Event, Ref
from habeas.desk.ledgers import KINDS, Identity, LedgerFolder, LedgerMisplaced, find, init, opened, upgrade
from habeas.desk.naming import Join, Names, Pseudonym, bookings_of, fresh
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import HOUR, Instant
from habeas.ledger.entries import Draft
from habeas.ledger.errors import UnknownKind, WrongRoot


@pytest.fixture
def folder(tmp_path: Path) -> LedgerFolder:
    return init(tmp_path / "db", origin="zz.invalid/juniper")


def test_it_is_found_as_it_was_made_and_upgrading_changes_nothing(folder: LedgerFolder) -> None:
    upgrade(folder)
    assert find(folder.path) == folder
    with opened(folder, writable=True) as ledger:
        assert ledger.position() == 0


def test_only_known_kinds_are_recorded(folder: LedgerFolder) -> None:
    draft = Draft(
        stream="p",
        episode="e",
        kind="Anything",
        schema_version=1,
        payload=b"x",
        actor="a",
        role="r",
        idem="i",
    )
    with opened(folder, writable=True) as ledger, pytest.raises(UnknownKind):
        ledger.append(draft)
    assert set(EVENTS) < set(KINDS)


def read_all(path: Path) -> None:
    found = find(path)
    found.root_secret()
    found.signing_key()
    found.trust()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("secrets/root.key", "not hexadecimal", "64 hexadecimal digits"),
        ("secrets/root.key", None, "expected a secret"),
        ("secrets/signing.key", "x", "secret key beginning with"),
        ("trust", "nothing", "expected whom to trust"),
        ("ledger.toml", "origin", "expected the ledger's settings"),
    ],
)
def test_what_is_wrong_is_named(folder: LedgerFolder, name: str, text: str | None, says: str) -> None:
    path = folder.path / name
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    with pytest.raises(LedgerMisplaced, match=says):
        read_all(folder.path)


def test_another_root_secret_opens_nothing(folder: LedgerFolder) -> None:
    with opened(folder, writable=True) as ledger:
        ledger.append(fresh("ana").draft(Identity("clerk")))
    (folder.secrets / "root.key").write_text("00" * 32)
    with pytest.raises(WrongRoot), opened(folder):
        pass


def told(number: int, about: Ref, **terms: str) -> Event:
    return EVENTS["Charged"](
        id=EventId(f"e{number}"),
        person=PersonId("ana"),
        at=Instant(number * HOUR),
        known_at=Instant(number * HOUR),
        about=about,
        terms=terms,
    )


def test_events_belong_to_the_booking_they_name_or_are_linked_to() -> None:
    events = [
        told(1, Ref("charge", "c1"), booking="b1"),
        told(2, Ref("charge", "c1")),
        told(3, Ref("booking", "b2")),
        told(4, Ref("charge", "c9")),
        told(0, Ref("instrument", "i1")),
        told(5, Ref("person", "ana")),
    ]
    assert bookings_of(events) == {
        "e0": "b1",
        "e1": "b1",
        "e2": "b1",
        "e3": "b2",
        "e4": "b2",
        "e5": None,
    }


def test_names_are_one_person_as_long_as_that_stands() -> None:
    names = Names()
    for person in ("ana", "anna", "anne"):
        names.add(Pseudonym(f"p-{person}", person, bytes(32)))
    names.join(Join("m1", "p-ana", ("p-anna",), Instant(10)))
    names.join(Join("m2", "p-anna", ("p-anne",), Instant(20)))
    assert names.whole("anne", Instant(5)) == ("anne", ("p-anne",))
    assert names.whole("anna", Instant(10)) == ("ana", ("p-ana", "p-anna"))
    assert set(names.whole("anne", Instant(20))[1]) == {"p-ana", "p-anna", "p-anne"}
    names.part("m1", Instant(30))
    assert names.whole("anne", Instant(30)) == ("anna", ("p-anna", "p-anne"))
    assert names.whole("ana", Instant(30)) == ("ana", ("p-ana",))
    assert names.ever("ana") == {"p-ana", "p-anna", "p-anne"}
    names.part("no-such", Instant(40))
    assert names.person("p-nobody") is None
