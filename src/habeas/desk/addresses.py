"""Addresses of ledgers: a folder, or a database in PostgreSQL with a folder beside it.

The database holds the entries. What must not lie beside them (keys, secrets) and what concerns one machine
(checkpoints kept, imported files, sealed) stays in a folder, whose ``ledger.toml`` says which database it
belongs to, without the password. So a folder names a ledger wherever its entries are, and an address of a
database finds its folder: the one that HABEAS_LEDGER_FOLDER names, else one under the user's data.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

DATABASE: Final = "ledger.sqlite"
"""The file of entries in a ledger's folder, where they are in no database elsewhere."""

SETTINGS: Final = "ledger.toml"
"""The file that says what a ledger's folder belongs to."""

OVERRIDE: Final = "HABEAS_DATABASE"
"""The variable that holds an address with another user or a password for the database of a folder."""

FOLDER: Final = "HABEAS_LEDGER_FOLDER"
"""The variable that names the folder of a ledger in PostgreSQL."""

_SCHEMES: Final = ("postgresql://", "postgres://")
# What says which database it is; the rest says how it is reached, and by whom.
_WHICH: Final = ("host", "hostaddr", "port", "dbname", "options", "service")


class BadAddress(ValueError):
    """An address that names no database, or a database of another ledger than the folder's."""


def is_ledger(path: Path) -> bool:
    """Whether a folder is that of a ledger."""
    if not path.is_dir():
        return False
    if (path / DATABASE).is_file():
        return True
    try:
        return "database" in tomllib.loads((path / SETTINGS).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False


def is_address(text: str) -> bool:
    """Whether this names a database rather than a folder."""
    return text.startswith(_SCHEMES)


def without_password(address: str) -> str:
    """The address in one form, as it may stand in a file that others read.

    Raises:
        BadAddress: it is none, or names no database.
    """
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - only with the extra, and only where it is used

    parts = _parts(address)
    parts.pop("password", None)
    return make_conninfo("", **{name: parts[name] for name in sorted(parts)})


def _parts(address: str) -> dict[str, str]:
    import psycopg  # noqa: PLC0415 - as above
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - as above

    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(address).items() if value is not None}
    except psycopg.ProgrammingError as error:
        raise BadAddress(f"expected postgresql://USER@HOST/DATABASE: {error}") from None
    if not {"dbname", "service"} & parts.keys():
        shown = re.sub(r":[^:@/]*@", ":...@", address)
        raise BadAddress(f"{shown}: expected the name of a database, as in postgresql://HOST/DATABASE")
    return parts


def is_same(one: str, other: str) -> bool:
    """Whether two addresses name the same database, whoever asks it and however it is reached."""
    return _which(one) == _which(other)


def _which(address: str) -> dict[str, str]:
    parts = _parts(address)
    return {name: parts[name] for name in _WHICH if name in parts}


def described(address: str) -> str:
    """A database's name for messages: never the password of its address."""
    from habeas.ledger.postgres_schema import described as said  # noqa: PLC0415 - its driver is an extra

    return said(address)


def folder_of(address: str, environment: Mapping[str, str] = os.environ) -> Path:
    """Where the keys, secrets, checkpoints and files of a ledger in PostgreSQL are.

    Args:
        address: The database.
        environment: The process's variables.
    """
    if named := environment.get(FOLDER):
        return Path(named)
    base = environment.get("XDG_DATA_HOME") or environment.get("LOCALAPPDATA")
    home = Path(base) if base else Path(environment.get("HOME") or Path.home()) / ".local" / "share"
    parts = [_which(address).get(name, "") for name in ("host", "port", "dbname", "options", "service")]
    name = "-".join(re.sub(r"[^\w.]+", "_", part).strip("_") for part in parts if part)
    return home / "habeas" / "ledgers" / name


def reached_by(stored: str, environment: Mapping[str, str] = os.environ) -> str:
    """The address by which a folder's database is reached: as stored, or as the environment overrides it."""
    given = environment.get(OVERRIDE)
    return given if given and is_same(given, stored) else stored
