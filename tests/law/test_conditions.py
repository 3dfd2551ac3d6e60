"""The limb language: what it says, how it is spelt, and how it refuses."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from habeas.kernel.instants import DAY, HOUR, MINUTE, SECOND, parse_instant, zone
from habeas.law.checking import ConditionError, LimbTable, checked
from habeas.law.conditions import (
    AT,
    DEEPEST,
    CodeTest,
    Comparison,
    Contains,
    FactRef,
    FixedInstant,
    Holds,
    InForce,
    InstantTest,
    LimbTest,
    Moment,
    NumberTest,
    OneOf,
    TypedAll,
    TypedAny,
    TypedGap,
    TypedLimb,
    TypedNot,
    TypedQuantified,
    collections,
    decoded,
    duration_text,
    enactments,
    encoded,
    reads,
    text_of,
    walk,
)
from habeas.law.enactments import All, AnyOf, Condition, Gap, Limb, Not, Quantified
from habeas.law.limb_types import limb_test
from habeas.law.limbs import LimbError
from habeas.law.vocabulary import FactSpec, FactType, Vocabulary

EAST = zone("America/New_York")
FORMS = ("I-247:2012", "I-247A", "I-247D")


def fact(name: str, kind: FactType, *values: str) -> FactSpec:
    return FactSpec(name, kind, values, "for tests")


VOCABULARY = Vocabulary(
    [
        fact("person.adult", FactType.BOOL),
        fact("person.party_to", FactType.SET),
        fact("charge.class", FactType.CODE, "felony", "misdemeanor"),
        fact("charge.offence", FactType.CODE),
        fact("charge.offence_at", FactType.INSTANT),
        fact("instrument.complete", FactType.BOOL),
        fact("instrument.form", FactType.CODE, *FORMS),
        fact("instrument.boxes", FactType.SET, "1", "2"),
        fact("instrument.lodged_at", FactType.INSTANT),
        fact("instrument.served_at", FactType.INSTANT),
        fact("instrument.note", FactType.TEXT),
        fact("booking.released_at", FactType.INSTANT),
        fact("setting.population", FactType.NUMBER),
        fact("setting.capacity", FactType.NUMBER),
        fact("setting.listed", FactType.SET),
    ]
)
LODGED, SERVED = FactRef("instrument", "lodged_at"), FactRef("instrument", "served_at")
FORM, CLASS = FactRef("instrument", "form"), FactRef("charge", "class")
POPULATION, CAPACITY = FactRef("setting", "population"), FactRef("setting", "capacity")
LESS, AT_MOST, MORE, AT_LEAST = Comparison.LESS, Comparison.AT_MOST, Comparison.MORE, Comparison.AT_LEAST


def limb(text: str) -> LimbTest:
    return limb_test(text, VOCABULARY, EAST)


def in_east(text: str) -> FixedInstant:
    return FixedInstant(parse_instant(text, EAST))


class TestWhatALimbSays:
    @pytest.mark.parametrize(
        ("text", "test"),
        [
            ("instrument.complete", Holds(FactRef("instrument", "complete"))),
            ('in_force("us/zz/2000-code")', InForce("us/zz/2000-code")),
            ("at >= instrument.served_at", InstantTest(Moment(AT), AT_LEAST, Moment(SERVED))),
            ("at<instrument.lodged_at+48h", InstantTest(Moment(AT), LESS, Moment(LODGED, 48 * HOUR))),
            ("instrument.lodged_at + 1h 30m > at", InstantTest(Moment(LODGED, 90 * MINUTE), MORE, Moment(AT))),
            ("at - 30s <= instrument.lodged_at", InstantTest(Moment(AT, -30 * SECOND), AT_MOST, Moment(LODGED))),
            ("at < instrument.lodged_at + 7d - 1h", InstantTest(Moment(AT), LESS, Moment(LODGED, 7 * DAY - HOUR))),
            ("instrument.served_at < instrument.lodged_at", InstantTest(Moment(SERVED), LESS, Moment(LODGED))),
            ('charge.class == "felony"', CodeTest(CLASS, Comparison.EQUAL, "felony")),
            ("charge.class != 'felony'", CodeTest(CLASS, Comparison.DIFFERENT, "felony")),
            ('"felony" == charge.class', CodeTest(CLASS, Comparison.EQUAL, "felony")),
            ("instrument.note == charge.offence", CodeTest(FactRef("instrument", "note"), Comparison.EQUAL, FactRef("charge", "offence"))),
            ('instrument.form in ["I-247A", "I-247D"]', OneOf(FORM, ("I-247A", "I-247D"))),
            ("setting.population in [1, -2,]", OneOf(POPULATION, (1, -2))),
            ("setting.population >= 100000", NumberTest(POPULATION, AT_LEAST, 100000)),
            ("- 3 < setting.population", NumberTest(POPULATION, MORE, -3)),
            ("setting.population == setting.capacity", NumberTest(POPULATION, Comparison.EQUAL, CAPACITY)),
            ('"1" in instrument.boxes', Contains(FactRef("instrument", "boxes"), "1")),
            ("charge.offence in setting.listed", Contains(FactRef("setting", "listed"), FactRef("charge", "offence"))),
            ("  at\n >= instrument.served_at ", InstantTest(Moment(AT), AT_LEAST, Moment(SERVED))),
        ],
    )  # fmt: skip
    def test_it_is_read_as_what_it_asks(self, text: str, test: LimbTest) -> None:
        assert limb(text) == test

    @pytest.mark.parametrize(
        ("written", "instant"),
        [
            ("2024-12-01", "2024-12-01T00:00-05:00"),
            ("2024-07-01", "2024-07-01T00:00-04:00"),
            ("2024-12-01T10:30", "2024-12-01T10:30-05:00"),
            ("2024-12-01 10:30:15.5", "2024-12-01T10:30:15.5-05:00"),
            ("2024-12-01T10:30Z", "2024-12-01T05:30-05:00"),
            ("2024-12-01T10:30+02:00", "2024-12-01T03:30-05:00"),
            ("2024-12-01 + 48h", "2024-12-03T00:00-05:00"),
        ],
    )
    def test_a_day_begins_in_the_zone_and_a_time_is_local_to_it(self, written: str, instant: str) -> None:
        said = limb(f"charge.offence_at >= {written}")
        assert said == InstantTest(Moment(FactRef("charge", "offence_at")), AT_LEAST, in_east(instant))

    @pytest.mark.parametrize(
        "text",
        [
            "instrument.complete",
            'in_force("us/zz/2000-code")',
            "at >= instrument.served_at",
            "at < instrument.lodged_at + 2d 3h 4m 5s",
            "at - 1h < instrument.lodged_at",
            "charge.offence_at >= 2024-12-01T05:00:00Z",
            'charge.class != "felony"',
            "charge.offence == 'the \"listed\" one'",
            'instrument.form in ["I-247A", "I-247D"]',
            "setting.population in [1, -2]",
            "setting.population <= -100",
            '"1" in instrument.boxes',
            "charge.offence in setting.listed",
        ],
    )
    def test_the_canonical_spelling_reads_back(self, text: str) -> None:
        assert text_of(limb(text)) == text

    def test_durations_are_elapsed_time(self) -> None:
        assert duration_text(0) == "0s"
        assert duration_text(48 * HOUR) == "2d"
        assert duration_text(DAY + HOUR + MINUTE + SECOND) == "1d 1h 1m 1s"


REFUSED = [
    ("", 1, "a fact or a comparison", "nothing"),
    ("instrument.serve_at", 1, "a fact of the vocabulary", "[instrument.serve_at] (did you mean instrument.served_at?)"),
    ("at >= charge.served_at", 7, "a fact of the vocabulary", "[charge.served_at] (did you mean instrument.served_at?)"),
    ("instrument.served_at", 1, "a comparison with an instant, as in `at >= instrument.served_at`", "[instrument.served_at], an instant by itself"),
    ("at", 1, "a comparison with an instant", "[at] by itself"),
    ("charge.class", 1, "a comparison with a code", "[charge.class], a code by itself"),
    ('"felony"', 1, "a fact or a comparison", '["felony"]'),
    # slips of habit
    ("person.adult && instrument.complete", 14, "under `all:`", "[&&]"),
    ("person.adult and instrument.complete", 14, "under `all:`", "[and]"),
    ("person.adult || instrument.complete", 14, "under `any:`", "[||]"),
    ("person.adult or instrument.complete", 14, "under `any:`", "[or]"),
    ("!person.adult", 1, "under `not:`", "[!]"),
    ("not person.adult", 1, "under `not:`", "[not]"),
    ("person.adult == true", 17, "the fact by itself, or under `not:`", "[true]"),
    ('charge.class = "felony"', 14, "== for equality", "[=]"),
    ('charge.class is "felony"', 14, "== or !=", "[is]"),
    ("at => instrument.served_at", 4, "one of < <= > >= == !=", "[=>]"),
    ("at <> instrument.served_at", 4, "one of < <= > >= == !=", "[<>]"),
    ("(person.adult)", 1, "without parentheses", "[(]"),
    ("at < now", 6, "`at`: no rule reads a clock", "[now]"),
    ("charge.class == \u201cfelony\u201d", 17, "straight quotes", "[\u201c]"),
    ("at < instrument.lodged_at + duration('48h')", 29, "without `duration(...)`", "[duration(]"),
    ("at > timestamp('2024-12-01T00:00:00Z')", 6, "without `timestamp(...)`", "[timestamp('2024-12-01T00:00:00Z')]"),
    ("at < duration('48h')", 6, "without `duration(...)`", "[duration('48h')]"),
    ("charge.class == 'felony' ? 1 : 2", 26, "under `any:`", "[?]"),
    # instants and durations
    ("at == instrument.served_at", 4, "one of < <= > >= between instants", "[==]"),
    ("at < 48h", 6, "an instant first", "[48h], a duration"),
    ("at < 48h + instrument.lodged_at", 6, "the instant first", "[48h + instrument.lodged_at]"),
    ("at < instrument.lodged_at + 48 hours", 29, "a duration such as 48h", "[48 hours]"),
    ("at < instrument.lodged_at + 2w", 29, "a duration such as 48h", "[2w]"),
    ("at < instrument.lodged_at + 48 h", 29, "a duration such as 48h", "[48 h]"),
    ("at < instrument.lodged_at + 48", 29, "a duration such as 48h", "[48]"),
    ("at - instrument.lodged_at < 48h", 4, "two instants, as in", "[- instrument.lodged_at]"),
    ("at < at + 48h", 6, "two different instants", "[at + 48h] on both sides"),
    ("instrument.lodged_at < instrument.lodged_at + 48h", 24, "two different instants", "on both sides"),
    ("at < instrument.lodged_at + 40000d", 6, "at most 36525d of elapsed time", "[instrument.lodged_at + 40000d]"),
    ("2024-12-01 < 2024-12-02", 1, "a fact on at least one side", "[2024-12-01]"),
    ("at < setting.population", 6, "an instant on both sides", "[setting.population], a number"),
    ("at < instrument.lodged_at < instrument.served_at", 27, "the end of the limb", "[<]"),
    ("at >= 2024-12-1", 7, "a date such as 2024-12-01", "[2024-12-1]"),
    ("at >= 12/01/2024", 7, "a date such as 2024-12-01", "[12/01/2024]"),
    ("at >= 2024-13-01", 7, "one point in time", "[2024-13-01]"),
    ("at >= 2024-11-03T01:30", 7, "happened twice", "[2024-11-03T01:30]"),
    ("at >= 2024-03-10T02:30", 7, "one point in time", "[2024-03-10T02:30]"),
    ("at > 2024-12-01", 6, "the day from which on", "as if a day were a point"),
    ("at <= 2024-12-01", 7, "the day from which on", "as if a day were a point"),
    ("2024-12-01 >= at", 1, "the day from which on", "as if a day were a point"),
    ("at < 9999-12-31T23:00Z + 7d", 6, "a year from 1 to 9999", "[9999-12-31T23:00Z + 7d]"),
    # codes, texts, sets, numbers
    ('charge.class == "felon"', 17, "for [charge.class] one of felony, misdemeanor", "[felon]"),
    ('charge.class > "felony"', 14, "== or != for a code", "[>]"),
    ("charge.class == 3", 17, "a text in quotes or a code fact", "[3]"),
    ("charge.class == felony", 17, "a fact of the vocabulary", "[felony]"),
    ("charge.class == charge.class", 17, "two different facts", "[charge.class] on both sides"),
    ("instrument.form == I-247A", 20, "a text in quotes such as", "[I-247A]"),
    ("instrument.form in []", 20, "at least one value", "an empty list"),
    ('instrument.form in ["I-247A" "I-247D"]', 30, "] or a comma", '["I-247D"]'),
    ('instrument.form in ["I-247A", "I-247A"]', 20, "each value once", "[I-247A] again"),
    ('instrument.form in ["I-247B"]', 20, "for [instrument.form] one of", "[I-247B]"),
    ('instrument.form in "I-247A"', 20, "a set fact, or a list", '["I-247A"]'),
    ('instrument.boxes == "1"', 1, "a membership, as in", "[instrument.boxes], a set compared"),
    ('"3" in instrument.boxes', 1, "for [instrument.boxes] one of 1, 2", "[3]"),
    ("setting.population in instrument.boxes", 1, "a text in quotes or a code fact", "a number"),
    ("person.adult in [1]", 1, "a code, text or number fact", "[person.adult], a bool"),
    ('setting.population > "x"', 22, "a whole number", '["x"]'),
    ('setting.population in ["x"]', 23, "numbers for [setting.population]", "[x]"),
    ("charge.class in [1]", 17, "texts in quotes for [charge.class]", "[1]"),
    ("setting.population > 1.5", 22, "a whole number", "[1.5]"),
    ("setting.population * 2 > 5", 20, "limbs do not calculate", "[*]"),
    ("setting.population + 2h > 5", 1, "a duration added to an instant only", "[setting.population + 2h]"),
    ("setting.population > 9999999999999999", 22, "a number of at most", "[9999999999999999]"),
    ("setting.population in [9999999999999999]", 23, "a number of at most", "[9999999999999999]"),
    ("5 + 2h < setting.population", 1, "a duration added to an instant only", "[5 + 2h]"),
    ("person.adult + 2h", 1, "a duration added to an instant only", "[person.adult + 2h]"),
    # enactments
    ("in_force()", 1, "one enactment, as in", "[in_force()]"),
    ('in_force("")', 1, "one enactment, as in", '[in_force("")]'),
    ('in_force("a", "b")', 1, "one enactment, as in", '[in_force("a", "b")]'),
    ('stayed("us/zz/code")', 1, "one enactment, as in", '[stayed("us/zz/code")]'),
    ('at > in_force("us/zz/code")', 6, "in_force(...) as a limb by itself", '[in_force("us/zz/code")]'),
    # unfinished and unreadable
    ("at <", 5, "a fact such as instrument.served_at, an instant, a number or a text in quotes", "the end"),
    ("instrument.form in", 19, "a list in [ ]", "the end"),
    ('charge.class == "felony', 17, "a closing quote", '["felony]'),
    ('charge.class == "fel\\ony"', 17, "without backslash", '["fel\\ony"]'),
    ("Person.adult", 1, "a fact in small letters", "[Person.adult]"),
    ("person.adult;", 13, "a fact or a comparison", "[;]"),
]  # fmt: skip


class TestHowALimbIsRefused:
    @pytest.mark.parametrize(("text", "column", "expected", "found"), REFUSED)
    def test_it_says_where_what_was_expected_and_what_stands_there(
        self, text: str, column: int, expected: str, found: str
    ) -> None:
        with pytest.raises(LimbError) as told:
            limb(text)
        assert (told.value.column, told.value.text) == (column, text)
        assert expected in told.value.expected
        assert found in told.value.found
        assert str(told.value).startswith(f"expected {told.value.expected}")

    def test_a_day_needs_a_zone_and_an_instant_with_its_offset_does_not(self) -> None:
        with pytest.raises(LimbError, match="no zone is known here"):
            limb_test("charge.offence_at >= 2024-12-01", VOCABULARY)
        with pytest.raises(LimbError, match="one point in time"):
            limb_test("charge.offence_at >= 2024-12-01T10:00", VOCABULARY)
        said = limb_test("charge.offence_at >= 2024-12-01T05:00Z", VOCABULARY)
        assert said == limb("charge.offence_at >= 2024-12-01")


def check(condition: Condition, subject: str = "instrument", limbs: LimbTable | None = None) -> object:
    return checked(condition, VOCABULARY, subject=subject, zone=EAST, limbs=limbs)


SERVED_YET = Limb("at >= instrument.served_at", cite="s. 1")
FELONY = Limb('charge.class == "felony"', cite="s. 2")
NESTED = All((SERVED_YET, Not(AnyOf((Limb("person.adult"), Gap("the annex", "s. 3"))), "s. 4")))
QUANTIFIED = AnyOf(
    (Quantified("count", "charge", All((FELONY, SERVED_YET)), 2, "s. 5"), Limb('in_force("us/zz/code")'))
)


class TestTrees:
    def test_the_tree_keeps_texts_and_citations(self) -> None:
        assert check(NESTED) == TypedAll(
            (
                TypedLimb(limb("at >= instrument.served_at"), "at >= instrument.served_at", "s. 1"),
                TypedNot(
                    TypedAny(
                        (TypedLimb(limb("person.adult"), "person.adult"), TypedGap("the annex", "s. 3"))
                    ),
                    "s. 4",
                ),
            )
        )

    def test_paths_name_every_node(self) -> None:
        tree = checked(All((NESTED, QUANTIFIED)), VOCABULARY, subject="instrument", root="only_if")
        leaves = (TypedLimb, TypedGap, TypedQuantified)
        assert [path for path, node in walk(tree, "only_if") if isinstance(node, leaves)] == [
            "only_if.all[0].all[0]",
            "only_if.all[0].all[1].not.any[0]",
            "only_if.all[0].all[1].not.any[1]",
            "only_if.all[1].any[0]",
            "only_if.all[1].any[0].count.all[0]",
            "only_if.all[1].any[0].count.all[1]",
            "only_if.all[1].any[1]",
        ]

    def test_what_it_reads_asks_of_and_leans_on(self) -> None:
        tree = checked(All((NESTED, QUANTIFIED)), VOCABULARY, subject="instrument")
        assert reads(tree) == {AT, SERVED, CLASS, FactRef("person", "adult")}
        assert collections(tree) == {"charge"}
        assert enactments(tree) == {"us/zz/code"}
        for nothing in (reads(None), collections(None), enactments(None), [*walk(None)]):
            assert not nothing

    def test_a_tree_is_json_and_comes_back(self) -> None:
        tree = checked(All((NESTED, QUANTIFIED)), VOCABULARY, subject="instrument")
        assert tree is not None
        assert decoded(encoded(tree)) == tree
        with pytest.raises(msgspec.ValidationError):
            decoded(b'{"node":"limb","test":{"node":"exec","code":"1"},"text":"x"}')

    def test_no_condition_stays_none(self) -> None:
        assert checked(None, VOCABULARY, subject="charge") is None

    def test_a_subject_is_one_of_the_four(self) -> None:
        with pytest.raises(ValueError, match=r"found \[agency\]"):
            checked(None, VOCABULARY, subject="agency")


def nested_deeply(levels: int) -> Condition:
    condition: Condition = SERVED_YET
    for _ in range(levels):
        condition = Not(condition)
    return condition


class TestWhatATreeRefuses:
    @pytest.mark.parametrize(
        ("condition", "subject", "path", "told"),
        [
            (FELONY, "instrument", "when", "other charge facts need some, every, no or count charge"),
            (All((SERVED_YET,)), "charge", "when.all[0]", "expected a fact of charge, person, setting"),
            (All(()), "charge", "when.all", "expected at least one condition, found none"),
            (AnyOf(()), "charge", "when.any", "expected at least one condition, found none"),
            (Gap(" "), "charge", "when", "expected what is missing, found nothing"),
            (Quantified("most", "charge", FELONY), "person", "when", "expected one of some, every, no, count"),
            (Quantified("some", "person", FELONY), "person", "when", "expected one of charge, instrument, booking"),
            (Quantified("some", "charge", Quantified("no", "charge", FELONY)), "person", "when.some", "they go one level deep"),
            (Quantified("some", "charge", All((FELONY, Not(Quantified("no", "instrument", SERVED_YET))))), "person", "when.some.all[1].not", "they go one level deep"),
            (Quantified("some", "charge", FELONY, at_least=2), "person", "when", "only for `count`"),
            (Quantified("count", "charge", FELONY, at_least=0), "person", "when", "at_least of 1 or more"),
            (Quantified("some", "charge", Limb("person.adult")), "person", "when", "a limb about the charge"),
            (Quantified("some", "charge", SERVED_YET), "person", "when.some", "expected a fact of charge, person, setting"),
            (nested_deeply(DEEPEST), "instrument", "when" + ".not" * DEEPEST, "expected at most 32 levels"),
            (Limb("person.adlut"), "person", "when", "did you mean person.adult"),
        ],
    )  # fmt: skip
    def test_it_says_where_and_why(self, condition: Condition, subject: str, path: str, told: str) -> None:
        with pytest.raises(ConditionError) as error:
            check(condition, subject)
        (problem,) = error.value.problems
        assert problem.path == path
        assert told in str(problem)

    def test_a_collection_with_a_gap_may_be_asked(self) -> None:
        assert check(Quantified("some", "charge", Gap("the list of offences")), "person") is not None

    def test_the_deepest_tree_is_taken(self) -> None:
        assert check(nested_deeply(DEEPEST - 1)) is not None

    def test_every_problem_is_told_at_once(self) -> None:
        condition = All((Limb("at > "), FELONY, Quantified("some", "charge", Limb("charge.claas"))))
        with pytest.raises(ConditionError) as error:
            check(condition)
        assert [problem.path for problem in error.value.problems] == [
            "when.all[0]",
            "when.all[1]",
            "when.all[2].some",
        ]
        assert error.value.problems[1].column == 1


class TestLimbTable:
    def test_limbs_are_read_once_and_kept_by_text(self) -> None:
        table: LimbTable = {}
        first = check(All((SERVED_YET, NESTED)), limbs=table)
        assert sorted(table) == ["at >= instrument.served_at", "person.adult"]
        table["person.adult"] = Holds(FactRef("instrument", "complete"))
        assert check(All((SERVED_YET, NESTED)), limbs=table) != first

    def test_a_date_is_kept_for_its_zone(self) -> None:
        table: LimbTable = {}
        dated = Limb("charge.offence_at >= 2024-12-01")
        for name in ("America/New_York", "America/Chicago"):
            checked(dated, VOCABULARY, subject="charge", zone=zone(name), limbs=table)
        assert sorted(table) == [f"{dated.text} @ America/Chicago", f"{dated.text} @ America/New_York"]
        first, second = (table[key] for key in sorted(table))
        assert first != second

    def test_a_limb_that_cannot_be_read_is_not_kept(self) -> None:
        table: LimbTable = {}
        with pytest.raises(ConditionError):
            check(Limb("person.adlut"), limbs=table)
        assert table == {}

    def test_with_the_table_at_hand_the_parser_is_never_imported(self) -> None:
        script = (
            "import sys\n"
            "from habeas.law.compile import compile_condition, Facts\n"
            "from habeas.law.conditions import FactRef, Holds\n"
            "from habeas.law.enactments import Limb\n"
            "from habeas.law.vocabulary import FactSpec, FactType, Vocabulary\n"
            "words = Vocabulary([FactSpec('person.adult', FactType.BOOL, (), 'x')])\n"
            "table = {'person.adult': Holds(FactRef('person', 'adult'))}\n"
            "made = compile_condition(Limb('person.adult'), words, subject='person', limbs=table)\n"
            "assert made.evaluate(Facts(at=1, subject_kind='person', person={'adult': True})) is True\n"
            "assert 'lark' not in sys.modules\n"
        )
        subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
