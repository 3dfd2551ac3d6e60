"""The gate in several processes comes to what it comes to in one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from habeas.desk.lawgate import Sources, gate
from habeas.desk.library import library
from habeas.desk.processors import processors

if TYPE_CHECKING:
    from habeas.authority.gate import GateReport

BUNDLED = Path(__file__).resolve().parents[2] / "src" / "habeas" / "rulebook"
KEPT = (
    "vocabulary.yaml",
    "us/place.yaml",
    "us/zz/place.yaml",
    "us/zz/order.yaml",
    "us/zz/juniper/place.yaml",
)
ORDINANCE = """
schema: 1
title: Holds in Juniper (fictional)
kind: county-ordinance
body: us/zz/juniper/board
cite: Juniper Ord. 1 (fictional)
acts:
  - {id: enacts, does: enacts, from: 2017-02-01, known: 2017-02-01, cite: Juniper Ord. 1 (fictional)}
provisions:
  - id: honour
    on: instrument
    kinds: [immigration-detainer]
    effect: may-hold
    stratum: hold
    cite: Juniper Ord. 1, s. 1 (fictional)
    when: {if: instrument.complete}
tests:
  - name: a complete paper
    place: us/zz/juniper
    custodian: county-jail
    complete: everything
    events:
      - {at: "2017-02-01 06:00", event: Admitted, booking: b1}
      - {at: "2017-02-01 06:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, complete: "true"}
    ask:
      - {at: "2017-02-01 06:00", verdict: LAWFUL, bases: [d1], cite: s. 1}
equivalent:
  - {mutant: "#honour when: without [instrument.complete]", reason: nobody here lodges a paper that is not complete}
  - {mutant: "#honour when: the opposite of [instrument.complete]", reason: "wrong, for a test notices it"}
"""


def small(folder: Path) -> Path:
    for name in KEPT:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text((BUNDLED / name).read_text(encoding="utf-8"), encoding="utf-8")
    nation = "schema: 1\nname: Nation\nkind: nation\nzone: UTC\n"
    (folder / "us/place.yaml").write_text(nation, encoding="utf-8")
    (folder / "us/zz/juniper/2017-holds.yaml").write_text(ORDINANCE, encoding="utf-8")
    return folder


def measured(folder: Path, processes: int) -> GateReport:
    sources = Sources(folder=folder, cache=folder / "cache")
    rulebook = library(sources.folder, cache=sources.cache).rulebook
    said: list[str] = []
    report = gate(rulebook, sources=sources, processes=processes, watch=said.append)
    assert said, "progress is told"
    return report


def test_two_processes_come_to_what_one_comes_to(tmp_path: Path) -> None:
    folder = small(tmp_path)
    one, two = measured(folder, 1), measured(folder, 2)
    assert {(f.mutant.label, f.survives) for f in one.fates} == {
        (f.mutant.label, f.survives) for f in two.fates
    }
    assert set(one.edges) == set(two.edges)
    assert {(limb.path, limb.is_covered) for limb in one.limbs} == {
        (limb.path, limb.is_covered) for limb in two.limbs
    }
    assert one.cells == two.cells


def test_an_annotation_of_a_mutant_that_some_share_notices_is_found_when_all_are_joined(
    tmp_path: Path,
) -> None:
    report = measured(small(tmp_path), 2)
    assert report.unused == ("us/zz/juniper/2017-holds#honour when: the opposite of [instrument.complete]",)
    assert [limb.reason for limb in report.limbs] == ["nobody here lodges a paper that is not complete"]


def test_there_is_a_processor() -> None:
    assert processors() >= 1
