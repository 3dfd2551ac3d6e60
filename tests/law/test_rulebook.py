"""The rulebook: loading, problems all at once, readings, dates, and the compiled artefact."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from habeas.kernel.instants import BEGINNING, UncertainInstant, format_instant
from habeas.kernel.places import PlaceId
from habeas.law.documents import RulebookError
from habeas.law.enactments import Uncertain
from habeas.law.folder import load
from habeas.law.reading_limbs import parse_limbs
from habeas.law.stored import UnreadableArtefact, read_artefact, written_artefact

VOCABULARY = "schema: 1\nfacts:\n  charge.class: {type: code, values: [felony, misdemeanor], means: Class.}\n"
PLACE = "schema: 1\nname: Zenith (fictional)\nkind: state\nzone: America/New_York\n"
RULE = """\
    schema: 1
    title: A rule (fictional)
    kind: state-statute
    cite: Zenith Stat. 1 (fictional)
    acts:
      - {id: enacts, does: enacts, from: 2017-01-26, known: 2017-01-25, cite: Zenith Laws 1 (fictional)}
    provisions:
      - id: hold
        on: charge
        effect: may-hold
        stratum: criminal
        cite: Zenith Stat. 1 (fictional)
        when: {if: charge.class == "felony"}
    """
QUESTIONS = """\
    schema: 1
    questions:
      - id: start
        asks: From when?
        default: january
        alternatives:
          - {id: january, says: From January., cites: [a record (fictional)]}
          - {id: may, says: From May., cites: [a letter (fictional)]}
    """


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    nation = "schema: 1\nname: Nation (fictional)\nkind: nation\nzone: America/New_York\n"
    for name, text in {
        "vocabulary": VOCABULARY,
        "us/place": nation,
        "us/zz/place": PLACE,
        "us/zz/2017-rule": RULE,
        "us/zz/questions": QUESTIONS,
    }.items():
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    return tmp_path


def rewrite(folder: Path, old: str, new: str) -> None:
    path = folder / "us/zz/2017-rule.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def problems(folder: Path) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_file_s_path_is_its_enactment_s_id(folder: Path) -> None:
    law = load(folder).under()
    enactment = law.enactments["us/zz/2017-rule"]
    assert (enactment.id, enactment.place) == ("us/zz/2017-rule", "us/zz")
    assert set(law.provisions) == {"us/zz/2017-rule#hold"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title:", "tittle:", ["a key of Enactment", "a value for `title`"]),
        ("does: enacts", "does: decrees", ["Invalid enum value"]),
        ("effect: may-hold", "effect: hold", ["Invalid enum value"]),
        ("cite: Zenith Laws 1 (fictional)}", "note: x}", ["a key of Act", "a value for `cite`"]),
        ("    cite: Zenith Stat. 1 (fictional)\n    when", "    when", ["a value for `cite`"]),
        ("schema: 1", "schema: 2", ["schema: 1"]),
        ('{if: charge.class == "felony"}', "{iff: x}", ["one of all, any"]),
        ('{if: charge.class == "felony"}', "charged", ["a condition such as"]),
        ("from: 2017-01-26", "from: {by_question: scope, x: 1}", ["a question of the rulebook"]),
    ],
)
def test_what_is_wrong_is_named_with_its_line(folder: Path, old: str, new: str, expected: list[str]) -> None:
    rewrite(folder, old, new)
    found = problems(folder)
    assert all(each.startswith("us/zz/2017-rule.yaml:") for each in found)
    for words in expected:
        assert any(words in each for each in found), found


def test_every_problem_of_every_file_comes_at_once(folder: Path) -> None:
    rewrite(folder, "does: enacts", "does: decrees")
    rewrite(folder, "effect: may-hold", "effect: hold")
    (folder / "us/zz/2018-other.yaml").write_text("schema: 1\n")
    found = problems(folder)
    assert len({each.partition(":")[0] for each in found}) == 2
    assert len(found) >= 3


def test_a_folder_without_files_says_so(tmp_path: Path) -> None:
    assert "a folder of rulebook files" in problems(tmp_path)[0]


def test_bytes_that_are_no_text_are_named(folder: Path) -> None:
    (folder / "us/zz/2019-binary.yaml").write_bytes(b"\xff\xfe\x00\x01")
    assert "UTF-8 text" in problems(folder)[0]


def test_a_reading_changes_what_turns_on_it_and_nothing_else(folder: Path) -> None:
    rewrite(folder, "from: 2017-01-26", "from: {by_question: start, january: 2017-01-26, may: 2017-05-01}")
    rulebook = load(folder)
    assert rulebook.turns_on("us/zz/2017-rule") == ("start",)
    begins = [
        rulebook.under({"start": each}).enactments["us/zz/2017-rule"].acts[0].begins
        for each in ("january", "may")
    ]
    assert begins == ["2017-01-26", "2017-05-01"]
    assert rulebook.under({"start": "january"}) is rulebook.under()


def test_what_exists_only_under_another_alternative_is_left_out(folder: Path) -> None:
    rewrite(folder, "stratum: criminal", "stratum: criminal\n    only_under: {start: [may]}")
    rulebook = load(folder)
    assert not rulebook.under().provisions
    assert rulebook.under({"start": "may"}).provisions
    assert len(rulebook.variants("us/zz/2017-rule")) == 2


def test_dates_are_read_in_the_place_s_zone(folder: Path) -> None:
    rulebook = load(folder)
    zone = rulebook.places.zone_of(PlaceId("us/zz"))
    day = rulebook.instant("2017-01-26", "us/zz")
    assert isinstance(day, int)
    assert format_instant(day, zone) == "2017-01-26 00:00 EST (UTC-05:00)"
    assert rulebook.instant("start", "us/zz") == BEGINNING
    uncertain = rulebook.instant(Uncertain("2017-01-26", "2017-01-27"), "us/zz")
    assert isinstance(uncertain, UncertainInstant)
    assert uncertain.earliest == day


def test_the_digest_is_of_what_files_say_not_of_how_they_are_written(folder: Path) -> None:
    before = load(folder).digest
    path = folder / "us/zz/2017-rule.yaml"
    path.write_text("# a remark\n" + path.read_text())
    assert load(folder).digest == before
    rewrite(folder, "2017-01-26", "2017-01-27")
    assert load(folder).digest != before


def test_an_artefact_gives_back_the_same_rulebook(folder: Path) -> None:
    rulebook = load(folder)
    parse_limbs(rulebook)
    again = read_artefact(written_artefact(rulebook))
    assert again.digest == rulebook.digest
    assert again.under().enactments == rulebook.under().enactments
    assert again.limbs == rulebook.limbs


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\x00\x01",
        b'{"schema":"habeas/rulebook-artefact/0","digest":"","artefact":{},"limbs":{}}',
    ],
)
def test_bytes_that_are_no_artefact_are_refused(content: bytes) -> None:
    with pytest.raises(UnreadableArtefact):
        read_artefact(content)


def test_an_artefact_that_was_changed_is_refused(folder: Path) -> None:
    content = written_artefact(load(folder))
    with pytest.raises(UnreadableArtefact, match="digest"):
        read_artefact(content.replace(b"2017-01-26", b"2017-01-25"))
