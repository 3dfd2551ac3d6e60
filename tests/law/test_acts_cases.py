"""The hard cases that turn on acts alone, each as known then and with hindsight.

The laws are abridged to what acts do; dates and citations are those of the public record as
`law.md` part 8 and the rulebook state them, and what is disputed there is disputed here.
"""

from __future__ import annotations

import pytest

from habeas.law.acts import Guard
from habeas.law.enactments import Enactment, Limb
from small_laws import Asked, act, enactment, law_of, scope, tree

# ------------------------------------------------------------------- 1 and 2: Miami-Dade

MIAMI = tree("us/fl/miami-dade")
R_1008_13 = enactment(
    "us/fl/miami-dade/2013-r-1008-13",
    act("adopts", "enacts", "2014-01-01", known="2013-12-03", cite="Res. R-1008-13"),
    clauses="limits",
)
DIRECTIVE = enactment(
    "us/fl/miami-dade/2017-directive",
    act("directs", "enacts", "2017-01-26", cite="Mayor's memorandum, 26 Jan 2017"),
    clauses="honor",
)
R_163_17 = enactment(
    "us/fl/miami-dade/2017-r-163-17",
    act("amends", "amends", "2017-02-17", "us/fl/miami-dade/2013-r-1008-13", cite="Res. R-163-17"),
    clauses="cooperate",
)
SB_168 = enactment(
    "us/fl/2019-sb168",
    act("enacts", "enacts", "2019-07-01", known="2019-06-14", cite="Fla. ch. 2019-102"),
    act(
        "preempts",
        "preempts",
        "2019-07-01",
        "us/fl/miami-dade/2017-r-163-17",
        known="2019-06-14",
        cite="ch. 2019-102",
    ),
    clauses="duty",
)
OLD, MEMO, NEW = (
    "us/fl/miami-dade/2013-r-1008-13#limits",
    "us/fl/miami-dade/2017-directive#honor",
    "us/fl/miami-dade/2017-r-163-17#cooperate",
)


@pytest.mark.parametrize(
    ("at", "old", "memo", "new"),
    [
        ("2013-12-31T23:59:59", False, False, False),
        ("2014-01-01", True, False, False),
        ("2017-01-25T23:59:59", True, False, False),
        ("2017-01-26", True, True, False),
        ("2017-02-16T23:59:59", True, True, False),
        ("2017-02-17", False, True, True),
        ("2019-06-30T23:59:59", False, True, True),
        ("2019-07-01", False, True, False),
    ],
)
def test_memo_beside_the_unrepealed_resolution_then_ratified_then_preempted(
    at: str, old: bool, memo: bool, new: bool
) -> None:
    """Preempting the amendment of 2017 does not resurrect the resolution of 2013."""
    law = Asked(law_of(MIAMI, R_1008_13, DIRECTIVE, R_163_17, SB_168), "us/fl/miami-dade")
    for known in (at, "2026-01-01"):
        assert law.force(OLD, at, known) is old
        assert law.force(MEMO, at, known) is memo
        assert law.force(NEW, at, known) is new


def lacroix(bound: str, *stays: Enactment) -> Asked:
    """The ruling of March 2017 under one reading of whom it bound."""
    who = scope(bound=bound) if bound else scope()
    ruling = enactment(
        "us/fl/miami-dade/2017-lacroix-v-junior",
        act("grants", "suspends", "2017-03-03", NEW, scope=who, cite="LaCroix v. Junior"),
        clauses="",
    )
    reversal = enactment(
        "us/fl/2018-junior-v-lacroix",
        act(
            "reverses",
            "reverses",
            "start",
            "us/fl/miami-dade/2017-lacroix-v-junior",
            known="2018-12-27",
            disposes="3D17-452",
            cite="263 So. 3d 159",
        ),
        clauses="",
    )
    return Asked(law_of(MIAMI, R_163_17, ruling, reversal, *stays), "us/fl/miami-dade")


AUTOMATIC_STAY = enactment(
    "us/fl/1978-rap-9310",
    act(
        "stays",
        "stays",
        "2017-03-03",
        "us/fl/miami-dade/2017-lacroix-v-junior",
        proceeding="3D17-452",
        cite="rule 9.310(b)(2)",
    ),
    clauses="",
)
THEN, HINDSIGHT = "2017-03-04T10:00", "2019-01-01"


def party(guard: Guard) -> bool:
    """Whether the guard is the petitioner's, asked for the petitioner."""
    return isinstance(guard.condition, Limb) and "lacroix-v-junior" in guard.condition.text


@pytest.mark.parametrize(
    ("known", "petitioner", "another", "nobody_knows"),
    [(THEN, False, True, None), (HINDSIGHT, True, True, True)],
)
def test_lacroix_for_the_petitioner_only(
    known: str, petitioner: bool, another: bool, nobody_knows: bool | None
) -> None:
    law = lacroix('"lacroix-v-junior" in person.party_to')
    assert law.force(NEW, THEN, known, guard=party) is petitioner
    assert law.force(NEW, THEN, known, guard=False) is another
    assert law.force(NEW, THEN, known, guard=None) is nobody_knows


