"""What went wrong, as a message that says what to do and a documented exit code."""

from __future__ import annotations

from typing import IO, Any

import click

from habeas import __version__


class Failure(click.ClickException):
    """A failure told to the person who typed the command; each kind has its exit code."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message to standard error."""
        click.echo(f"habeas: {self.message}", file=file, err=file is None)


class ConfigurationFailure(Failure):
    """Settings, the rulebook, or an extra that is missing."""

    exit_code = 3


class UnreadableFailure(Failure):
    """Input that cannot be read."""

    exit_code = 4


class RefusedFailure(Failure):
    """What may not be done or answered: a permission, an order, or the rule of two persons."""

    exit_code = 7


class InternalFailure(Failure):
    """A fault of habeas itself."""

    exit_code = 70


def failure_of(error: Exception, ctx: click.Context) -> click.ClickException:
    """The failure that an error means for the person at the terminal."""
    from habeas.desk.people import UnknownPerson
    from habeas.kernel.places import UnknownPlace, ZoneNotStated
    from habeas.law.questions import UnknownReading
    from habeas.law.regimes import UnknownRef

    if isinstance(error, (UnknownPerson, UnknownReading, UnknownRef)):
        return click.UsageError(str(error), ctx)
    if type(error).__name__ in _LEDGER_USAGE:
        return click.UsageError(str(error), ctx)
    if isinstance(error, ZoneNotStated):
        return click.UsageError(f"{error}; give --tz ZONE", ctx)
    if isinstance(error, UnknownPlace):
        return click.UsageError(f"{error}; `habeas law list --places` lists them all", ctx)
    return _failure(error)


def _failure(error: Exception) -> Failure:
    from habeas.custody.events.event import WrongTerm
    from habeas.custody.record import MixedPersons
    from habeas.desk.people import UnreadableFile
    from habeas.desk.settings import BadSetting
    from habeas.desk.withheld import Withheld
    from habeas.kernel.calendars import OutsideCalendar
    from habeas.law.documents import RulebookError

    if isinstance(error, Withheld):
        return RefusedFailure(str(error))
    if (ours := _of_ledger(error)) is not None:
        return ours
    if isinstance(error, (UnreadableFile, WrongTerm, MixedPersons)) or _is_unreadable(error):
        return UnreadableFailure(str(error))
    if isinstance(error, RulebookError):
        return ConfigurationFailure(f"the rulebook cannot be read:\n{error}")
    if isinstance(error, OutsideCalendar):
        return ConfigurationFailure(f"{error}; a later edition of the rulebook may reach further")
    if isinstance(error, BadSetting) or type(error).__name__ == "MissingExtra":
        return ConfigurationFailure(str(error))
    return InternalFailure(_template(error))


_LEDGER_NEEDS = frozenset({"alembic", "cryptography", "sqlalchemy"})
_LEDGER_USAGE = frozenset(
    {"FutureKnownTime", "NotSettled", "UnknownEvent", "NoPolicy", "LedgerMisplaced"}
    | {"BadAddress", "LedgerThere"}
)


def _of_ledger(error: Exception) -> Failure | None:
    """The failure of a ledger, told by name: its modules need an extra."""
    missing = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if missing == "psycopg":
        said = "a ledger in PostgreSQL needs the extra [postgres]; run: pip install 'habeas[postgres]'"
        return ConfigurationFailure(said)
    if missing in _LEDGER_NEEDS:
        return ConfigurationFailure("a ledger needs the extra [ledger]; run: pip install 'habeas[ledger]'")
    families = {each.__name__ for each in type(error).__mro__}
    if "LedgerError" not in families:
        return None
    if "Expunged" in families:
        return RefusedFailure(str(error))
    if families & {"Unavailable", "WrongSchema", "WrongRoot"}:
        more = "; run: habeas db upgrade" if "WrongSchema" in families else ""
        return ConfigurationFailure(f"the ledger: {error}{more}")
    return UnreadableFailure(f"the ledger: {error}")


_UNREADABLE = {
    "EventConflicts",
    "MalformedHeader",
    "Spoilt",
    "UnreadableCheckpoint",
    "UnreadableNote",
    "UnreadablePolicy",
    "Untrusted",
    "Inconsistent",
    "UnreadableCase",
    "UnreadableInput",
    "UnreadableRecipe",
    "UnreadableRecord",
    "UnreadableTable",
}


def _is_unreadable(error: Exception) -> bool:
    """Errors of formats whose reader may be slow to import, so told by name and not imported."""
    return type(error).__name__ in _UNREADABLE


def _template(error: Exception) -> str:
    """An issue template; it says where in the code it went wrong and nothing of any person."""
    import platform
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    where = [
        f"  {frame.filename.rpartition('habeas/')[2]}:{frame.lineno} in {frame.name}"
        for frame in frames
        if "habeas" in frame.filename
    ]
    lines = [
        "this is a fault of habeas, not of your input. Please report it with the lines below;",
        "they name no person, no file and no value. Nothing was changed.",
        "",
        f"habeas {__version__}, Python {platform.python_version()}, {platform.system()}",
        f"error: {type(error).__module__}.{type(error).__qualname__}",
        *where[-8:],
        "",
        "What I asked (command and flags, without names):",
        "What I expected:",
    ]
    return "\n".join(lines)
