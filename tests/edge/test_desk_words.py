"""One catalogue in two languages: the same sentences with the same parts."""

from __future__ import annotations

import pytest

from habeas.kernel.instants import FOREVER, HOUR, Instant, zone
from habeas.web.drawing import left, plain, shown, wall
from habeas.web.words import KEYS, dated, parts_of, said

NEW_YORK = zone("America/New_York")
AT = Instant(1_488_639_600_000_000)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_each_sentence_has_the_same_parts_in_both_languages(key: str) -> None:
    assert parts_of(key, "en") == parts_of(key, "es")
    parts = dict.fromkeys(parts_of(key, "en"), "X")
    assert said(key, "en", **parts) != said(key, "es", **parts)


def test_instants_are_told_with_the_offset() -> None:
    assert dated(AT, NEW_YORK, "en") == "Saturday, March 4, 2017, 10:00 (UTC-05:00)"
    assert dated(AT, NEW_YORK, "es") == "sábado 4 de marzo de 2017 a las 10:00 (UTC-05:00)"
    assert dated(FOREVER, NEW_YORK, "es") == "-"
    assert shown(AT, NEW_YORK) == "Sat 4 Mar 2017 10:00 EST (UTC-05:00)"
    assert shown(None, NEW_YORK) == "not known"
    assert wall(AT, NEW_YORK) == "2017-03-04T10:00"


def test_time_left_says_late_and_never_less_than_nothing() -> None:
    assert left(Instant(AT + 3 * HOUR), AT) == "3 h"
    assert left(Instant(AT - HOUR), AT) == "1 h late"
    assert left(AT, AT) == "less than 1 m"
    assert left(FOREVER, AT) == "no end set"
    assert plain("must-hold") == "must hold"
