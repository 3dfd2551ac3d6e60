"""What commands that ask share: the rulebook chosen, and the exit code of a verdict."""

from __future__ import annotations

import os
from pathlib import Path

from habeas.authority.findings import Because, Verdict
from habeas.authority.inquiry import Regimen
from habeas.cli.failures import ConfigurationFailure
from habeas.desk.library import library
from habeas.desk.settings import settings
from habeas.kernel.places import PlaceTree


def regimen_of(folder: Path | None) -> Regimen:
    """The rulebook of a folder given, else of the one configured, else the bundled one.

    Raises:
        RulebookError: with every problem in every file.
        ConfigurationFailure: its places do not make a tree.
    """
    chosen, cache = sources_of(folder)
    try:
        regimen = library(chosen, cache=cache)
        # Made now, so that a fault of the rulebook's own places is told from a wrong --place.
        places: PlaceTree = regimen.rulebook.places
    except LookupError as error:
        raise ConfigurationFailure(f"the rulebook cannot be read: {error}; run: habeas law check") from error
    if not places.places:
        raise ConfigurationFailure("the rulebook cannot be read: it has no place; run: habeas law check")
    return regimen


def sources_of(folder: Path | None) -> tuple[Path | None, Path | None]:
    """Where the rulebook comes from, and where it is kept compiled; None where nobody said."""
    named, cache = folder or configured("rulebook"), configured("cache")
    return Path(named) if named else None, Path(cache) if cache else None


def configured(name: str) -> str | None:
    """A setting of the environment or of a settings file; None where it has none."""
    return settings(os.environ, Path.cwd())[name].value or None


def exit_code(verdict: Verdict, because: Because | None) -> int:
    """The documented exit code of a verdict."""
    if verdict is Verdict.UNLAWFUL:
        return 1
    if verdict is not Verdict.UNDETERMINED:
        return 0
    return 5 if because is Because.CONTESTED else 6
