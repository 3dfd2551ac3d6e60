"""Acts of a day whose hour nobody knows: the verdict is definite where every hour gives the same."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import authority_strategies as invented
from authority_strategies import Story, at
from habeas.authority.doubts import DATE
from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Regimen
from habeas.authority.unknowns import settled
from habeas.law.artefact import Artefact
from habeas.law.documents import Tree
from habeas.law.rulebook import Rulebook
from small_engine import answers, differences, regimen_of

OLD = """
provisions:
  - {id: may, on: instrument, kinds: [immigration-detainer], effect: may-hold, stratum: hold, cite: old}
  - id: cap
    on: instrument
    kinds: [immigration-detainer]
    effect: cap
    cite: old
    limits: {strata: [hold]}
    clock: {anchor: releasable_at, length: %s, on_repeat: once, cite: old}
"""
VOTE = """
acts:
  - {id: enacts, does: enacts, from: {earliest: 2017-03-08, latest: 2017-03-09}, known: {earliest: 2017-03-08, latest: 2017-03-09}, cite: vote}
  - {id: repeals, does: repeals, from: {earliest: 2017-03-08, latest: 2017-03-09}, known: {earliest: 2017-03-08, latest: 2017-03-09}, cite: vote, targets: [us/zz/juniper/2010-old]}
"""
BARS = (
    VOTE
    + """
provisions:
  - {id: bars, on: instrument, kinds: [immigration-detainer], effect: must-not-hold, cite: new}
"""
)
HOLDS = (
    VOTE
    + """
provisions:
  - {id: may, on: instrument, kinds: [immigration-detainer], effect: may-hold, stratum: hold, cite: new, when: {if: instrument.complete}}
  - id: cap
    on: instrument
    kinds: [immigration-detainer]
    effect: cap
    cite: new
    limits: {strata: [hold]}
    clock: {anchor: releasable_at, length: %s, on_repeat: once, cite: new}
"""
)
CASE = """
events:
  - {at: "2017-03-06 08:00", event: Arrested, booking: b1, charge: c1, class: misdemeanor}
  - {at: "2017-03-06 09:00", event: FirstAppearance, booking: b1}
  - {at: "2017-03-06 10:00", event: DetainerLodged, instrument: d1, kind: immigration-detainer, complete: "%s"}
  - {at: "2017-03-07 12:00", event: BondPosted, charge: c1}
