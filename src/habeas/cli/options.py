"""Flags that mean the same in every command, and how their values are read."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from habeas.cli.ledger_names import LEDGER, located
from habeas.desk.settings import settings
from habeas.desk.whole_files import write_whole
from habeas.kernel.instants import (
    AmbiguousLocalTime,
    Instant,
    MissingLocalTime,
    UnknownZone,
    UnreadableInstant,
    parse_instant,
    zone,
    zoned,
)

EVERY_READING = "all"
_WIDTH = 100


def from_option(command: Callable[..., None]) -> Callable[..., None]:
    """`--from PATH`, or `--db DIR` for a ledger, passed on as `source`; default the ledger configured."""

    @wraps(command)
    def found(*, source: Path | None, **given: Any) -> None:
        command(**given, source=source or _configured_source())

    return click.option(
        "--from",
        "--db",
        "source",
        type=LEDGER,
        metavar="PATH",
        help="A table (.yaml), a record (.json, .jsonl) or a ledger; default HABEAS_DB.",
    )(found)


def _configured_source() -> Path:
    """The ledger that HABEAS_DB or a settings file names.

    Raises:
        UsageError: none is named.
    """
    named = settings(os.environ, Path.cwd())["db"].value
    if not named:
        raise click.UsageError("whose records? give --from PATH, or --db DIR or HABEAS_DB for a ledger")
    return located(named)


def source_times_option(command: Callable[..., None]) -> Callable[..., None]:
    """`--source-times`."""
    return click.option(
        "--source-times",
        is_flag=True,
        help="Of a ledger: go by when its sources say they learned of it.",
    )(command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was known, and under which reading, as the command line states it."""

    known_at: str | None
    facts_known_at: str | None
    law_known_at: str | None
    readings: tuple[str, ...]
    tz: str | None

    def facts(self, zone: ZoneInfo, otherwise: Instant) -> Instant:
        """The instant as of which facts are asked.

        Raises:
            BadParameter: the flag states no instant.
        """
        return self._instant(self.facts_known_at, "--facts-known-at", zone, otherwise)

    def law(self, zone: ZoneInfo, otherwise: Instant) -> Instant:
        """The instant as of which law is asked.

        Raises:
            BadParameter: the flag states no instant.
        """
        return self._instant(self.law_known_at, "--law-known-at", zone, otherwise)

    def reading(self) -> Mapping[str, str] | None:
        """The alternatives chosen, or None where every reading is asked.

        Raises:
            BadParameter: a value is neither `NAME=ALT` nor `all`, or a question is answered twice.
        """
        return reading_from(self.readings)

    def _instant(self, own: str | None, flag: str, zone: ZoneInfo, otherwise: Instant) -> Instant:
        if own is not None:
            return instant_from(own, zone, flag)
        return otherwise if self.known_at is None else instant_from(self.known_at, zone, "--known-at")


