"""A ledger as the first version of its tables and of its keys kept it, brought to today's and read.

The files in `first_version` were written once, in the tables of that time, and are never made anew: so this
needs no tag and no older program. Whoever changes the tables or the key store keeps them readable from there.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from habeas.ledger import KeyStore, Ledger, TrustedRoot, verify
from habeas.ledger.errors import Expunged, WrongSchema
from habeas.ledger.schema import upgrade_sqlite
from habeas.ledger.sqlite import SqliteStore
from small_ledgers import ROOT_SECRET, START, Clock, draft

KEPT = Path(__file__).with_name("first_version")
ROOT = TrustedRoot(6, bytes.fromhex("2df0515fe0626db2fda0a4f6b62a52e797581e165c11a1b2555d00cbbb425716"))
"""What was published of it then."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of that version."""
    for name in ("ledger", "keys", "epochs"):
        with closing(sqlite3.connect(tmp_path / f"{name}.sqlite")) as made:
            made.executescript((KEPT / f"{name}.sql").read_text("utf-8"))
    return tmp_path


def test_it_is_refused_by_name_until_it_is_upgraded(folder: Path) -> None:
    with pytest.raises(WrongSchema, match=r"version 0001.*upgrade"):
        SqliteStore(folder / "ledger.sqlite")


def test_upgraded_it_has_the_root_that_was_published_and_opens_as_then(folder: Path) -> None:
    upgrade_sqlite(folder / "ledger.sqlite")
    keys = KeyStore(folder, ROOT_SECRET)
    clock = Clock(now=START + 1_000_000_000)
    with Ledger(SqliteStore(folder / "ledger.sqlite"), keys, clock) as ledger:
        found = verify(ledger.store, trusted=[ROOT], keys=keys)
        assert (found.size, found.root, found.trusted, found.problems) == (6, ROOT.root, 6, ())
        opened = {entry.seq: ledger.payload(entry) for entry in ledger.stream("p-0")}
        assert opened == {0: "sheet 0, José".encode(), 2: "sheet 2, José".encode(), 4: b"sheet 4"}
        assert [entry.seq for entry in ledger.as_known("p-0")] == [2, 4]
        for entry in ledger.stream("p-1"):
            with pytest.raises(Expunged, match="order 1"):
                ledger.payload(entry)
        assert ledger.append(draft(5, stream="p-2")).outcome == "replayed"
        assert ledger.append(draft(6, stream="p-0")).seq == 6
        ledger.open_hole(1, "payload", 6)
        assert verify(ledger.store, trusted=[ROOT], keys=keys).sound
