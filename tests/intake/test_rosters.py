"""Rows through a recipe: every one accepted, duplicate or quarantined, and nothing repaired."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.custody.anomalies import AnomalyKind
from habeas.custody.record import fold
from habeas.intake.errors import UnreadableRecipe
from habeas.intake.figures import counted_figures
from habeas.intake.recipes import bundled, bundled_paths, recipe_of, recognised
from habeas.intake.rosters import PersonRows, Roster, read_roster
from habeas.kernel.evidence import UNMAPPED, UNSTATED
from habeas.kernel.identifiers import PersonId
from habeas.kernel.instants import UncertainInstant, parse_instant, zone
from small_rosters import HEADER, recipe, roster_file

ROW = "r1,b1,2017-03-04 10:00,2017-03-05 10:00,THEFT,M,2017-03-05 09:00"


def read(folder: Path, *rows: str, **changes: str) -> Roster:
    return read_roster([roster_file(folder, *rows)], recipe(**changes))


def reason(folder: Path, *rows: str, **changes: str) -> str:
    roster = read(folder, *rows, **changes)
    assert len(roster.quarantined) == 1
    return str(roster.quarantined[0])


def only(roster: Roster) -> PersonRows:
    return next(iter(roster.people.values()))


def test_a_row_becomes_events_with_its_words_and_place_in_the_file(tmp_path: Path) -> None:
    roster = read(tmp_path, ROW)
    arrest = next(e for e in only(roster).events.values() if e.kind == "Arrested")
    assert arrest.at == parse_instant("2017-03-04T10:00", zone("America/New_York"))
    assert arrest.terms["class"] == "misdemeanor"
    assert arrest.raw_text == {"offence": "THEFT", "class": "M"}
    assert arrest.source is not None
    assert (arrest.source.name, arrest.source.row) == ("roster.csv", 1)
    assert arrest.source.recipe_digest == roster.recipe.digest
    assert roster.accounts[0].digest.startswith("sha256:")


def test_what_has_no_code_is_unmapped_and_what_is_blank_unstated(tmp_path: Path) -> None:
    roster = read(tmp_path, ROW.replace(",M,", ",Q7,"), ROW.replace("r1,b1", "r2,b2").replace(",M,", ",,"))
    classes = {
        person: next(e.terms["class"] for e in rows.events.values() if e.kind == "Arrested")
        for person, rows in roster.people.items()
    }
    assert classes == {"b1": UNMAPPED, "b2": UNSTATED}


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("yesterday", "booked: expected a local time such as 2017-03-04 10:00, found [yesterday]"),
        (
            "2017-02-30 10:00",
            "booked: expected a local time such as 2017-03-04 10:00, found [2017-02-30 10:00]",
        ),
        ("", "booked: expected a local time such as 2017-03-04 10:00, found []"),
    ],
)
def test_a_time_that_cannot_be_read_is_set_aside(tmp_path: Path, cell: str, told: str) -> None:
    assert reason(tmp_path, ROW.replace("2017-03-04 10:00", cell)) == f"roster.csv, row 1, {told}"


def test_a_local_time_that_happened_twice_shows_both_choices(tmp_path: Path) -> None:
    told = reason(tmp_path, ROW.replace("2017-03-04 10:00", "2016-11-06 01:30"))
    assert "happened twice" in told
    assert "-04:00" in told
    assert "-05:00" in told


def test_a_local_time_that_never_happened_shows_both_choices(tmp_path: Path) -> None:
    told = reason(tmp_path, ROW.replace("2017-03-05 10:00", "2017-03-12 02:30"))
    assert "released: expected a local time that names one instant" in told
    assert "never happened" in told


@pytest.mark.parametrize(("fold_as", "offset"), [("earlier", "-04:00"), ("later", "-05:00")])
def test_a_recipe_may_choose_between_the_two(tmp_path: Path, fold_as: str, offset: str) -> None:
    chosen = (
        f'unless = [{{ column = "what", is = ["HOLD"] }}]\nat = {{ column = "booked", fold = "{fold_as}" }}'
    )
    roster = read(
        tmp_path,
        ROW.replace("2017-03-04 10:00", "2016-11-06 01:30"),
        **{
            'unless = [{ column = "what", is = ["HOLD"] }]\nat = { column = "booked" }': chosen,
            'id = ["booking"]\nat = { column = "booked" }': f'id = ["booking"]\nat = {{ column = "booked", fold = "{fold_as}" }}',
        },
    )
    arrest = next(e for e in only(roster).events.values() if e.kind == "Arrested")
    assert arrest.at == parse_instant(f"2016-11-06T01:30:00{offset}")


def test_either_keeps_the_time_uncertain_between_the_two(tmp_path: Path) -> None:
    roster = read(
        tmp_path,
        ROW.replace("2017-03-04 10:00", "2016-11-06 01:30"),
        **{'at = { column = "booked" }': 'at = { column = "booked", fold = "either" }'},
    )
    booked = next(e for e in only(roster).events.values() if e.kind == "Booked")
    assert isinstance(booked.at, UncertainInstant)
    assert booked.at.allows(parse_instant("2016-11-06T01:30:00-04:00"))
    assert booked.at.allows(parse_instant("2016-11-06T01:30:00-05:00"))


def test_an_end_before_its_start_is_carried_and_never_repaired(tmp_path: Path) -> None:
    roster = read(tmp_path, ROW.replace("2017-03-05 10:00", "2017-03-03 10:00"))
    assert roster.accounts[0].accepted == 1
    record = fold(only(roster).events.values())
    assert AnomalyKind.END_BEFORE_START in {each.kind for each in record.anomalies}


def test_an_unknown_instant_between_two_that_stand_in_the_wrong_order_is_set_aside(tmp_path: Path) -> None:
    told = reason(
        tmp_path,
        ROW.replace("THEFT", "HOLD").replace("2017-03-05 09:00", "2017-03-01 09:00"),
        **{
            'when = [{ column = "what", is = ["HOLD"] }]\nat = { column = "booked" }': (
                'when = [{ column = "what", is = ["HOLD"] }]\nat = { between = ["booked", "ended"] }'
            )
        },
    )
    assert "ended: expected a time at or after [booked], found [2017-03-01 09:00]" in told


def test_a_place_the_rulebook_lacks_is_set_aside(tmp_path: Path) -> None:
    roster = read_roster([roster_file(tmp_path, ROW)], recipe(), is_place=lambda _: False)
    assert "expected a place of the rulebook, found [us/zz/sorrel]" in str(roster.quarantined[0])


def test_a_row_told_twice_is_a_duplicate(tmp_path: Path) -> None:
    account = read(tmp_path, ROW, ROW).accounts[0]
    assert (account.accepted, account.duplicate) == (1, 1)


def test_one_identity_that_says_two_things_is_set_aside_and_nothing_is_complete(tmp_path: Path) -> None:
    roster = read(tmp_path, ROW, ROW.replace("THEFT", "ARSON"))
    assert "the same as roster.csv, row 1, which bears the same identity" in str(roster.quarantined[0])
    assert roster.coverage(only(roster), supposed=True) == ()


def test_rows_that_contradict_each_other_about_one_booking_are_both_carried(tmp_path: Path) -> None:
    other = ROW.replace("r1,", "r2,").replace("2017-03-05 10:00", "2017-03-06 10:00")
    roster = read(tmp_path, ROW, other)
    assert roster.accounts[0].accepted == 2
    releases = [e for e in only(roster).events.values() if e.kind == "Released"]
    assert len(releases) == 2
    assert fold(only(roster).events.values()).anomalies


def test_a_row_of_too_few_fields_is_set_aside(tmp_path: Path) -> None:
    assert reason(tmp_path, "r1,b1") == "roster.csv, row 1: expected 7 fields, found [2 fields: r1,b1]"


def test_a_row_that_names_nobody_is_counted_apart(tmp_path: Path) -> None:
    roster = read(tmp_path, ROW.replace(",b1,", ",,"))
    assert roster.nobodys == 1
    assert not roster.people


def test_clocks_that_disagree_are_told(tmp_path: Path) -> None:
    assert "clocks differ" in only(read(tmp_path, ROW)).odd
    agreeing = ROW.replace("2017-03-05 09:00", "2017-03-05 10:00")
    assert not only(read(tmp_path, agreeing)).odd


CELLS = st.sampled_from(
    ["", "r1", "r2", "b1", "b2", "2017-03-04 10:00", "2017-03-12 02:30", "HOLD", "x", "M"]
)


@given(st.lists(st.lists(CELLS, min_size=6, max_size=8), max_size=12))
def test_rows_in_are_accepted_duplicate_or_quarantined(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    roster = read_roster([roster_file(folder, *(",".join(row) for row in rows))], recipe())
    account = roster.accounts[0]
    assert account.balances
    assert account.rows == len(rows)
    assert len(roster.quarantined) == account.quarantined


def test_the_order_of_rows_changes_no_event(tmp_path: Path) -> None:
    rows = [ROW, ROW.replace("r1,", "r2,").replace("THEFT", "HOLD"), ROW.replace("r1,b1", "r3,b2")]
    one, other = read(tmp_path, *rows), read(tmp_path, *reversed(rows))
    for person in one.people:
        assert set(one.people[person].events) == set(other.people[person].events)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('event = "Booked"', 'event = "Boked"', "event 1 [Boked]: expected an event"),
        ("America/New_York", "America/New_Yrok", "zone:"),
        ('about = "booking"', 'about = "boking"', "Invalid enum value 'boking'"),
        ('name = "sorrel"', 'name = "sorrel"\nname = "x"', "Cannot overwrite a value"),
        ('says = "Invented', 'sayz = "Invented', "unknown field `sayz`"),
        ('at = { column = "booked" }', 'at = { columns = "booked" }', "unknown field `columns`"),
        ('at = { column = "booked" }', "at = { }", "expected either a column or between"),
        ('{ column = "what", raw = true }', "{ raw = true }", "expected one of column, join, time and is"),
        ('"charge.*", ', '"chrage.*", ', "expected a fact such as charge.posted_at, found [chrage.*]"),
        ('place = "us/zz/sorrel"', 'place = ""', "expected a [place]"),
    ],
)
def test_a_recipe_that_is_none_says_where(old: str, new: str, told: str) -> None:
    with pytest.raises(UnreadableRecipe) as refused:
        recipe(**{old: new})
    assert "sorrel.toml" in str(refused.value)
    assert told in str(refused.value)


def test_the_bundled_recipes_are_recognised_by_their_files() -> None:
    for name, one in bundled().items():
        assert one.name == name
        assert recognised([Path(path) for path in one.known_paths[:1]]) is one
    assert recognised([Path("strangers.csv")]) is None
    assert recognised([]) is None


def test_the_bundled_records_are_all_accepted() -> None:
    paths = bundled_paths("npr-detainers")
    roster = read_roster(paths, bundled()["npr-detainers"])
    assert [(a.rows, a.accepted) for a in roster.accounts] == [(247, 247)]
    assert bundled_paths("pierce") == ()


def test_the_extract_of_new_york_is_read_whole_and_follows_its_rule() -> None:
    paths = bundled_paths("nyc-doc")
    roster = read_roster(paths, bundled()["nyc-doc"])
    assert [(a.rows, a.accepted) for a in roster.accounts] == [(185, 185), (3593, 3593)]
    assert len(roster.people) == 44
    assert all(hashlib.sha256(p.encode()).hexdigest().startswith("000") for p in roster.people)
    header = paths[0].read_text().split("\n", 1)[0]
    assert header == "inmateid,admitted_ts,status,first_snap,last_snap,top_charge"
    figures = counted_figures(paths, bundled()["nyc-doc"])
    assert {each.found for each in figures} == {"not counted"}


def test_every_text_of_the_bundled_forms_is_read() -> None:
    roster = read_roster(bundled_paths("npr-detainers"), bundled()["npr-detainers"])
    forms = {event.terms["form"] for rows in roster.people.values() for event in rows.events.values()}
    assert forms == {"other", "I-247:2011", "I-247:2012", "I-247N"}


def test_a_digest_names_the_recipe_by_its_text() -> None:
    assert recipe().digest != recipe(**{"Nobody in it": "Nobody here"}).digest
    assert recipe_of(recipe().text, "x").digest == recipe().digest


def test_people_keep_the_order_of_their_file(tmp_path: Path) -> None:
    roster = read(tmp_path, ROW.replace("r1,b1", "r2,b9"), ROW)
    assert list(roster.people) == [PersonId("b9"), PersonId("b1")]
    assert HEADER.startswith("row")
