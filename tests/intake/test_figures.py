"""Each way to count a figure, on rows that can be counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from habeas.intake.figures import Counted, counted_figures
from habeas.intake.recipes import recipe_of
from small_tables import LISTS

SPANS = """\
person,admitted,label,day,until,told
p1,2024-01-01 10:00,A,2024-01-01,2024-01-03,01/02/2024
p1,2024-01-01 10:00,B,2024-01-04,2024-01-04,Unknown
p2,2024-01-01 12:00,H,2024-01-01,2024-01-05,01/03/2024
p2,2024-01-01 12:00,A,2024-01-05,2024-01-05,01/01/2024
p3,2024-01-02 12:00,H,2024-01-02,2024-01-02,
"""
MARKS = """
marks = [
  { name = "hold", when = [{ column = "label", is = ["H"] }] },
  { name = "other", unless = [{ column = "label", is = ["H"] }] },
]
groupings = [
  { name = "both", has = ["hold", "other"] },
  { name = "a hold only", has = ["hold"], lacks = ["other"] },
  { name = "no hold", has = ["other"] },
]
"""


def counted(folder: Path, keys: str, *, name: str = "list.csv") -> Counted:
    path = folder / name
    path.write_text(SPANS)
    text = f'{LISTS}\n[[figure]]\nname = "f"\nsays = "s"\ntable = "lists"\n{keys}\n'
    (figure,) = counted_figures([path], recipe_of(text, "figures.toml"))
    return figure


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ('count = "rows"', "5"),
        ('count = "rows"\nrows = { column = "label", is = ["A"] }', "2"),
        ('count = "groups"\ngroup = "person"', "3"),
        ('count = "groups"\ngroups = ["person", "label"]', "5"),
        ('count = "groups by text"\ngroup = "person"\ncolumn = "label"', "A 2; H 2; B 1"),
        ('count = "percent"\ngroup = "person"\ncolumn = "label"\nequals = "A"', "33.333"),
        ('count = "rows of a day"\nstart = "day"\nend = "until"\nfirst_day = "2024-01-02"', "3"),
        (
            'count = "mean rows of a day"\nstart = "day"\nend = "until"\nfirst_day = "2024-01-01"\nlast_day = "2024-01-04"',
            "2.2",
        ),
        ('count = "groups by marks"\ngroup = "person"\nat_last = "until"' + MARKS, "1 / 1 / 1"),
        ('count = "mean"\ngroup = "person"\nstart = "day"\nend = "until"', "2.000"),
        ('count = "median"\ngroup = "person"\nstart = "day"\nend = "until"', "2.000"),
        ('count = "after / equal / before"\ngroup = "person"\nstart = "until"\nend = "day"', "0 / 1 / 2"),
    ],
)
def test_a_figure_is_what_a_hand_counts(tmp_path: Path, keys: str, found: str) -> None:
    assert counted(tmp_path, keys).found == found


def test_texts_beyond_the_first_twelve_are_counted_together(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("person,label\n" + "".join(f"p{n},L{n:02}\n" for n in range(14)))
    text = f'{LISTS}\n[[figure]]\nname = "f"\nsays = "s"\ntable = "lists"\ncount = "groups by text"\ngroup = "person"\ncolumn = "label"\n'
    (figure,) = counted_figures([path], recipe_of(text, "figures.toml"))
    assert figure.found.endswith("; and 2 more")


def test_what_was_last_foretold_before_the_end_is_what_counts(tmp_path: Path) -> None:
    keys = 'count = "groups later by more than days"\ngroup = "person"\nstart = "told"\nformat = "%m/%d/%Y"\nat_last = "day"\nother = "lists"\nend = "until"\ndays = [0, 1, 3]'
    # p1: 1 day late at the end of its first row, and nothing foretold at that of its second; p2: what was
    # foretold on the day itself counts, so 4 days at both ends.
    assert counted(tmp_path, keys).found == "3 / 2 / 2"


@pytest.mark.parametrize(
    ("keys", "explains"),
    [
        ('count = "rows"\npublished = "5"', "Agrees."),
        ('count = "rows"\npublished = "6"', "Differs, and no reason was found."),
        ('count = "rows"\npublished = "6"\nexplains = "One was lost."', "One was lost."),
        ('count = "rows"', ""),
    ],
)
def test_a_figure_says_whether_it_agrees(tmp_path: Path, keys: str, explains: str) -> None:
    assert counted(tmp_path, keys).explains == explains


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ('count = "rows"\nrows = { column = "label", is = ["Z"] }', "0"),
        (
            'count = "mean"\ngroup = "person"\nstart = "day"\nend = "until"\nrows = { column = "label", is = ["Z"] }',
            "no group",
        ),
        (
            'count = "median"\ngroup = "person"\nstart = "day"\nend = "until"\nrows = { column = "label", is = ["Z"] }',
            "no group",
        ),
        (
            'count = "percent"\ngroup = "person"\ncolumn = "label"\nequals = "A"\nrows = { column = "label", is = ["Z"] }',
            "no group",
        ),
        (
            'count = "after / equal / before"\ngroup = "person"\nstart = "day"\nend = "until"\nrows = { column = "label", is = ["Z"] }',
            "no group",
        ),
        ('count = "groups"\ngroup = "nothing"', "not counted"),
        ('count = "mean"\ngroup = "person"\nstart = "label"\nend = "until"', "not counted"),
        ('count = "rows"\npaths = ["whole.csv"]', "not counted"),
        ('count = "groups"\ngroup = "person"\nwhere = { label = 1 }', "not counted"),
    ],
)
def test_what_cannot_be_counted_is_not(tmp_path: Path, keys: str, told: str) -> None:
    assert counted(tmp_path, keys).found == told


def test_a_group_counts_that_reaches_the_least_in_some_row(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("person,grade\np1,0\np1,2\np2,1\np3,\n")
    text = f'{LISTS}\n[[figure]]\nname = "f"\nsays = "s"\ntable = "lists"\ncount = "groups"\ngroup = "person"\nwhere = {{ grade = 2 }}\n'
    (figure,) = counted_figures([path], recipe_of(text, "figures.toml"))
    assert figure.found == "1"