@pytest.mark.parametrize(("known", "expected"), [(THEN, False), (HINDSIGHT, True)])
def test_lacroix_jail_wide_and_not_stayed(known: str, expected: bool) -> None:
    law = lacroix("")
    assert law.force(NEW, THEN, known) is expected
    assert law.force(NEW, "2017-03-02T23:59:59", known) is True


@pytest.mark.parametrize("known", [THEN, HINDSIGHT])
def test_lacroix_jail_wide_and_stayed(known: str) -> None:
    law = lacroix("", AUTOMATIC_STAY)
    assert law.force(NEW, THEN, known) is True
    assert law.force("us/fl/1978-rap-9310", "2018-12-27") is False, "spent with the appeal"
    assert law.force("us/fl/1978-rap-9310", "2018-12-26", known) is True


# --------------------------------------------------------------------------- 3: Texas SB 4

TEXAS = tree("us/tx/travis", zone="America/Chicago")
SB_4 = enactment(
    "us/tx/2017-sb4",
    act("enacts", "enacts", "2017-09-01", known="2017-05-07", cite="Tex. SB 4 (85R)"),
    clauses="detainer endorse",
)
INJUNCTION = enactment(
    "us/tx/2017-el-cenizo",
    act("detainers", "suspends", "2017-08-30", "us/tx/2017-sb4#detainer", cite="264 F. Supp. 3d 744"),
    act("endorsing", "suspends", "2017-08-30", "us/tx/2017-sb4#endorse", cite="264 F. Supp. 3d 744"),
    clauses="",
)
PARTIAL_STAY = enactment(
    "us/tx/2017-el-cenizo-stay",
    act(
        "stays",
        "stays",
        "2017-09-25",
        "us/tx/2017-el-cenizo!detainers",
        proceeding="17-50762",
        cite="order of 25 Sep 2017",
    ),
    clauses="",
)
AFFIRMED = enactment(
    "us/tx/2018-el-cenizo",
    # Withdrawn and substituted on 8 May 2018: a second citation of one act (890 F.3d 164).
    act(
        "reverses",
        "reverses",
        "start",
        "us/tx/2017-el-cenizo!detainers",
        known="2018-03-13",
        disposes="17-50762",
        cite="885 F.3d 332; 890 F.3d 164",
    ),
    clauses="",
)
DETAINER, ENDORSE = "us/tx/2017-sb4#detainer", "us/tx/2017-sb4#endorse"


@pytest.mark.parametrize(
    ("at", "then", "hindsight"),
    [
        ("2017-08-31T23:59:59", False, False),
        ("2017-09-01", False, True),
        ("2017-09-24T23:59:59", False, True),
        ("2017-09-25", True, True),
        ("2018-03-12T23:59:59", True, True),
        ("2018-03-13", True, True),
        ("2018-04-20", True, True),
        ("2018-05-08", True, True),
    ],
)
def test_texas_enjoined_before_birth_stayed_reversed_and_not_enjoined_anew(
    at: str, then: bool, hindsight: bool
) -> None:
    law = Asked(law_of(TEXAS, SB_4, INJUNCTION, PARTIAL_STAY, AFFIRMED), "us/tx/travis")
    assert law.force(DETAINER, at, known=at) is then
    assert law.force(DETAINER, at, known="2019-01-01") is hindsight
    for known in (at, "2019-01-01"):
        assert law.force(ENDORSE, at, known) is False, "neither stayed nor reversed"


def test_texas_without_hindsight_of_the_opinion_the_stay_still_holds() -> None:
    law = Asked(law_of(TEXAS, SB_4, INJUNCTION, PARTIAL_STAY, AFFIRMED), "us/tx/travis")
    assert law.force(DETAINER, "2018-04-20", known="2018-03-12") is True
    assert law.force("us/tx/2017-el-cenizo-stay", "2018-04-20", known="2018-03-12") is True
    assert law.force("us/tx/2017-el-cenizo-stay", "2018-04-20") is False


# ------------------------------------------------------------------------------ 4: Illinois

ILLINOIS = tree("us/il/kankakee", "us/il/cook", "us/il/adams", zone="America/Chicago")
BAIL_LAW = enactment("us/il/1963-bail", act("enacts", "enacts", "start", cite="725 ILCS 5/110"))
SAFE_T = enactment(
    "us/il/2021-safe-t-act",
    act("amends", "amends", "2023-01-01", "us/il/1963-bail", known="2021-02-22", cite="P.A. 101-652"),
)
KANKAKEE = enactment(
    "us/il/2022-kankakee",
    act(
        "suspends",
        "suspends",
        "2022-12-28",
        "us/il/2021-safe-t-act",
        reaches="whole",
        scope=scope("us/il/kankakee", unsure_places="us/il", except_places="us/il/cook"),
        cite="21st Jud. Cir., 28 Dec 2022",
    ),
    clauses="",
)


