"""Evaluators made from conditions: quantifiers, gaps, uncertain instants, traces and edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from habeas.kernel.instants import (
    DAY,
    FOREVER,
    HOUR,
    NEVER,
    Instant,
    Precision,
    UncertainInstant,
    parse_instant,
    shifted,
    zone,
)
from habeas.kernel.kleene import Kleene
from habeas.law.compile import COMPLETE, Compiled, Facts, LimbValue, compile_condition
from habeas.law.conditions import AT, FactRef, Holds, TypedAll, TypedAny, TypedLimb
from habeas.law.enactments import All, AnyOf, Condition, Gap, Limb, Not, Quantified
from habeas.law.vocabulary import FactSpec, FactType, Vocabulary

VOCABULARY = Vocabulary(
    FactSpec(name, kind, (), "for tests")
    for name, kind in (
        ("person.adult", FactType.BOOL),
        ("person.party_to", FactType.SET),
        ("charge.class", FactType.CODE),
        ("charge.offence_at", FactType.INSTANT),
        ("charge.listed", FactType.BOOL),
        ("instrument.complete", FactType.BOOL),
        ("instrument.lodged_at", FactType.INSTANT),
        ("instrument.served_at", FactType.INSTANT),
        ("booking.arrested_at", FactType.INSTANT),
        ("setting.population", FactType.NUMBER),
    )
)
NOON = parse_instant("2017-03-04T12:00Z")
FELONY = Limb('charge.class == "felony"', cite="s. 1")
EARLY = Limb("charge.offence_at < 2017-01-01T00:00Z", cite="s. 2")
HELD = All((Limb("at >= instrument.lodged_at", "s. 3"), Limb("at < instrument.lodged_at + 48h", "s. 4")))
BEFORE, AFTER = Instant(parse_instant("2016-06-01T00:00Z")), Instant(parse_instant("2017-02-01T00:00Z"))


def made(condition: Condition | None, subject: str = "person") -> Compiled:
    return compile_condition(condition, VOCABULARY, subject=subject)


def facts(kind: str = "person", /, **parts: Any) -> Facts:
    given: dict[str, Any] = {"at": NOON, "subject_kind": kind, **parts}
    return Facts(**given)


def both_ways(condition: Condition | None, asked: Facts) -> Kleene:
    """The value, which the quick and the explaining evaluator must share."""
    compiled = made(condition, asked.subject_kind)
    value = compiled.evaluate(asked)
    assert compiled.trace(asked)[0] is value
    return value


class TestQuantifiers:
    LISTED, UNLISTED, UNSEEN = ({"class": "felony"}, {"class": "petty"}, dict[str, Any]())

    @pytest.mark.parametrize(
        ("rows", "complete", "some", "every", "no", "two"),
        [
            # of nothing, when all rows are known
            ([], True, False, True, True, False),
            ([LISTED], True, True, True, False, False),
            ([UNLISTED], True, False, False, True, False),
            ([UNSEEN], True, None, None, None, False),
            ([LISTED, UNLISTED], True, True, False, False, False),
            ([LISTED, LISTED], True, True, True, False, True),
            ([LISTED, UNSEEN], True, True, None, False, None),
            ([UNLISTED, UNSEEN], True, None, False, None, False),
            ([UNSEEN, UNSEEN], True, None, None, None, None),
            ([UNSEEN, LISTED, UNLISTED, LISTED], True, True, False, False, True),
            # there may be rows that nobody has shown
            ([], False, None, None, None, None),
            ([LISTED], False, True, None, False, None),
            ([UNLISTED], False, None, False, None, None),
            ([LISTED, LISTED], False, True, None, False, True),
            ([LISTED, UNLISTED], False, True, False, False, None),
        ],
    )
    def test_rows_known_and_not(  # each column is a quantifier's value
        self,
        rows: list[dict[str, Any]],
        complete: bool,
        some: Kleene,
        every: Kleene,
        no: Kleene,
        two: Kleene,
    ) -> None:
        numbered = [{"id": f"c{index}", **row} for index, row in enumerate(rows)]
        asked = facts(rows={"charge": numbered}, complete={"charge": complete})
        for quantifier, least, expected in (
            ("some", 1, some),
            ("every", 1, every),
            ("no", 1, no),
            ("count", 2, two),
        ):
            assert both_ways(Quantified(quantifier, "charge", FELONY, least), asked) is expected, quantifier

    def test_a_collection_of_which_nothing_is_said_is_not_complete(self) -> None:
        assert both_ways(Quantified("no", "charge", FELONY), facts()) is None
        assert both_ways(Quantified("no", "charge", FELONY), facts(complete={"charge": True})) is True

    def test_all_limbs_are_asked_of_the_same_row(self) -> None:
        asked = facts(
            rows={"charge": [
                {"id": "c1", "class": "felony", "offence_at": AFTER},
                {"id": "c2", "class": "petty", "offence_at": BEFORE},
            ]},
            complete={"charge": True},
        )  # fmt: skip
        assert both_ways(Quantified("some", "charge", All((FELONY, EARLY))), asked) is False
        apart = All((Quantified("some", "charge", FELONY), Quantified("some", "charge", EARLY)))
        assert both_ways(apart, asked) is True

    def test_a_row_is_compared_with_the_subject_and_the_person(self) -> None:
        later = Limb("charge.offence_at > instrument.lodged_at")
        condition = Quantified("some", "charge", All((later, Limb("person.adult"))))
        rows = {"charge": [{"id": "c1", "offence_at": AFTER}]}
        asked = facts(
            "instrument",
            subject={"id": "d1", "lodged_at": BEFORE},
            person={"id": "p", "adult": True},
            rows=rows,
        )
        assert both_ways(condition, asked) is True
        assert (
            both_ways(
                condition,
                facts("instrument", subject={"id": "d1", "lodged_at": NOON}, person=asked.person, rows=rows),
            )
            is None
        )

    def test_inside_a_quantifier_over_its_own_kind_the_name_means_the_row(self) -> None:
        condition = All((Limb("charge.listed"), Quantified("some", "charge", Not(Limb("charge.listed")))))
        own = {"id": "c1", "listed": True}
        other = {"id": "c2", "listed": False}
        assert both_ways(condition, facts("charge", subject=own, rows={"charge": [own, other]})) is True
        alone = facts("charge", subject=own, rows={"charge": [own]}, complete={"charge": True})
        assert both_ways(condition, alone) is False

    def test_the_subject_is_itself_again_after_the_quantifier(self) -> None:
        some = Quantified("some", "charge", Not(Limb("charge.listed")))
        condition = All((Limb("charge.listed"), some, Limb("charge.listed")))
        own, other = {"id": "c1", "listed": True}, {"id": "c2", "listed": False}
        assert both_ways(condition, facts("charge", subject=own, rows={"charge": [other]})) is True


class TestUnknown:
    def test_a_gap_is_unknown_unless_the_rest_decides(self) -> None:
        gap = Gap("the county's written policy", cite="s. 9")
        asked = facts(person={"id": "p", "adult": False})
        assert both_ways(gap, asked) is None
        assert both_ways(Not(gap), asked) is None
        assert both_ways(All((gap, Limb("person.adult"))), asked) is False
        assert both_ways(AnyOf((gap, Not(Limb("person.adult")))), asked) is True

    def test_missing_and_none_are_alike(self) -> None:
        for person in ({"id": "p"}, {"id": "p", "adult": None}):
            assert both_ways(Limb("person.adult"), facts(person=person)) is None

    def test_enactments_are_asked_of_whoever_knows(self) -> None:
        status: Mapping[str, Kleene] = {"us/zz/a": True, "us/zz/b": False, "us/zz/c": None}
        for name, expected in status.items():
            assert both_ways(Limb(f'in_force("{name}")'), facts(in_force=status.__getitem__)) is expected
        assert both_ways(Limb('in_force("us/zz/a")'), facts()) is None

    def test_what_never_happened_is_later_than_every_instant(self) -> None:
        asked = facts("instrument", subject={"id": "d1", "served_at": NEVER, "lodged_at": NEVER})
        assert both_ways(Limb("at >= instrument.served_at"), asked) is False
        assert both_ways(Limb("at < instrument.served_at - 48h"), asked) is True
        assert both_ways(Limb("instrument.served_at < instrument.lodged_at + 48h"), asked) is False
        assert both_ways(Limb("instrument.served_at <= instrument.lodged_at - 48h"), asked) is True

    def test_what_is_added_to_a_fact_counts_against_a_date(self) -> None:
        limb = Limb("charge.offence_at + 48h > 2017-02-02T00:00Z")
        for days, expected in ((-1, False), (0, True)):
            charge = {"id": "c1", "offence_at": Instant(AFTER + days * DAY)}
            assert both_ways(limb, facts("charge", subject=charge)) is expected

    def test_no_condition_always_holds(self) -> None:
        assert both_ways(None, facts()) is True
        assert made(None).trace(facts()) == (True, ())
        assert made(None).edges(facts()) == []

    def test_of_no_parts_all_is_true_and_any_false(self) -> None:
        for tree, expected in ((TypedAll(()), True), (TypedAny(()), False)):
            compiled = Compiled(tree, subject="person")
            assert compiled.evaluate(facts()) is expected
            assert compiled.trace(facts()) == (expected, ())


class TestUncertainInstants:
    DAY_LONG = UncertainInstant(NOON, Instant(NOON + DAY), Precision.DAY, "d1.lodged_at")

    @pytest.mark.parametrize(
        ("hours", "value"),
        [(-1, False), (0, None), (12, None), (24, True), (47, True), (48, None), (71, None), (72, False)],
    )
    def test_a_clock_from_an_uncertain_day_is_unknown_at_both_ends(self, hours: int, value: Kleene) -> None:
        asked = facts(
            "instrument", at=Instant(NOON + hours * HOUR), subject={"id": "d1", "lodged_at": self.DAY_LONG}
        )
        assert both_ways(HELD, asked) is value

    def test_an_instant_derived_from_another_keeps_its_distance(self) -> None:
        asked = facts(
            "instrument",
            subject={"id": "d1", "lodged_at": self.DAY_LONG, "served_at": shifted(self.DAY_LONG, HOUR)},
        )
        assert both_ways(Limb("instrument.served_at > instrument.lodged_at"), asked) is True
        assert both_ways(Limb("instrument.served_at >= instrument.lodged_at + 1h"), asked) is True
        assert both_ways(Limb("instrument.served_at > instrument.lodged_at + 1h"), asked) is False
        other = UncertainInstant(NOON, Instant(NOON + DAY), Precision.DAY, "d1.served_at")
        strangers = facts("instrument", subject={"id": "d1", "lodged_at": self.DAY_LONG, "served_at": other})
        assert both_ways(Limb("instrument.served_at > instrument.lodged_at"), strangers) is None


class TestTrace:
    def test_every_limb_says_what_it_read(self) -> None:
        condition = All((Limb("person.adult", "s. 1"), AnyOf((HELD, Gap("the annex", "s. 5")))))
        asked = facts(
            "instrument", subject={"id": "d1", "lodged_at": NOON}, person={"id": "p1", "adult": False}
        )
        value, limbs = made(condition, "instrument").trace(asked)
        read = (("instrument", "d1", "lodged_at", NOON),)
        assert value is False
        assert limbs == (
            LimbValue("when.all[0]", "person.adult", "s. 1", False, (("person", "p1", "adult", False),)),
            LimbValue("when.all[1].any[0].all[0]", "at >= instrument.lodged_at", "s. 3", True, read),
            LimbValue("when.all[1].any[0].all[1]", "at < instrument.lodged_at + 48h", "s. 4", True, read),
            LimbValue("when.all[1].any[1]", "the annex", "s. 5", None, node="gap"),
        )

    def test_a_quantifier_says_each_row_then_itself(self) -> None:
        condition = Quantified("some", "charge", All((FELONY, Limb("setting.population > 5"))), cite="s. 6")
        rows = [{"id": "c1", "class": "petty"}, {"id": "c2"}]
        asked = facts(rows={"charge": rows}, setting={"population": 9})
        people = (("setting", "", "population", 9),)
        value, limbs = made(condition).trace(asked)
        assert value is None
        assert limbs == (
            LimbValue(
                "when.some.all[0]", FELONY.text, "s. 1", False, (("charge", "c1", "class", "petty"),), "c1"
            ),
            LimbValue("when.some.all[1]", "setting.population > 5", "", True, people, "c1"),
            LimbValue(
                "when.some.all[0]", FELONY.text, "s. 1", None, (("charge", "c2", "class", None),), "c2"
            ),
            LimbValue("when.some.all[1]", "setting.population > 5", "", True, people, "c2"),
            LimbValue(
                "when", "some charge", "s. 6", None, (("charge", "", COMPLETE, False),), node="quantified"
            ),
        )
        _, limbs = made(condition).trace(facts(rows={"charge": rows}, complete={"charge": True}))
        assert limbs[-1].facts == ()

    def test_an_enactment_is_read_like_a_fact(self) -> None:
        _, (limb,) = made(Limb('in_force("us/zz/a")')).trace(facts())
        assert limb.facts == (("enactment", "us/zz/a", "in_force", None),)

    def test_the_root_names_the_field(self) -> None:
        compiled = compile_condition(HELD, VOCABULARY, subject="instrument", root="only_if")
        assert [limb.path for limb in compiled.trace(facts("instrument"))[1]] == [
            "only_if.all[0]",
            "only_if.all[1]",
        ]

    def test_texts_with_quotes_and_braces_stay_texts(self) -> None:
        text = "charge.class == 'a {b} \"c\" \\'".replace("\\", "")
        gap = Gap("the \"annex\" {x}\n'y' \\", cite="s. {0}")
        _, limbs = made(All((Quantified("some", "charge", Limb(text)), gap))).trace(facts())
        assert (limbs[-1].text, limbs[-1].cite) == (gap.missing, gap.cite)
        rows = {"charge": [{"id": "c1", "class": 'a {b} "c" '}]}
        assert both_ways(Quantified("some", "charge", Limb(text)), facts(rows=rows)) is True


class TestShortCircuit:
    def test_once_settled_no_limb_is_asked(self) -> None:
        asked: list[str] = []

        def status(name: str) -> Kleene:
            asked.append(name)
            return True

        condition = All((Limb("person.adult"), Limb('in_force("us/zz/a")')))
        minor = facts(person={"id": "p", "adult": False}, in_force=status)
        assert made(condition).evaluate(minor) is False
        assert asked == []
        assert made(condition).trace(minor)[0] is False
        assert asked == ["us/zz/a"]

    def test_unknown_settles_nothing(self) -> None:
        condition = All((Limb("person.adult"), Limb('in_force("us/zz/a")')))
        assert made(condition).evaluate(facts(in_force={"us/zz/a": False}.__getitem__)) is False


class TestEdges:
    def edges(self, condition: Condition, **subject: Any) -> list[int]:
        return [*made(condition, "instrument").edges(facts("instrument", subject={"id": "d1", **subject}))]

    @pytest.mark.parametrize(
        ("limb", "edge"),
        [
            ("at >= instrument.lodged_at", 0),
            ("at < instrument.lodged_at", 0),
            ("at > instrument.lodged_at", 1),
            ("at <= instrument.lodged_at", 1),
            ("instrument.lodged_at < at", 1),
            ("instrument.lodged_at <= at", 0),
            ("at < instrument.lodged_at + 48h", 48 * HOUR),
            ("at - 48h < instrument.lodged_at", 48 * HOUR),
            ("at + 1h >= instrument.lodged_at - 1h", -2 * HOUR),
        ],
    )
    def test_a_comparison_flips_at_the_first_instant_of_its_new_value(self, limb: str, edge: int) -> None:
        assert self.edges(Limb(limb), lodged_at=NOON) == [NOON + edge]

    def test_of_an_uncertain_instant_both_ends_are_edges(self) -> None:
        day = UncertainInstant(NOON, Instant(NOON + DAY), Precision.DAY, "k")
        assert self.edges(Limb("at >= instrument.lodged_at"), lodged_at=day) == [NOON, NOON + DAY - 1]
        assert self.edges(Limb("at > instrument.lodged_at"), lodged_at=day) == [NOON + 1, NOON + DAY]

    def test_of_open_ends_unknowns_and_other_comparisons_there_are_none(self) -> None:
        assert self.edges(HELD, lodged_at=FOREVER) == []
        assert self.edges(HELD, lodged_at=None) == []
        assert self.edges(HELD) == []
        assert (
            self.edges(Limb("instrument.served_at < instrument.lodged_at"), lodged_at=NOON, served_at=NOON)
            == []
        )
        assert self.edges(AnyOf((Limb("instrument.complete"), Gap("x"))), complete=True) == []

    def test_each_comes_once_and_in_order_from_rows_people_and_dates(self) -> None:
        condition = All((
            Not(HELD),
            Limb("at < instrument.lodged_at + 48h"),
            Quantified("every", "booking", Limb("at >= booking.arrested_at - 1h")),
            Limb("at >= 2017-03-01T00:00Z"),
        ))  # fmt: skip
        rows = {
            "booking": [
                {"id": "b1", "arrested_at": NOON},
                {"id": "b2", "arrested_at": NOON + DAY},
                {"id": "b3"},
            ]
        }
        asked = facts("instrument", subject={"id": "d1", "lodged_at": NOON}, rows=rows)
        assert made(condition, "instrument").edges(asked) == [
            parse_instant("2017-03-01T00:00Z"), NOON - HOUR, NOON, NOON + DAY - HOUR, NOON + 48 * HOUR,
        ]  # fmt: skip


class TestWhatACompiledConditionTells:
    def test_what_it_reads_and_leans_on(self) -> None:
        compiled = made(
            All((HELD, Limb('in_force("us/zz/a")'), Quantified("no", "charge", FELONY))), "instrument"
        )
        assert compiled.reads == {AT, FactRef("instrument", "lodged_at"), FactRef("charge", "class")}
        assert compiled.collections == {"charge"}
        assert compiled.enactments == {"us/zz/a"}

    def test_days_are_those_of_the_zone(self) -> None:
        limb = Limb("at >= 2017-03-04")
        east = compile_condition(limb, VOCABULARY, subject="person", zone=zone("America/New_York"))
        assert east.edges(facts()) == [parse_instant("2017-03-04T05:00Z")]

    @pytest.mark.parametrize(
        "fact", [FactRef("os", "path"), FactRef("person", "x') or ("), FactRef("person", "")]
    )
    def test_a_damaged_tree_makes_no_code(self, fact: FactRef) -> None:
        compiled = Compiled(TypedLimb(Holds(fact), "x"), subject="person")
        with pytest.raises(ValueError, match="expected a fact"):
            compiled.evaluate(facts())
        with pytest.raises(ValueError, match="expected a fact"):
            compiled.trace(facts())
