"""The command tree: each command is imported when it is called, and no sooner."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import click

from habeas import __version__


class Lazy(NamedTuple):
    """Where a command is, and the line that a list of commands shows of it."""

    where: str
    """``module:attribute``."""
    says: str


class LazyGroup(click.Group):
    """A group whose commands cost nothing until one of them is called."""

    lazy: ClassVar[Mapping[str, Lazy]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order in which they were given."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now; None if there is none."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self.lazy[cmd_name].where.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.says) for name, lazy in self.lazy.items()])


class Application(LazyGroup):
    """The whole command: whatever goes wrong in it ends with a documented exit code."""

    lazy: ClassVar[Mapping[str, Lazy]] = {
        "why": Lazy("habeas.cli.why:why", "May this person be held, on what, until when - with proof."),
        "timeline": Lazy("habeas.cli.timeline:timeline", "The answer over a whole custody episode."),
        "import": Lazy(
            "habeas.cli.importing:import_command", "A source's rows as events, with an account of every row."
        ),
        "audit": Lazy(
            "habeas.cli.audit:audit_command", "What supported custody in a whole roster, and what did not."
        ),
        "count": Lazy(
            "habeas.cli.count:count_command", "How many are held, on what and how long, under named rules."
        ),
        "compare": Lazy(
            "habeas.cli.compare:compare_command", "One population under the law of two places: exact replay."
        ),
        "study": Lazy(
            "habeas.cli.study:study_group", "Estimates, each labelled as one: before and after an act."
        ),
        "due": Lazy("habeas.cli.due:due_command", "Who must be let go or presented by when."),
        "record": Lazy("habeas.cli.record:record_command", "Events put into a ledger, never twice."),
        "order": Lazy("habeas.cli.order:order_group", "Seal, unseal or expunge: it takes two people."),
        "persons": Lazy("habeas.cli.persons:persons_group", "Two names, one person: merge, split, list."),
        "proof": Lazy("habeas.cli.proof:proof_group", "What a court can keep: export, verify, verifier."),
        "witness": Lazy("habeas.cli.proof:witness_group", "An outsider who holds ledgers to what they were."),
        "sheet": Lazy(
            "habeas.cli.due:sheet_command", "Deadlines as a signed page that outlives the database."
        ),
        "serve": Lazy("habeas.cli.serve:serve_command", "The release desk in a browser."),
        "db": Lazy("habeas.cli.db:db_group", "A ledger: init, upgrade, verify, checkpoint, backup, restore."),
        "law": Lazy("habeas.cli.law:law", "The rulebook: list, show, timeline, why, check, test, diff."),
        "invent": Lazy(
            "habeas.cli.invent:invent_command", "People of the fictional state, and the key to their records."
        ),
        "doctor": Lazy("habeas.cli.doctor:doctor", "Every setting and where it came from; what is missing."),
        "demo": Lazy(
            "habeas.cli.demo:demo", "The founding story with its proofs, and an audit of real records."
        ),
    }

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; turn what went wrong into a message and an exit code."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            from habeas.cli.failures import failure_of
            from habeas.cli.room import room_failure

            raise (room_failure(error) or failure_of(error, ctx)) from error


EXIT_CODES = """\b
Exit codes
  0   asked and answered: lawful, or not in custody; no finding
  1   held without authority, or released early; a test of law differs
  2   wrong usage
  3   configuration, or a missing extra
  4   input unreadable
  5   undetermined: contested
  6   undetermined: a needed fact is missing
  7   refused: permission or two-person rule
  70  internal error
  71  no room left, on disk or in memory
"""


@click.group(cls=Application, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="habeas")
def habeas() -> None:
    """May this custodian hold this person at this instant, on what authority, and until when.

    A legal calculation with its sources; not advice, and no substitute for an order of a court.
    """