ask:
"""


def ask(text: str, verdict: str) -> str:
    return f'  - {{at: "{text}", known: "2017-06-01 00:00", verdict: {verdict}, cite: x}}\n'


def test_where_both_texts_hold_the_day_of_the_vote_is_lawful() -> None:
    law = regimen_of({"2010-old": OLD % "24h", "2017-new": HOLDS % "72h"})
    asks = "".join(
        [
            ask("2017-03-08 00:00", "LAWFUL"),
            ask("2017-03-08 11:59:59", "LAWFUL"),
            ask("2017-03-08 12:00", "UNDETERMINED"),
            ask("2017-03-09 00:00", "LAWFUL"),
            ask("2017-03-10 12:00", "UNLAWFUL"),
        ]
    )
    assert differences(CASE % "true" + asks, law) == []


def test_the_vote_and_a_fact_that_nobody_stated_are_placed_together() -> None:
    """Before the vote the old text holds whatever the paper lacks; after it only a whole paper holds."""
    law = regimen_of({"2010-old": OLD % "72h", "2017-new": HOLDS % "72h"})
    asks = ask("2017-03-07 13:00", "LAWFUL") + ask("2017-03-08 09:00", "UNDETERMINED")
    assert differences(CASE % "?unstated" + asks, law) == []
    found = answers(CASE % "?unstated" + asks, law)[1]
    told = {missing.atom[0]: missing for missing in found.unknown}
    assert set(told) == {"law", "instrument"}
    assert told["law"].atom[2] == DATE
    assert told["law"].says == "when exactly, within the bounds its sources give: Invented text [vote]"


def test_after_every_window_the_hour_of_the_vote_does_not_matter() -> None:
    law = regimen_of({"2010-old": OLD % "4h", "2017-new": BARS})
    asks = ask("2017-03-07 15:59:59", "LAWFUL") + ask("2017-03-08 09:00", "UNLAWFUL")
    assert differences(CASE % "true" + asks, law) == []


def test_a_ban_that_may_have_begun_leaves_the_day_open_and_says_from_when_it_would_bite() -> None:
    law = regimen_of({"2010-old": OLD % "72h", "2017-new": BARS})
    (found,) = answers(CASE % "true" + ask("2017-03-08 09:00", "UNDETERMINED"), law)
    assert found.verdict is Verdict.UNDETERMINED
    (missing,) = found.unknown
    assert dict(missing.settles) == {
        "until 2017-03-08 09:00 EST (UTC-05:00)": Verdict.UNLAWFUL,
        "after 2017-03-08 09:00 EST (UTC-05:00)": Verdict.LAWFUL,
    }


@pytest.mark.parametrize(("unsure", "says"), [("unsure_places: [us/zz/juniper]", "covers the place")])
def test_a_place_that_may_be_covered_is_named(unsure: str, says: str) -> None:
    bars = BARS.replace("cite: vote}", f"cite: vote, scope: {{places: [us/zz/elsewhere], {unsure}}}}}", 1)
    law = regimen_of(
        {
            "2010-old": OLD % "72h",
            "2017-new": bars.split("  - {id: repeals", maxsplit=1)[0] + BARS[BARS.index("provisions") :],
        }
    )
    (found,) = answers(CASE % "true" + ask("2017-03-09 09:00", "UNDETERMINED"), law)
    assert found.verdict is Verdict.UNDETERMINED
    (missing,) = found.unknown
    assert says in missing.says
    assert dict(missing.settles) == {"yes": Verdict.UNLAWFUL, "no": Verdict.LAWFUL}


# ------------------------------------------------------------------------------- the law of laws


DAYS = ("2017-02-03", "2017-02-06", "2017-02-09")


@st.composite
def doubted(draw: st.DrawFn, artefact: Artefact) -> tuple[Artefact, Artefact]:
    """The same law with the dates of some texts known only to a few days, and with them settled."""
    texts = {name: deepcopy(tree) for name, tree in artefact.enactments.items()}
    sharp = deepcopy(texts)
    for name in sorted(texts):
        if not name.startswith(invented.PLACE) or draw(st.booleans()):
            continue
        first = draw(st.integers(1, 12))
        last = first + draw(st.integers(1, 3))
        exact = f"2017-02-{draw(st.integers(first, last - 1)):02d} {draw(st.integers(0, 23)):02d}:{draw(st.integers(0, 59)):02d}"
        vague: Tree = {"earliest": f"2017-02-{first:02d}", "latest": f"2017-02-{last:02d}"}
        known = draw(st.booleans())
        for made, date in ((texts, vague), (sharp, exact)):
            acts = made[name]["acts"]
            assert isinstance(acts, list), "an enactment has acts"
            made[name]["acts"] = [
                {**act, "from": date, **({"known": date} if known else {})}
                for act in acts
                if isinstance(act, dict)
            ]
    return replace(artefact, enactments=texts), replace(artefact, enactments=sharp)


@settings(max_examples=60, deadline=None)
@given(st.data(), invented.artefacts(), invented.stories(complete=True), invented.asked)
def test_refining_a_doubt_of_law_never_turns_a_definite_answer(
    data: st.DataObject, artefact: Artefact, story: Story, hours: list[int]
) -> None:
    vague, sharp = (Regimen(Rulebook(each, {})) for each in data.draw(doubted(artefact)))
    poor = data.draw(st.one_of(st.just(story), invented.poorer(story)))
    one, other = poor.inquiry(vague), poor.inquiry(sharp)
    definite = [(hour, settled(one, at(hour))) for hour in hours]
    definite = [(hour, found) for hour, found in definite if found in {Verdict.LAWFUL, Verdict.UNLAWFUL}]
    assume(definite)
    for hour, found in definite:
        assert settled(other, at(hour)) is found
