"""Evidence and identifiers."""

from habeas.kernel.evidence import DISPUTED, UNMAPPED, UNSTATED, NotKnown, SourceRef
from habeas.kernel.identifiers import digest_of


def test_there_are_three_ways_of_not_knowing_and_they_are_three_things() -> None:
    assert list(NotKnown) == [UNMAPPED, UNSTATED, DISPUTED]
    assert len({*NotKnown}) == 3


def test_a_digest_names_bytes() -> None:
    # The SHA-256 of no bytes, as FIPS 180-4 test vectors give it.
    assert digest_of(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest_of(b"a") != digest_of(b"b")


def test_a_source_need_not_have_rows() -> None:
    assert SourceRef(digest_of(b""), "a form").row is None
