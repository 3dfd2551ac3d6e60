"""A recipe proposed for a file, with its place's zone, and shown to be one that runs."""

from __future__ import annotations

from pathlib import Path

from habeas.intake.recipes import recipe_of
from habeas.intake.sketch import sketch_of


def sketch_text(path: Path, place: str, zone: str) -> str:
    """The text of a recipe for a file, read back before it is given out.

    Raises:
        UnreadableInput: the file cannot be read, or has no column that could begin custody.
        MissingExtra: it needs an extra that is not installed.
    """
    text = sketch_of(path, place=place, zone=zone)
    recipe_of(text, f"sketch of {path.name}")
    return text
