"""What commands that ask share: the rulebook chosen, and the exit code of a verdict."""

from __future__ import annotations

import os
from pathlib import Path

from habeas.authority.findings import Because, Verdict
from habeas.authority.inquiry import Regimen
from habeas.desk.library import library
from habeas.desk.settings import settings


def regimen_of(folder: Path | None) -> Regimen:
    """The rulebook of a folder given, else of the one configured, else the bundled one."""
    chosen = folder or (Path(named) if (named := configured("rulebook")) else None)
    cache = configured("cache")
    return library(chosen, cache=Path(cache) if cache else None)


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
