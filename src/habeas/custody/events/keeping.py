"""Events of physical custody: who has the person, where, and when that ended."""

from habeas.custody.events.event import CustodyEffect, Event

_WHEREABOUTS = frozenset({"custodian", "custodian_kind", "place", "facility"})


class Arrested(Event):
    """The person was taken into custody, with or without a warrant; the first clocks start."""

    collection = "booking"
    fact = "arrested_at"
    own = _WHEREABOUTS
    reaches = frozenset({"booking", "charge"})
    effect = CustodyEffect.BEGINS


class Booked(Event):
    """A station or facility recorded the arrested person; it may precede admission."""

    collection = "booking"
    fact = "booked_at"
    own = _WHEREABOUTS
    effect = CustodyEffect.BEGINS


class Admitted(Event):
    """The person entered a facility's confined population."""

    collection = "booking"
    fact = "admitted_at"
    own = _WHEREABOUTS
    effect = CustodyEffect.BEGINS


class Transferred(Event):
    """The person was moved between facilities of one custodian, without liberty between."""

    collection = "booking"
    fact = "transferred_at"
    own = _WHEREABOUTS
    effect = CustodyEffect.MOVES


class TemporaryAbsence(Event):
    """The person left for court, hospital or furlough while still in custody."""

    collection = "booking"
    fact = "left_at"
    own = _WHEREABOUTS
    dated = frozenset({"left_for"})
    effect = CustodyEffect.MOVES


class Returned(Event):
    """The person came back from a temporary absence."""

    collection = "booking"
    fact = "returned_at"
    own = _WHEREABOUTS
    effect = CustodyEffect.MOVES


class TurnedOver(Event):
    """One custodian delivered the person to another agency (`to`, `to_kind`, `to_place`)."""

    collection = "booking"
    fact = "turned_over_at"
    own = _WHEREABOUTS | {"to", "to_kind", "to_place"}
    effect = CustodyEffect.DELIVERS


class Released(Event):
    """Custody ended and the person was free to leave: the door, not the order."""

    collection = "booking"
    fact = "released_at"
    own = _WHEREABOUTS
    dated = frozenset({"released_because"})
    effect = CustodyEffect.ENDS


class Escaped(Event):
    """The person left custody without leave."""

    collection = "booking"
    fact = "escaped_at"
    own = _WHEREABOUTS
    effect = CustodyEffect.ENDS


class Died(Event):
    """The person died."""

    fact = "died_at"
    own = _WHEREABOUTS
    effect = CustodyEffect.ENDS
