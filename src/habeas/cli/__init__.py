"""Floor 8: the `habeas` command. Thin: it reads arguments, asks the desk and prints."""

from __future__ import annotations


def main() -> None:
    """Run the command named on the command line and leave with its exit code."""
    import gc

    # A command lives for a moment and makes no garbage worth the looking: 5 % of `habeas why`.
    gc.set_threshold(100_000, 50, 50)
    from habeas.cli.app import habeas

    habeas(prog_name="habeas")
