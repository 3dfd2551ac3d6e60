"""Events of bail: set, tendered, refused, posted, revoked."""

from habeas.custody.events.event import Event

_TERMS = frozenset({"bail_cents", "bail_kind"})


class BailSet(Event):
    """A court or schedule set bail: `bail_kind` (money, recognizance), `bail_cents`."""

    collection = "charge"
    fact = "bail_set_at"
    dated = _TERMS


class BailDenied(Event):
    """A court denied release before trial."""

    collection = "charge"
    fact = "bail_denied_at"


class PetitionFiled(Event):
    """The prosecutor petitioned to deny release before trial."""

    collection = "charge"
    fact = "petition_filed_at"


class BondTendered(Event):
    """Someone offered what the bail order asks."""

    collection = "charge"
    fact = "tendered_at"
    reaches = frozenset({"instrument"})


class BondRefused(Event):
    """The custodian or court did not take a tendered bond, for `refused_because`."""

    collection = "charge"
    fact = "refused_at"
    reaches = frozenset({"instrument"})
    dated = frozenset({"refused_because"})


class BondPosted(Event):
    """A tendered bond was accepted."""

    collection = "charge"
    fact = "posted_at"
    reaches = frozenset({"charge", "instrument"})


class BailRevoked(Event):
    """A court revoked bail."""

    collection = "charge"
    fact = "bail_revoked_at"
