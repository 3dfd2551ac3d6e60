"""`habeas law`: the rulebook itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import click

from habeas.cli.app import Lazy, LazyGroup


class LawGroup(LazyGroup):
    """The commands about law."""

    lazy: ClassVar[Mapping[str, Lazy]] = {
        "list": Lazy("habeas.cli.law_list:law_list", "Enactments, places or questions."),
        "show": Lazy("habeas.cli.law_show:law_show", "One enactment, question or place, as encoded."),
        "timeline": Lazy(
            "habeas.cli.law_timeline:law_timeline", "What was in force at a place, piece by piece."
        ),
        "why": Lazy("habeas.cli.law_why:law_why", "Why an enactment, clause or act is in force or not."),
        "check": Lazy(
            "habeas.cli.law_check:law_check", "Every problem of a rulebook's files, with file and line."
        ),
        "matrix": Lazy(
            "habeas.cli.law_matrix:law_matrix", "What each state let a jail do with a detainer, by year."
        ),
        "test": Lazy("habeas.cli.law_test:law_test", "Ask what the tests of law ask; list what differs."),
        "diff": Lazy(
            "habeas.cli.law_diff:law_diff",
            "What law changed between instants, or whose answers change between rulebooks.",
        ),
    }


@click.group(cls=LawGroup)
def law() -> None:
    """The rulebook: what it holds, what was in force where and when, and whether it is sound."""
