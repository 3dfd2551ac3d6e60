"""`habeas law show`: one enactment, question or place, as the rulebook has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click

from habeas.cli.asking import regimen_of
from habeas.cli.options import Output, output_options, rulebook_option
from habeas.law.artefact import Artefact
from habeas.law.documents import Tree
from habeas.law.regimes import UnknownRef


@click.command("show")
@click.argument("name")
@click.option("--tests", "with_tests", is_flag=True, help="Also the tests beside an enactment.")
@rulebook_option
@output_options("text", "json")
def law_show(name: str, *, with_tests: bool, folder: Path | None, out: Output) -> None:
    """NAME as encoded: an enactment (`us/zz/2000-custody-code`), a question or a place.

    In JSON it is the tree from which the rulebook digest is made; every value is a text.
    """
    tree = dict(_tree_of(regimen_of(folder).rulebook.artefact, name))
    if not with_tests:
        tree.pop("tests", None)
    if out.form == "json":
        import msgspec

        out.deliver(msgspec.json.encode({"name": name, "is": tree}, order="sorted") + b"\n")
        return
    out.deliver("\n".join([name, *_lines(cast("Tree", tree), 1)]) + "\n")


def _tree_of(artefact: Artefact, name: str) -> dict[str, Tree]:
    if name in artefact.enactments:
        return artefact.enactments[name]
    if name in artefact.questions:
        return artefact.questions[name]
    if name not in artefact.places:
        raise UnknownRef(name)
    parts: dict[str, Tree] = {"place": cast("Tree", artefact.places[name])}
    if name in artefact.orders:
        parts["order"] = cast("Tree", artefact.orders[name])
    if name in artefact.settings:
        parts["setting"] = cast("Tree", artefact.settings[name])
    parts["enactments"] = [each for each in sorted(artefact.enactments) if each.rpartition("/")[0] == name]
    return parts


def _lines(tree: Tree, depth: int) -> Iterator[str]:
    margin = "  " * depth
    if isinstance(tree, str):
        yield f"{margin}{tree}"
    elif isinstance(tree, list):
        for each in tree:
            if isinstance(each, str):
                yield f"{margin}- {each}"
            else:
                lines = list(_lines(each, depth + 1))
                yield f"{margin}- {lines[0].strip() if lines else ''}"
                yield from lines[1:]
    else:
        for key, value in tree.items():
            if isinstance(value, str):
                yield f"{margin}{key}: {value}"
            else:
                yield f"{margin}{key}:"
                yield from _lines(value, depth + 1)
