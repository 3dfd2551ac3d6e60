"""Places, orders of precedence and questions to look at again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from habeas.custody.instruments import InstrumentKind
from habeas.kernel.places import PlaceId
from habeas.law.documents import Document, Problem, Tree
from habeas.law.enactments import HOLDING
from habeas.law.lint_readings import readings_of
from habeas.law.rulebook import Rulebook

SUBJECTS: Final = frozenset({*(kind.value for kind in InstrumentKind), "charge", "booking"})
"""What ``complete`` and ``searched`` may speak of."""


def place_problems(rulebook: Rulebook, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Territories of places that are not there, and questions whose default or evidence is missing."""
    for place, file in rulebook.place_files.items():
        document = documents[f"{place}/place"]
        for territory, members in file.territories.items():
            for member in members:
                if PlaceId(member) not in rulebook.place_files:
                    yield document.problem(
                        ("territories", territory), "a place of the rulebook", f"[{member}]"
                    )
        yield from _search_problems(rulebook, place, document)
    for name, question in rulebook.questions.items():
        document, index = _question(documents, question.place, name)
        where = ("questions", index)
        offered = [each.id for each in question.alternatives]
        if question.default not in offered:
            expected = f"a default of {', '.join(offered)}"
            yield document.problem((*where, "default"), expected, f"[{question.default}]")
        if len(offered) < len({"yes", "no"}):
            yield document.problem((*where, "alternatives"), "two alternatives or more", str(len(offered)))
        for each in question.alternatives:
            if not any(cite.strip() for cite in each.cites):
                yield document.problem((*where, "alternatives"), f"a citation for [{each.id}]", "none")


def _search_problems(rulebook: Rulebook, place: PlaceId, document: Document) -> Iterator[Problem]:
    """Searches that do not say all they must, and rules found in spite of them."""
    file = rulebook.place_files[place]
    for index, each in enumerate(file.searched):
        for key in ("on", "date", "where", "words", "found"):
            if not getattr(each, key):
                yield document.problem(("searched", index, key), "what was searched, when and how", "nothing")
        if each.date:
            yield from _date_problems(document, ("searched", index, "date"), each.date)
        for kind in each.on:
            if kind not in SUBJECTS:
                expected = "a kind of instrument, charge or booking"
                yield document.problem(("searched", index, "on"), expected, f"[{kind}]")
    declared = {kind for entry in file.complete for kind in entry.on}
    for kind in file.without_rule:
        if kind in declared:
            yield document.problem(("searched",), "no search of what is said to be complete", f"[{kind}]")
        for name in _rules_on(rulebook, place, kind):
            yield document.problem(("searched",), f"no rule of this place on [{kind}]", f"[{name}]")


def _date_problems(document: Document, where: tuple[str | int, ...], text: str) -> Iterator[Problem]:
    try:
        date.fromisoformat(text)
    except ValueError:
        yield document.problem(where, "a civil date such as 2026-11-22", f"[{text}]")


def _rules_on(rulebook: Rulebook, place: PlaceId, kind: str) -> Iterator[str]:
    """The clauses of a place's own enactments that let or forbid holding on a kind of subject."""
    for name in rulebook.artefact.enactments:
        for enactment in rulebook.variants(name):
            for provision in enactment.provisions if enactment.place == place else ():
                of_it = provision.on == kind or (provision.on == "instrument" and kind in provision.kinds)
                if provision.effect in HOLDING and of_it:
                    yield f"{name}#{provision.id}"


def place_warnings(rulebook: Rulebook, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Kinds that an order names and no enactment is of, or the other way round; unowned questions."""
    yield from _kinds_without_enactment(rulebook, documents)
    yield from _enactments_without_order(rulebook, documents)
    for name, question in rulebook.questions.items():
        document, index = _question(documents, question.place, name)
        if not question.owner.strip():
            yield document.problem(("questions", index), "an owner who is asked to settle it", "none")
        if not any(name in rulebook.turns_on(each) for each in rulebook.artefact.enactments):
            yield document.problem(("questions", index), "something that turns on it", "nothing")


def _kinds_without_enactment(rulebook: Rulebook, documents: Mapping[str, Document]) -> Iterator[Problem]:
    kinds = {enactment.kind for law in readings_of(rulebook) for enactment in law.enactments.values()}
    for place, tree in rulebook.artefact.orders.items():
        document = documents[f"{place}/order"]
        for part in ("steps", "unordered"):
            entries = tree.get(part, [])
            for index, step in enumerate(entries if isinstance(entries, list) else []):
                for kind in _kinds_of(step):
                    if kind not in kinds:
                        yield document.problem((part, index), "a kind of some enactment", f"[{kind}]")


def _kinds_of(step: Tree) -> tuple[str, ...]:
    if not isinstance(step, dict):
        return ()
    named = step.get("kinds", [step.get("above", ""), step.get("below", "")])
    return tuple(str(kind) for kind in named) if isinstance(named, list) else ()


def _enactments_without_order(rulebook: Rulebook, documents: Mapping[str, Document]) -> Iterator[Problem]:
    for name, enactment in rulebook.under({}).enactments.items():
        place = PlaceId(enactment.place)
        lineage = (place, *(each.id for each in rulebook.places.ancestors(place)))
        below = [each for each in rulebook.artefact.orders if rulebook.places.within(PlaceId(each), place)]
        ranked = {
            kind
            for where in (*lineage, *below)
            for part in ("steps", "unordered")
            for step in _entries(rulebook.artefact.orders.get(where, {}).get(part, []))
            for kind in _kinds_of(step)
        }
        if enactment.provisions and enactment.kind not in ranked:
            expected = "a kind that the place's order of precedence names"
            yield documents[name].problem(("kind",), expected, f"[{enactment.kind}]")


def _entries(tree: Tree) -> list[Tree]:
    return tree if isinstance(tree, list) else []


def _question(documents: Mapping[str, Document], place: str, name: str) -> tuple[Document, int]:
    document = documents[f"{place}/questions"]
    for index, each in enumerate(_entries(document.tree.get("questions", []))):
        if isinstance(each, dict) and each.get("id") == name:
            return document, index
    return document, 0
