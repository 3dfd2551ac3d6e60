"""Events of instruments: lodged, served, declined, withdrawn, returned."""

from habeas.custody.events.event import Event
from habeas.custody.instruments import InstrumentKind

_WARRANT_COMES = frozenset({"attached_warrant"})


class WarrantLodged(Event):
    """The custodian received a warrant: a judge's unless `kind` states another."""

    collection = "instrument"
    fact = "lodged_at"
    lodges = InstrumentKind.WARRANT


class WarrantServed(Event):
    """A warrant was served on the person, which is its execution."""

    collection = "instrument"
    fact = "served_at"
    also = ("executed_at",)
    dated = frozenset({"executed_by_trained_officer", "served_by"})


class WarrantWithdrawn(Event):
    """The court or issuer recalled a warrant."""

    collection = "instrument"
    fact = "withdrawn_at"
    dated = frozenset({"withdrawn_because"})


class CommitmentReceived(Event):
    """The custodian received a court's order to receive and keep the person."""

    collection = "instrument"
    fact = "lodged_at"
    lodges = InstrumentKind.COMMITMENT


class OrderReceived(Event):
    """The custodian received another order of a court about the person's custody."""

    collection = "instrument"
    fact = "lodged_at"
    lodges = InstrumentKind.COURT_ORDER


class HoldLodged(Event):
    """The custodian received another agency's claim that the person not be freed."""

    collection = "instrument"
    fact = "lodged_at"
    lodges = InstrumentKind.HOLD


class HoldLifted(Event):
    """The agency that lodged a hold lifted it."""

    collection = "instrument"
    fact = "withdrawn_at"
    dated = frozenset({"withdrawn_because"})


class DetainerLodged(Event):
    """The custodian received a detainer; `kind`, `form` and `attached_warrant` say which."""

    collection = "instrument"
    fact = "lodged_at"
    dated = _WARRANT_COMES
    lodges = InstrumentKind.DETAINER


class DetainerServed(Event):
    """The person was given a detainer; some have no effect before."""

    collection = "instrument"
    fact = "served_at"
    dated = frozenset({"served_by"})


class DetainerDeclined(Event):
    """The custodian declined a detainer and recorded why (`declined_because`)."""

    collection = "instrument"
    fact = "declined_at"
    dated = frozenset({"declined_because"})


class DetainerWithdrawn(Event):
    """The issuer recalled a detainer."""

    collection = "instrument"
    fact = "withdrawn_at"
    dated = frozenset({"withdrawn_because"})


class NoticeGiven(Event):
    """The custodian told the issuer of the coming release, or the person of a request."""

    collection = "instrument"
    fact = "notice_given_at"
    dated = frozenset({"notice"})


class WritReceived(Event):
    """The custodian received a writ to produce or deliver the person."""

    collection = "instrument"
    fact = "lodged_at"
    lodges = InstrumentKind.WRIT


class WritReturned(Event):
    """A writ was returned, done or not, to the court that issued it."""

    collection = "instrument"
    fact = "returned_at"
