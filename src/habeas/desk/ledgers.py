"""A ledger as a folder: entries, keys, secrets, and what was published of it.

    DIR/ledger.sqlite     the entries; readable by their owner only (0600); not there where ledger.toml names
                          a database in PostgreSQL that holds them
    DIR/keys/             the keys of payloads, wrapped; folder 0700, files 0600
    DIR/secrets/root.key  32 bytes in hexadecimal that unwrap them; 0600, or in another folder
    DIR/secrets/signing.key  signs checkpoints and deadline sheets; 0600
    DIR/trust             whom to believe: give this file to those who will check (0644)
    DIR/checkpoints/      every signed checkpoint, by size
    DIR/files/            imported files, sealed under keys of their own
    DIR/ledger.toml       name of the ledger, where its secrets are, and its database if it has one

Whoever reads both ``keys`` and ``secrets`` reads every payload, so ``secrets`` may lie elsewhere and
belongs in no backup beside the rest.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from habeas.custody.events import EVENTS
from habeas.desk.addresses import (
    DATABASE,
    FOLDER,
    OVERRIDE,
    SETTINGS,
    described,
    folder_of,
    is_address,
    is_ledger,
    is_same,
    reached_by,
    without_password,
)
from habeas.desk.clock import now
from habeas.desk.tables import make_file, make_tables, upgrade_file, upgrade_tables
from habeas.desk.whole_files import write_whole
from habeas.ledger.checkpoints import Trust, read_trust
from habeas.ledger.keys import KeyStore
from habeas.ledger.ledger import Kinds, Ledger
from habeas.ledger.notes import KeyType, SigningKey, UnreadableNote, new_key, read_signing_key
from habeas.ledger.sqlite import SqliteStore
from habeas.ledger.store import Store

_OWN: Final = 0o700
_PRIVATE: Final = 0o600
_OPEN: Final = 0o644
_FOREIGN_BITS: Final = 0o077

PERSON_NAMED: Final = "PersonNamed"
COVERAGE: Final = "CoverageDeclared"
SETTING: Final = "SettingStated"
FILE_IMPORTED: Final = "FileImported"
QUARANTINED: Final = "RowQuarantined"
MERGED: Final = "PersonsMerged"
SPLIT: Final = "PersonsSplit"
PROPOSED: Final = "OrderProposed"
APPROVED: Final = "OrderApproved"
CARRIED_OUT: Final = "OrderCarriedOut"
EXPORTED: Final = "ProofExported"
CLOCK_SET_BACK: Final = "ClockSetBack"
RELEASE_BEGUN: Final = "ReleaseBegun"
RELEASE_APPROVED: Final = "ReleaseApproved"
RELEASE_ENDED: Final = "ReleaseEnded"
CUSTODY_CONTINUED: Final = "CustodyContinued"
PAPER_RECEIVED: Final = "PaperReceived"
PAPER_CLEARED: Final = "PaperCleared"
CHALLENGED: Final = "RecordChallenged"
CHALLENGE_SETTLED: Final = "ChallengeSettled"
AT_THE_DESK: Final = frozenset(
    {
        RELEASE_BEGUN,
        RELEASE_APPROVED,
        RELEASE_ENDED,
        CUSTODY_CONTINUED,
        PAPER_RECEIVED,
        PAPER_CLEARED,
        CHALLENGED,
        CHALLENGE_SETTLED,
    }
)
"""What people do at the release desk: entries in a person's stream that change no answer by themselves."""
OWN_KINDS: Final = frozenset(
    {
        PERSON_NAMED,
        COVERAGE,
        SETTING,
        FILE_IMPORTED,
        QUARANTINED,
        MERGED,
        SPLIT,
        PROPOSED,
        APPROVED,
        CARRIED_OUT,
        EXPORTED,
        CLOCK_SET_BACK,
        *AT_THE_DESK,
    }
)
"""What the desk records beside events of custody."""

KINDS: Final[Kinds] = dict.fromkeys((*EVENTS, *OWN_KINDS), frozenset({1}))
"""Every kind of entry that the desk records, with its schema versions."""


class LedgerMisplaced(ValueError):
    """A folder that is no ledger, is one already, or whose secrets are open to others; says what to do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks the ledger to record something."""

    actor: str
    role: str = "records"