def knowledge_options(command: Callable[..., None]) -> Callable[..., None]:
    """`--known-at`, `--facts-known-at`, `--law-known-at`, `--reading` and `--tz`, passed on as `known`."""

    @wraps(command)
    def bundled(**given: Any) -> None:
        parts = {field.name: given.pop(field.name) for field in fields(Known)}
        command(**given, known=Known(**parts))

    return _with(
        bundled,
        click.option("--known-at", metavar="INSTANT", help="What was known, of facts and of law."),
        click.option("--facts-known-at", metavar="INSTANT", help="Of facts, if not --known-at."),
        click.option("--law-known-at", metavar="INSTANT", help="Of law, if not --known-at."),
        click.option(
            "--reading",
            "readings",
            multiple=True,
            metavar="NAME=ALT|all",
            help="The side taken of a question of law; `all` asks every reading. May be repeated.",
        ),
        click.option("--tz", metavar="ZONE", help="Zone of times without an offset; default the place's."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Where and how a command prints."""

    form: str
    """One of the command's formats."""
    output: Path | None
    quiet: bool
    no_color: bool
    exit_zero: bool

    @property
    def coloured(self) -> bool:
        """Whether to print in colour: only to a terminal that wants it."""
        wanted = not (self.no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb")
        return wanted and self.output is None and sys.stdout.isatty()

    def deliver(self, data: str | bytes) -> None:
        """Print data to standard output, or write it to the file chosen.

        Raises:
            BadParameter: the file cannot be written.
        """
        if self.output is None:
            click.echo(data, nl=False, color=self.coloured)
            return
        try:
            write_whole(self.output, data.encode() if isinstance(data, str) else data)
        except OSError as error:
            message = f"cannot write [{self.output}]: {error.strerror}"
            raise click.BadParameter(message, param_hint="-o") from error

    def note(self, text: str) -> None:
        """Say something beside the data, on standard error."""
        if not self.quiet:
            click.echo(f"habeas: {text}", err=True)

    def leave(self, code: int) -> None:
        """End with an exit code, or with 0 where that was asked for.

        Raises:
            Exit: the code is not 0.
        """
        if code and not self.exit_zero:
            raise click.exceptions.Exit(code)


def output_options(
    *formats: str, by_suffix: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """`--format`, `--json`, `-o`, `--quiet`, `--no-color`, `--exit-zero`, passed on as `out`.

    Args:
        formats: The formats of the command; the first is the default.
        by_suffix: Whether the suffix of the file written to chooses the format, if no flag does.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def bundled(*, form: str | None, as_json: bool, **given: Any) -> None:
            parts = {name: given.pop(name) for name in ("output", "quiet", "no_color", "exit_zero")}
            suffix = parts["output"].suffix[1:] if by_suffix and parts["output"] else ""
            default = suffix if suffix in formats else formats[0]
            chosen = format_of(form, as_json=as_json, default=default)
            command(**given, out=Output(form=chosen, **parts))

        return _with(
            bundled,
            click.option("--format", "form", type=click.Choice(formats), help=f"Default {formats[0]}."),
            click.option("--json", "as_json", is_flag=True, help="Short for --format json."),
            click.option(
                "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write here instead."
            ),
            click.option("-q", "--quiet", is_flag=True, help="Nothing on standard error but errors."),
            click.option("--no-color", is_flag=True, help="No colour; NO_COLOR and TERM=dumb do the same."),
            click.option("--exit-zero", is_flag=True, help="Leave with 0 whatever was found."),
        )

    return decorate


def _with(command: Callable[..., None], *options: Callable[[Any], Any]) -> Callable[..., None]:
    """A command with options, listed in help in the order given."""
    for option in reversed(options):
        command = option(command)
    return command


def rulebook_option(command: Callable[..., None]) -> Callable[..., None]:
    """`--rulebook DIR`, passed on as `folder`."""
    return click.option(
        "--rulebook",
        "folder",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        metavar="DIR",
        help="A folder of enactments; default the rulebook that comes with habeas.",
    )(command)


def columns() -> int:
    """How wide to print: COLUMNS, else the terminal's width, else 100."""
    stated = os.environ.get("COLUMNS", "")
    if stated.isdigit() and int(stated):
        return int(stated)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else _WIDTH
    except (OSError, ValueError):
        return _WIDTH


def format_of(form: str | None, *, as_json: bool, default: str) -> str:
    """The format chosen.

    Raises:
        UsageError: `--json` beside another `--format`.
    """
    if as_json and form not in {None, "json"}:
        raise click.UsageError(f"--json and --format {form} exclude each other; give one of them")
    return "json" if as_json else form or default


def zone_of(name: str | None) -> ZoneInfo | None:
    """The zone a flag names; None where it names none.

    Raises:
        BadParameter: the pinned zone data has no such zone.
    """
    if name is None:
        return None
    try:
        return zone(name)
    except UnknownZone as error:
        raise click.BadParameter(str(error), param_hint="--tz") from error


def instant_from(text: str, where: ZoneInfo, flag: str) -> Instant:
    """The instant a flag states; a time without an offset is read in the zone given.

    Raises:
        BadParameter: it is no instant, or a local time that clocks showed twice or never, with
            both choices shown as they could be typed.
    """
    try:
        return parse_instant(text, where)
    except (AmbiguousLocalTime, MissingLocalTime) as error:
        choices = [zoned(each, where).isoformat() for each in (error.earlier, error.later)]
        message = f"local time [{error.local}] {error.trouble} in [{where.key}]: "
        message += f"write {flag} {choices[0]} or {flag} {choices[1]}"
        raise click.BadParameter(message, param_hint=flag) from error
    except UnreadableInstant as error:
        raise click.BadParameter(str(error), param_hint=flag) from error


def reading_from(values: Sequence[str]) -> Mapping[str, str] | None:
    """The alternatives chosen, or None where every reading is asked.

    Raises:
        BadParameter: a value is neither `NAME=ALT` nor `all`, or a question is answered twice.
    """
    if EVERY_READING in values:
        if len(values) > 1:
            raise click.BadParameter("`all` asks every reading; give it alone", param_hint="--reading")
        return None
    chosen: dict[str, str] = {}
    for value in values:
        name, equals, alternative = value.partition("=")
        if not (name and equals and alternative):
            message = f"expected NAME=ALTERNATIVE or all, found [{value}]"
            raise click.BadParameter(message, param_hint="--reading")
        if chosen.setdefault(name, alternative) != alternative:
            raise click.BadParameter(f"[{name}] is answered twice", param_hint="--reading")
    return chosen
