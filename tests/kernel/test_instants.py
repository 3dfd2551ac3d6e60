"""Instants by example: named ambiguity, civil days at the edges of zones, and their texts."""

import datetime as dt
from collections.abc import Callable

import pytest

from habeas.kernel.instants import (
    BEGINNING,
    DAY,
    FOREVER,
    HOUR,
    NEVER,
    SECOND,
    AmbiguousLocalTime,
    Instant,
    LocalTime,
    MissingLocalTime,
    Precision,
    UncertainInstant,
    UnknownZone,
    UnreadableInstant,
    at_or_before,
    before,
    civil_date_of,
    day_of,
    derived,
    earliest_of,
    format_instant,
    format_when,
    instant_of,
    instant_of_datetime,
    latest_of,
    parse_civil_date,
    parse_instant,
    parse_when,
    placed,
    rfc3339,
    same_instant,
    shifted,
    start_of_day,
    zone,
    zone_names,
    zoned,
)

MIAMI = zone("America/New_York")
CHICAGO = zone("America/Chicago")
SAMOA = zone("Pacific/Apia")
HAVANA = zone("America/Havana")


def at(text: str) -> Instant:
    return parse_instant(text, MIAMI)


class TestAmbiguity:
    def test_a_time_shown_twice_names_both_choices(self) -> None:
        with pytest.raises(AmbiguousLocalTime) as named:
            parse_instant("2017-11-05 01:30", MIAMI)
        assert rfc3339(named.value.earlier) == "2017-11-05T05:30:00Z"
        assert rfc3339(named.value.later) == "2017-11-05T06:30:00Z"
        assert str(named.value) == (
            "local time [2017-11-05 01:30] happened twice in [America/New_York]: choose earlier "
            "[2017-11-05 01:30 UTC-04:00] or later [2017-11-05 01:30 UTC-05:00]"
        )

    def test_a_time_never_shown_names_both_choices(self) -> None:
        with pytest.raises(MissingLocalTime) as named:
            parse_instant("2017-03-12 02:30", MIAMI)
        assert rfc3339(named.value.earlier) == "2017-03-12T06:30:00Z"
        assert rfc3339(named.value.later) == "2017-03-12T07:30:00Z"
        assert "never happened" in str(named.value)
        assert "[2017-03-12 01:30 UTC-05:00] or later [2017-03-12 03:30 UTC-04:00]" in str(named.value)

    @pytest.mark.parametrize(
        ("text", "trouble"),
        [("2017-11-05 01:30", AmbiguousLocalTime), ("2017-03-12 02:30", MissingLocalTime)],
    )
    def test_a_choice_once_made_is_taken(self, text: str, trouble: type[AmbiguousLocalTime]) -> None:
        with pytest.raises(trouble) as named:
            parse_instant(text, MIAMI)
        assert parse_instant(text, MIAMI, "earlier") == named.value.earlier
        assert parse_instant(text, MIAMI, "later") == named.value.later

    def test_an_offset_in_the_text_leaves_nothing_to_choose(self) -> None:
        assert (
            parse_instant("2017-11-05T01:30-05:00", MIAMI) - parse_instant("2017-11-05T01:30-04:00") == HOUR
        )

    def test_the_second_before_and_the_second_after_the_repeated_hour_are_plain(self) -> None:
        assert at("2017-11-05 02:00") - at("2017-11-05 00:59:59") == 2 * HOUR + SECOND


