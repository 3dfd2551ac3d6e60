"""Recipes from their files, with every fault named."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from habeas.custody.events import EVENTS
from habeas.custody.facts import COLLECTIONS, FACTS, FactKind
from habeas.intake.errors import UnreadableRecipe
from habeas.intake.recipes.shape import CodeTerm, EventRule, Recipe, Time
from habeas.kernel.instants import UnknownZone, zone


def read_recipe(path: Path) -> Recipe:
    """The recipe of a TOML file.

    Raises:
        UnreadableRecipe: it cannot be opened, is no TOML, or has not the shape of a recipe.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableRecipe(f"{path.name}: expected a readable recipe, found: {error}") from error
    return recipe_of(text, path.name)


def recipe_of(text: str, name: str) -> Recipe:
    """The recipe that a text is.

    Args:
        text: TOML.
        name: What faults call the file.

    Raises:
        UnreadableRecipe: with the line or the key at fault, and what was expected there.
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableRecipe(f"{name}: expected TOML, found: {error}") from error
    try:
        recipe = msgspec.convert({**tree, "text": text}, type=Recipe)
    except msgspec.ValidationError as error:
        raise UnreadableRecipe(f"{name}: {error}") from error
    faults = list(_faults(recipe))
    if faults:
        raise UnreadableRecipe("\n".join(f"{name}: {fault}" for fault in faults))
    return recipe


def _faults(recipe: Recipe) -> Iterator[str]:
    try:
        zone(recipe.zone)
    except UnknownZone as error:
        yield f"zone: {error}"
    if not recipe.place and recipe.facilities is None:
        yield "expected a [place], or [facilities] with a place each; found neither"
    if recipe.place and not recipe.custodian:
        yield "expected the [custodian] of the place, such as county-jail; found none"
    for number, rule in enumerate(recipe.events, 1):
        for fault in _event_faults(rule):
            yield f"event {number} [{rule.event}]: {fault}"
    for each in recipe.complete:
        for fact in each.facts:
            if fact.partition(".")[0] not in COLLECTIONS:
                yield f"complete: expected a fact such as charge.posted_at, found [{fact}]"


def _event_faults(rule: EventRule) -> Iterator[str]:
    if rule.event not in EVENTS:
        yield f"expected an event ({', '.join(sorted(EVENTS))}), found [{rule.event}]"
    yield from _time_faults(rule.at, "at")
    for name, term in rule.terms.items():
        yield from _term_faults(rule, name, term)


def _term_faults(rule: EventRule, name: str, term: CodeTerm) -> Iterator[str]:
    ways = [bool(term.column), term.is_ is not None, term.time is not None, bool(term.join)]
    if sum(ways) != 1:
        yield f"term [{name}]: expected one of column, join, time and is; found {sum(ways)} of them"
    kind = FACTS.get(f"{rule.about}.{name}")
    if (kind is FactKind.INSTANT) != (term.time is not None):
        yield f"term [{name}]: expected a time for a fact that is an instant, and for no other"
    if term.time is not None:
        yield from _time_faults(term.time, f"term [{name}]")
    for period in term.blank_before:
        if not term.dated_by:
            yield f"term [{name}]: expected [dated_by], the column whose date decides what a blank means"
        try:
            dt.date.fromisoformat(period.before)
        except ValueError:
            yield f"term [{name}]: expected a date such as 2017-03-04, found [{period.before}]"


def _time_faults(time: Time, where: str) -> Iterator[str]:
    if bool(time.column) == bool(time.between):
        yield f"{where}: expected either a column or between; found both or neither"
    if time.between and len(time.between) != 2:
        yield f"{where}: expected two columns in between, found {len(time.between)}"
