"""Accounts, sessions and the log of reads of one release desk, in a SQLite file beside its ledger.

Passwords are kept as argon2id hashes, sessions as digests of their tokens: whoever reads the file can sign
in as nobody. Every instant is given by the caller, in UTC microseconds.
"""

from __future__ import annotations

import hmac
import json
import secrets
import sqlite3
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from habeas.desk.roles import Role
from habeas.desk.withheld import Withheld
from habeas.kernel.instants import HOUR, MINUTE, Instant
from habeas.kernel.places import PlaceId, lies_within

FILE: Final = "desk.sqlite"
SHORTEST: Final = 12
"""Characters of a password."""
IDLE: Final = 15 * MINUTE
"""Microseconds without a request after which a session asks for the password again."""
LONGEST: Final = 12 * HOUR
"""Microseconds after which a session ends whatever happens: a shift."""
WINDOW: Final = 15 * MINUTE
"""Microseconds over which failed sign-ins are counted."""
TRIES: Final = 5
"""Failed sign-ins of one account within the window after which it waits."""
TRIES_FROM: Final = 30
"""Failed sign-ins from one address within the window after which that address waits."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS account (
  name TEXT PRIMARY KEY, role TEXT NOT NULL, places TEXT NOT NULL, clients TEXT NOT NULL,
  hash TEXT NOT NULL, locked INTEGER NOT NULL DEFAULT 0, made_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS session (
  digest TEXT PRIMARY KEY, account TEXT NOT NULL, began_at INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS failure (account TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS reading (
  at INTEGER NOT NULL, account TEXT NOT NULL, role TEXT NOT NULL, stream TEXT NOT NULL,
  page TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS change (
  at INTEGER NOT NULL, account TEXT NOT NULL, what TEXT NOT NULL) STRICT;
"""


class SignInRefused(Withheld):
    """A sign-in that was refused; the same words whether the name or the password was wrong."""


class BadAccount(ValueError):
    """An account that cannot be made so; says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who works at the desk, and whose records they may see."""

    name: str
    role: Role
    places: tuple[PlaceId, ...]
    """Places whose people they may see, with whatever lies in them; none is nobody."""
    clients: tuple[str, ...] = ()
    """For a defender: pseudonyms of the people whom they act for."""
    locked: bool = False

    def sees(self, place: PlaceId | None, stream: str) -> bool:
        """Whether a person held in a place, known by a pseudonym, is theirs to see."""
        if place is None or not any(lies_within(place, outer) for outer in self.places):
            return False
        return self.role is not Role.DEFENDER or stream in self.clients


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody signed in."""

    account: Account
    token: str
    began_at: Instant
    asleep: bool
    """Whether nothing was asked for so long that the password is needed again."""

    @property
    def form_key(self) -> str:
        """What every form of this session carries, so that no other site can send one."""
        return hmac.digest(self.token.encode(), b"form", "sha256").hex()


@dataclass(frozen=True, slots=True)
class Reading:
    """That somebody looked at a person's record."""

    at: Instant
    account: str
    role: str
    stream: str
    page: str


