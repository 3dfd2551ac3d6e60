"""`habeas invent`: files, figures, and what goes wrong."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from habeas.cli import progress
from habeas.cli.progress import Meter
from habeas.invented.marker import MARK
from habeas.kernel.instants import SECOND, Instant
from habeas.wire import schemas
from wire_schema import faults

Run = Callable[..., Result]
SMALL = ("--people", "2", "--days", "10")


def test_it_writes_files_and_says_that_nobody_is_real(run: Run, tmp_path: Path) -> None:
    result = run("invent", *SMALL, "-o", tmp_path / "made")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"These are {MARK}; no figure below is of anybody real.\n")
    named = [Path(line) for line in result.stdout.splitlines() if line.endswith((".csv", ".jsonl"))]
    assert sorted(named) == sorted((tmp_path / "made").iterdir())
    assert "people" in result.stderr


def test_json_is_a_document_that_says_so_too(run: Run, tmp_path: Path) -> None:
    result = run("invent", *SMALL, "-o", tmp_path / "made", "--json", "-q")
    document = json.loads(result.stdout)
    schema = schemas.json_schema("habeas/invention/1")
    assert list(faults(document, schema, schema)) == []
    assert (document["invented"], document["seed"]) == (MARK, 1)
    assert sorted(document["files"]) == sorted(path.name for path in (tmp_path / "made").iterdir())
    assert result.stderr == ""


def test_the_record_can_be_asked(run: Run, tmp_path: Path) -> None:
    run("invent", *SMALL, "-o", tmp_path / "made", "-q")
    lines = (tmp_path / "made" / "events.jsonl").read_text().splitlines()
    person = json.loads(lines[1])["person"]
    asked = run("timeline", person, "--from", tmp_path / "made" / "events.jsonl", "--exit-zero")
    assert asked.exit_code == 0, asked.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--people", "0"), "--people"),
        (("--days", "0"), "--days"),
        (("--planted", "1.5"), "--planted"),
        (("--first", "tomorrow"), "--first"),
        (("--first", "2024-03-10 02:30"), "2024-03-10T03:30:00-04:00"),
    ],
)
def test_a_size_or_an_instant_that_is_none_is_refused(
    run: Run, tmp_path: Path, arguments: tuple[str, str], says: str
) -> None:
    result = run("invent", *arguments, "-o", tmp_path / "made")
    assert result.exit_code == 2
    assert says in result.stderr
    assert not (tmp_path / "made").exists()


def test_a_place_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = run("invent", *SMALL, "-o", tmp_path / "file" / "made", "-q")
    assert result.exit_code == 2
    assert "cannot write" in result.stderr


class Terminal(io.StringIO):
    """A terminal to write to."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[Instant]:
    """A clock that shows what its one entry says."""
    shown = [Instant(1_000 * SECOND)]
    monkeypatch.setattr(progress, "now", lambda: shown[0])
    return shown


def test_progress_says_how_many_how_fast_and_how_long(clock: list[Instant]) -> None:
    out = io.StringIO()
    meter = Meter("counting", "sheep", out)
    clock[0] = Instant(clock[0] + 10 * SECOND)
    meter.show(100, 40_100)
    clock[0] = Instant(clock[0] + SECOND)
    meter.show(200, 40_100)
    meter.show(40_100, 40_100)
    meter.close()
    assert out.getvalue().splitlines() == [
        "habeas: counting: 100 of 40,100 sheep, 10/s, 1 h 06 min left",
        "habeas: counting: 40,100 of 40,100 sheep, 3,645/s, 0 s left",
    ]


def test_on_a_terminal_one_line_is_written_over(clock: list[Instant]) -> None:
    out = Terminal()
    meter = Meter("counting", "sheep", out)
    clock[0] = Instant(clock[0] + 10 * SECOND)
    meter.show(0, 900)
    clock[0] = Instant(clock[0] + 10 * SECOND)
    meter.show(200, 900)
    meter.close()
    first, second = out.getvalue().split("\r")[1:]
    assert first == "habeas: counting: 0 of 900 sheep, 0/s, 0 s left"
    assert second == "habeas: counting: 200 of 900 sheep, 10/s, 1 min 10 s left\n"
