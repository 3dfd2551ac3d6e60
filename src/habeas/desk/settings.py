"""Settings, and where each came from: flag, environment, ``./habeas.toml``, the user's, default.

No setting decides an answer by itself: the rulebook, the place and the zone chosen are stated
with every answer they shaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

HERE: Final = "habeas.toml"
"""The project's own settings, in the folder where a command is run."""


class BadSetting(ValueError):
    """A settings file that cannot be read, or names what is no setting."""


class Setting(Struct, frozen=True):
    """One value and where it came from."""

    name: str
    value: str
    origin: str
    """``default``, ``environment HABEAS_TZ`` or ``file PATH``."""


class _Known(Struct, frozen=True):
    name: str
    variable: str
    default: str
    says: str


KNOWN: Final = (
    _Known("rulebook", "HABEAS_RULEBOOK", "", "folder of enactments; empty is the bundled one"),
    _Known("law", "HABEAS_LAW", "", "place whose law an audit asks, such as us/zz/juniper"),
    _Known("tz", "HABEAS_TZ", "", "zone of times without an offset; empty is the place's own"),
    _Known("db", "HABEAS_DB", "", "the ledger that is asked and recorded in: its folder or its database"),
    _Known("actor", "HABEAS_ACTOR", "", "who records, approves or orders, as the ledger will name them"),
    _Known("cache", "HABEAS_CACHE", "", "folder of compiled rulebooks; empty is the user's cache"),
)
"""Every setting there is."""


def settings(environment: Mapping[str, str], here: Path) -> dict[str, Setting]:
    """Every setting by name.

    Args:
        environment: The process's variables.
        here: The folder in which the command is run.

    Raises:
        BadSetting: a settings file cannot be read or names what is no setting.
    """
    files = [(path, _read(path)) for path in config_files(environment, here)]
    return {known.name: _setting(known, environment, files) for known in KNOWN}


def config_files(environment: Mapping[str, str], here: Path) -> Iterator[Path]:
    """The settings files that exist, the strongest first.

    Raises:
        BadSetting: HABEAS_CONFIG names a file that does not exist.
    """
    chosen = environment.get("HABEAS_CONFIG")
    if chosen:
        if not Path(chosen).is_file():
            message = f"HABEAS_CONFIG: expected a file, found [{chosen}]; create it or unset HABEAS_CONFIG"
            raise BadSetting(message)
        yield Path(chosen)
        return
    base = environment.get("XDG_CONFIG_HOME")
    folder = Path(base) if base else Path(environment.get("HOME", str(here))) / ".config"
    for path in (here / HERE, folder / "habeas" / HERE):
        if path.is_file():
            yield path


def _setting(
    known: _Known, environment: Mapping[str, str], files: list[tuple[Path, dict[str, str]]]
) -> Setting:
    if value := environment.get(known.variable):
        return Setting(known.name, value, f"environment {known.variable}")
    for path, values in files:
        if known.name in values:
            return Setting(known.name, values[known.name], f"file {path}")
    return Setting(known.name, known.default, "default")


def _read(path: Path) -> dict[str, str]:
    import tomllib  # noqa: PLC0415 - most runs have no settings file

    try:
        content: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"{path}: expected settings in TOML, found: {error}") from error
    names = [known.name for known in KNOWN]
    for name, value in content.items():
        if name not in names or not isinstance(value, str):
            expected = f"expected a text for one of {', '.join(names)}"
            raise BadSetting(f"{path}: {expected}, found [{name} = {value!r}]")
    return content