class Accounts:
    """The accounts of a desk; safe from any thread."""

    def __init__(self, folder: Path) -> None:
        """Open them, or make the file with nobody in it.

        Raises:
            OSError: it cannot be written.
        """
        from argon2 import PasswordHasher  # noqa: PLC0415 - of the extra `serve`

        self._hasher = PasswordHasher()
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._dummy = self._hasher.hash(secrets.token_hex(16))
        self._path.touch(mode=0o600)
        self._base = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._base.close()

    @contextmanager
    def _writing(self) -> Generator[sqlite3.Connection]:
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def _rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock:
            return self._base.execute(sql, values).fetchall()

    # ------------------------------------------------------------------ accounts

    def every(self) -> tuple[Account, ...]:
        """All accounts by name."""
        return tuple(map(_account, self._rows(f"{_SELECT} ORDER BY name")))

    def account(self, name: str) -> Account | None:
        """One of them."""
        found = self._rows(f"{_SELECT} WHERE name = ?", name)
        return _account(found[0]) if found else None

    def make(self, account: Account, password: str, at: Instant, by: str = "set-up") -> None:
        """Make an account.

        Raises:
            BadAccount: the name is taken or none, or the password is too short.
        """
        if not account.name.strip() or account.name != account.name.strip() or len(account.name) > 60:
            raise BadAccount("expected a name of 1 to 60 characters without blanks at its ends")
        hashed = self._hashed(password)
        if self.account(account.name) is not None:
            raise BadAccount(f"there is an account [{account.name}] already")
        with self._writing() as base:
            base.execute(
                "INSERT INTO account VALUES (?,?,?,?,?,0,?)",
                (
                    account.name,
                    account.role,
                    json.dumps(account.places),
                    json.dumps(account.clients),
                    hashed,
                    at,
                ),
            )
            _note(base, at, by, f"made account [{account.name}] as {account.role}")

    def change(self, account: Account, at: Instant, by: str) -> None:
        """Give an account another role, other places or clients, or lock it; its sessions end.

        Raises:
            BadAccount: there is none of that name, or it is one's own.
        """
        if account.name == by:
            raise BadAccount("nobody changes their own account; another administrator has to")
        with self._writing() as base:
            done = base.execute(
                "UPDATE account SET role = ?, places = ?, clients = ?, locked = ? WHERE name = ?",
                (
                    account.role,
                    json.dumps(account.places),
                    json.dumps(account.clients),
                    int(account.locked),
                    account.name,
                ),
            )
            if not done.rowcount:
                raise BadAccount(f"expected an account, found none named [{account.name}]")
            base.execute("DELETE FROM session WHERE account = ?", (account.name,))
            what = "locked" if account.locked else "changed"
            _note(
                base, at, by, f"{what} account [{account.name}]: {account.role}, {', '.join(account.places)}"
            )

    def set_password(self, name: str, password: str, at: Instant, by: str) -> None:
        """Give an account another password; its sessions end.

        Raises:
            BadAccount: the password is too short, or there is no such account.
        """
        hashed = self._hashed(password)
        with self._writing() as base:
            if not base.execute("UPDATE account SET hash = ? WHERE name = ?", (hashed, name)).rowcount:
                raise BadAccount(f"expected an account, found none named [{name}]")
            base.execute("DELETE FROM session WHERE account = ?", (name,))
            _note(base, at, by, f"set the password of [{name}]")

    def _hashed(self, password: str) -> str:
        if len(password) < SHORTEST or len(password) > 1000:
            raise BadAccount(f"expected a password of at least {SHORTEST} characters")
        return self._hasher.hash(password)

    # ------------------------------------------------------------------ sessions

    def sign_in(self, name: str, password: str, at: Instant, address: str = "") -> Session:
        """Begin a session.

        Raises:
            SignInRefused: name or password are wrong, the account is locked, or it was tried too often.
        """
        if self._tried_out(name, address, at):
            raise SignInRefused(
                "too many failed sign-ins; wait a quarter of an hour, or ask an administrator"
            )
        found = self._rows("SELECT hash FROM account WHERE name = ? AND locked = 0", name)
        # A name that is not there takes as long as one that is.
        good = self._verified(str(found[0][0]) if found else self._dummy, password) and bool(found)
        account = self.account(name)
        if not good or account is None:
            with self._writing() as base:
                base.execute("INSERT INTO failure VALUES (?,?,?)", (name, address, at))
            raise SignInRefused("name or password is wrong, or the account is locked")
        token = secrets.token_urlsafe(32)
        with self._writing() as base:
            base.execute("DELETE FROM failure WHERE account = ? OR at < ?", (name, at - WINDOW))
            base.execute("DELETE FROM session WHERE began_at < ?", (at - LONGEST,))
            base.execute("INSERT INTO session VALUES (?,?,?,?)", (_digest(token), name, at, at))
        return Session(account=account, token=token, began_at=at, asleep=False)

    def _tried_out(self, name: str, address: str, at: Instant) -> bool:
        since = at - WINDOW
        of_name = self._rows("SELECT count(*) FROM failure WHERE account = ? AND at > ?", name, since)[0][0]
        of_address = self._rows(
            "SELECT count(*) FROM failure WHERE address = ? AND address <> '' AND at > ?", address, since
        )[0][0]
        return _number(of_name) >= TRIES or _number(of_address) >= TRIES_FROM

    def _verified(self, hashed: str, password: str) -> bool:
        from argon2.exceptions import VerificationError  # noqa: PLC0415 - of the extra `serve`

        try:
            return self._hasher.verify(hashed, password)
        except VerificationError:
            return False

    def session(self, token: str, at: Instant, *, stirs: bool = True) -> Session | None:
        """The session of a token, its time of rest begun anew; None where it ended.

        Args:
            token: What the cookie holds.
            at: The instant, in UTC microseconds.
            stirs: Whether somebody asked; a page that brings itself up to date keeps no session awake.
        """
        found = self._rows("SELECT account, began_at, seen_at FROM session WHERE digest = ?", _digest(token))
        if not found:
            return None
        name, began, seen = str(found[0][0]), _number(found[0][1]), _number(found[0][2])
        account = self.account(name)
        if account is None or account.locked or at >= began + LONGEST:
            self.sign_out(token)
            return None
        asleep = at >= seen + IDLE
        if stirs and not asleep and at > seen + MINUTE // 2:
            with self._writing() as base:
                base.execute("UPDATE session SET seen_at = ? WHERE digest = ?", (at, _digest(token)))
        return Session(account=account, token=token, began_at=Instant(began), asleep=asleep)

    def wake(self, session: Session, password: str, at: Instant, address: str = "") -> Session:
        """Go on with a session that fell asleep, under a new token.

        Raises:
            SignInRefused: the password is wrong, or was tried too often.
        """
        woken = self.sign_in(session.account.name, password, at, address)
        self.sign_out(session.token)
        return woken

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._writing() as base:
            base.execute("DELETE FROM session WHERE digest = ?", (_digest(token),))

    # ------------------------------------------------------------------ what was looked at

    def note_reading(self, reading: Reading) -> None:
        """Keep that somebody looked at a person's record."""
        with self._writing() as base:
            values = (reading.at, reading.account, reading.role, reading.stream, reading.page)
            base.execute("INSERT INTO reading VALUES (?,?,?,?,?)", values)

    def readings(self, limit: int, stream: str | None = None) -> Sequence[Reading]:
        """The last looks at records, the latest first; of one person where a pseudonym is given."""
        rows = self._rows(
            "SELECT * FROM reading WHERE ? IN ('', stream) ORDER BY rowid DESC LIMIT ?", stream or "", limit
        )
        return [Reading(Instant(_number(r[0])), str(r[1]), str(r[2]), str(r[3]), str(r[4])) for r in rows]

    def changes(self, limit: int) -> Sequence[tuple[Instant, str, str]]:
        """The last changes of accounts, the latest first: when, by whom, what."""
        rows = self._rows("SELECT * FROM change ORDER BY rowid DESC LIMIT ?", limit)
        return [(Instant(_number(r[0])), str(r[1]), str(r[2])) for r in rows]


_SELECT: Final = "SELECT name, role, places, clients, locked FROM account"


def _account(row: Sequence[object]) -> Account:
    name, role, places, clients, locked = row
    return Account(
        name=str(name),
        role=Role(str(role)),
        places=tuple(PlaceId(each) for each in json.loads(str(places))),
        clients=tuple(str(each) for each in json.loads(str(clients))),
        locked=bool(locked),
    )


def _number(value: object) -> int:
    assert isinstance(value, int), "the tables are strict"
    return value


def _note(base: sqlite3.Connection, at: Instant, by: str, what: str) -> None:
    base.execute("INSERT INTO change VALUES (?,?,?)", (at, by, what))


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
