"""What this installation is made of, and whether it can answer: for `habeas doctor`."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from habeas import __version__
from habeas.desk.library import BUNDLED, cache_folder, library
from habeas.desk.settings import BadSetting, config_files, settings
from habeas.kernel.instants import zone_names
from habeas.law.documents import RulebookError
from habeas.law.folder import load

_EXTRAS = {"analysis": ("polars", "pyarrow")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the installation."""

    name: str
    value: str
    origin: str
    """Where the value comes from, or what it is for."""
    fault: str = ""
    """What is wrong and what to do; empty where all is well."""


def examination(environment: Mapping[str, str], here: Path) -> Iterator[Part]:
    """Every part that an answer depends on, one after another.

    Args:
        environment: The process's variables.
        here: The folder in which the command is run.
    """
    yield Part(name="habeas", value=__version__, origin="installed")
    yield Part(name="python", value=platform.python_version(), origin=platform.python_implementation())
    yield _zone_data()
    yield from _extras()
    try:
        chosen = settings(environment, here)
        files = [str(path) for path in config_files(environment, here)]
    except BadSetting as error:
        yield Part(name="settings", value="", origin="", fault=str(error))
        return
    yield Part(name="settings files", value=", ".join(files) or "none", origin="strongest first")
    for setting in chosen.values():
        yield Part(name=setting.name, value=setting.value or "(not set)", origin=setting.origin)
    store = Path(chosen["cache"].value) if chosen["cache"].value else cache_folder(environment)
    yield Part(name="compiled rulebooks", value=str(store), origin="written when first needed")
    yield from _rulebook(Path(chosen["rulebook"].value) if chosen["rulebook"].value else BUNDLED, store)


def _zone_data() -> Part:
    found = importlib.metadata.version("tzdata")
    needed = importlib.metadata.requires("habeas") or []
    pins = [match[1] for line in needed if (match := re.match(r"tzdata\s*==\s*([\w.]+)", line))]
    wrong = pins and pins[0] != found
    fault = f"expected edition [{pins[0]}]; run: pip install tzdata=={pins[0]}" if wrong else ""
    return Part(name="tzdata", value=found, origin=f"{len(zone_names())} zones, pinned", fault=fault)


def _extras() -> Iterator[Part]:
    for extra, modules in _EXTRAS.items():
        missing = [name for name in modules if importlib.util.find_spec(name) is None]
        value = "present" if not missing else f"absent ({', '.join(missing)})"
        yield Part(name=f"extra {extra}", value=value, origin=f"pip install 'habeas[{extra}]'")


def _rulebook(folder: Path, store: Path) -> Iterator[Part]:
    origin = "bundled" if folder == BUNDLED else str(folder)
    if not folder.is_dir():
        fault = f"expected a folder, found none at [{folder}]; set HABEAS_RULEBOOK to one"
        yield Part(name="rulebook digest", value="", origin=origin, fault=fault)
        return
    try:
        rulebook = library(folder, cache=store).rulebook
        stated = load(folder).digest
    except (RulebookError, LookupError):
        fault = f"it cannot be read; run: habeas law check {folder}"
        yield Part(name="rulebook digest", value="", origin=origin, fault=fault)
        return
    forged = f"the folder's own digest is [{stated}]; delete [{store}]" if stated != rulebook.digest else ""
    yield Part(name="rulebook digest", value=rulebook.digest, origin=origin, fault=forged)
    artefact = rulebook.artefact
    counts = f"{len(artefact.enactments)} enactments, {len(artefact.places)} places"
    yield Part(name="rulebook holds", value=f"{counts}, {len(artefact.questions)} questions", origin=origin)
