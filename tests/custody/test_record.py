"""The record: a fold as known at an instant, what may be supposed of it, and what is wrong with it."""

import pytest

from habeas.custody.anomalies import AnomalyKind
from habeas.custody.coverage import EVERYTHING, Coverage
from habeas.custody.events import (
    Admitted,
    Arrested,
    BailSet,
    DetainerLodged,
    DetainerServed,
    DetainerWithdrawn,
    Released,
    Retracted,
    Stated,
    TollingBegan,
)
from habeas.custody.facts import Collection
from habeas.custody.record import CustodyRecord, MixedPersons, fold
from habeas.kernel.evidence import DISPUTED, SourceRef
from habeas.kernel.identifiers import PersonId, digest_of
from habeas.kernel.instants import FOREVER
from habeas.kernel.places import EVERYWHERE
from small_stories import BOOKING, CHARGE, DETAINER, PERSON, at, ref, told, when

ADMITTED = told(Admitted, "04 08:00", BOOKING, event_id="admitted")
LODGED = told(DetainerLodged, "04 10:00", DETAINER, event_id="lodged", form="I-247A")
SERVED = told(DetainerServed, "05 10:00", DETAINER, event_id="served")


def served(record: CustodyRecord) -> object:
    return record.row("instrument", "d1").facts_at(at("09 00:00")).get("served_at")


class TestKnowledge:
    late = told(DetainerServed, "05 10:00", DETAINER, known="07 09:00")

    def test_what_was_recorded_later_does_not_show_earlier(self) -> None:
        assert served(fold([LODGED, self.late], known_at=at("07 08:59:59"))) is None
        assert served(fold([LODGED, self.late], known_at=at("07 09:00"))) == at("05 10:00")

    def test_a_correction_replaces_from_when_it_is_known_and_both_remain(self) -> None:
        corrected = told(DetainerServed, "05 16:00", DETAINER, known="08 00:00", corrects="served")
        record = fold([LODGED, SERVED, corrected])
        assert served(record) == at("05 16:00")
        assert served(record.as_known_at(at("07 23:59:59"))) == at("05 10:00")
        assert SERVED in record.told

    def test_a_retraction_takes_back_from_when_it_is_known(self) -> None:
        taken_back = told(Retracted, "05 10:00", known="08 00:00", corrects="served")
        record = fold([LODGED, SERVED, taken_back])
        assert served(record) is None
        assert taken_back not in record.events
        assert served(record.as_known_at(at("07 23:59:59"))) == at("05 10:00")

    def test_taking_back_a_correction_revives_nothing(self) -> None:
        corrected = told(
            DetainerServed, "05 16:00", DETAINER, event_id="2nd", known="08 00:00", corrects="served"
        )
        taken_back = told(Retracted, "05 10:00", known="09 00:00", corrects="2nd")
        assert served(fold([LODGED, SERVED, corrected, taken_back])) is None

    def test_before_anything_is_known_the_record_is_empty(self) -> None:
        record = fold([LODGED], known_at=at("01 00:00"))
        assert (record.events, record.rows("instrument"), record.episodes) == ((), (), ())
        assert record.person == PERSON


class TestRows:
    def test_there_is_always_one_person(self) -> None:
        (person,) = fold([], person=PERSON).rows("person")
        assert person.facts_at(at("04 00:00")) == {"id": PERSON}

    def test_rows_are_ordered_by_identity(self) -> None:
        record = fold([told(Arrested, "04 10:00", BOOKING, charge=frozenset({"c2", "c1"}))])
        assert [row.id for row in record.rows("charge")] == ["c1", "c2"]

    def test_a_row_that_is_not_there_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            fold([LODGED]).row("instrument", "d9")

    def test_an_event_that_states_nothing_makes_its_row(self) -> None:
        assert [row.id for row in fold([told(Stated, "04 10:00", ref("c7"))]).rows("charge")] == ["c7"]


