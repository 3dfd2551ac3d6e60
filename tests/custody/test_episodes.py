"""Custody episodes: who held the person where, and what the sources get wrong about it."""

import pytest

from habeas.custody.anomalies import AnomalyKind
from habeas.custody.events import (
    Admitted,
    Arrested,
    Booked,
    Died,
    Escaped,
    Event,
    Released,
    Returned,
    TemporaryAbsence,
    Transferred,
    TurnedOver,
)
from habeas.custody.record import CustodyRecord, fold
from habeas.kernel.instants import FOREVER, Precision, UncertainInstant
from small_stories import BOOKING, CHARGE, at, ref, told, when


def kinds(record: CustodyRecord) -> list[AnomalyKind]:
    return [anomaly.kind for anomaly in record.anomalies]


class TestOneEpisode:
    story = (
        told(Arrested, "04 02:00", BOOKING, custodian="sheriff", place="us/zz/juniper"),
        told(Booked, "04 03:00", BOOKING),
        told(Admitted, "04 05:00", BOOKING, facility="main", custodian_kind="county-jail"),
        told(Released, "06 18:00", BOOKING),
    )

    def test_runs_from_arrest_to_the_door(self) -> None:
        (episode,) = fold(self.story).episodes
        assert (episode.start, episode.end) == (at("04 02:00"), at("06 18:00"))
        assert (episode.custodian, episode.custodian_kind, episode.place) == (
            "sheriff",
            "county-jail",
            "us/zz/juniper",
        )
        assert (episode.ended_by, episode.bookings) == ("Released", frozenset({"b1"}))

    def test_covers_its_start_and_not_its_end(self) -> None:
        record = fold(self.story)
        assert record.in_custody(at("04 01:59:59")) is False
        assert record.in_custody(at("04 02:00")) is True
        assert record.in_custody(at("06 17:59:59")) is True
        assert record.in_custody(at("06 18:00")) is False
        assert record.episodes[0].covers(at("06 18:00")) is False

    def test_is_cut_into_spans_where_whereabouts_change(self) -> None:
        spans = fold(self.story).spans
        assert [span.start for span in spans] == [at("04 02:00"), at("04 05:00")]
        assert [span.facility for span in spans] == [None, "main"]
        assert [span.custodian_kind for span in spans] == [None, "county-jail"]
        assert spans[-1].end == at("06 18:00")

    def test_has_no_anomaly(self) -> None:
        assert fold(self.story).anomalies == ()

    def test_without_an_end_is_open(self) -> None:
        record = fold(self.story[:-1])
        assert (record.episodes[0].end, record.episodes[0].ended_by) == (FOREVER, None)
        assert record.in_custody(at("2030-01-01 00:00")) is True


