"""Places, orders of precedence and questions to look at again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from habeas.kernel.places import PlaceId
from habeas.law.documents import Document, Problem, Tree
from habeas.law.lint_readings import readings_of
from habeas.law.rulebook import Rulebook


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