class TestSupposing:
    def test_a_supposed_value_holds_at_every_instant_and_names_no_event(self) -> None:
        record = fold([LODGED, SERVED]).supposing({("instrument", "d1", "served_at"): at("04 12:00")})
        assert served(record) == at("04 12:00")
        assert record.row("instrument", "d1").source_of("served_at") is None
        assert served(fold([LODGED, SERVED])) == at("05 10:00")

    def test_supposing_a_fact_unknown_makes_it_unknown(self) -> None:
        assert served(fold([LODGED, SERVED]).supposing({("instrument", "d1", "served_at"): None})) is None

    def test_supposing_a_row_makes_it(self) -> None:
        record = fold([LODGED]).supposing({("charge", "c1", "class"): "felony"})
        assert record.row("charge", "c1").facts_at(at("04 00:00")) == {"id": "c1", "class": "felony"}

    def test_suppositions_add_up(self) -> None:
        one: tuple[Collection, str, str] = ("charge", "c1", "class")
        other: tuple[Collection, str, str] = ("charge", "c1", "drug")
        record = fold([LODGED]).supposing({one: "felony"}).supposing({other: True})
        assert record.assumptions == {one: "felony", other: True}

    def test_a_row_supposed_by_itself(self) -> None:
        row = fold([LODGED]).row("instrument", "d1").supposing({"form": "I-247D"})
        assert row.facts_at(at("04 00:00"))["form"] == "I-247D"


class TestPlacing:
    released = told(Released, when("06", "release"), BOOKING)

    def test_a_placed_point_is_certain_everywhere(self) -> None:
        record = fold([ADMITTED, self.released])
        assert set(record.uncertain) == {"release"}
        placed = record.placing({"release": at("06 12:00")})
        assert placed.episodes[0].end == at("06 12:00")
        assert placed.row("booking", "b1").facts_at(at("07 00:00"))["released_at"] == at("06 12:00")
        assert (placed.in_custody(at("06 11:59:59")), placed.in_custody(at("06 12:00"))) == (True, False)
        assert placed.uncertain == {}

    def test_terms_are_placed_too(self) -> None:
        lodged = told(DetainerLodged, "04 10:00", DETAINER, issued_at=when("03", "issue"))
        placed = fold([lodged]).placing({"issue": at("03 09:00")})
        assert placed.row("instrument", "d1").facts_at(at("04 00:00"))["issued_at"] == at("03 09:00")

    def test_placing_another_point_changes_nothing(self) -> None:
        record = fold([ADMITTED, self.released])
        assert record.placing({"another": at("06 12:00")}).events == record.events

    def test_a_point_cannot_lie_outside_its_bounds(self) -> None:
        with pytest.raises(ValueError, match="cannot be placed"):
            _ = fold([ADMITTED, self.released]).placing({"release": at("07 00:00")}).events


class TestWithEvent:
    def test_one_more_event(self) -> None:
        assert served(fold([LODGED]).with_event(SERVED)) == at("05 10:00")
        assert fold([LODGED]).with_event(SERVED) == fold([SERVED, LODGED])

    def test_one_not_yet_known_does_not_show(self) -> None:
        record = fold([LODGED], known_at=at("04 12:00")).with_event(SERVED)
        assert served(record) is None
        assert served(record.as_known_at(FOREVER)) == at("05 10:00")

    def test_one_of_another_person_is_refused(self) -> None:
        other = Released(
            id=SERVED.id, person=PersonId("person-2"), at=at("05 10:00"), known_at=at("05 10:00")
        )
        with pytest.raises(MixedPersons, match="of one person") as refused:
            fold([LODGED, other])
        assert "person-2" not in str(refused.value)
        with pytest.raises(MixedPersons):
            fold([LODGED]).with_event(other)

    def test_a_record_is_somebodys(self) -> None:
        with pytest.raises(ValueError, match="whose it is"):
            fold([])


