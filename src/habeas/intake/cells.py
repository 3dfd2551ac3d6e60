"""Cells as facts: codes beside their own words, numbers, amounts and names."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from habeas.custody.facts import FactKind, Term
from habeas.intake.errors import Refused
from habeas.intake.recipes.parts import CodeTable, CodeTerm
from habeas.intake.sources import Cell, shown
from habeas.intake.times import Point, when_of
from habeas.kernel.evidence import UNMAPPED, UNSTATED

__all__ = ["Point", "Refused", "name_of", "shown_whole", "term_of", "when_of"]

_DAY_LENGTH = len("2017-03-04")
_AMOUNT = re.compile(r"\$?\s*([0-9][0-9,]*(?:\.[0-9]{1,2})?)")
_CENTS = 100


def term_of(
    term: CodeTerm,
    cells: Mapping[str, Cell],
    kind: FactKind | None,
    point: Point,
    editions: tuple[CodeTable, ...] = (),
) -> Term | None:
    """What an event states of a fact; None where nothing is to be stated.

    Args:
        term: How the recipe reads it.
        cells: The row.
        kind: What sort of value the fact has, where that is known.
        point: Whose point in time it is, for a fact that is one.
        editions: The editions of the dictionary that the term names.

    Raises:
        Refused: the cell is no time, no number, no amount, or no true or false.
    """
    if term.unknown:
        return UNSTATED
    if term.is_ is not None:
        return frozenset({str(term.is_)}) if kind is FactKind.SET else term.is_
    if term.time is not None:
        if term.unstated and shown_whole(cells[term.time.column]) in term.unstated:
            return UNSTATED
        return when_of(term.time, cells, point)
    if term.join:
        if term.blank == "skip" and any(cells[column] is None for column in term.join):
            return None
        name = "/".join(name_of(cells, term.join))
        return f"{name}/{term.suffix}" if term.suffix else name
    return _of_text(term, cells, kind, editions)


def _of_text(
    term: CodeTerm, cells: Mapping[str, Cell], kind: FactKind | None, editions: tuple[CodeTable, ...]
) -> Term | None:
    text = shown_whole(cells[term.column])
    if not text:
        known = _of_blank(term, cells)
        return known if known is not None else None if term.blank == "skip" else UNSTATED
    found = _pattern(term.pattern).search(text) if term.pattern else None
    part = text if found is None else found[1].strip()
    if {text, part} & set(term.unstated):
        return UNSTATED
    if term.pattern and found is None:
        return UNMAPPED
    return _of_part(term, part, cells, kind, editions)


def _of_part(
    term: CodeTerm,
    text: str,
    cells: Mapping[str, Cell],
    kind: FactKind | None,
    editions: tuple[CodeTable, ...],
) -> Term:
    if term.number or term.money or (kind is FactKind.NUMBER and not term.codes):
        return _cents(term.column, text) if term.money else _whole(term.column, text)
    if kind is FactKind.SET or term.split:
        return _codes(term, text, cells, editions)
    code = text if term.raw else _code(term, text, cells, editions)
    if kind is FactKind.BOOL:
        return _yes_or_no(term, text, code)
    return UNMAPPED if code is None else code


def _code(
    term: CodeTerm, text: str, cells: Mapping[str, Cell], editions: tuple[CodeTable, ...]
) -> str | None:
    if not term.dictionary:
        return term.codes.get(text)
    dated = shown_whole(cells[term.dated_by])[:_DAY_LENGTH] if term.dated_by else ""
    for edition in editions:
        begun = not edition.since or edition.since <= dated
        if begun and (not edition.before or dated < edition.before):
            return edition.codes.get(text)
    return None


def _codes(term: CodeTerm, text: str, cells: Mapping[str, Cell], editions: tuple[CodeTable, ...]) -> Term:
    texts = [each.strip() for each in text.split(term.split)] if term.split else [text]
    found = [each if term.raw else _code(term, each, cells, editions) for each in texts if each]
    return UNMAPPED if None in found else frozenset(each for each in found if each is not None)


def _yes_or_no(term: CodeTerm, text: str, code: str | None) -> Term:
    if term.codes or term.dictionary:
        return UNMAPPED if code is None else code == "true"
    if text.lower() not in {"true", "false"}:
        raise Refused(term.column, "true or false", shown(text))
    return text.lower() == "true"


def _of_blank(term: CodeTerm, cells: Mapping[str, Cell]) -> str | None:
    if not term.blank_before:
        return None
    dated = shown_whole(cells[term.dated_by])[:_DAY_LENGTH]
    return next((period.code for period in term.blank_before if dated and dated < period.before), None)


def _whole(column: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Refused(column, "a whole number", shown(text)) from error


def _cents(column: str, text: str) -> int:
    """An amount of money in cents; a negative one is refused."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise Refused(column, "an amount such as $1,234.50", shown(text))
    return int(Decimal(found[1].replace(",", "")) * _CENTS)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def name_of(cells: Mapping[str, Cell], columns: tuple[str, ...]) -> tuple[str, ...]:
    """What some columns together name.

    Raises:
        Refused: one of them is blank.
    """
    for column in columns:
        if cells[column] is None:
            raise Refused(column, "a name or number", "")
    return tuple(shown_whole(cells[column]) for column in columns)


def shown_whole(cell: Cell) -> str:
    """A cell's text, its spaces made single and its ends trimmed."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell if cell.isalnum() else " ".join(cell.split())
    if isinstance(cell, (dt.date, bool)):
        return str(cell).lower() if isinstance(cell, bool) else str(cell)
    return " ".join(str(cell).split())
