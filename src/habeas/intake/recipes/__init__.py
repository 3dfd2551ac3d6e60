"""Recipes: how a source's columns and codes become events and instruments.

A recipe is a TOML file that a county analyst writes. It says in which columns the source names
people, bookings and papers, what each code means, how finely times are stated and in which zone,
and of what the source is, or is only supposed to be, complete. It holds no law.
"""

from habeas.intake.recipes.bundle import bundled, bundled_paths, recognised
from habeas.intake.recipes.reading import read_recipe, recipe_of
from habeas.intake.recipes.shape import (
    Claim,
    CodeTerm,
    Completeness,
    Disagreement,
    EventRule,
    Facilities,
    Facility,
    Fold,
    Matches,
    Period,
    PublishedFigure,
    Recipe,
    Time,
)

__all__ = [
    "Claim",
    "CodeTerm",
    "Completeness",
    "Disagreement",
    "EventRule",
    "Facilities",
    "Facility",
    "Fold",
    "Matches",
    "Period",
    "PublishedFigure",
    "Recipe",
    "Time",
    "bundled",
    "bundled_paths",
    "read_recipe",
    "recipe_of",
    "recognised",
]
