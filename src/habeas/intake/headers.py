"""The names of the columns of a file that no recipe describes yet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from habeas.intake.errors import UnreadableInput
from habeas.intake.sources import source_of

_JSON_LOOKED = 1000


def header_of(path: Path, encoding: str = "utf-8") -> list[str]:
    """The names of a file's columns, in its order.

    Raises:
        UnreadableInput: it cannot be read, or a column has no name or that of another.
        MissingExtra: it needs an extra that is not installed.
    """
    found: list[str] = []
    source = replace(source_of(path, (), encoding), header=found)
    rows = source.rows()
    for number, _ in enumerate(rows):
        if number >= _JSON_LOOKED:
            break
    names = list(dict.fromkeys(found))
    blank = [at for at, name in enumerate(names, 1) if not name.strip()]
    if blank or not names:
        where = f"column {blank[0]} has none" if blank else "no column"
        raise UnreadableInput(path.name, "a name for every column", where)
    return names
