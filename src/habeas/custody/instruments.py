"""Kinds of instruments: papers, or their electronic equals, that by their terms bear on custody.

What a kind can support is not said here: the law decides that.
"""

from enum import StrEnum


class InstrumentKind(StrEnum):
    """What a paper is, by what is printed on it."""

    WARRANT = "warrant"
    """A judge's command to arrest or hold a named person."""

    BENCH_WARRANT = "bench-warrant"
    """A judge's command to arrest for disobedience to the court itself."""

    ADMINISTRATIVE_WARRANT = "administrative-warrant"
    """A warrant signed by an executive officer; not a judge's."""

    GOVERNORS_WARRANT = "governors-warrant"
    """A governor's warrant to arrest and deliver a fugitive to another state."""

    OUT_OF_COUNTY_WARRANT = "out-of-county-warrant"
    """A warrant of another county's court, lodged with this custodian."""

    COMMITMENT = "commitment"
    """A court's order to a custodian to receive and keep a person; often called a mittimus."""

    BAIL_ORDER = "bail-order"
    """The conditions of release before disposition, and the decision that sets them."""

    SENTENCE = "sentence"
    """The judgment on a convicted charge: kind, term, start."""

    VIOLATION_HOLD = "violation-hold"
    """A hold for alleged breach of probation, parole or other supervision."""

    HOLD = "hold"
    """Another agency's claim that a person not be freed, of no more special kind."""

    DETAINER = "detainer"
    """A hold lodged by another agency that asks for notice, delivery or keeping; not immigration."""

    IMMIGRATION_DETAINER = "immigration-detainer"
    """A request of the federal immigration agency on its own form."""

    WRIT = "writ"
    """A court's order to produce or deliver a person."""

    RELEASE_ORDER = "release-order"
    """An order that ends the basis it names and no other."""

    COURT_ORDER = "court-order"
    """Another order of a court about a person's custody."""
