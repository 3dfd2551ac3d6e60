"""A fictional rulebook and table, and the command run in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from habeas.cli.app import habeas
from small_rulebook import small_rulebook, table

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The law of the fictional state alone."""
    return small_rulebook(tmp_path_factory.mktemp("rulebook"))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the compiled rulebook is kept, away from the user's."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A table of two people."""
    return table(tmp_path)


@pytest.fixture
def run(rulebook: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command with the fictional rulebook, in an empty folder, with no settings but these."""
    monkeypatch.chdir(tmp_path)
    for name in ("HABEAS_LAW", "HABEAS_TZ", "HABEAS_CONFIG", "HABEAS_DB", "HABEAS_ACTOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    environment = {
        "HABEAS_RULEBOOK": str(rulebook),
        "HABEAS_CACHE": str(cache),
        "HOME": str(tmp_path),
        "COLUMNS": "100",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }

    def invoke(*arguments: str | Path, **variables: str) -> Result:
        return CliRunner().invoke(
            habeas, [str(each) for each in arguments], env=environment | variables, prog_name="habeas"
        )

    return invoke
