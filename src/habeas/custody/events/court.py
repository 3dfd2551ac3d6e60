"""Events in court: from the finding of probable cause to sentence and credit."""

from habeas.custody.events.event import Event

_MATTER = frozenset({"booking", "charge", "instrument"})
_OF_A_CLOCK = frozenset({"clock", "extension_seconds", "tolled_because"})


class ProbableCauseFound(Event):
    """A magistrate found that an arrest without warrant was justified."""

    collection = "booking"
    fact = "probable_cause_at"
    reaches = _MATTER


class ProbableCauseNotFound(Event):
    """A magistrate found no probable cause for the arrest."""

    collection = "booking"
    fact = "no_probable_cause_at"
    reaches = _MATTER


class PresentedToJudge(Event):
    """The person, or the person and papers, came before a judge or magistrate."""

    collection = "booking"
    fact = "presented_to_judge_at"
    reaches = _MATTER


class FirstAppearance(Event):
    """The first hearing before a judge, where release conditions are set."""

    collection = "booking"
    fact = "first_appearance_at"
    reaches = _MATTER


class HearingHeld(Event):
    """A hearing was held on a charge or an instrument: preliminary, detention, violation."""

    collection = "charge"
    fact = "hearing_at"
    reaches = _MATTER


class Charged(Event):
    """The prosecutor filed an information, indictment or complaint (`charging_document`)."""

    collection = "charge"
    fact = "filed_at"
    reaches = frozenset({"booking"})


class DemandFiled(Event):
    """The person demanded a speedy trial."""

    collection = "charge"
    fact = "demanded_at"


class TrialBegan(Event):
    """Trial on a charge began."""

    collection = "charge"
    fact = "trial_began_at"
    reaches = frozenset({"booking"})


class ChargeDisposed(Event):
    """A charge ended, in the way `disposition` states."""

    collection = "charge"
    fact = "disposed_at"
    dated = frozenset({"disposition"})


class Sentenced(Event):
    """A court imposed sentence; said of a charge or of the sentence as an instrument.

    `term_days`, `starts_at`, `jail_credit_days`, `consecutive_to` and `expires_at` are the court's
    own figures.
    """

    collection = "charge"
    fact = "sentenced_at"
    also = ("issued_at",)
    reaches = frozenset({"booking", "charge"})
    dated = frozenset(
        {"term_days", "starts_at", "jail_credit_days", "consecutive_to", "expires_at", "sentence_kind"}
    )


class CreditStated(Event):
    """A court or the custodian stated credit (`jail_credit_days`)."""

    collection = "charge"
    fact = "credit_stated_at"
    dated = frozenset({"jail_credit_days"})


class CreditForfeited(Event):
    """Earned credit was taken away (`forfeited_days`)."""

    collection = "charge"
    fact = "credit_forfeited_at"
    dated = frozenset({"forfeited_days"})


class ExtensionGranted(Event):
    """A court extended the clock that `clock` names, by `extension_seconds` if it says so."""

    collection = "booking"
    fact = "extended_at"
    own = _OF_A_CLOCK


class TollingBegan(Event):
    """The clock that `clock` names was suspended, because of `tolled_because`."""

    collection = "booking"
    fact = "tolling_began_at"
    own = _OF_A_CLOCK


class TollingEnded(Event):
    """The clock that `clock` names runs again."""

    collection = "booking"
    fact = "tolling_ended_at"
    own = _OF_A_CLOCK


class Waived(Event):
    """The person gave up the rights that `waived` lists: extradition, a hearing."""

    collection = "booking"
    fact = "waived_at"
    gathered = frozenset({"waived"})


class CustodyOrdered(Event):
    """A judge ordered the person kept, on a petition or on an instrument."""

    collection = "charge"
    fact = "custody_ordered_at"
    also = ("judge_ordered_at",)


class ReleaseOrdered(Event):
    """A court ordered an end to the basis this is about: a charge, an instrument, a booking.

    `order_readable` is false of a paper that the custodian could not read or act on as it stood.
    """

    collection = "booking"
    fact = "release_ordered_at"
    reaches = _MATTER
    dated = frozenset({"released_because", "order_readable"})


class OrderClarified(Event):
    """The court or its clerk told the custodian what an order meant that could not be read."""

    collection = "booking"
    fact = "clarified_at"


class ReleaseProjected(Event):
    """The custodian wrote down when it meant to release, and the credit it counted.

    A projection is the custodian's own date (`projected_release_at`, `projected_credit_days`); it is
    never a basis and never an end.
    """

    collection = "booking"
    fact = "release_projected_at"
    dated = frozenset({"projected_release_at", "projected_credit_days"})
