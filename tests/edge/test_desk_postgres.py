"""The desk on a ledger in PostgreSQL: the same journey, and another process's entries seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from habeas.authority.inquiry import fact_kinds
from habeas.custody.events import BondPosted, Ref
from habeas.desk.clock import now
from habeas.desk.ledgers import Identity
from habeas.desk.recording import Receiving, Told, record
from habeas.desk.restoring import appending
from habeas.kernel.identifiers import EventId, PersonId
from small_desks import Desk, desk_in_database, regimen, words

pytest.importorskip("psycopg", reason="NOT RUN [postgresql]: install the extra habeas[postgres]")

from postgres_servers import PostgresPlace

pytestmark = pytest.mark.needs("postgresql")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    # Set, so that what a test leaves there is taken back.
    monkeypatch.setenv("HABEAS_DATABASE", "")
    place = PostgresPlace(tmp_path)
    place.make_database()
    made = desk_in_database(tmp_path / "ledger", place.address())
    yield made
    made.site.accounts.close()
    place.drop()


def test_two_people_let_somebody_go(desk: Desk) -> None:
    one, two = desk.client("OFFICER"), desk.client("OFFICER2")
    path = f"/people/{desk.stream('Free')}/release"
    html = one.get(path).text
    fields = {
        name: unescape(re.findall(rf'name="{name}" value="([^"]*)"', html)[0]) for name in ("facts", "law")
    }
    fields |= {unescape(each): "seen" for each in re.findall(r'name="(item-[^"]+)"', html)}
    assert one.send(path, ground="bond posted", **fields).status_code == 303
    release = re.findall(r'name="release" value="([^"]*)"', one.get(path).text)[0]
    approve, door = path.replace("/release", "/approve"), path.replace("/release", "/door")
    assert one.send(approve, release=release).status_code == 409
    assert two.send(approve, release=release).status_code == 303
    assert two.send(door, release=release, known_by="photo").status_code == 303
    desk.site.live.refresh()
    assert "Free" not in words(one.get("/worklist").text)


def test_what_another_process_records_is_on_the_worklist(desk: Desk) -> None:
    at = now()
    posted = BondPosted(
        id=EventId("posted"), person=PersonId("Bail"), at=at, known_at=at, about=Ref("charge", "Bail-c1")
    )
    kinds = fact_kinds(regimen().rulebook.vocabulary)
    with appending(desk.site.folder) as ledger:
        record(ledger, [Told(PersonId("Bail"), (posted,))], Receiving(who=Identity("import"), kinds=kinds))
    desk.site.live.refresh()
    found = desk.client("OFFICER").get("/worklist.json").json()
    assert found["counts"]["no authority now"] == 2
