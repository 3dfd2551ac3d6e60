"""Copies of a ledger and the way back from one.

A backup holds the entries, the wrapped keys, the files and the checkpoints. The entries are in a file
whatever engine they came from, since both hold the same bytes, and go back into either. It does not hold
what unwraps the keys: the keys of epochs and the two secrets go to an escrow of their own, which each backup
writes anew, so that a key an order destroyed cannot be had from an old backup once epochs have turned.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from habeas.desk.addresses import DATABASE, SETTINGS, without_password
from habeas.desk.checkpointing import shorter, sign, witnessed_size
from habeas.desk.clock_alarm import raise_alarm
from habeas.desk.ledgers import (
    Identity,
    LedgerFolder,
    LedgerMisplaced,
    find,
    opened,
    renamed,
    write_settings,
)
from habeas.desk.orders import Action, Proposal, approve, propose, standing_orders
from habeas.desk.tables import make_file, make_tables
from habeas.desk.whole_files import write_whole
from habeas.desk.withheld import Withheld
from habeas.ledger.copies import copy as copy_ledger
from habeas.ledger.ledger import Ledger
from habeas.ledger.sqlite import SqliteStore

_KEYS: Final = "keys/keys.sqlite"
_PLAIN: Final = ("trust", "policy.toml")
_FOLDERS: Final = ("checkpoints", "files")
_ESCROWED: Final = "epochs.sqlite"
_SECRETS: Final = ("root.key", "signing.key")
_PRIVATE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied."""

    files: int
    size: int
    """Entries of the ledger copied."""


@contextmanager
def appending(folder: LedgerFolder) -> Generator[Ledger]:
    """The ledger, opened to append.

    Raises:
        Withheld: it is shorter than what was signed of it, and no two people have signed for that.
        LedgerError: it cannot be opened.
    """
    with opened(folder, writable=True) as ledger:
        size, signed = ledger.position(), witnessed_size(folder)
        if size < signed:
            raise Withheld(shorter(size, signed))
        yield ledger
        raise_alarm(ledger)


