"""A mapping whose values are made when they are first asked for."""

from __future__ import annotations

import pytest

from habeas.law.on_demand import OnDemand


def test_a_value_is_made_once_and_only_when_asked_for() -> None:
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name.upper()

    found = OnDemand(["b", "a"], make)
    assert list(found) == ["b", "a"]
    assert len(found) == 2
    assert "a" in found
    assert "c" not in found
    assert made == []
    assert found["a"] == found["a"] == "A"
    assert made == ["a"]
    assert dict(found) == {"b": "B", "a": "A"}


def test_a_name_that_is_not_there_is_no_key() -> None:
    def refuse(name: str) -> str:
        raise AssertionError(name)

    found = OnDemand(["a"], refuse)
    assert found.get("b") is None
    with pytest.raises(KeyError, match="b"):
        found["b"]
