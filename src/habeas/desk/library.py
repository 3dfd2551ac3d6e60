"""The rulebook as the desk has it: read from a folder once, then from a compiled artefact.

Reading a folder of YAML and parsing its conditions takes far longer than one answer. So the
desk keeps the compiled artefact in the user's cache, named by the digest of the files it came
from: any changed byte is another name, and a file that cannot be used is made anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from habeas.authority.inquiry import Regimen
from habeas.desk.editions import edition_of, write_beside
from habeas.law.documents import RulebookError
from habeas.law.regimes import Regimes
from habeas.law.rulebook import Rulebook
from habeas.law.stored import UnreadableArtefact, read_artefact, written_artefact

BUNDLED = Path(__file__).parents[1] / "rulebook"
"""The rulebook that comes with habeas."""

_NAME = re.compile(r"[0-9a-f]{64}")
_KEPT = 8
"""Editions kept compiled: whoever edits a rulebook makes a new one at each save."""


def library(folder: Path | None = None, *, cache: Path | None = None) -> Regimen:
    """The rulebook of a folder, ready to be asked; by default the bundled one.

    Raises:
        RulebookError: with every problem in every file.
    """
    directory = folder or BUNDLED
    store = cache or cache_folder(os.environ)
    stored = store / f"{edition_of(directory, store)}.json"
    if stored.is_file():
        try:
            return Regimen(read_artefact(stored.read_bytes()))
        except UnreadableArtefact:
            # A half-written or foreign file is not worth a failure: the folder is at hand.
            stored.unlink(missing_ok=True)
    return Regimen(_compiled(directory, stored))


def cache_folder(environment: Mapping[str, str]) -> Path:
    """Where compiled rulebooks are kept: HABEAS_CACHE, else the user's cache folder."""
    chosen = environment.get("HABEAS_CACHE")
    if chosen:
        return Path(chosen)
    base = environment.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "habeas"


def _compiled(directory: Path, stored: Path) -> Rulebook:
    from habeas.law.folder import load  # noqa: PLC0415 - YAML and the limb parser are slow to import
    from habeas.law.reading_limbs import parse_limbs  # noqa: PLC0415 - as above

    rulebook = load(directory)
    try:
        parse_limbs(rulebook)
        Regimes(rulebook.under())
    except ValueError as error:
        from habeas.desk.lawcheck import check  # noqa: PLC0415 - only to name what is wrong, and where

        problems = check(directory).problems
        if not problems:
            raise
        raise RulebookError(problems) from error
    _keep(written_artefact(rulebook), stored)
    return rulebook


def _keep(content: bytes, stored: Path) -> None:
    """Keep a compiled edition and let the oldest go. A full disk only costs time."""
    try:
        write_beside(content, stored)
        for old in _editions(stored.parent)[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _editions(store: Path) -> list[Path]:
    """The compiled rulebooks of a folder, newest first; whatever else is in it is not ours."""
    ours = [path for path in store.glob("*.json") if _NAME.fullmatch(path.stem)]
    return sorted(ours, key=lambda path: path.stat().st_mtime_ns, reverse=True)