def backup(folder: LedgerFolder, to: Path, escrow: Path | None = None) -> Copied:
    """Copy a ledger while it is in use; each file is whole or not there.

    Args:
        folder: The ledger.
        to: The folder of the copy; an older copy of the same ledger there is written over.
        escrow: Where what unwraps the keys goes; nowhere, if left out.

    Raises:
        LedgerMisplaced: the folder holds something else, or lies in the ledger.
        OSError: it cannot be written.
    """
    if to.exists() and any(to.iterdir()) and not (to / DATABASE).is_file():
        raise LedgerMisplaced(f"{to}: expected an empty folder or an older backup")
    if to.resolve().is_relative_to(folder.path.resolve()):
        raise LedgerMisplaced(f"{to}: a backup within the ledger's own folder is none")
    for name in ("", "keys", *_FOLDERS):
        (to / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    # Keys last: an entry without its key is lost, a key without an entry harms nobody.
    if folder.address is None:
        _copied(folder.path / DATABASE, to / DATABASE)
    else:
        _entries_copied(folder, to / DATABASE)
    _copied(folder.path / _KEYS, to / _KEYS)
    # The copy belongs to no database and to no secrets elsewhere.
    write_whole(to / SETTINGS, f'origin = "{folder.origin}"\n'.encode())
    count = 3
    for source in _plain_files(folder):
        shutil.copyfile(source, to / source.relative_to(folder.path))
        count += 1
    for gone in _left_over(folder, to):
        gone.unlink()
    if escrow is not None:
        escrow.mkdir(mode=0o700, parents=True, exist_ok=True)
        _copied(folder.keys / _ESCROWED, escrow / _ESCROWED)
        for name in _SECRETS:
            shutil.copyfile(folder.secrets / name, escrow / name)
            (escrow / name).chmod(_PRIVATE)
        count += 1 + len(_SECRETS)
    with closing(LedgerFolder(to, folder.origin, folder.secrets).store()) as store:
        return Copied(count, store.head().size)


def restore(copy: Path, escrow: Path, to: Path, address: str | None = None) -> LedgerFolder:
    """Make a ledger from a backup and its escrow.

    Args:
        copy: The backup.
        escrow: What unwraps its keys.
        to: The folder, empty or not there.
        address: A PostgreSQL database for the entries, which is there and holds no ledger; they stay in a
            file of the folder otherwise.

    Raises:
        LedgerMisplaced: there is something already, or no backup or escrow where one was named.
        LedgerError: the database cannot be reached or written.
        OSError: it cannot be written.
    """
    if to.exists() and any(to.iterdir()):
        raise LedgerMisplaced(f"{to}: expected a folder that is empty or not there yet")
    if not (copy / DATABASE).is_file():
        raise LedgerMisplaced(f"{copy}: expected a backup, found none")
    missing = [name for name in (_ESCROWED, *_SECRETS) if not (escrow / name).is_file()]
    if missing:
        raise LedgerMisplaced(f"{escrow}: expected an escrow, found no {', '.join(missing)}")
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copytree(copy, to, dirs_exist_ok=True)
    (to / "secrets").mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(escrow / _ESCROWED, to / "keys" / _ESCROWED)
    for name in _SECRETS:
        shutil.copyfile(escrow / name, to / "secrets" / name)
    settings = to / SETTINGS
    settings.write_text(settings.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    private = [*(to / "keys").iterdir(), *(to / "secrets").iterdir(), to / DATABASE]
    for path in private:
        path.chmod(_PRIVATE)
    return find(to) if address is None else moved_into(find(to), address)


def moved_into(folder: LedgerFolder, address: str) -> LedgerFolder:
    """A ledger whose entries were in a file, with all of them in a database instead.

    Raises:
        LedgerThere: the database holds a ledger.
        LedgerError: it cannot be reached or written; the file is still there then.
    """
    moved = replace(folder, address=without_password(address))
    make_tables(address)
    with closing(folder.store()) as source, closing(moved.store(writable=True)) as target:
        copy_ledger(source, target)
    write_settings(moved)
    for suffix in ("", "-wal", "-shm"):
        folder.database.with_name(DATABASE + suffix).unlink(missing_ok=True)
    return moved


def propose_recovery(folder: LedgerFolder, citation: str, who: Identity) -> str:
    """Propose to go on although the end of the ledger is lost; the event id of the proposal.

    Raises:
        Withheld: nothing is lost.
        LedgerError: it was not recorded.
    """
    with opened(folder, writable=True) as ledger:
        size, signed = ledger.position(), witnessed_size(folder)
        if size >= signed:
            raise Withheld(f"nothing is lost: the ledger has {size} entries, {signed} of them signed")
        rule = f"entries {size} to {signed - 1} are lost"
        proposal = Proposal(action=Action.RECOVER, citation=citation, rule=rule, people=2, lost=signed)
        return propose(ledger, proposal, who).event_id


def approve_recovery(folder: LedgerFolder, proposal: str, who: Identity) -> LedgerFolder:
    """Sign that the end is lost; once two have, the ledger goes on under another name and key.

    A witness never cosigns two ledgers of one name that part ways, and must not: so the one that goes on
    has a name of its own, and everybody can see where it parted.

    Raises:
        Withheld: the same person signed before.
        LedgerError: it was not recorded.
    """
    with opened(folder, writable=True) as ledger:
        standing = approve(ledger, proposal, who)
        recoveries = [each for each in standing_orders(ledger) if each.action is Action.RECOVER]
    if standing.action is not Action.RECOVER or not standing.effective:
        return folder
    lost = folder.checkpoints / "lost"
    lost.mkdir(mode=0o700, exist_ok=True)
    for path in sorted(folder.checkpoints.glob("*.note")):
        if int(path.name.partition("-")[0]) > standing.seq:
            path.replace(lost / path.name)
    base = folder.origin.partition("/recovered-")[0]
    moved = renamed(folder, f"{base}/recovered-{len(recoveries)}")
    sign(moved)
    return moved


def _entries_copied(folder: LedgerFolder, to: Path) -> None:
    """The entries of another engine in a file, put in its place when it is whole."""
    part = to.with_name(f".{to.name}.part")
    part.unlink(missing_ok=True)
    make_file(part)
    with closing(SqliteStore(part)) as made, closing(folder.store()) as store:
        copy_ledger(store, made)
    with closing(sqlite3.connect(part)) as own:
        own.execute("PRAGMA journal_mode = DELETE")
    _placed(part, to)


def _copied(source: Path, to: Path) -> None:
    """An SQLite file copied while others may write it, put in its place when it is whole."""
    part = to.with_name(f".{to.name}.part")
    part.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"file:{source.absolute()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(part)) as new,
    ):
        old.backup(new, pages=1024)
        new.execute("PRAGMA journal_mode = DELETE")
    _placed(part, to)


def _placed(part: Path, to: Path) -> None:
    """Put a whole database file in the place of an older one."""
    part.chmod(_PRIVATE)
    part.replace(to)
    for suffix in ("-wal", "-shm"):
        to.with_name(to.name + suffix).unlink(missing_ok=True)


def _plain_files(folder: LedgerFolder) -> Iterator[Path]:
    for name in _PLAIN:
        if (folder.path / name).is_file():
            yield folder.path / name
    for name in _FOLDERS:
        yield from (path for path in sorted((folder.path / name).iterdir()) if path.is_file())


def _left_over(folder: LedgerFolder, to: Path) -> Iterator[Path]:
    """Files of an older backup that the ledger has no more: an order removed them."""
    for name in _FOLDERS:
        for path in sorted((to / name).iterdir()):
            if path.is_file() and not (folder.path / name / path.name).is_file():
                yield path