class TestDigest:
    def test_the_same_facts_have_one_digest(self) -> None:
        assert fold([LODGED, SERVED]).digest == fold([SERVED, LODGED, SERVED]).digest
        assert fold([LODGED, SERVED]).digest == fold([LODGED, SERVED], known_at=at("30 00:00")).digest

    def test_any_other_fact_has_another(self) -> None:
        source = SourceRef(digest_of(b""), "roster", 3)
        cover = Coverage(facts=EVERYTHING, places=frozenset({EVERYWHERE}), source=source)
        records = [
            fold([LODGED]),
            fold([LODGED, SERVED]),
            fold([LODGED, SERVED], known_at=at("04 12:00")).supposing({("charge", "c1", "drug"): True}),
            fold([LODGED], coverage=[cover]),
            fold([told(DetainerLodged, "04 10:00", DETAINER, event_id="lodged", form="I-247D")]),
            fold([told(DetainerLodged, "04 10:00", DETAINER, event_id="lodged", form=DISPUTED)]),
            fold([told(DetainerLodged, "04 10:00", DETAINER, event_id="lodged", boxes=frozenset({"a"}))]),
            fold([told(DetainerLodged, "04", DETAINER, event_id="lodged", form="I-247A")]),
            fold([told(DetainerLodged, "04", DETAINER, event_id="lodged", form="I-247A")]).placing(
                {"2017-03-04": at("04 10:30")}
            ),
        ]
        assert len({record.digest for record in records}) == len(records)

    def test_the_digest_is_pinned(self) -> None:
        # Another text for the same facts would break every digest ever cited: change it only with
        # a decision and a version.
        assert fold([LODGED]).digest == (
            "sha256:ce31f53097d06e3f165f5ed8729cabfadb1c33b34c9c0284712cd27bf7162267"
        )


class TestAnomalies:
    def test_two_values_at_one_instant_are_disputed(self) -> None:
        other = told(Stated, "04 10:00", DETAINER, form="I-247D")
        record = fold([LODGED, other])
        (anomaly,) = record.anomalies
        assert (anomaly.kind, anomaly.fact, anomaly.about) == (AnomalyKind.DISPUTED_VALUE, "form", DETAINER)
        assert set(anomaly.events) == {LODGED, other}
        assert record.row("instrument", "d1").missing("form") is DISPUTED
        assert "instrument [d1] form" in anomaly.sentence

    def test_two_sources_that_agree_are_not(self) -> None:
        assert fold([LODGED, told(Stated, "04 10:00", DETAINER, form="I-247A")]).anomalies == ()

    def test_not_knowing_disputes_nothing(self) -> None:
        assert fold([LODGED, told(Stated, "04 10:00", DETAINER, form=DISPUTED)]).anomalies == ()

    @pytest.mark.parametrize(
        ("kind", "anomaly"),
        [
            (DetainerServed, AnomalyKind.SERVED_BEFORE_LODGED),
            (DetainerWithdrawn, AnomalyKind.WITHDRAWN_BEFORE_LODGED),
        ],
    )
    def test_a_paper_served_or_recalled_before_it_came(
        self, kind: type[DetainerServed], anomaly: AnomalyKind
    ) -> None:
        early = told(kind, "04 09:59", DETAINER)
        assert [found.kind for found in fold([LODGED, early]).anomalies] == [anomaly]
        assert fold([LODGED, told(kind, "04 10:00", DETAINER)]).anomalies == ()
        assert fold([LODGED, told(kind, "04", DETAINER)]).anomalies == ()
        assert fold([early]).anomalies == ()

    def test_one_identity_of_two_events(self) -> None:
        twin = told(DetainerServed, "06 10:00", DETAINER, event_id="served")
        record = fold([LODGED, SERVED, twin])
        assert [found.kind for found in record.anomalies] == [AnomalyKind.ONE_ID_TWO_EVENTS]
        assert len(record.events) == 3
        assert record == fold([twin, SERVED, LODGED])

    def test_the_same_event_told_twice_is_told_once(self) -> None:
        assert fold([LODGED, LODGED]).events == (LODGED,)
        assert fold([LODGED, LODGED]).anomalies == ()

    def test_a_correction_of_nothing(self) -> None:
        stray = told(BailSet, "04 10:00", CHARGE, corrects="nothing")
        assert [found.kind for found in fold([stray]).anomalies] == [AnomalyKind.CORRECTS_NOTHING]
        assert len(fold([stray], known_at=at("04 10:00")).anomalies) == 1
        assert fold([stray], known_at=at("04 09:59:59")).anomalies == ()

    def test_what_is_corrected_is_no_longer_wrong(self) -> None:
        early = told(DetainerServed, "04 09:59", DETAINER, event_id="early")
        right = told(DetainerServed, "04 10:59", DETAINER, known="08 00:00", corrects="early")
        assert fold([LODGED, early, right]).anomalies == ()
        assert len(fold([LODGED, early, right], known_at=at("07 00:00")).anomalies) == 1

    def test_a_suspension_without_an_end_is_no_anomaly(self) -> None:
        assert fold([told(TollingBegan, "04 10:00", CHARGE, clock="hearing")]).anomalies == ()
