"""`habeas law check`: every problem of a rulebook's files, each with file and line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from habeas.cli.asking import configured
from habeas.cli.options import Output, output_options
from habeas.desk.lawcheck import Checked, check
from habeas.desk.library import BUNDLED
from habeas.law.documents import Problem
from habeas.wire.canonical import encoded
from habeas.wire.law_forms import LawProblemsDocument, ProblemForm

UNREADABLE = 4


@click.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--strict", is_flag=True, help="Warnings count as problems.")
@output_options("text", "json")
def law_check(folder: Path | None, *, strict: bool, out: Output) -> None:
    """Read every file of a rulebook FOLDER, default the bundled one, and list every problem at once.

    Exit 4 if there is a problem.
    """
    chosen = folder or Path(configured("rulebook") or BUNDLED)
    checked = check(chosen)
    document = LawProblemsDocument(
        files=checked.files, problems=_forms(checked.problems), warnings=_forms(checked.warnings)
    )
    if out.form == "json":
        out.deliver(encoded(document))
    else:
        out.deliver("\n".join([*_lines(checked)]) + "\n")
    faulty = bool(checked.problems) or (strict and bool(checked.warnings))
    out.leave(UNREADABLE if faulty else 0)


def _lines(checked: Checked) -> Sequence[str]:
    lines = [str(problem) for problem in checked.problems]
    lines += [f"{problem} (warning)" for problem in checked.warnings]
    problems, warnings = len(checked.problems), len(checked.warnings)
    return [*lines, f"{checked.files} files, {problems} problems, {warnings} warnings"]


def _forms(problems: Sequence[Problem]) -> list[ProblemForm]:
    return [
        ProblemForm(file=each.file, line=each.line, path=each.path, expected=each.expected, found=each.found)
        for each in problems
    ]