class TestDays:
    def test_midnight_skipped_gives_the_instant_of_the_change(self) -> None:
        start = start_of_day(dt.date(2017, 3, 12), HAVANA)
        assert format_instant(start, HAVANA) == "2017-03-12 01:00 CDT (UTC-04:00)"
        assert civil_date_of(Instant(start - 1), HAVANA) == dt.date(2017, 3, 11)

    def test_midnight_shown_twice_gives_the_first(self) -> None:
        start = start_of_day(dt.date(2017, 11, 5), HAVANA)
        assert format_instant(start, HAVANA) == "2017-11-05 00:00 CDT (UTC-04:00)"

    def test_a_day_that_a_zone_skipped_has_no_instant(self) -> None:
        assert start_of_day(dt.date(2011, 12, 30), SAMOA) == start_of_day(dt.date(2011, 12, 31), SAMOA)
        with pytest.raises(ValueError, match="no instant between"):
            day_of(dt.date(2011, 12, 30), SAMOA, "x")

    def test_days_of_changing_clocks_are_shorter_and_longer(self) -> None:
        spring, autumn = parse_when("2017-03-12", MIAMI, "x"), parse_when("2017-11-05", MIAMI, "x")
        assert isinstance(spring, UncertainInstant)
        assert isinstance(autumn, UncertainInstant)
        assert spring.latest - spring.earliest == 23 * HOUR
        assert autumn.latest - autumn.earliest == 25 * HOUR

    def test_one_instant_is_in_two_days(self) -> None:
        instant = parse_instant("2017-03-03T05:30Z")
        assert civil_date_of(instant, MIAMI) == dt.date(2017, 3, 3)
        assert civil_date_of(instant, CHICAGO) == dt.date(2017, 3, 2)


class TestTexts:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("2017-03-04T10:00-05:00", "2017-03-04 10:00 EST (UTC-05:00)"),
            ("2017-03-04T15:00Z", "2017-03-04 10:00 EST (UTC-05:00)"),
            ("2017-07-04 10:00:30", "2017-07-04 10:00:30 EDT (UTC-04:00)"),
            ("2017-07-04 10:00:00.25", "2017-07-04 10:00:00.25 EDT (UTC-04:00)"),
            (" 2017-07-04 10:00 ", "2017-07-04 10:00 EDT (UTC-04:00)"),
        ],
    )
    def test_read_and_shown(self, text: str, shown: str) -> None:
        assert format_instant(at(text), MIAMI) == shown

    def test_a_zone_whose_abbreviation_is_only_its_offset_shows_it_once(self) -> None:
        assert format_instant(parse_instant("2017-01-01T00:00Z"), SAMOA) == "2017-01-01 14:00 (UTC+14:00)"

    def test_open_ends_have_no_civil_time(self) -> None:
        assert format_instant(FOREVER, MIAMI) == format_instant(BEGINNING, MIAMI) == "open"
        assert rfc3339(FOREVER) == rfc3339(BEGINNING) == "open"
        assert NEVER == FOREVER
        with pytest.raises(ValueError, match="open end"):
            civil_date_of(FOREVER, MIAMI)

    @pytest.mark.parametrize(
        "text",
        ["", "soon", "2017-3-4 10:00", "2017-03-04 25:00", "2017-02-30 10:00", "20170304T1000", "2017-W09-6",
         "2017-03-04 10:00 EST", "2017-03-04T10:00:60", "٢٠١٧-٠٣-٠٤ 10:00"],
    )  # fmt: skip
    def test_what_is_no_instant_is_refused_with_its_text(self, text: str) -> None:
        with pytest.raises(UnreadableInstant, match="cannot read") as refused:
            parse_instant(text, MIAMI)
        assert refused.value.text == text

    @pytest.mark.parametrize(
        ("text", "because"),
        [
            ("soon", "expected such as 2017-03-04T10:00 or 2017-03-04T15:00Z"),
            ("2017-02-30 10:00", "day is out of range for month"),
            ("2017-03-04 10:00", "it states no offset and no zone was given"),
        ],
    )
    def test_it_says_why(self, text: str, because: str) -> None:
        with pytest.raises(UnreadableInstant) as refused:
            parse_instant(text, None if text.endswith("04 10:00") else MIAMI)
        assert str(refused.value) == f"cannot read [{text}] as an instant: {because}"

    @pytest.mark.parametrize(
        ("text", "because"),
        [
            ("tomorrow", "expected a date such as 2017-03-04"),
            ("2017-02-30", "day is out of range for month"),
        ],
    )
    def test_of_a_date_too(self, text: str, because: str) -> None:
        with pytest.raises(UnreadableInstant) as refused:
            parse_civil_date(text)
        assert str(refused.value) == f"cannot read [{text}] as an instant: {because}"

    def test_a_bare_date_is_an_unknown_point_of_that_day(self) -> None:
        when = parse_when("2017-03-04", MIAMI, "release of b1")
        assert isinstance(when, UncertainInstant)
        assert (when.precision, when.key) == (Precision.DAY, "release of b1")
        assert format_when(when, MIAMI) == (
            "from 2017-03-04 00:00 EST (UTC-05:00) to before 2017-03-05 00:00 EST (UTC-05:00)"
        )
        assert format_when(at("2017-03-04 10:00"), MIAMI) == "2017-03-04 10:00 EST (UTC-05:00)"
        assert parse_when("2017-03-04 10:00", MIAMI, "x") == at("2017-03-04 10:00")

    @pytest.mark.parametrize("text", ["2017-02-30", "2017-2-3", "20170203", "2017-02-03 10:00"])
    def test_what_is_no_date_is_refused(self, text: str) -> None:
        with pytest.raises(UnreadableInstant):
            parse_civil_date(text)

    def test_standard_library_values_need_a_zone(self) -> None:
        instant = at("2017-03-04 10:00")
        assert instant_of_datetime(zoned(instant, MIAMI)) == instant
        with pytest.raises(ValueError, match="no zone"):
            instant_of_datetime(zoned(instant, MIAMI).replace(tzinfo=None))

    def test_a_wall_time_carries_no_zone(self) -> None:
        with pytest.raises(ValueError, match="carries a zone"):
            LocalTime(dt.date(2017, 3, 4), dt.time(10, tzinfo=dt.UTC))
        assert str(LocalTime(dt.date(2017, 3, 4), dt.time(10, 0, 1))) == "2017-03-04 10:00:01"


