"""`habeas why`: the words, the document, and every exit code an answer has."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from habeas.authority.findings import Verdict
from habeas.authority.readings import Spread
from habeas.cli.answer_text import deciding
from habeas.wire import schemas
from small_rulebook import table
from wire_schema import faults

Run = Callable[..., Result]
GOLDEN = Path(__file__).parent / "golden"

FELONY = "held-on-a-felony"
UNRECORDED = "class-not-recorded"
MEMORANDUM = "held-on-a-memorandum"


def test_the_verdict_comes_first_and_in_words_and_the_proof_after_it(run: Run, people: Path) -> None:
    result = run(
        "why", FELONY, "--from", people, "--at", "2017-02-22T17:00", "--known-at", "2017-02-24T00:00"
    )
    assert result.exit_code == 1
    head, _, proof = result.stdout.partition("Proof")
    assert head == (GOLDEN / "why-unlawful.txt").read_text()
    assert "+ Mon 20 Feb: excluded (Washington's Birthday)" in proof
    assert "[Zenith Stat. 900.01 (fictional)]" in proof
    *_, rulebook, facts, engine = result.stdout.splitlines()
    assert rulebook.startswith("Rulebook  sha256:")
    assert facts.startswith("Facts     sha256:")
    assert engine.startswith("Engine    habeas ")


@pytest.mark.parametrize(
    ("person", "at", "more", "code", "verdict"),
    [
        (FELONY, "2017-02-15T10:00", [], 0, "NOT_IN_CUSTODY"),
        (FELONY, "2017-02-17T16:59:59", [], 0, "LAWFUL"),
        (FELONY, "2017-02-22T16:59:59-05:00", [], 0, "LAWFUL"),
        (FELONY, "2017-02-22T17:00", [], 1, "UNLAWFUL"),
        (FELONY, "2017-02-22T17:00", ["--exit-zero"], 0, "UNLAWFUL"),
        (FELONY, "2017-02-22T22:00Z", [], 1, "UNLAWFUL"),
        (UNRECORDED, "2017-02-17T17:00", [], 6, "UNDETERMINED"),
        (MEMORANDUM, "2017-02-18T17:00", [], 0, "LAWFUL"),
        (MEMORANDUM, "2017-02-18T17:00", ["--reading", "heather-memo=after-vote"], 1, "UNLAWFUL"),
        (MEMORANDUM, "2017-02-18T17:00", ["--reading", "all"], 5, "UNDETERMINED"),
    ],
)
def test_each_answer_has_its_exit_code_and_its_document(
    run: Run, people: Path, person: str, at: str, more: list[str], code: int, verdict: str
) -> None:
    result = run("why", person, "--from", people, "--at", at, "--json", *more)
    assert result.exit_code == code, result.stderr
    document = json.loads(result.stdout)
    schema = schemas.json_schema(document["schema"])
    assert list(faults(document, schema, schema)) == []
    assert document["verdict"] == verdict
    assert run("why", person, "--from", people, "--at", at, "--quiet", *more).exit_code == code


def test_a_reading_is_never_told_as_fact(run: Run, people: Path) -> None:
    def first(*more: str) -> str:
        shown = run("why", MEMORANDUM, "--from", people, "--at", "2017-02-18T17:00", *more).stdout
        return " ".join(shown.partition("\n\n")[0].split())

    assert first().startswith(
        "LAWFUL under published defaults that nobody has adopted (heather-memo=at-once): the county jail of"
    )
    given = first("--reading", "heather-memo=after-vote")
    assert given.startswith("UNLAWFUL under the reading given (heather-memo=after-vote): the county jail of")
    assert "readings of them differ" in first("--reading", "all")


def test_hindsight_is_an_argument(run: Run, people: Path) -> None:
    def facts(*more: str) -> str:
        shown = run("why", FELONY, "--from", people, "--at", "2017-02-17T16:00", "--json", *more)
        return str(json.loads(shown.stdout)["facts"])

    assert facts() != facts("--known-at", "2017-02-24T00:00")
    assert facts("--known-at", "2017-02-24T00:00") == facts("--facts-known-at", "2017-02-24T00:00")
    assert facts() == facts("--law-known-at", "2017-02-24T00:00")


def test_instants_carry_the_offset_of_the_zone_asked_for(run: Run, people: Path) -> None:
    arguments = ("why", FELONY, "--from", people, "--at", "2017-02-22T22:00Z", "--json")
    here, there = json.loads(run(*arguments).stdout), json.loads(run(*arguments, "--tz", "Asia/Tokyo").stdout)
    assert (here["zone"], here["effective_at"]) == ("America/New_York", "2017-02-22T17:00:00-05:00")
    assert (there["zone"], there["effective_at"]) == ("Asia/Tokyo", "2017-02-23T07:00:00+09:00")
    assert here["facts"] == there["facts"]


def test_the_same_question_is_the_same_bytes(run: Run, people: Path) -> None:
    arguments = ("why", UNRECORDED, "--from", people, "--at", "2017-02-17T17:00", "--json")
    one, two = run(*arguments).stdout_bytes, run(*arguments).stdout_bytes
    assert one == two
    keys = list(json.loads(one))
    assert keys == sorted(keys)


def test_output_goes_to_a_file_and_nothing_to_the_screen(run: Run, people: Path, tmp_path: Path) -> None:
    arguments = ("why", FELONY, "--from", people, "--at", "2017-02-17T17:00")
    result = run(*arguments, "-o", tmp_path / "answer.txt")
    assert result.stdout == ""
    assert (tmp_path / "answer.txt").read_text() == run(*arguments).stdout
    nowhere = run(*arguments, "-o", tmp_path / "none" / "answer.txt")
    assert nowhere.exit_code == 2
    assert "cannot write" in nowhere.stderr


def test_a_correction_by_hand_is_read_from_the_table_again(run: Run, tmp_path: Path) -> None:
    alone = table(
        tmp_path,
        "name: p\nplace: us/zz/juniper\ncomplete: everything\nevents:\n"
        '  - {at: "2017-02-16 08:00", event: Arrested, charge: c1}\n',
        "alone.yaml",
    )
    assert run("why", "p", "--from", alone, "--at", "2017-02-16T09:00").exit_code == 0
    assert run("why", "p", "--from", alone, "--at", "2017-02-16T07:59").stdout.startswith("NOT IN CUSTODY")


def test_a_question_that_changes_no_verdict_is_left_out_of_the_list() -> None:
    lawful, unlawful = Verdict.LAWFUL, Verdict.UNLAWFUL
    spread = Spread(
        questions=("first", "second", "third"),
        verdicts={
            (one, two, three): unlawful if one == "b" and three == "d" else lawful
            for one in "ab"
            for two in "xy"
            for three in "cd"
        },
    )
    assert deciding(spread) == [
        (lawful, "first=a, third=c"),
        (lawful, "first=a, third=d"),
        (lawful, "first=b, third=c"),
        (unlawful, "first=b, third=d"),
    ]
    alike = Spread(questions=("only",), verdicts={("a",): lawful, ("b",): lawful})
    assert deciding(alike) == [(lawful, "")]