def illinois(reach: str = "whole") -> Asked:
    stay = enactment(
        "us/il/2022-supreme-court-stay",
        act(
            "stays",
            "stays",
            "2022-12-31",
            "us/il/2021-safe-t-act",
            reaches=reach,
            proceeding="129248",
            cite="order of 31 Dec 2022",
        ),
        clauses="",
    )
    rowe = enactment(
        "us/il/2023-rowe-v-raoul",
        act(
            "reverses", "reverses", "start", "us/il/2022-kankakee", known="2023-07-18", cite="2023 IL 129248"
        ),
        act(
            "lifts",
            "lifts",
            "2023-09-18",
            "us/il/2022-supreme-court-stay",
            known="2023-07-18",
            cite="2023 IL 129248",
        ),
        clauses="",
    )
    return Asked(law_of(ILLINOIS, BAIL_LAW, SAFE_T, KANKAKEE, stay, rowe), "us/il/cook")


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [("us/il/cook", False, True), ("us/il/kankakee", True, False), ("us/il/adams", None, None)],
)
def test_illinois_as_known_on_30_december_2022_splits_by_county(
    place: str, old: bool | None, new: bool | None
) -> None:
    law = illinois()
    assert law.force("us/il/1963-bail", "2023-01-01", "2022-12-30", place=place) is old
    assert law.force("us/il/2021-safe-t-act", "2023-01-01", "2022-12-30", place=place) is new


@pytest.mark.parametrize(
    ("at", "old", "new"),
    [
        ("2022-12-31T23:59:59", True, False),
        ("2023-01-01", True, False),
        ("2023-07-18", True, False),
        ("2023-09-17T23:59:59", True, False),
        ("2023-09-18", False, True),
    ],
)
def test_illinois_one_bail_law_holds_throughout_the_stay(at: str, old: bool, new: bool) -> None:
    law = illinois()
    for known in (at, "2026-01-01"):
        for place in ("us/il/cook", "us/il/kankakee"):
            assert law.force("us/il/1963-bail", at, known, place=place) is old
            assert law.force("us/il/2021-safe-t-act", at, known, place=place) is new


def test_illinois_a_stay_of_the_text_alone_would_leave_no_bail_law() -> None:
    law = illinois("text")
    assert law.force("us/il/1963-bail", "2023-03-01", place="us/il/cook") is False
    assert law.force("us/il/2021-safe-t-act", "2023-03-01", place="us/il/cook") is False


def test_illinois_the_delayed_lift_is_foreseen_once_decided() -> None:
    law = illinois()
    assert law.force("us/il/2021-safe-t-act", "2023-10-01", known="2023-07-17") is False
    assert law.force("us/il/2021-safe-t-act", "2023-10-01", known="2023-07-18") is True


# ------------------------------------------------------------------------ 5: North Carolina

CAROLINA = tree("us/nc/wake")
HB_10 = enactment(
    "us/nc/2024-hb10", act("enacts", "enacts", "2024-12-01", cite="S.L. 2024-55"), clauses="clock"
)


@pytest.mark.parametrize("begins", ["2025-10-01", "2025-12-01"])
def test_north_carolina_old_offences_keep_the_old_anchor(begins: str) -> None:
    """The two dates are the alternatives of a question; either way the offence date decides."""
    after = scope(bound=f'charge.offence_at >= "{begins}"')
    hb_318 = enactment(
        "us/nc/2025-hb318",
        act(
            "amends",
            "amends",
            begins,
            "us/nc/2024-hb10#clock",
            scope=after,
            known="2025-07-29",
            cite="HB 318",
        ),
        clauses="clock",
    )
    law = Asked(law_of(CAROLINA, HB_10, hb_318), "us/nc/wake")
    old, new = "us/nc/2024-hb10#clock", "us/nc/2025-hb318#clock"
    assert law.force(old, "2025-09-30", guard=True) is True
    for newer, expected_old, expected_new in ((True, False, True), (False, True, False), (None, None, None)):
        assert law.force(old, begins, guard=newer) is expected_old
        assert law.force(new, begins, guard=newer) is expected_new


# ------------------------------------------------- a duty with a warrant against a county ban


def test_a_duty_over_a_ban_reaches_only_requests_with_a_warrant() -> None:
    ban = enactment("us/fl/miami-dade/2018-ban", act("enacts", "enacts", "2018-01-01"))
    duty = enactment(
        "us/fl/2019-duty",
        act("enacts", "enacts", "2019-07-01"),
        act(
            "preempts",
            "preempts",
            "2019-07-01",
            "us/fl/miami-dade/2018-ban",
            scope=scope(bound="instrument.warrant_attached"),
        ),
    )
    law = Asked(law_of(MIAMI, ban, duty), "us/fl/miami-dade")
    for warrant, banned in ((True, False), (False, True), (None, None)):
        assert law.force("us/fl/miami-dade/2018-ban", "2019-08-01", guard=warrant) is banned
