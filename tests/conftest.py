"""What every test shares: what it may need from outside, how deep it digs, and what was not run.

`make test` runs all that needs nothing from outside and lists the rest, each with how to get it.
`make test-all` (`--everything`) fails on anything not run, unless it is named by `--without`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent


class Thing(NamedTuple):
    """Something from outside that a test may need."""

    is_here: Callable[[], bool]
    how_to_get: str


def shared_data() -> Path:
    """Where the optional real records are, which may not be redistributed with the project."""
    return Path(os.environ.get("HABEAS_DATA") or ROOT.parent / "shared" / "data")


def _has_postgresql() -> bool:
    """Whether the driver is installed, and a server is given or can be started."""
    if find_spec("psycopg") is None:
        return False
    from postgres_servers import is_here  # noqa: PLC0415 - needs the driver

    return is_here()


def chromium() -> str | None:
    """Where a Chromium is, by HABEAS_CHROMIUM or on the path."""
    names = (os.environ.get("HABEAS_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


THINGS = {
    "chromium": Thing(
        lambda: find_spec("playwright") is not None and chromium() is not None,
        "a Chromium browser: install one (apt-get install chromium) or set HABEAS_CHROMIUM to it",
    ),
    "shared-data": Thing(
        lambda: shared_data().is_dir(),
        "the optional records: put them at ../shared/data or set HABEAS_DATA",
    ),
    "postgresql": Thing(
        _has_postgresql,
        "a PostgreSQL server (14 or later): install one (apt-get install postgresql, or the group"
        " postgres-server) or set HABEAS_POSTGRES_URL, and the extra habeas[postgres]",
    ),
}
NOT_RUN = "NOT RUN"

settings.register_profile("test", deadline=None, max_examples=60, derandomize=True, print_blob=True)
settings.register_profile(
    "everything",
    deadline=None,
    max_examples=150,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two ways to say what must run."""
    group = parser.getgroup("habeas")
    group.addoption("--everything", action="store_true", help="fail on anything not run")
    group.addoption(
        "--without", default="", metavar="THINGS", help="comma-separated things allowed to be missing"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Dig deeper when everything is asked for."""
    settings.load_profile("everything" if config.getoption("--everything") else "test")


def _missing(item: pytest.Item) -> tuple[str, str] | None:
    """The first thing an item lacks here, and how to get it."""
    for mark in item.iter_markers("needs"):
        name: str = mark.args[0]
        if name not in THINGS:
            raise pytest.UsageError(
                f"{item.nodeid}: unknown thing [{name}]; expected one of {sorted(THINGS)}"
            )
        if not THINGS[name].is_here():
            return name, THINGS[name].how_to_get
    if item.get_closest_marker("slow") and not item.config.getoption("--everything"):
        return "slow", "make test-all"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what cannot run here, saying so."""
    if missing := _missing(item):
        pytest.skip(f"{NOT_RUN} [{missing[0]}]: {missing[1]}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a test left out a failure where everything is asked for."""
    report = yield
    allowed = str(item.config.getoption("--without")).split(",")
    waived = any(f"{NOT_RUN} [{name}]" in str(report.longrepr) for name in allowed if name)
    if (
        report.skipped
        and item.config.getoption("--everything")
        and not waived
        and not hasattr(report, "wasxfail")
    ):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was not run: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was not run, and how to get it, above pytest's closing line."""
    reasons: dict[str, list[str]] = {}
    for report in terminalreporter.getreports("skipped"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons.setdefault(reason.removeprefix("Skipped: "), []).append(report.nodeid)
    if not reasons:
        return
    terminalreporter.section(NOT_RUN)
    for reason, names in sorted(reasons.items()):
        terminalreporter.line(f"{len(names):4} {reason.removeprefix(NOT_RUN).strip()}")
        for name in names[:5]:
            terminalreporter.line(f"     {name}")
        if len(names) > 5:
            terminalreporter.line(f"     and {len(names) - 5} more")
