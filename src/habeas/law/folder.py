"""A rulebook folder read into trees: which file is what is told by its name alone."""

from __future__ import annotations

from pathlib import Path

from habeas.law import questions
from habeas.law.artefact import Artefact
from habeas.law.documents import Document, Problem, RulebookError, Tree
from habeas.law.rulebook import Rulebook
from habeas.law.yaml_text import parse


def load(directory: Path) -> Rulebook:
    """The rulebook of a folder.

    Raises:
        RulebookError: with every problem in every file, each with its line.
    """
    documents = read(directory)
    rulebook = Rulebook(_artefact(documents), documents)
    problems = [
        problem
        for name in rulebook.artefact.enactments
        for problem in questions.problems_in(documents[name], rulebook.questions)
    ]
    if problems:
        raise RulebookError(problems)
    rulebook.under()
    return rulebook


def read(directory: Path) -> dict[str, Document]:
    """Every YAML file below a folder, parsed, by its path without the suffix.

    Raises:
        RulebookError: no file at all, or files that are not readable text or YAML.
    """
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for path in sorted(directory.rglob("*.yaml")):
        name = path.relative_to(directory).with_suffix("").as_posix()
        try:
            documents[name] = parse(path.read_text("utf-8"), f"{name}.yaml")
        except UnicodeDecodeError as error:
            problems.append(Problem(f"{name}.yaml", 1, "", "UTF-8 text", f"bytes at {error.start}"))
        except RulebookError as error:
            problems.extend(error.problems)
    if not documents and not problems:
        problems.append(Problem(str(directory), 1, "", "a folder of rulebook files", "none"))
    if problems:
        raise RulebookError(problems)
    return documents


def _artefact(documents: dict[str, Document]) -> Artefact:
    calendars: dict[str, dict[str, Tree]] = {}
    enactments: dict[str, dict[str, Tree]] = {}
    made = Artefact(calendars=calendars, enactments=enactments)
    for name, document in documents.items():
        place, _, stem = name.rpartition("/")
        if name == "vocabulary":
            made.vocabulary.update(document.tree)
        elif name.startswith("calendars/"):
            calendars[stem] = document.tree
        elif stem == "place":
            made.places[place] = document.tree
        elif stem == "order":
            made.orders[place] = document.tree
        elif stem == "adoptions":
            made.adoptions[place] = document.tree
        elif stem == "setting":
            made.settings[place] = document.tree
        elif stem == "questions":
            made.questions.update(_questions(document, place))
        else:
            enactments[name] = document.tree
    return made


def _questions(document: Document, place: str) -> dict[str, dict[str, Tree]]:
    entries = document.tree.get("questions", [])
    if not isinstance(entries, list):
        raise RulebookError([document.problem(("questions",), "a list of questions", "none")])
    found: dict[str, dict[str, Tree]] = {}
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            where = ("questions", index)
            raise RulebookError([document.problem(where, "a question with an id", "none")])
        found[str(entry["id"])] = {**entry, "place": place}
    return found