@dataclass(frozen=True, slots=True)
class LedgerFolder:
    """A folder that holds a ledger."""

    path: Path
    origin: str
    """The ledger's name, which is also that of its signing key."""
    secrets: Path
    address: str | None = None
    """The PostgreSQL database of its entries, without a password; None where they are in a file."""

    @property
    def database(self) -> Path:
        """The file of entries, where they are in one."""
        return self.path / DATABASE

    @property
    def keys(self) -> Path:
        """The folder of wrapped keys."""
        return self.path / "keys"

    @property
    def trust_file(self) -> Path:
        """The file that says whom to believe."""
        return self.path / "trust"

    @property
    def checkpoints(self) -> Path:
        """The folder of signed checkpoints."""
        return self.path / "checkpoints"

    @property
    def files(self) -> Path:
        """The folder of imported files, sealed."""
        return self.path / "files"

    def root_secret(self) -> bytes:
        """The secret that unwraps the keys of epochs.

        Raises:
            LedgerMisplaced: it is not there, is no secret, or others may read it.
        """
        text = _secret(self.secrets / "root.key")
        try:
            return bytes.fromhex(text)
        except ValueError:
            message = f"{self.secrets / 'root.key'}: expected 64 hexadecimal digits"
            raise LedgerMisplaced(message) from None

    def signing_key(self) -> SigningKey:
        """The key that signs checkpoints.

        Raises:
            LedgerMisplaced: it is not there, is no key, or others may read it.
        """
        path = self.secrets / "signing.key"
        try:
            return read_signing_key(_secret(path).strip())
        except UnreadableNote as error:
            raise LedgerMisplaced(f"{path}: {error}") from None

    def trust(self) -> Trust:
        """Whom to believe about this ledger.

        Raises:
            LedgerMisplaced: the file is not there or says something else.
        """
        try:
            return read_trust(self.trust_file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, UnreadableNote) as error:
            raise LedgerMisplaced(f"{self.trust_file}: expected whom to trust, found: {error}") from None

    def store(self, *, writable: bool = False) -> Store:
        """The entries, opened.

        Raises:
            LedgerError: they cannot be.
        """
        if self.address is None:
            return SqliteStore(self.database, writable=writable)
        from habeas.ledger.postgres import PostgresStore  # noqa: PLC0415 - its driver is an extra

        return PostgresStore(reached_by(self.address), writable=writable)


