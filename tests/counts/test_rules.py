"""Counting rules are data: each cites what was read of it, and a bad file says what is wrong with it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from habeas.counts.rules import (
    OTHER,
    Match,
    UnknownRule,
    UnreadableRule,
    bundled_agencies,
    bundled_rules,
    read_rule,
    rule_named,
)

GOOD = 'name = "r"\ntitle = "t"\nsays = "s"\nunit = "people"\non = "every day"\n'
SOURCED = {"texas-511-0101", "colorado-17-26-118", "bjs-annual-survey", "justice-counts", "florida-900-05"}


def test_every_outside_rule_cites_words_whose_digest_is_theirs() -> None:
    for name in SOURCED:
        sources = bundled_rules()[name].sources
        assert sources, name
        for source in sources:
            assert source.digest == f"sha256:{sha256(source.words.encode()).hexdigest()}"
            assert source.read in {"full", "excerpt", "secondary"}


def test_a_rule_without_source_says_that_nobody_asks_for_it() -> None:
    for name in set(bundled_rules()) - SOURCED:
        assert "No outside body" in bundled_rules()[name].unsaid[0]


def test_a_rule_whose_words_were_not_read_has_no_lines() -> None:
    unread = [rule for rule in bundled_rules().values() if not rule.encoded]
    assert [rule.name for rule in unread] == ["florida-900-05"]
    assert unread[0].lines == ()


def test_the_first_line_that_fits_takes_somebody_and_the_rest_are_not_told() -> None:
    texas = rule_named("texas-511-0101")
    assert texas.line_of(frozenset({"charge=felony", "convicted=misdemeanor"})) == "F"
    assert texas.line_of(frozenset({"charge=misdemeanor"})) == "B or C"
    assert texas.line_of(frozenset()) == "O"
    assert texas.why_out(frozenset({"custodian=city-lockup"})) == "not in a county jail"
    assert texas.why_out(frozenset({"custodian=county-jail"})) is None
    assert rule_named("everyone").line_of(frozenset()) == OTHER


def test_a_match_needs_one_of_any_all_of_all_and_none_of_none() -> None:
    match = Match(frozenset("ab"), frozenset("c"), frozenset("d"))
    assert match.takes(frozenset("ac"))
    assert not match.takes(frozenset("c"))
    assert not match.takes(frozenset("a"))
    assert not match.takes(frozenset("acd"))


def test_an_unknown_rule_names_those_there_are() -> None:
    with pytest.raises(UnknownRule, match="texas-511-0101"):
        rule_named("nowhere")


def test_a_rule_of_ones_own_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(GOOD)
    assert rule_named(str(path)).name == "r"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = ", "expected TOML"),
        (GOOD.replace('"r"', "1"), r"\[name\]: expected a text, found \[1\]"),
        (GOOD.replace('on = "every day"\n', ""), r"\[on\]: expected a text"),
        (GOOD.replace('"people"', '"beds"'), r"\[unit\]: expected one of people, custodies, found \[beds\]"),
        (GOOD + "surplus = 1\n", r"expected no field \[surplus\]"),
        (GOOD + "unsaid = [1]\n", r"\[unsaid\]: expected texts"),
        (GOOD + "unsaid = 1\n", r"\[unsaid\]: expected a list"),
        (
            GOOD + '[[line]]\nname = "x"\nsays = "y"\nbeside = 1\n',
            r"own.toml, \[\[line\]\] 1, \[beside\]: expected true or false",
        ),
        (
            GOOD + '[[line]]\nname = "x"\nsays = "y"\nalso = "z"\n',
            r"\[\[line\]\] 1: expected no field \[also\]",
        ),
        (
            GOOD + '[[source]]\nat = "a"\nread = "full"\non = "d"\nwords = "w"\ndigest = "sha256:0"\n',
            r"\[digest\]: expected sha256:",
        ),
    ],
)
def test_a_bad_rule_says_file_field_and_what_was_expected(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(UnreadableRule, match=says):
        read_rule(path)


def test_agencies_are_a_table_of_texts() -> None:
    assert bundled_agencies()["us-marshals"] == "federal"
