"""The matrix of a place: every day in one cell, each cell the answer about a person invented for it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Regimen
from habeas.cli.app import habeas
from habeas.desk.library import library
from habeas.desk.matrix import LawMatrix, MatrixRow, Says, matrix, papers, states_of
from habeas.kernel.instants import Instant, parse_instant, zone
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId
from habeas.report.matrix_html import matrix_page
from habeas.wire import schemas
from wire_schema import faults

EASTERN = zone("America/New_York")
JUNIPER, SORREL, NEVADA = (PlaceId(each) for each in ("us/zz/juniper", "us/zz/sorrel", "us/nv"))


def day(text: str) -> Instant:
    return parse_instant(f"{text}T12:00", EASTERN)


@pytest.fixture(scope="module")
def regimen() -> Regimen:
    return library()


@pytest.fixture(scope="module")
def made(regimen: Regimen) -> LawMatrix:
    span = Interval(day("2014-06-01"), day("2024-06-01"))
    return matrix(regimen, span, places=[JUNIPER, SORREL, NEVADA])


def row(made: LawMatrix, place: PlaceId) -> MatrixRow:
    return next(each for each in made.rows if each.place == place)


def said(made: LawMatrix, place: PlaceId, paper: str, on: str) -> Says:
    return next(each.says for each in row(made, place).lines[paper] if each.start <= day(on) < each.end)


def test_every_day_is_in_one_cell_of_each_line(made: LawMatrix) -> None:
    for each in made.rows:
        assert list(each.lines) == [paper.id for paper in made.papers]
        for line in each.lines.values():
            assert (line[0].start, line[-1].end) == (made.first, made.last)
            assert all(one.end == other.start for one, other in pairwise(line))


@pytest.mark.parametrize(
    ("place", "paper", "on", "says"),
    [
        # Ord. 14-3, s. 1 (fictional): a felony is charged, and that is all it asks for.
        (JUNIPER, "bare", "2016-03-01", Says.MAY_HOLD),
        # Zenith Stat. 905.02 (fictional), from July 2019 until 2021: a duty, with the agency's warrant.
        (JUNIPER, "agency-warrant", "2020-03-01", Says.MUST_HOLD),
        (SORREL, "agency-warrant", "2020-03-01", Says.MUST_HOLD),
        # Ord. 21-2, s. 1 (fictional): from March 2021 only with a warrant.
        (JUNIPER, "bare", "2022-03-01", Says.MAY_NOT),
        (JUNIPER, "agency-warrant", "2022-03-01", Says.MAY_HOLD),
        # Sorrel Ord. 12-9, s. 1 (fictional): never without a judge's warrant.
        (SORREL, "bare", "2017-03-01", Says.MAY_NOT),
        (SORREL, "agency-warrant", "2022-03-01", Says.MAY_NOT),
        # There the ordinance is silent, and whether the regulation alone permits is a question.
        (SORREL, "judges-warrant", "2022-03-01", Says.CONTESTED),
        (SORREL, "notice", "2018-03-01", Says.NO_FORM),
        (NEVADA, "bare", "2022-03-01", Says.NO_RULE),
    ],
)
def test_what_the_law_came_to(made: LawMatrix, place: PlaceId, paper: str, on: str, says: Says) -> None:
    assert said(made, place, paper, on) is says


def test_a_contested_cell_names_its_question(made: LawMatrix) -> None:
    cells = [each for line in row(made, SORREL).lines.values() for each in line]
    contested = [each for each in cells if each.says is Says.CONTESTED]
    assert contested
    assert all("regulation-alone" in each.questions for each in contested)


def test_each_word_is_that_of_the_answer_behind_it(made: LawMatrix) -> None:
    allowed: Mapping[Says, set[Verdict]] = {
        Says.MUST_HOLD: {Verdict.LAWFUL},
        Says.MAY_HOLD: {Verdict.LAWFUL},
        Says.MAY_NOT: {Verdict.UNLAWFUL},
        Says.NO_AUTHORITY: {Verdict.UNLAWFUL},
        Says.CONTESTED: set(Verdict),
        Says.NOT_KNOWN: {Verdict.UNDETERMINED},
        Says.NO_RULE: {Verdict.UNDETERMINED},
    }
    for each in made.rows:
        for cell in (cell for line in each.lines.values() for cell in line):
            assert (cell.answer is None) == (cell.says is Says.NO_FORM)
            if cell.answer is not None:
                assert cell.answer.verdict in allowed[cell.says]


def test_where_no_rule_was_found_nobody_may_hold(made: LawMatrix) -> None:
    nevada = row(made, NEVADA)
    assert nevada.searched
    assert not {Says.MAY_HOLD, Says.MUST_HOLD} & {
        each.says for line in nevada.lines.values() for each in line
    }


def test_every_state_and_the_district_is_asked(regimen: Regimen) -> None:
    states = states_of(regimen)
    assert len(states) == 51
    assert not [each for each in states if regimen.rulebook.places.is_fictional(each)]


def test_every_edition_is_a_form_of_the_vocabulary_and_follows_the_one_before(regimen: Regimen) -> None:
    forms = set(regimen.rulebook.vocabulary.fact("instrument.form").values)
    for paper in papers():
        assert {each.form for each in paper.editions if each.form} <= forms
        since = [each.since for each in paper.editions]
        assert since[0] is None
        assert since[1:] == sorted(each for each in since if each is not None)


def test_each_part_of_a_strip_leads_to_its_proof(made: LawMatrix, regimen: Regimen) -> None:
    page = matrix_page(made, regimen)
    ids = set(re.findall(r'id="([^"]+)"', page))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= ids | {"content"}
    cells = sum(len(line) for each in made.rows for line in each.lines.values())
    assert sum(bool(re.fullmatch(r"us-[a-z-]+-\d+", link)) for link in links) == cells
    assert page.count('class="proof"') == sum(
        cell.answer is not None for each in made.rows for line in each.lines.values() for cell in line
    )
    assert "2014 to 2024" in page


def test_the_command_prints_text_and_a_document(tmp_path: Path) -> None:
    asked = [
        "law",
        "matrix",
        "us/zz/sorrel",
        "--from",
        "2017-01-01 00:00",
        "--until",
        "2018-01-01 00:00",
        "-q",
    ]
    shown = CliRunner().invoke(habeas, asked)
    assert shown.exit_code == 0, shown.output
    assert re.search(r"Sorrel County \(fictional\) +may not hold +may not hold +contested", shown.stdout)
    document = json.loads(CliRunner().invoke(habeas, [*asked, "--json"]).stdout)
    schema = schemas.json_schema("habeas/law-matrix/1")
    assert list(faults(document, schema, schema)) == []
    page = tmp_path / "matrix.html"
    assert CliRunner().invoke(habeas, [*asked, "-o", str(page)]).exit_code == 0
    assert "Sorrel County" in page.read_text("utf-8")


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    shown = CliRunner().invoke(habeas, ["law", "matrix", "us/zz/sorrel", "--until", "2009-01-01 00:00"])
    assert shown.exit_code == 2
    assert "after --from" in shown.stderr
