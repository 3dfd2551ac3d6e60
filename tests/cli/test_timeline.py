"""`habeas timeline`: the whole custody, drawn and as a document."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from click.testing import Result

from habeas.wire import schemas
from small_rulebook import table
from wire_schema import faults

Run = Callable[..., Result]
FELONY = "held-on-a-felony"


def test_the_document_partitions_the_custody(run: Run, people: Path) -> None:
    result = run("timeline", FELONY, "--from", people, "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    schema = schemas.json_schema(document["schema"])
    assert list(faults(document, schema, schema)) == []
    pieces = document["pieces"]
    assert pieces[0]["start"] == document["starts_at"] == "2017-02-16T08:00:00-05:00"
    assert pieces[-1]["end"] == document["ends_at"] == "2017-02-23T09:00:00-05:00"
    assert all(one["end"] == two["start"] for one, two in pairwise(pieces))
    assert [piece["verdict"] for piece in pieces] == ["LAWFUL", "LAWFUL", "UNLAWFUL"]


def test_what_only_projects_is_no_finding(run: Run, people: Path) -> None:
    then = run("timeline", FELONY, "--from", people, "--known-at", "2017-02-22T16:00", "--json")
    assert then.exit_code == 0
    assert [piece["verdict"] for piece in json.loads(then.stdout)["pieces"]][-1] == "UNLAWFUL"
    assert (
        run("timeline", "class-not-recorded", "--from", people, "--known-at", "2017-02-18T00:00").exit_code
        == 6
    )


def test_it_is_drawn_in_the_terminal_and_as_svg(run: Run, people: Path, tmp_path: Path) -> None:
    assert "ANSWER" in run("timeline", FELONY, "--from", people).stdout
    result = run("timeline", FELONY, "--from", people, "-o", tmp_path / "x.svg")
    assert result.stdout == ""
    assert (tmp_path / "x.svg").read_text().startswith("<svg")
    run("timeline", FELONY, "--from", people, "-o", tmp_path / "x.json")
    assert json.loads((tmp_path / "x.json").read_text())["schema"] == "habeas/timeline/1"


def test_an_instant_chooses_the_custody(run: Run, tmp_path: Path) -> None:
    twice = table(
        tmp_path,
        "name: p\nplace: us/zz/juniper\ncomplete: everything\nevents:\n"
        '  - {at: "2017-02-01 08:00", event: Arrested, booking: b1, charge: c1}\n'
        '  - {at: "2017-02-01 20:00", event: Released, booking: b1}\n'
        '  - {at: "2017-03-01 08:00", event: Arrested, booking: b2, charge: c2}\n'
        '  - {at: "2017-03-01 20:00", event: Released, booking: b2}\n',
        "twice.yaml",
    )

    def custody(*more: str) -> int:
        return int(json.loads(run("timeline", "p", "--from", twice, "--json", *more).stdout)["custody"])

    assert custody() == 2
    assert custody("--at", "2017-02-01T10:00") == 1
    between = run("timeline", "p", "--from", twice, "--at", "2017-02-15T10:00")
    assert (between.exit_code, between.stdout) == (0, "")
    assert "nobody held the person" in between.stderr
    assert run("timeline", "p", "--from", twice, "--reading", "all").exit_code == 2
