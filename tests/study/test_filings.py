"""What states ask for, from one population: the items add up, and blanks stay blank."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from habeas.counts.held import Episode
from habeas.study.filings import FILINGS, Filed, Item, filing_csv
from small_populations import episode, held, population

JAIL = ("custodian=county-jail",)


def month_day(days: int) -> int:
    """Minutes from the first midnight."""
    return days * 1440


def people() -> list[Episode]:
    detainer = (*JAIL, "charge=felony", "paper=immigration-detainer")
    return [
        episode("a", held(month_day(-40), month_day(200), *JAIL, "convicted=felony")),
        episode("b", held(month_day(10), month_day(40), *detainer)),
        episode("c", held(month_day(-5), month_day(120), "custodian=city-lockup", "charge=misdemeanor")),
    ]


def filed(rate: int | None = 10_000) -> Filed:
    return Filed(
        population=population(*people(), days=160),
        first=dt.date(2024, 3, 1),
        last=dt.date(2024, 7, 31),
        at=dt.time(0),
        rate_cents=rate,
    )


def by_item(name: str, when: str, rate: int | None = 10_000) -> dict[str, Item]:
    return {each.item: each for each in FILINGS[name](filed(rate)) if each.when == when}


def test_texas_counts_the_first_of_the_month_and_its_parts_never_exceed_the_whole() -> None:
    found = by_item("texas-monthly", "2024-04-01")
    assert (found["A"].least, found["G"].least, found["F"].least, found["M"].least) == ("2", "1", "1", "1")
    parts = [
        int(each.least)
        for item, each in found.items()
        if item not in {"A", "M"} and each.least and item[0] != "("
    ]
    assert sum(parts) == int(found["A"].least)
    assert [found[item].least for item in ("E", "L", "N", "(2)", "(3)")] == [""] * 5


def test_a_class_that_no_record_states_leaves_both_lines_blank() -> None:
    unstated = episode("d", held(month_day(-1), month_day(2), *JAIL, "charge=misdemeanor"))
    one = Filed(
        population=population(unstated, days=9),
        first=dt.date(2024, 3, 1),
        last=dt.date(2024, 3, 2),
        at=dt.time(0),
        rate_cents=None,
    )
    found = {each.item: each.least for each in FILINGS["texas-monthly"](one)}
    assert (found["B"], found["C"], found["B or C"]) == ("", "", "1")


def test_texas_cost_is_of_the_days_of_the_month_before() -> None:
    assert by_item("texas-monthly", "2024-04-01")["(4)"].least == f"{21 * 100}.00"
    assert by_item("texas-monthly", "2024-04-01", rate=None)["(4)"].least == ""
    assert by_item("texas-monthly", "2024-03-01")["(4)"].least == ""


def test_colorado_gives_the_day_and_the_quarter_before_and_says_where_records_are_short() -> None:
    found = by_item("colorado-quarterly", "2024-07-01")
    assert found["confined"].least == "1"
    assert found["average, quarter before"].least == "1.1"
    assert (found["admissions, quarter before"].least, found["releases, quarter before"].least) == ("0", "1")
    assert found["average, 365 days before"].says == "the records begin later"


def test_justice_counts_gives_whole_months() -> None:
    found = by_item("justice-counts", "2024-03")
    assert found["total_population"].least == "1.7"
    assert (found["total_admissions"].least, found["total_releases"].least) == ("1", "0")
    assert {each.when for each in FILINGS["justice-counts"](filed())} == {f"2024-0{n}" for n in range(3, 8)}


@pytest.mark.parametrize("name", sorted(FILINGS))
def test_every_row_says_whether_people_are_invented(name: str) -> None:
    text = filing_csv(list(FILINGS[name](filed())), invented=True).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows
    assert {row["invented"] for row in rows} == {"yes"}
