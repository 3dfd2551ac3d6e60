"""A small fictional rulebook and file, shared by the tests of wire, desk and command."""

from __future__ import annotations

import shutil
from pathlib import Path

RULEBOOK = Path(__file__).resolve().parents[1] / "src" / "habeas" / "rulebook"
PARTS = ("vocabulary.yaml", "calendars/us-federal.yaml", "us/order.yaml", "us/questions.yaml", "us/zz")
NATION = "schema: 1\nname: Nation (fictional)\nkind: nation\nzone: America/New_York\n"

TABLE = """\
place: us/zz/juniper
custodian: county-jail
complete: everything
cases:
  - name: held-on-a-felony
    events:
      - {at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
      - {at: "2017-02-16 12:00", event: FirstAppearance, booking: b1}
      - {at: "2017-02-16 12:00", event: ProbableCauseFound, booking: b1}
      - {at: "2017-02-16 15:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: I-247D, issued_at: "2017-02-16 14:00", issuer_office: "zz-office", attached_warrant: none}
      - {at: "2017-02-17 17:00", event: BondPosted, charge: c1}
      - {at: "2017-02-23 09:00", event: Released, booking: b1}
  - name: class-not-recorded
    complete: [charge, instrument, booking, person, charge.posted_at, charge.release_ordered_at, charge.disposed_at, charge.sentenced_at, instrument.withdrawn_at, instrument.ended_at]
    events:
      - {at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1}
      - {at: "2017-02-16 12:00", event: FirstAppearance, booking: b1}
      - {at: "2017-02-16 12:00", event: ProbableCauseFound, booking: b1}
      - {at: "2017-02-16 15:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: I-247D, issued_at: "2017-02-16 14:00", issuer_office: "zz-office", attached_warrant: none}
      - {at: "2017-02-17 17:00", event: BondPosted, charge: c1}
  - name: held-on-a-memorandum
    place: us/zz/heather
    events:
      - {at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
      - {at: "2017-02-16 12:00", event: FirstAppearance, booking: b1}
      - {at: "2017-02-16 15:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: I-247D, issued_at: "2017-02-16 14:00", issuer_office: "zz-office", attached_warrant: none}
      - {at: "2017-02-17 17:00", event: BondPosted, charge: c1}
"""

HEATHER = {
    "place.yaml": "schema: 1\nname: Heather County (fictional)\nkind: county\n",
    "questions.yaml": """\
questions:
  - id: heather-memo
    asks: Did the sheriff's memorandum bind before the board had voted?
    default: at-once
    alternatives:
      - {id: at-once, says: It bound when it was signed., cites: [Heather Code 1 (fictional)]}
      - {id: after-vote, says: It never bound., cites: [Heather Code 2 (fictional)]}
""",
    "2015-memo.yaml": """\
schema: 1
title: Heather memorandum (fictional)
kind: county-directive
cite: Heather memorandum of 2015 (fictional)
confidence: high
summary: Detainers are honoured.
sources:
  - {at: "written for a test", read: full, on: 2026-11-22, says: a fictional memorandum}
acts:
  - {id: directs, does: enacts, from: 2015-01-01, known: 2015-01-01, cite: memorandum (fictional), only_under: {heather-memo: [at-once]}}
provisions:
  - id: honour
    on: instrument
    kinds: [immigration-detainer]
    effect: may-hold
    stratum: hold
    says: The jail may keep a person on a detainer.
    cite: memorandum, line 1 (fictional)
tests:
  - name: a detainer after bond
    place: us/zz/heather
    custodian: county-jail
    complete: everything
    events:
      - {at: "2017-02-16 08:00", event: Arrested, booking: b1, charge: c1, class: felony}
      - {at: "2017-02-16 12:00", event: FirstAppearance, booking: b1}
      - {at: "2017-02-16 15:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, form: I-247D}
      - {at: "2017-02-17 17:00", event: BondPosted, charge: c1}
    ask:
      - {at: "2017-02-18 17:00", verdict: LAWFUL, bases: [d1], cite: "memorandum, line 1 (fictional)"}
""",
}
"""A county whose law turns on a question."""


def small_rulebook(folder: Path) -> Path:
    """The law of the fictional state alone, in a folder of its own."""
    for part in PARTS:
        source, target = RULEBOOK / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
    (folder / "us" / "place.yaml").write_text(NATION)
    heather = folder / "us" / "zz" / "heather"
    heather.mkdir()
    for name, text in HEATHER.items():
        (heather / name).write_text(text)
    return folder


def table(folder: Path, text: str = TABLE, name: str = "people.yaml") -> Path:
    """A table of people on disk."""
    path = folder / name
    path.write_text(text)
    return path