def init(
    path: Path, *, origin: str | None = None, secrets: Path | None = None, address: str | None = None
) -> LedgerFolder:
    """Make a ledger in a folder that is empty or not there.

    Args:
        path: The folder.
        origin: The ledger's name, without blanks or plus; by default that of the folder.
        secrets: Where its two secrets go, if not into the folder itself.
        address: A PostgreSQL database for its entries, which is there and holds no ledger; they go into a
            file of the folder otherwise.

    Raises:
        LedgerMisplaced: something is there already, or the name is none.
        LedgerError: the database cannot be reached or written.
        OSError: the folder cannot be written.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise LedgerMisplaced(f"{path}: expected a folder that is empty or not there yet")
    seed, root = os.urandom(32), os.urandom(32)
    try:
        signing = new_key(origin or path.resolve().name, KeyType.LOG, seed)
    except UnreadableNote as error:
        raise LedgerMisplaced(f"--origin: {error}") from None
    stored = None if address is None else without_password(address)
    folder = LedgerFolder(path, signing.name, (secrets or path / "secrets").absolute(), stored)
    if address is not None:
        make_tables(address)
    if any((folder.secrets / name).exists() for name in ("root.key", "signing.key")):
        # Written over, they would take every payload of another ledger with them.
        raise LedgerMisplaced(f"{folder.secrets}: expected no secrets there yet, found those of a ledger")
    for made in (path, folder.keys, folder.secrets, folder.checkpoints, folder.files):
        made.mkdir(mode=_OWN, parents=True, exist_ok=True)
    _written(folder.secrets / "root.key", root.hex() + "\n", _PRIVATE)
    _written(folder.secrets / "signing.key", signing.written() + "\n", _PRIVATE)
    _written(folder.trust_file, Trust((signing.verifier,)).written(), _OPEN)
    write_settings(folder)
    KeyStore(folder.keys, root, create=True).close()
    private = list(folder.keys.iterdir())
    if address is None:
        make_file(folder.database)
        private.append(folder.database)
    for file in private:
        file.chmod(_PRIVATE)
    return folder


def write_settings(folder: LedgerFolder) -> None:
    """Write what the folder belongs to."""
    own = folder.secrets == (folder.path / "secrets").absolute()
    lines = [f'origin = "{folder.origin}"', *([] if own else [f"secrets = '{folder.secrets}'"])]
    if folder.address is not None:
        # A JSON string is a TOML string.
        lines.append(f"database = {json.dumps(folder.address)}")
    _written(folder.path / SETTINGS, "\n".join(lines) + "\n", _OPEN)


def renamed(folder: LedgerFolder, origin: str) -> LedgerFolder:
    """The ledger under another name with a new signing key; the old one stays trusted for what it signed."""
    signing = new_key(origin, KeyType.LOG, os.urandom(32))
    old = folder.trust()
    trust = Trust((signing.verifier, *old.logs), old.witnesses, old.quorum)
    moved = replace(folder, origin=origin)
    _written(folder.secrets / "signing.key", signing.written() + "\n", _PRIVATE)
    _written(folder.trust_file, trust.written(), _OPEN)
    write_settings(moved)
    return moved


def find(path: Path) -> LedgerFolder:
    """The ledger of a folder.

    Raises:
        LedgerMisplaced: there is none.
    """
    if not is_ledger(path):
        raise LedgerMisplaced(f"{path}: expected a ledger, found none; make one with: habeas db init {path}")
    try:
        said = tomllib.loads((path / SETTINGS).read_text("utf-8"))
        secrets = Path(said.get("secrets", path / "secrets"))
        return LedgerFolder(path, str(said["origin"]), secrets, said.get("database"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        message = f"{path / SETTINGS}: expected the ledger's settings, found: {error!r}"
        raise LedgerMisplaced(message) from None


def located(text: str) -> Path:
    """The folder of a ledger that is named by its folder or by the address of its database.

    An address also says who asks: it stands in HABEAS_DATABASE for the rest of the process.

    Raises:
        LedgerMisplaced: the folder there belongs to another ledger.
        BadAddress: it is an address of no database.
    """
    if not is_address(text):
        return Path(text)
    path = folder_of(text)
    if not is_ledger(path):
        said = f"expected the keys and papers of {described(text)}, found none; {FOLDER} names another folder"
        raise LedgerMisplaced(f"{path}: {said}, or make a ledger with: habeas db init ADDRESS")
    stored = find(path).address
    if stored is None or not is_same(text, stored):
        raise LedgerMisplaced(
            f"{path}: expected the folder of {described(text)}, found that of another ledger"
        )
    os.environ[OVERRIDE] = text
    return path


@contextmanager
def opened(folder: LedgerFolder, *, writable: bool = False) -> Generator[Ledger]:
    """The ledger of a folder, closed when the block ends.

    Raises:
        LedgerError: it cannot be opened.
        LedgerMisplaced: its secrets are not there, or open to others.
    """
    keys = KeyStore(folder.keys, folder.root_secret())
    try:
        store = folder.store(writable=writable)
    except BaseException:
        keys.close()
        raise
    with Ledger(store, keys, now, kinds=KINDS) as ledger:
        yield ledger


def upgrade(folder: LedgerFolder) -> None:
    """Bring the tables of a ledger to the version this program reads."""
    if folder.address is None:
        upgrade_file(folder.database)
    else:
        upgrade_tables(reached_by(folder.address))


def granted(
    folder: LedgerFolder, *, writer: str | None = None, reader: str | None = None, remover: str | None = None
) -> None:
    """Give roles of the server their part in a ledger.

    Raises:
        LedgerMisplaced: its entries are in a file.
        LedgerError: whoever asks is not the owner of the tables, or a role is not there.
    """
    if folder.address is None:
        raise LedgerMisplaced(
            f"{folder.path}: expected a ledger in PostgreSQL, found a file, which has no roles"
        )
    from habeas.ledger.postgres_roles import grant  # noqa: PLC0415 - its driver is an extra

    grant(reached_by(folder.address), writer=writer, reader=reader, remover=remover)


def _secret(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise LedgerMisplaced(f"{path}: expected a secret of this ledger, found: {error}") from None
    if sys.platform != "win32" and mode & _FOREIGN_BITS:
        raise LedgerMisplaced(f"{path}: others may read this secret; run: chmod 600 {path}")
    return text


def _written(path: Path, text: str, mode: int) -> None:
    write_whole(path, text.encode())
    path.chmod(mode)
