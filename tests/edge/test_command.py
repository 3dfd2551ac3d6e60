"""The command as a process: exit codes, streams, and what it does not import."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from small_rulebook import small_rulebook, table

HABEAS = Path(sys.executable).parent / "habeas"
AT = ("--at", "2017-02-17T17:00")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the fictional rulebook and a table."""
    folder = tmp_path_factory.mktemp("home")
    small_rulebook(folder / "rulebook")
    table(folder)
    return folder


def command(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HABEAS_", "XDG_"))}
    environment = {**kept, "HOME": str(home), "HABEAS_RULEBOOK": str(home / "rulebook"), **variables}
    return subprocess.run(
        [str(HABEAS), *arguments], cwd=home, env=environment, capture_output=True, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["why", "held-on-a-felony", "--from", "people.yaml", *AT], 0),
        (["why", "held-on-a-felony", "--from", "people.yaml", "--at", "2017-02-22T17:00"], 1),
        (["why", "held-on-a-felony", "--from", "people.yaml", "--at", "soon"], 2),
        (["why", "held-on-a-felony", "--from", "people.yaml", *AT, "--rulebook", "."], 3),
        (["why", "held-on-a-felony", "--from", "none.yaml", *AT], 4),
        (["why", "held-on-a-memorandum", "--from", "people.yaml", *AT, "--reading", "all"], 5),
        (["why", "class-not-recorded", "--from", "people.yaml", *AT], 6),
        (["--version"], 0),
        (["--help"], 0),
        (["why", "--help"], 0),
        (["law", "--help"], 0),
        ([], 2),
        (["unlawful"], 2),
    ],
)
def test_each_exit_code_with_data_on_one_stream_and_the_rest_on_the_other(
    home: Path, arguments: list[str], code: int
) -> None:
    result = (
        command(home, *arguments, "--quiet")
        if arguments[:1] == ["why"] and "--help" not in arguments
        else command(home, *arguments)
    )
    assert result.returncode == code, result.stderr
    if code in {2, 3, 4}:
        assert result.stdout == b""
        assert result.stderr
    else:
        assert result.stdout
        assert result.stderr == b""


def test_nothing_is_coloured_when_it_is_not_a_terminal(home: Path) -> None:
    result = command(home, "why", "held-on-a-felony", "--from", "people.yaml", *AT, TERM="xterm-256color")
    assert b"\x1b" not in result.stdout


def test_a_reader_that_goes_away_is_no_fault(home: Path) -> None:
    piped = subprocess.run(
        ["sh", "-c", f"{HABEAS} why held-on-a-felony --from people.yaml --at 2017-02-17T17:00 | head -n 1"],
        cwd=home,
        env={**os.environ, "HOME": str(home), "HABEAS_RULEBOOK": str(home / "rulebook")},
        capture_output=True,
        check=False,
    )
    assert piped.stdout.startswith(b"LAWFUL")
    assert b"Traceback" not in piped.stderr
    assert b"fault of habeas" not in piped.stderr


def test_an_answer_from_a_record_imports_no_parser_and_nothing_heavy(home: Path, tmp_path: Path) -> None:
    record = tmp_path / "one.json"
    record.write_text(
        '{"schema": "habeas/record/1", "events": [{"event": "Arrested", "id": "1", "person": "p",'
        ' "at": "2017-02-16T08:00:00-05:00", "known_at": "2017-02-16T08:00:00-05:00",'
        ' "about": {"collection": "charge", "id": "c1"},'
        ' "terms": {"custodian_kind": "county-jail", "place": "us/zz/juniper"}}],'
        ' "coverage": [{"facts": ["person.*", "booking.*", "charge.*", "instrument.*"], "places": [""]}]}'
    )
    arguments = ["why", "p", "--from", str(record), "--at", "2017-02-16T09:00"]
    assert command(home, *arguments).returncode == 0
    heavy = ["yaml", "lark", "polars", "pyarrow", "jinja2", "habeas.report", "habeas.intake"]
    script = (
        "import sys; from habeas.cli.app import habeas\n"
        f"habeas({arguments!r}, standalone_mode=False)\n"
        f"assert not [name for name in {heavy!r} if name in sys.modules], sorted(sys.modules)"
    )
    environment = {**os.environ, "HOME": str(home), "HABEAS_RULEBOOK": str(home / "rulebook")}
    result = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
