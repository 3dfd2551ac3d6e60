"""A small recipe of several tables, snapshots and coverage, and files for it, for tests of intake."""

from __future__ import annotations

from pathlib import Path

from habeas.intake.recipes import Recipe, recipe_of

LISTS = """\
name = "lists"
title = "Daily lists of an invented jail"
says = "Invented people; one row is one person under one label on the list of one day."
licence = "CC0"
kind = "custody"
invented = true
zone = "America/New_York"
place = "us/zz/sorrel"
custodian = "county-jail"

[[dictionaries.label]]
cite = "the invented sheriff's dictionary, first edition"
before = "2024-01-03"
codes = { A = "commitment", B = "sentence" }

[[dictionaries.label]]
cite = "the invented sheriff's dictionary, second edition"
since = "2024-01-03"
codes = { A = "sentence", B = "sentence" }

[[table]]
name = "lists"
paths = ["list*.csv"]
person = ["person"]
identity = ["day", "person", "label"]
snapshots = ["day"]

[[table.spans]]
name = "stay"
key = ["person", "admitted"]
first = "day"

[[table.spans]]
name = "label"
key = ["person", "admitted", "label"]
first = "day"

[[table.event]]
event = "Admitted"
about = "booking"
of = "stay"
id = ["person", "admitted"]
when = [{ column = "span.nth", is = ["1"] }]
at = { column = "admitted" }

[[table.event]]
event = "Admitted"
about = "booking"
of = "stay"
id = ["person", "admitted"]
unless = [{ column = "span.nth", is = ["1"] }]
at = { before = "span.first", anew = true, not_before = "admitted", point = ["person", "admitted"] }

[[table.event]]
event = "Released"
about = "booking"
of = "stay"
id = ["person", "admitted"]
at = { after = "span.last", not_before = "admitted", point = ["person", "admitted"] }

[[table.event]]
event_by = { column = "label", codes = { A = "CommitmentReceived", B = "Sentenced" }, otherwise = "OrderReceived" }
about = "instrument"
of = "label"
id = ["person", "admitted", "label", "span.first"]
label = "label"
by_label = "The label of the list"
at = { before = "span.first", not_before = "admitted", point = ["person", "admitted"] }
[table.event.terms]
kind = { column = "label", dictionary = "label", dated_by = "day" }
ended_at = { time = { after = "span.last", not_before = "admitted", point = ["person", "admitted"] } }
"""
HEADER = "day,person,admitted,label"


def lists(**changes: str) -> Recipe:
    """The recipe of daily lists, with texts in it replaced."""
    text = LISTS
    for old, new in changes.items():
        text = text.replace(old, new)
    return recipe_of(text, "lists.toml")


def list_file(folder: Path, *rows: str, name: str = "list.csv") -> Path:
    """A CSV file of rows of lists."""
    path = folder / name
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


PLAIN = {
    "people.csv": "person,shown_at,adult\np1,2021-03-01 10:00,true\np2,,\n",
    "bookings.csv": (
        "booking,person,arrested_at,booked_at,released_at\n"
        "b1,p1,2021-03-01 09:00,2021-03-01 10:00,2021-03-04 12:00\n"
        "b2,p2,2021-03-01,2021-03-01 22:00,\n"
    ),
    "charges.csv": (
        "charge,booking,offence,class,probable_cause_at,bail_set_at,bail_cents,posted_at\n"
        "c1,b1,theft,felony,2021-03-02 09:00,2021-03-02 09:30,100000,2021-03-04 11:00\n"
        "c3,b2,theft,felony,,,,\n"
    ),
    "instruments.csv": (
        "instrument,booking,kind,form,lodged_at,served_at,known_at\n"
        "i1,b1,immigration-detainer,I-247A,2021-03-02 09:00,2021-03-02 10:00,2021-03-02 12:00\n"
    ),
    "orders.csv": "order,booking,kind,at,known_at,charge\no1,b1,ReleaseOrdered,2021-03-03 09:00,2021-03-03 15:00,c1\n",
    "coverage.csv": "facts,place,from,until,says\ncharge.* booking.*,us/zz/juniper,2021-01-01,,the jail declares it\n",
}


def plain_files(folder: Path, **changes: str) -> list[Path]:
    """The six plain files, some replaced by another text; an empty text leaves a file out."""
    texts = {**PLAIN, **{f"{name}.csv": text for name, text in changes.items()}}
    for name, text in texts.items():
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name, text in texts.items() if text]