class TestMovement:
    def test_a_transfer_changes_the_place_and_not_the_episode(self) -> None:
        record = fold(
            [
                told(
                    Admitted, "04 05:00", BOOKING, custodian="sheriff", facility="main", place="us/zz/juniper"
                ),
                told(Transferred, "05 05:00", BOOKING, facility="annex"),
            ]
        )
        assert len(record.episodes) == 1
        assert [span.facility for span in record.spans] == ["main", "annex"]
        assert [span.place for span in record.spans] == ["us/zz/juniper"] * 2

    def test_a_temporary_absence_is_custody(self) -> None:
        record = fold(
            [
                told(Admitted, "04 05:00", BOOKING, custodian="sheriff"),
                told(TemporaryAbsence, "05 09:00", BOOKING, left_for="court"),
                told(Returned, "05 15:00", BOOKING),
            ]
        )
        assert [span.away for span in record.spans] == [False, True, False]
        assert record.in_custody(at("05 12:00")) is True

    def test_a_turnover_ends_one_episode_and_begins_another_at_the_same_instant(self) -> None:
        record = fold(
            [
                told(Admitted, "04 05:00", BOOKING, custodian="sheriff", place="us/zz/juniper"),
                told(TurnedOver, "06 05:00", BOOKING, to="marshal", to_kind="federal", to_place="us/zz"),
            ]
        )
        first, second = record.episodes
        assert (first.end, first.ended_by) == (at("06 05:00"), "TurnedOver")
        assert (second.start, second.custodian, second.custodian_kind, second.place) == (
            at("06 05:00"),
            "marshal",
            "federal",
            "us/zz",
        )
        assert second.bookings == frozenset()
        assert record.anomalies == ()

    def test_a_handover_at_an_unknown_instant_leaves_no_gap(self) -> None:
        record = fold(
            [
                told(Admitted, "04 05:00", BOOKING, custodian="sheriff"),
                told(TurnedOver, "06", BOOKING, to="marshal"),
            ]
        )
        assert record.in_custody(at("06 12:00")) is True
        assert [span.covers(at("06 12:00")) for span in record.spans] == [None, None]
        assert len(record.spans_at(at("06 12:00"))) == 2
        assert len(record.spans_at(at("07 00:00"))) == 1

    def test_a_handover_leaves_no_gap_after_earlier_custody_that_ended(self) -> None:
        record = fold(
            [
                told(Admitted, "01 05:00", ref("b1"), custodian="sheriff"),
                told(Released, "02 05:00", ref("b1")),
                told(Admitted, "04 05:00", ref("b2"), custodian="sheriff"),
                told(TurnedOver, "06", ref("b2"), to="marshal"),
            ]
        )
        assert [record.in_custody(at(moment)) for moment in ("01 06:00", "03 00:00", "06 12:00")] == [
            True,
            False,
            True,
        ]

    def test_an_arrest_by_one_body_and_admission_by_another_is_a_handover(self) -> None:
        record = fold(
            [
                told(Arrested, "04 02:00", BOOKING, custodian="city", custodian_kind="city-lockup"),
                told(Admitted, "04 20:00", BOOKING, custodian="sheriff", custodian_kind="county-jail"),
            ]
        )
        assert [(e.custodian, e.custodian_kind, e.ended_by) for e in record.episodes] == [
            ("city", "city-lockup", "Admitted"),
            ("sheriff", "county-jail", None),
        ]
        assert record.anomalies == ()

    def test_an_admission_that_names_who_holds_a_person_arrested_by_nobody_named(self) -> None:
        record = fold(
            [told(Arrested, "04 02:00", CHARGE), told(Admitted, "04 05:00", BOOKING, custodian="sheriff")]
        )
        (episode,) = record.episodes
        assert (episode.start, episode.custodian) == (at("04 02:00"), "sheriff")
        assert [span.custodian for span in record.spans] == [None, "sheriff"]

    def test_an_arrest_on_a_further_charge_in_custody_begins_nothing(self) -> None:
        record = fold(
            [
                told(Arrested, "04 02:00", ref("c1"), custodian="sheriff"),
                told(Arrested, "05 02:00", ref("c2"), agency="city-police"),
            ]
        )
        assert len(record.episodes) == 1

    @pytest.mark.parametrize("way", [Escaped, Died])
    def test_escape_and_death_end_custody(self, way: type[Event]) -> None:
        about = None if way is Died else BOOKING
        record = fold([told(Admitted, "04 05:00", BOOKING), told(way, "05 05:00", about)])
        assert record.episodes[0].ended_by == way.__name__
        assert record.in_custody(at("05 05:00")) is False

    def test_death_at_liberty_is_no_anomaly(self) -> None:
        assert fold([told(Died, "05 05:00")]).anomalies == ()


class TestOrder:
    def test_a_release_known_to_the_day_follows_the_admission_of_that_day(self) -> None:
        (episode,) = fold([told(Admitted, "04 10:00", BOOKING), told(Released, "04", BOOKING)]).episodes
        assert episode.end == when("04")

    def test_it_does_not_follow_the_admission_of_another_booking(self) -> None:
        record = fold(
            [
                told(Admitted, "02 10:00", ref("b1")),
                told(Released, "04", ref("b1")),
                told(Admitted, "04 10:00", ref("b2")),
            ]
        )
        assert [episode.bookings for episode in record.episodes] == [frozenset({"b1"}), frozenset({"b2"})]
        assert record.in_custody(at("05 00:00")) is True

    def test_release_and_next_admission_at_one_instant(self) -> None:
        record = fold(
            [
                told(Admitted, "02 10:00", ref("b1")),
                told(Released, "04 10:00", ref("b1")),
                told(Admitted, "04 10:00", ref("b2"), event_id="z"),
            ]
        )
        assert [episode.bookings for episode in record.episodes] == [frozenset({"b1"}), frozenset({"b2"})]
        assert record.in_custody(at("04 10:00")) is True

    def test_admission_and_release_at_one_instant_are_custody_of_no_length(self) -> None:
        (episode,) = fold([told(Admitted, "04 10:00", BOOKING), told(Released, "04 10:00", BOOKING)]).episodes
        assert episode.start == episode.end == at("04 10:00")

    def test_a_turnover_and_the_receivers_admission_at_one_instant(self) -> None:
        record = fold(
            [
                told(Admitted, "02 10:00", BOOKING, custodian="sheriff"),
                told(TurnedOver, "04 10:00", BOOKING, to="prison"),
                told(Admitted, "04 10:00", ref("b9"), custodian="prison"),
            ]
        )
        assert [episode.custodian for episode in record.episodes] == ["sheriff", "prison"]
        assert record.anomalies == ()


