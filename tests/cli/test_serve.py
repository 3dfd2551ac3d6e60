"""`habeas serve` before it serves: what is missing is said with its exit code."""

from __future__ import annotations

import socket
from pathlib import Path

from click.testing import CliRunner, Result

from habeas.cli.app import habeas
from habeas.desk.accounts import Accounts
from habeas.desk.clock import now
from small_desks import PASSWORD, small_ledger


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(habeas, ["serve", *words], input=typed)


def test_a_folder_that_is_no_ledger_is_a_wrong_use(tmp_path: Path) -> None:
    found = run(str(tmp_path))
    assert (found.exit_code, "expected a ledger, found none" in found.output) == (2, True)


def test_a_desk_without_accounts_is_not_opened(tmp_path: Path) -> None:
    folder = small_ledger(tmp_path / "ledger").path
    found = run(str(folder))
    assert (found.exit_code, "--account NAME" in found.output) == (3, True)


def test_the_first_account_is_made_with_a_password_typed_twice(tmp_path: Path) -> None:
    folder = small_ledger(tmp_path / "ledger").path
    made = run(str(folder), "--account", "hana", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert (made.exit_code, "made account [hana] as administrator" in made.output) == (0, True)
    accounts = Accounts(folder)
    assert accounts.sign_in("hana", PASSWORD, now()).account.role.value == "administrator"
    accounts.close()
    again = run(str(folder), "--account", "hana", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert (again.exit_code, "already" in again.output) == (2, True)
    short = run(str(folder), "--account", "ivo", typed="short\nshort\n")
    assert (short.exit_code, "at least 12 characters" in short.output) == (2, True)
    role = run(str(folder), "--account", "ivo", "--role", "king")
    assert (role.exit_code, "release officer" in role.output) == (2, True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = run(str(folder), "--port", str(taken.getsockname()[1]))
    assert (found.exit_code, "give another --port" in found.output) == (3, True)
