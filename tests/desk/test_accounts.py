"""Accounts and sessions: what is kept, who may in, and for how long."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from habeas.desk.accounts import (
    FILE,
    IDLE,
    LONGEST,
    TRIES,
    TRIES_FROM,
    WINDOW,
    Account,
    Accounts,
    BadAccount,
    Reading,
    SignInRefused,
)
from habeas.desk.roles import Role
from habeas.kernel.instants import HOUR, Instant
from habeas.kernel.places import PlaceId

AT = Instant(1_700_000_000_000_000)
GOOD = "a password of some length"
ADA = Account(name="ada", role=Role.OFFICER, places=(PlaceId("us/zz/juniper"),))


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    made = Accounts(tmp_path)
    made.make(ADA, GOOD, AT)
    yield made
    made.close()


def test_neither_passwords_nor_tokens_are_in_the_file(accounts: Accounts, tmp_path: Path) -> None:
    session = accounts.sign_in("ada", GOOD, AT)
    files = [path for path in tmp_path.iterdir() if path.name.startswith(FILE)]
    kept = b"".join(path.read_bytes() for path in files)
    assert b"argon2id" in kept
    assert GOOD.encode() not in kept
    assert session.token.encode() not in kept
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_session_rests_and_ends(accounts: Accounts) -> None:
    token = accounts.sign_in("ada", GOOD, AT).token
    at = AT
    for _ in range(3):
        at = Instant(at + IDLE - 1)
        found = accounts.session(token, at)
        assert found is not None
        assert not found.asleep
    resting = accounts.session(token, Instant(at + IDLE))
    assert resting is not None
    assert resting.asleep
    assert accounts.session(token, Instant(AT + LONGEST)) is None
    assert accounts.session("nonsense", AT) is None


def test_waking_takes_the_password_and_gives_another_token(accounts: Accounts) -> None:
    session = accounts.sign_in("ada", GOOD, AT)
    with pytest.raises(SignInRefused):
        accounts.wake(session, "wrong", AT)
    woken = accounts.wake(session, GOOD, AT)
    assert woken.token != session.token
    assert woken.form_key != session.form_key
    assert accounts.session(session.token, AT) is None


def test_tries_are_counted_by_name_and_by_address(accounts: Accounts) -> None:
    for _ in range(TRIES):
        with pytest.raises(SignInRefused, match="wrong"):
            accounts.sign_in("ada", "guess", AT, "10.0.0.1")
    with pytest.raises(SignInRefused, match="too many"):
        accounts.sign_in("ada", GOOD, AT, "10.0.0.2")
    assert accounts.sign_in("ada", GOOD, Instant(AT + WINDOW), "10.0.0.2").account == ADA
    later = Instant(AT + HOUR)
    for number in range(TRIES_FROM):
        with pytest.raises(SignInRefused, match="wrong"):
            accounts.sign_in(f"nobody-{number}", "guess", later, "10.0.0.9")
    with pytest.raises(SignInRefused, match="too many"):
        accounts.sign_in("ada", GOOD, later, "10.0.0.9")


def test_a_changed_account_is_out_and_nobody_changes_their_own(accounts: Accounts) -> None:
    session = accounts.sign_in("ada", GOOD, AT)
    with pytest.raises(BadAccount, match="their own"):
        accounts.change(ADA, AT, "ada")
    with pytest.raises(BadAccount, match="none named"):
        accounts.change(Account(name="bob", role=Role.OFFICER, places=()), AT, "hana")
    accounts.change(Account(name="ada", role=Role.MONITOR, places=(), locked=True), AT, "hana")
    assert accounts.session(session.token, AT) is None
    with pytest.raises(SignInRefused):
        accounts.sign_in("ada", GOOD, AT)
    assert [what for _, by, what in accounts.changes(5) if by == "hana"] == [
        "locked account [ada]: monitor, "
    ]


def test_another_password_ends_the_sessions(accounts: Accounts) -> None:
    session = accounts.sign_in("ada", GOOD, AT)
    with pytest.raises(BadAccount, match="none named"):
        accounts.set_password("bob", GOOD, AT, "hana")
    accounts.set_password("ada", "another good password", AT, "hana")
    assert accounts.session(session.token, AT) is None
    assert accounts.sign_in("ada", "another good password", AT).account == ADA


@pytest.mark.parametrize("name", ["", " ada", "a" * 61, "ada"])
def test_a_name_is_a_name_and_is_had_once(name: str, accounts: Accounts) -> None:
    with pytest.raises(BadAccount):
        accounts.make(Account(name=name, role=Role.OFFICER, places=()), GOOD, AT)


def test_what_was_looked_at_is_kept_by_pseudonym(accounts: Accounts) -> None:
    for stream in ("p-1", "p-2"):
        accounts.note_reading(Reading(AT, "ada", "release officer", stream, "person"))
    assert [each.stream for each in accounts.readings(5)] == ["p-2", "p-1"]
    assert [each.stream for each in accounts.readings(5, "p-1")] == ["p-1"]