class TestZones:
    def test_the_zone_is_read_from_the_pinned_package_and_kept(self) -> None:
        assert zone("America/New_York") is MIAMI
        assert "America/New_York" in zone_names()

    def test_the_machine_is_not_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYTHONTZPATH", "/nowhere")
        monkeypatch.setenv("TZ", "Asia/Tokyo")
        assert (
            format_instant(Instant(0), zone.__wrapped__("America/New_York"))
            == "1969-12-31 19:00 EST (UTC-05:00)"
        )

    @pytest.mark.parametrize("name", ["America/New_Yrok", "", "../zones", "/etc/localtime", "America"])
    def test_an_unknown_name_is_refused(self, name: str) -> None:
        with pytest.raises(UnknownZone) as refused:
            zone(name)
        assert refused.value.name == name

    @pytest.mark.parametrize("asked", [lambda: zone.__wrapped__("America/New_York"), zone_names.__wrapped__])
    def test_zone_data_that_cannot_be_read_is_no_reason_to_ask_the_machine(
        self, asked: Callable[[], object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert zone_names()
        monkeypatch.setattr("pkgutil.get_data", _unreadable)
        with pytest.raises(UnknownZone):
            asked()

    def test_the_nearest_names_are_shown(self) -> None:
        with pytest.raises(UnknownZone, match="did you mean") as refused:
            zone("America/New_Yrok")
        assert "America/New_York" in refused.value.nearest


class TestUncertainty:
    day = UncertainInstant(Instant(0), Instant(DAY), Precision.DAY, "x")
    other = UncertainInstant(Instant(0), Instant(DAY), Precision.DAY, "y")

    def test_one_point_compares_with_itself_after_a_clock_shifted_both(self) -> None:
        due, later = shifted(self.day, 48 * HOUR), shifted(self.day, 49 * HOUR)
        assert before(due, later) is True
        assert at_or_before(later, due) is False
        assert same_instant(due, shifted(self.day, 48 * HOUR)) is True

    def test_placing_the_point_places_what_a_clock_made_of_it(self) -> None:
        assert placed(shifted(self.day, 48 * HOUR), {"x": Instant(HOUR)}) == 49 * HOUR
        with pytest.raises(ValueError, match="cannot be placed"):
            placed(self.day, {"x": Instant(DAY)})

    def test_one_microsecond_decides(self) -> None:
        assert before(Instant(0), Instant(1)) is True
        assert before(self.day, shifted(self.day, 1)) is True
        assert before(Instant(1), Instant(1)) is False

    def test_what_a_step_made_counts_its_shifts_from_itself(self) -> None:
        due = derived(self.day, lambda t: Instant(t + t // 2), "half again")
        assert isinstance(due, UncertainInstant)
        assert (due.offset, due.path) == (0, "+0>half again")
        assert before(due, shifted(due, 1)) is True

    def test_a_step_moves_both_bounds_and_no_further(self) -> None:
        shift = shifted(self.day, HOUR)
        due = derived(shift, lambda t: Instant(t + t // 2), "half again")
        assert isinstance(due, UncertainInstant)
        assert (earliest_of(due), latest_of(due)) == (
            HOUR + HOUR // 2,
            latest_of(shift) + latest_of(shift) // 2,
        )
        assert (due.offset, due.path) == (0, f"+{HOUR}>half again")

    def test_a_point_placed_outside_its_bounds_is_told_which(self) -> None:
        shift = shifted(self.day, HOUR)
        with pytest.raises(ValueError, match=r"\[0, 86400000000\)"):
            placed(shift, {"x": Instant(DAY)})

    def test_two_points_with_the_same_bounds_are_two(self) -> None:
        assert before(self.day, self.other) is None
        assert same_instant(self.day, self.other) is None

    def test_the_half_open_end_is_excluded(self) -> None:
        assert before(self.day, Instant(DAY)) is True
        assert before(self.day, Instant(DAY - 1)) is None
        assert at_or_before(self.day, Instant(DAY - 1)) is True
        assert before(Instant(0), self.day) is None
        assert at_or_before(Instant(0), self.day) is True
        assert same_instant(self.day, Instant(DAY)) is False

    def test_a_step_that_sends_all_to_one_instant_makes_it_certain(self) -> None:
        midnight = derived(self.day, lambda t: Instant((t // DAY + 1) * DAY), "midnight after")
        assert midnight == DAY
        assert derived(Instant(5), lambda t: Instant(t + 1), "next") == 6

    def test_different_steps_are_not_taken_for_one(self) -> None:
        one = derived(self.day, lambda t: Instant(t + t // 2), "half again")
        other = derived(self.day, lambda t: Instant(t + t // 2), "another step")
        assert same_instant(one, other) is None
        assert placed(one, {"x": Instant(1)}) == one

    def test_bounds_must_leave_an_instant_and_have_a_name(self) -> None:
        with pytest.raises(ValueError, match="no instant between"):
            UncertainInstant(Instant(5), Instant(5), Precision.MINUTE, "x")
        with pytest.raises(ValueError, match="needs a key"):
            UncertainInstant(Instant(5), Instant(6), Precision.MINUTE, "")

    def test_open_ends_stay_open(self) -> None:
        assert shifted(FOREVER, -HOUR) == FOREVER
        assert shifted(BEGINNING, HOUR) == BEGINNING
        assert shifted(Instant(FOREVER - 1), HOUR) == FOREVER
        assert shifted(Instant(0), HOUR) == HOUR


def test_a_wall_time_far_from_any_change_has_one_instant() -> None:
    assert instant_of(LocalTime(dt.date(2017, 7, 1), dt.time(12)), MIAMI) == at("2017-07-01 12:00")


def _unreadable(package: str, resource: str) -> bytes | None:
    assert package == "tzdata", resource
    return None
