"""The recipes and records that come with habeas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from habeas.intake.recipes.reading import read_recipe
from habeas.intake.recipes.shape import Recipe

_HERE = Path(__file__).parent
_DATA = _HERE.parent / "data"


@cache
def bundled() -> Mapping[str, Recipe]:
    """Every recipe that comes with habeas, by its name."""
    read = (read_recipe(path) for path in sorted(_HERE.glob("*.toml")))
    return MappingProxyType({recipe.name: recipe for recipe in read})


def bundled_paths(name: str) -> tuple[Path, ...]:
    """The records that come with habeas for one recipe; empty where none may be shipped.

    Raises:
        KeyError: no recipe has that name.
    """
    return tuple(path for path in sorted(_DATA.iterdir()) if bundled()[name].knows(path.name))


def recognised(paths: Iterable[Path]) -> Recipe | None:
    """The one bundled recipe that knows every one of these files by name, if there is one."""
    names = {path.name for path in paths}
    found = [recipe for recipe in bundled().values() if names and all(map(recipe.knows, names))]
    return found[0] if len(found) == 1 else None
