"""Dated holiday calendars: a rulebook file into the calendar a clock asks.

A calendar is law like any other text, so its file lists every day with the legal basis for it and
nothing is computed from a rule when a deadline is asked for. The form of a file::

    schema: 1
    name: us-federal
    title: ...
    first: 1990-01-01        # the calendar says nothing about days before this one
    last: 2035-12-31         # nor about days after this one
    basis:
      designated: "5 U.S.C. 6103(a)"
    holidays:
      2017-02-20: {name: "Washington's Birthday", basis: designated}

``notes`` and ``sources`` may be added; ``instead_of`` on a day names the day it stands for.
"""

from __future__ import annotations

from habeas.kernel.calendars import Calendar
from habeas.kernel.instants import CivilDate, UnreadableInstant, parse_civil_date
from habeas.law.documents import Document, Path, Problem, RulebookError, Tree

_KEYS = frozenset({"schema", "name", "title", "first", "last", "notes", "sources", "basis", "holidays"})
_REQUIRED = ("schema", "name", "title", "first", "last", "basis", "holidays")
_DAY_KEYS = frozenset({"name", "basis", "instead_of"})


def calendar_of(document: Document) -> Calendar:
    """The calendar that a file states.

    Raises:
        RulebookError: With every key that is missing or unknown, every date that is none or lies
            outside the calendar's days, and every holiday without a legal basis.
    """
    tree = document.tree
    problems = [
        document.problem((key,), "a key of a calendar", "an unknown key") for key in tree if key not in _KEYS
    ]
    problems += [document.problem((), f"[{key}]", "none") for key in _REQUIRED if key not in tree]
    if tree.get("schema", "1") != "1":
        problems.append(document.problem(("schema",), "schema: 1", f"[{tree['schema']}]"))
    first, last = (_date(document, (key,), tree.get(key), problems) for key in ("first", "last"))
    names = _holidays(document, problems)
    if first is not None and last is not None:
        problems += _stray(document, names, first, last)
    if problems or first is None or last is None:
        raise RulebookError(problems)
    return Calendar(str(tree["name"]), frozenset(names), first, last, names)


def _holidays(document: Document, problems: list[Problem]) -> dict[CivilDate, str]:
    basis, listed = document.tree.get("basis"), document.tree.get("holidays")
    known = frozenset(basis) if isinstance(basis, dict) else frozenset[str]()
    names: dict[CivilDate, str] = {}
    if not isinstance(listed, dict):
        problems.append(document.problem(("holidays",), "a mapping of dates", "something else"))
        return names
    for text, entry in listed.items():
        path: Path = ("holidays", text)
        day = _date(document, path, text, problems)
        name = _entry(document, path, entry, known, problems)
        if day is not None:
            names[day] = name
    return names


def _entry(
    document: Document, path: Path, entry: Tree, known: frozenset[str], problems: list[Problem]
) -> str:
    """The name of one holiday, shown with the day it stands for."""
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        problems.append(document.problem(path, "a name and a legal basis", f"[{entry}]"))
        return ""
    problems.extend(
        document.problem((*path, key), "a key of a holiday", "an unknown key")
        for key in entry
        if key not in _DAY_KEYS
    )
    if entry.get("basis") not in known:
        offered = ", ".join(sorted(known)) or "none given"
        problems.append(document.problem(path, f"one basis of [{offered}]", f"[{entry.get('basis')}]"))
    stands_for = entry.get("instead_of")
    if stands_for is None:
        return str(entry["name"])
    _date(document, (*path, "instead_of"), stands_for, problems)
    return f"{entry['name']}, in the place of {stands_for}"


def _stray(
    document: Document, names: dict[CivilDate, str], first: CivilDate, last: CivilDate
) -> list[Problem]:
    if last < first:
        return [document.problem(("last",), f"a day not before [{first}]", f"[{last}]")]
    return [
        document.problem(("holidays", day.isoformat()), f"a day within {first} to {last}", f"[{day}]")
        for day in names
        if not first <= day <= last
    ]


def _date(document: Document, path: Path, text: Tree | None, problems: list[Problem]) -> CivilDate | None:
    if text is None:
        return None
    try:
        return parse_civil_date(str(text))
    except UnreadableInstant:
        problems.append(document.problem(path, "a date such as 2017-02-20", f"[{text}]"))
        return None
