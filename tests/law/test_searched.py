"""Searches that found no rule: what they must say, what they may not stand beside, and that they decide nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from habeas.law.folder import load, read
from habeas.law.lint import lint

ROOT = Path(__file__).resolve().parents[2]
NATION = "schema: 1\nname: Nation\nkind: nation\nzone: America/New_York\n"
STATUTE = """\
schema: 1
title: Statute (fictional)
kind: state-statute
cite: Stat. (fictional)
acts:
  - {id: enacts, does: enacts, from: 2000-01-01, known: 2000-01-01, cite: Laws 2000 (fictional)}
provisions:
  - {id: hold, SUBJECT, effect: may-hold, stratum: hold, cite: s. 1 (fictional)}
"""
ZENITH = "schema: 1\nname: Zenith (fictional)\nkind: state\n"
SEARCH = "  - {{on: [{on}], date: {date}, where: {where}, words: {words}, found: {found}}}\n"


def search(
    on: str = "immigration-detainer",
    date: str = "2026-11-22",
    where: str = "the code of Zenith",
    words: str = "detainer",
    found: str = "nothing",
) -> str:
    quoted = {"where": f'"{where}"', "words": f'"{words}"', "found": f'"{found}"', "date": f'"{date}"'}
    return "searched:\n" + SEARCH.format(on=on, **quoted)


def problems(folder: Path, place: str, statute: str = "") -> list[str]:
    files = {
        "us/place.yaml": NATION,
        "us/zz/place.yaml": ZENITH + place,
        "vocabulary.yaml": (ROOT / "src" / "habeas" / "rulebook" / "vocabulary.yaml").read_text("utf-8"),
    }
    if statute:
        files["us/zz/2000-statute.yaml"] = STATUTE.replace("SUBJECT", statute)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return [str(problem) for problem in lint(load(folder), read(folder)).problems]


def test_a_search_that_says_all_it_must_is_sound(tmp_path: Path) -> None:
    assert problems(tmp_path, search()) == []


@pytest.mark.parametrize("key", ["date", "where", "words", "found"])
def test_a_search_says_when_where_for_what_and_what_was_found(tmp_path: Path, key: str) -> None:
    assert problems(tmp_path, search(**{key: ""})) == [
        f"us/zz/place.yaml:5 at [searched.0.{key}]: expected what was searched, when and how, found nothing"
    ]


def test_a_search_names_kinds_there_are(tmp_path: Path) -> None:
    assert problems(tmp_path, search(on="")) == [
        "us/zz/place.yaml:5 at [searched.0.on]: expected what was searched, when and how, found nothing"
    ]
    assert problems(tmp_path, search(on="hunch")) == [
        "us/zz/place.yaml:5 at [searched.0.on]: expected a kind of instrument, charge or booking, found [hunch]"
    ]
    assert problems(tmp_path, search(on="charge, booking")) == []


def test_a_search_has_a_date(tmp_path: Path) -> None:
    assert problems(tmp_path, search(date="last autumn")) == [
        "us/zz/place.yaml:5 at [searched.0.date]: expected a civil date such as 2026-11-22, found [last autumn]"
    ]


def test_what_is_complete_was_not_searched_in_vain(tmp_path: Path) -> None:
    complete = "complete:\n  - {on: [immigration-detainer], from: 2020-01-01}\n"
    expected = "expected no search of what is said to be complete, found [immigration-detainer]"
    assert problems(tmp_path, search() + complete) == [f"us/zz/place.yaml:4 at [searched]: {expected}"]


@pytest.mark.parametrize(
    ("searched", "statute", "contradicts"),
    [
        ("immigration-detainer", "on: instrument, kinds: [immigration-detainer]", True),
        ("immigration-detainer", "on: instrument, kinds: [commitment]", False),
        ("immigration-detainer", "on: charge", False),
        ("charge", "on: charge", True),
    ],
)
def test_a_rule_of_the_place_contradicts_the_search(
    tmp_path: Path, searched: str, statute: str, contradicts: bool
) -> None:
    found = f"expected no rule of this place on [{searched}], found [us/zz/2000-statute#hold]"
    expected = [f"us/zz/place.yaml:4 at [searched]: {found}"] if contradicts else []
    assert problems(tmp_path, search(on=searched), statute) == expected
