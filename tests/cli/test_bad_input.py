"""Wrong usage and unreadable input: a clear message, nothing on standard output, the documented code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from small_rulebook import TABLE, table

Run = Callable[..., Result]
AT = ("--at", "2017-02-17T17:00")
PERSON = "held-on-a-felony"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            ["--at", "2017-11-05T01:30"],
            "write --at 2017-11-05T01:30:00-04:00 or --at 2017-11-05T01:30:00-05:00",
        ),
        (["--at", "2017-03-12T02:30"], "never happened"),
        (["--at", "2017-02-30T10:00"], "cannot read [2017-02-30T10:00]"),
        (["--at", "yesterday"], "expected such as 2017-03-04T10:00"),
        (["--at", "2017-02-17"], "cannot read [2017-02-17]"),
        ([*AT, "--known-at", "2017-11-05T01:30"], "--known-at 2017-11-05T01:30:00-04:00"),
        ([*AT, "--law-known-at", "x"], "--law-known-at"),
        ([*AT, "--tz", "Amerika/New_York"], "did you mean [America/New_York"),
        ([*AT, "--reading", "x"], "expected NAME=ALTERNATIVE or all, found [x]"),
        (
            [*AT, "--reading", "nothing=x"],
            "expected one of the rulebook's questions (",
        ),
        (
            [*AT, "--reading", "heather-memo=x"],
            "expected for [heather-memo] one of at-once, after-vote, found [x]",
        ),
        ([*AT, "--reading", "all", "--reading", "heather-memo=at-once"], "give it alone"),
        (
            [*AT, "--reading", "heather-memo=at-once", "--reading", "heather-memo=after-vote"],
            "answered twice",
        ),
        ([*AT, "--json", "--format", "text"], "exclude each other"),
        ([*AT, "--format", "xml"], "'xml' is not one of"),
        ([*AT, "--colour"], "No such option"),
    ],
)
def test_wrong_usage_says_what_was_expected(run: Run, people: Path, more: list[str], expected: str) -> None:
    result = run("why", PERSON, "--from", people, *more)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert expected in " ".join(result.stderr.split())


def test_an_unknown_person_is_told_of_those_that_are_there(run: Run, people: Path) -> None:
    result = run("why", "held-on-felony", "--from", people, *AT)
    assert result.exit_code == 2
    assert "held-on-a-felony" in result.stderr


FIRST_EVENT = '      - {at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1, class: felony}\n'


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ('{at: "2017-11-05 01:30", event: Arrested, charge: c1}', "happened twice in [America/New_York]"),
        ('{at: "2017-02-31 08:00", event: Arrested, charge: c1}', "cannot read [2017-02-31 08:00]"),
        ("{event: Arrested, charge: c1}", "no [at]"),
        ('{at: "2017-02-16 08:00", event: Arested, charge: c1}', "found [Arested]"),
        ('{at: "2017-02-16 08:00", event: Arrested, charge: c1, bail_cents: much}', "much"),
        ('{at: "2017-02-16 08:00", event: Arrested, charge: c1, at: "2017-02-16 09:00"}', "[at] again"),
        ("just a text", "found [just a text]"),
        ('&anchor {at: "2017-02-16 08:00", event: Arrested, charge: c1}', "an anchor [&anchor]"),
    ],
)
def test_a_bad_line_of_a_table_is_named_by_its_number(
    run: Run, tmp_path: Path, event: str, expected: str
) -> None:
    path = table(tmp_path, TABLE.replace(FIRST_EVENT, f"      - {event}\n", 1))
    result = run("why", PERSON, "--from", path, *AT)
    assert result.exit_code == 4
    assert result.stdout == ""
    assert "people.yaml:7" in result.stderr
    assert expected in result.stderr


def test_every_bad_line_is_named_at_once(run: Run, tmp_path: Path) -> None:
    text = TABLE.replace("event: FirstAppearance", "event: FirstApearance").replace(
        "us/zz/heather", "us/zz/nowhere"
    )
    result = run("why", PERSON, "--from", table(tmp_path, text), *AT)
    assert result.exit_code == 4
    lines = [line for line in result.stderr.splitlines() if "people.yaml:" in line]
    assert len(lines) == 3
    assert "unknown place [us/zz/nowhere]" in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("empty.yaml", b"", "found an empty file"),
        ("blank.json", b"  \n ", "found an empty file"),
        ("picture.yaml", b"\x89PNG\r\n\x1a\n\x00\x00", "found bytes of a binary file"),
        ("latin.yaml", b"name: Jos\xe9\n", "latin.yaml:1: expected UTF-8 text"),
        ("people.csv", b"a,b\n", "expected a table (.yaml) or a record (.json, .jsonl), found [.csv]"),
        ("people", b"a,b\n", "found [no suffix]"),
        ("list.yaml", b"- a\n", "a mapping at the top of the file"),
        ("other.yaml", b"place: us/zz/juniper\n", "[cases]"),
        ("broken.yaml", b"cases: [\n", "readable YAML"),
        ("broken.json", b'{"schema": "habeas/record/1",', "line 1, column"),
        ("twice.json", b'{"schema": "habeas/record/1", "schema": "habeas/record/1"}', "[schema] again"),
        ("float.json", b'{"schema": "habeas/record/1", "events": [1.5]}', "a whole number, found [1.5]"),
        ("nan.json", b'{"schema": NaN}', "expected a number, found [NaN]"),
        ("none.json", b"{}", "expected [schema] with [habeas/record/1], found none"),
        ("later.json", b'{"schema": "habeas/record/9"}', "habeas/record/9"),
        ("nobody.json", b'{"schema": "habeas/record/1"}', "expected at least one event, found none"),
        ("half.jsonl", b'{"schema": "habeas/record/1"}\n{"event": "Arrested"}\n', "half.jsonl:2"),
        ("deep.json", b"[" * 100_000, "ordinary depth"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    run: Run, tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = run("why", PERSON, "--from", tmp_path / name, *AT)
    assert result.exit_code == 4, result.output
    assert result.stdout == ""
    assert name.partition(".")[0] in result.stderr
    assert expected in result.stderr


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    result = run("why", PERSON, "--from", tmp_path / "none.yaml", *AT)
    assert result.exit_code == 4
    assert "No such file" in result.stderr


def test_one_line_of_a_gigabyte_is_refused_in_bounded_memory(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    with path.open("wb") as sparse:
        sparse.truncate(1_000_000_000)
    result = run("why", PERSON, "--from", path, *AT)
    assert result.exit_code == 4
    assert "at most 64 MiB" in result.stderr


def test_an_error_of_ours_names_no_person(run: Run, people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError(f"about {PERSON}")

    monkeypatch.setattr("habeas.cli.why.answer", fail)
    result = run("why", PERSON, "--from", people, *AT)
    assert result.exit_code == 70
    assert "builtins.ZeroDivisionError" in result.stderr
    assert "cli/why.py" in result.stderr
    assert PERSON not in result.stderr
    assert str(people) not in result.stderr
