"""A fictional rulebook and table, and the command run in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from habeas.cli.app import habeas
from small_rulebook import small_rulebook, table

Run = Callable[..., Result]
Engine = Callable[[], tuple[str, ...]]
"""What is said beside `db init` so that an engine keeps the ledger."""


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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the commands of a module once with each of its `ENGINES`, where it names some."""
    engines: tuple[str, ...] = getattr(metafunc.module, "ENGINES", ())
    if engines and "engine" in metafunc.fixturenames:
        marks = {"postgresql": [pytest.mark.needs("postgresql")]}
        metafunc.parametrize(
            "engine", [pytest.param(name, marks=marks.get(name, [])) for name in engines], indirect=True
        )


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Which engine keeps the ledgers that a test makes: files, unless its module names others."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield lambda: ()
        return
    # Its driver need not be installed where no test of PostgreSQL runs.
    from postgres_servers import PostgresPlace  # noqa: PLC0415 - see above

    made: list[PostgresPlace] = []

    def database() -> tuple[str, ...]:
        made.append(PostgresPlace(tmp_path))
        made[-1].make_database()
        return ("--database", made[-1].address())

    yield database
    for each in made:
        each.drop()


@pytest.fixture
def run(rulebook: Path, cache: Path, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command with the fictional rulebook, in an empty folder, with no settings but these."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HABEAS_DATABASE", raising=False)
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
        said = [str(each) for each in arguments]
        if said[:2] in (["db", "init"], ["db", "restore"]) and "--database" not in said:
            said += engine()
        return CliRunner().invoke(habeas, said, env=environment | variables, prog_name="habeas")

    return invoke
