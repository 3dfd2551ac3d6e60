"""Recipes from their files, with every fault named."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from habeas.custody.events import EVENTS
from habeas.custody.facts import COLLECTIONS, FACTS, FactKind
from habeas.intake.errors import UnreadableRecipe
from habeas.intake.recipes.shape import CodeTerm, EventRule, Recipe, Table, Time
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
    if recipe.zone:
        yield from _zone_faults(recipe.zone, "zone")
    if not recipe.place and recipe.facilities is None and recipe.zone:
        yield "expected a [place], or [facilities] with a place each; found neither"
    if recipe.place and not recipe.custodian:
        yield "expected the [custodian] of the place, such as county-jail; found none"
    if recipe.tables and (recipe.events or recipe.person or recipe.identity or recipe.row_end):
        yield "expected [person], [identity], [event] and [row_end] in each [table]; found one at the top"
    if not recipe.rules:
        yield "expected at least one [event], found none"
    for at, table in enumerate(recipe.all_tables):
        before = [each.name for each in recipe.tables[:at]]
        for fault in _table_faults(recipe, table, before):
            yield f"table [{table.name}]: {fault}" if recipe.tables else fault
    yield from _complete_faults(recipe)
    yield from _dictionary_faults(recipe)


def _complete_faults(recipe: Recipe) -> Iterator[str]:
    for each in recipe.complete:
        for fact in each.facts:
            if fact.partition(".")[0] not in COLLECTIONS:
                yield f"complete: expected a fact such as charge.posted_at, found [{fact}]"


def _zone_faults(name: str, where: str) -> Iterator[str]:
    try:
        zone(name)
    except UnknownZone as error:
        yield f"{where}: {error}"


def _table_faults(recipe: Recipe, table: Table, before: list[str]) -> Iterator[str]:
    if table.name in before:
        yield "expected each table once, found it twice"
    if table.lookup is not None and table.lookup.table not in before:
        yield f"lookup: expected a table that stands before it, found [{table.lookup.table}]"
    if table.declares and (table.events or table.person or table.spans):
        yield "expected a table that declares coverage to tell of nothing else"
    spans = {each.name for each in table.spans}
    for number, rule in enumerate(table.events, 1):
        where = f"event {number} [{rule.event or rule.about}]"
        if rule.of and rule.of not in spans:
            yield f"{where}: expected [of] one of the table's spans {sorted(spans)}, found [{rule.of}]"
        for fault in _event_faults(rule):
            yield f"{where}: {fault}"
        for name, term in rule.terms.items():
            if term.dictionary and term.dictionary not in recipe.dictionaries:
                yield f"{where}: term [{name}]: the recipe has no dictionary [{term.dictionary}]"


def _dictionary_faults(recipe: Recipe) -> Iterator[str]:
    for name, editions in recipe.dictionaries.items():
        for edition in editions:
            if not edition.cite.strip():
                yield f"dictionary [{name}]: expected [cite]: who says what the codes mean, and where"
            for date in filter(None, (edition.since, edition.before)):
                yield from _date_faults(date, f"dictionary [{name}]")


def _date_faults(text: str, where: str) -> Iterator[str]:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        yield f"{where}: expected a date such as 2017-03-04, found [{text}]"


def _event_faults(rule: EventRule) -> Iterator[str]:
    if bool(rule.event) == (rule.event_by is not None):
        yield "expected either [event] or [event_by]; found both or neither"
    by = rule.event_by
    kinds = [rule.event] if by is None else [*by.codes.values(), *filter(None, [by.otherwise])]
    for kind in kinds:
        if kind not in EVENTS:
            yield f"expected an event ({', '.join(sorted(EVENTS))}), found [{kind}]"
    for each in (*rule.when, *rule.unless):
        if not (each.texts or each.starts or each.same):
            yield f"expected [is], [starts] or [same] in a condition on [{each.column}], found none"
    yield from _time_faults(rule.at, "at")
    if rule.known is not None:
        yield from _time_faults(rule.known, "known")
    for name, term in rule.terms.items():
        yield from _term_faults(rule, name, term)


def _term_faults(rule: EventRule, name: str, term: CodeTerm) -> Iterator[str]:
    ways = [bool(term.column), term.is_ is not None, term.time is not None, bool(term.join), term.unknown]
    if sum(ways) != 1:
        yield f"term [{name}]: expected one of column, join, time and is; found {sum(ways)} of them"
    kind = FACTS.get(f"{rule.about}.{name}")
    # Of a fact that only a rulebook's vocabulary knows, nothing is known here.
    if kind is not None and not term.unknown and (kind is FactKind.INSTANT) != (term.time is not None):
        yield f"term [{name}]: expected a time for a fact that is an instant, and for no other"
    if sum([bool(term.codes), bool(term.dictionary), term.raw, term.number, term.money]) > 1:
        yield f"term [{name}]: expected one of codes, dictionary, raw, number and money"
    if term.pattern:
        yield from _pattern_faults(term.pattern, f"term [{name}]")
    if term.time is not None:
        yield from _time_faults(term.time, f"term [{name}]")
    for period in term.blank_before:
        if not term.dated_by:
            yield f"term [{name}]: expected [dated_by], the column whose date decides what a blank means"
        yield from _date_faults(period.before, f"term [{name}]")


def _pattern_faults(text: str, where: str) -> Iterator[str]:
    try:
        groups = re.compile(text).groups
    except re.error as error:
        yield f"{where}: expected a regular expression, found one that cannot be read: {error}"
        return
    if groups != 1:
        yield f"{where}: expected a pattern with one group, found {groups}"


def _time_faults(time: Time, where: str) -> Iterator[str]:
    ways = [bool(time.column), bool(time.between), bool(time.after), bool(time.before)]
    if sum(ways) != 1:
        either = "column, between, after or before" if time.after or time.before else "column or between"
        yield f"{where}: expected either a {either}; found both or neither"
    if time.between and len(time.between) != 2:
        yield f"{where}: expected two columns in between, found {len(time.between)}"
    if time.zone:
        yield from _zone_faults(time.zone, where)