class TestWhatIsWrong:
    def test_an_end_before_its_start_is_carried_and_the_end_is_not_known(self) -> None:
        record = fold([told(Released, "03 10:00", BOOKING), told(Admitted, "04 10:00", BOOKING)])
        assert kinds(record) == [AnomalyKind.END_BEFORE_START]
        assert {event.kind for event in record.anomalies[0].events} == {"Admitted", "Released"}
        (episode,) = record.episodes
        assert episode.start == at("04 10:00")
        assert isinstance(episode.end, UncertainInstant)
        assert episode.end.precision is Precision.RANGE
        assert record.in_custody(at("05 00:00")) is None
        assert "end-before-start" in record.anomalies[0].sentence
        assert "person-1" not in record.anomalies[0].sentence

    def test_a_release_of_nobody(self) -> None:
        record = fold([told(Released, "03 10:00", BOOKING)])
        assert kinds(record) == [AnomalyKind.RELEASE_WITHOUT_ADMISSION]
        assert record.episodes == ()

    @pytest.mark.parametrize("kind", [Released, Transferred, TemporaryAbsence])
    def test_what_happens_only_in_custody_after_release(self, kind: type[Event]) -> None:
        record = fold(
            [
                told(Admitted, "02 10:00", BOOKING),
                told(Released, "03 10:00", BOOKING),
                told(kind, "04 10:00", BOOKING),
            ]
        )
        assert kinds(record) == [AnomalyKind.AFTER_RELEASE]
        assert record.episodes[0].end == at("03 10:00")

    def test_two_custodians_at_once(self) -> None:
        record = fold(
            [
                told(Admitted, "02 10:00", ref("b1"), custodian="sheriff"),
                told(Admitted, "03 10:00", ref("b2"), custodian="city"),
                told(Released, "04 10:00", ref("b1"), custodian="sheriff"),
            ]
        )
        assert kinds(record) == [AnomalyKind.OVERLAPPING_CUSTODY]
        assert [(e.custodian, e.end) for e in record.episodes] == [
            ("sheriff", at("04 10:00")),
            ("city", FOREVER),
        ]
        assert {span.custodian for span in record.spans_at(at("03 12:00"))} == {"sheriff", "city"}
        assert record.in_custody(at("05 00:00")) is True

    @pytest.mark.parametrize("kind", [Released, Transferred])
    def test_a_custodian_that_does_not_hold_the_person(self, kind: type[Event]) -> None:
        record = fold(
            [
                told(Admitted, "02 10:00", custodian="sheriff"),
                told(kind, "03 10:00", ref("b9"), custodian="city"),
            ]
        )
        assert kinds(record) == [AnomalyKind.ANOTHER_CUSTODIAN]
        assert record.in_custody(at("05 00:00")) is True

    def test_the_jails_own_release_after_a_turnover_does_not_free_from_the_receiver(self) -> None:
        record = fold(
            [
                told(Admitted, "02 10:00", BOOKING, custodian="sheriff"),
                told(TurnedOver, "04 10:00", BOOKING, to="marshal"),
                told(Released, "04 10:30", BOOKING),
            ]
        )
        assert record.in_custody(at("05 00:00")) is True
        assert kinds(record) == [AnomalyKind.ANOTHER_CUSTODIAN]
