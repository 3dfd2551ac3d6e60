"""A ledger named by its folder or by its database: each finds the other, and neither is mixed up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from habeas.desk.ledgers import LedgerMisplaced, find, granted, init, located, opened, upgrade
from habeas.desk.naming import fresh
from habeas.desk.restoring import appending, backup, moved_into, restore
from habeas.desk.tables import LedgerThere
from habeas.ledger import verify
from habeas.ledger.copies import NotEmpty, copy
from habeas.ledger.errors import LedgerError

pytest.importorskip("psycopg", reason="NOT RUN [postgresql]: install the extra habeas[postgres]")

from habeas.desk.addresses import (
    BadAddress,
    described,
    folder_of,
    is_ledger,
    is_same,
    reached_by,
    without_password,
)
from habeas.desk.ledgers import Identity
from postgres_servers import PostgresPlace

CLERK = Identity("clerk")
COUNTY = "postgresql://writer:word@db.county.gov:5433/county"


class TestAddresses:
    def test_no_password_is_kept(self) -> None:
        kept = without_password(COUNTY)
        assert kept == "dbname=county host=db.county.gov port=5433 user=writer"
        assert without_password(kept) == kept
        assert described(COUNTY) == "PostgreSQL database 'county' on db.county.gov"

    @pytest.mark.parametrize("text", ["postgresql://u:word@host", "postgresql://host/db?colour=red"])
    def test_what_is_no_address_is_refused_without_its_password(self, text: str) -> None:
        with pytest.raises(BadAddress, match="postgresql://") as refused:
            without_password(text)
        assert "word" not in str(refused.value)

    def test_the_same_database_may_be_asked_by_others(self) -> None:
        assert is_same(COUNTY, "postgres://reader@db.county.gov:5433/county?sslmode=require")
        assert not is_same(COUNTY, "postgres://writer:word@db.county.gov:5433/country")
        other = "postgresql://reader@db.county.gov:5433/county"
        assert reached_by(COUNTY, {"HABEAS_DATABASE": other}) == other
        assert reached_by(COUNTY, {"HABEAS_DATABASE": "postgresql://elsewhere/county"}) == COUNTY
        assert reached_by(COUNTY, {}) == COUNTY

    def test_a_database_has_a_folder_of_its_own(self) -> None:
        assert folder_of(COUNTY, {"HABEAS_LEDGER_FOLDER": "/srv/l"}) == Path("/srv/l")
        assert folder_of(COUNTY, {"XDG_DATA_HOME": "/data"}) == Path(
            "/data/habeas/ledgers/db.county.gov-5433-county"
        )
        assert folder_of("postgres:///x?host=/run/pg", {"HOME": "/clerk"}) == Path(
            "/clerk/.local/share/habeas/ledgers/run_pg-x"
        )

    def test_what_is_no_folder_of_a_ledger(self, tmp_path: Path) -> None:
        assert not is_ledger(tmp_path / "nothing")
        assert not is_ledger(tmp_path)
        (tmp_path / "ledger.toml").write_text('origin = "x"')
        assert not is_ledger(tmp_path)

    def test_a_file_has_no_roles(self, tmp_path: Path) -> None:
        with pytest.raises(LedgerMisplaced, match="expected a ledger in PostgreSQL, found a file"):
            granted(init(tmp_path / "l"), writer="clerk")


@pytest.mark.needs("postgresql")
class TestDatabases:
    @pytest.fixture
    def place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresPlace]:
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        # Set, so that what a test leaves there is taken back.
        monkeypatch.setenv("HABEAS_DATABASE", "")
        made = PostgresPlace(tmp_path)
        made.make_database()
        yield made
        made.drop()

    def test_an_address_finds_the_folder_and_the_folder_the_database(self, place: PostgresPlace) -> None:
        address = place.address()
        with pytest.raises(LedgerMisplaced, match="expected the keys and papers of PostgreSQL database"):
            located(address)
        made = init(folder_of(address), origin="zz.invalid/county", address=address)
        assert located(address) == made.path
        assert os.environ["HABEAS_DATABASE"] == address
        assert find(made.path) == made
        assert is_ledger(made.path)
        assert not made.database.exists()
        upgrade(made)
        with opened(made, writable=True) as ledger:
            ledger.append(fresh("ana").draft(CLERK))
        with closing(place.store(writable=False)) as store:
            assert store.head().size == 1

    def test_the_folder_of_another_ledger_is_not_taken(
        self, place: PostgresPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HABEAS_LEDGER_FOLDER", str(tmp_path / "l"))
        init(tmp_path / "l")
        with pytest.raises(LedgerMisplaced, match="found that of another ledger"):
            located(place.address())

    def test_a_database_that_holds_a_ledger_is_left_alone(self, place: PostgresPlace, tmp_path: Path) -> None:
        init(tmp_path / "one", address=place.address())
        with pytest.raises(LedgerThere, match="expected no ledger there yet"):
            init(tmp_path / "other", address=place.address())
        assert not (tmp_path / "other").exists()

    def test_no_database(self, place: PostgresPlace, tmp_path: Path) -> None:
        missing = place.address().replace(place.name, "nothing_here")
        with pytest.raises(LedgerError, match="nothing_here"):
            init(tmp_path / "one", address=missing)
        assert not (tmp_path / "one").exists()

    def test_back_and_forth_between_the_engines_every_proof_holds(
        self, place: PostgresPlace, tmp_path: Path
    ) -> None:
        folder = init(tmp_path / "file", origin="zz.invalid/county")
        with appending(folder) as ledger:
            streams = [ledger.append(fresh(name).draft(CLERK)).seq for name in ("ana", "ben", "cai")]
            ledger.open_hole(streams[0], "payload", ordered_by=2)
            ledger.open_hole(streams[1], "entry", ordered_by=2)
            settled = ledger.position_at(
                ledger.entry(next(iter(ledger.entries(2, 3))).read().event_id).recorded_at
            )
            assert settled == 3
            checked = verify(ledger.store)
        in_database = moved_into(folder, place.address())
        assert not folder.database.exists()
        assert find(folder.path) == in_database
        with opened(in_database, writable=True) as ledger:
            assert verify(ledger.store).problems == ()
            assert verify(ledger.store).root == checked.root
            ledger.append(fresh("dee").draft(CLERK))
        backup(in_database, tmp_path / "copy", tmp_path / "escrow")
        back = restore(tmp_path / "copy", tmp_path / "escrow", tmp_path / "back")
        assert back.address is None
        with opened(back, writable=True) as ledger:
            found = verify(ledger.store)
            assert (found.size, found.holes, found.problems) == (4, 2, ())
            assert ledger.append(fresh("eve").draft(CLERK)).seq == 4
        with closing(back.store()) as source, closing(place.store()) as target, pytest.raises(NotEmpty):
            copy(source, target)

    def test_a_server_that_is_not_there(self, place: PostgresPlace, tmp_path: Path) -> None:
        made = init(tmp_path / "l", address=place.address())
        place.drop()
        with pytest.raises(LedgerError, match="does not exist"), opened(made):
            pass
