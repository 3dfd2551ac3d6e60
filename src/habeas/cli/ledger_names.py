"""How a ledger is named on the command line: by its folder, or by the address of its database."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

_ADDRESSES: Final = ("postgresql://", "postgres://")


def is_address(text: str) -> bool:
    """Whether this names a database rather than a folder."""
    return text.startswith(_ADDRESSES)


def located(text: str) -> Path:
    """The folder of a ledger.

    Raises:
        LedgerMisplaced: an address was given whose folder is not there, or is another ledger's.
    """
    if not is_address(text):
        return Path(text)
    from habeas.desk.ledgers import located as found

    return found(text)


class LedgerType(click.ParamType[Path]):
    """A ledger, passed on as its folder."""

    name = "ledger"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The folder."""
        del param, ctx
        return value if isinstance(value, Path) else located(str(value))


LEDGER: Final = LedgerType()
