"""A small recipe of a fictional jail, and files for it, for tests of intake and audit."""

from __future__ import annotations

from pathlib import Path

from habeas.intake.recipes import Recipe, recipe_of

RECIPE = """\
name = "sorrel"
title = "Bookings of an invented jail"
says = "Invented people; one row is one charge or hold of one booking."
licence = "CC0"
kind = "custody"
zone = "America/New_York"
place = "us/zz/sorrel"
custodian = "county-jail"
person = ["booking"]
identity = ["row"]
row_end = { column = "ended" }
limits = ["Nobody in it is real."]

[[complete]]
claim = "declared"
facts = ["charge.*", "booking.*", "instrument.*", "person.*"]
says = "The invented jail declares that its file shows all there is."

[[event]]
event = "Booked"
about = "booking"
id = ["booking"]
at = { column = "booked" }

[[event]]
event = "Released"
about = "booking"
id = ["booking"]
at = { column = "released", blank = "skip" }

[[event]]
event = "Arrested"
about = "charge"
id = ["row"]
label = "what"
unless = [{ column = "what", is = ["HOLD"] }]
at = { column = "booked" }
[event.terms]
booking = { join = ["booking"] }
offence = { column = "what", raw = true }
class = { column = "level", codes = { "F" = "felony", "M" = "misdemeanor" } }

[[event]]
event = "ReleaseOrdered"
about = "charge"
id = ["row"]
unless = [{ column = "what", is = ["HOLD"] }]
at = { column = "ended" }

[[event]]
event = "DetainerLodged"
about = "instrument"
id = ["row"]
label = "what"
when = [{ column = "what", is = ["HOLD"] }]
at = { column = "booked" }
[event.terms]
kind = { is = "immigration-detainer" }
booking = { join = ["booking"] }

[[disagreement]]
name = "clocks differ"
says = "The booking ended at one time and its last row at another."
first = "released"
second = "ended"
wrong = "last-differs"

[[figure]]
name = "bookings"
says = "How many bookings there are."
count = "groups"
group = "booking"
published = "2"
source = "the invented sheriff"
"""

HEADER = "row,booking,booked,released,what,level,ended"


def recipe_text(**changes: str) -> str:
    """The recipe's text with parts of it replaced; every part must be there."""
    text = RECIPE
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def recipe(**changes: str) -> Recipe:
    """The recipe with parts of its text replaced."""
    return recipe_of(recipe_text(**changes), "sorrel.toml")


def roster_file(folder: Path, *rows: str, name: str = "roster.csv", header: str = HEADER) -> Path:
    """A CSV file of these rows."""
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path
