"""Floor 8: the `habeas` command. Thin: it reads arguments, asks the desk and prints."""

from __future__ import annotations


def main() -> None:
    """Run the command named on the command line and leave with its exit code."""
    from habeas.cli.app import habeas

    habeas(prog_name="habeas")
