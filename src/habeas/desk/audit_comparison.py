"""The jail's own date of release beside the one that law and record come to, for one custody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from habeas.authority.findings import Verdict
from habeas.desk.audit_findings import Agreement, Comparison, Stretch
from habeas.kernel.instants import Instant, When, civil_date_of, earliest_of


def compared(
    own_dates: Mapping[str, When | None],
    bookings: Sequence[str],
    stretches: Sequence[Stretch],
    zone: ZoneInfo,
) -> Comparison:
    """How the jail's date stands to the end of the last basis.

    Args:
        own_dates: By booking: the jail's date; None where it cannot be read.
        bookings: Those of this custody, in order.
        stretches: The custody, decided.
        zone: The place's, in which days are counted.
    """
    named = [name for name in bookings if name in own_dates]
    if not named:
        return _without(None, Agreement.OWN_UNSTATED)
    own = own_dates[named[-1]]
    if own is None:
        return _without(None, Agreement.OWN_UNREADABLE)
    ours = _last_supported(stretches)
    if ours is None:
        return _without(own, Agreement.OURS_OPEN)
    days = (civil_date_of(earliest_of(own), zone) - civil_date_of(ours, zone)).days
    if days == 0:
        agreement = Agreement.SAME_DAY
    else:
        agreement = Agreement.OURS_EARLIER if days > 0 else Agreement.OURS_LATER
    return Comparison(own=own, ours=ours, agreement=agreement, days=days)


def _without(own: When | None, agreement: Agreement) -> Comparison:
    return Comparison(own=own, ours=None, agreement=agreement, days=0)


def _last_supported(stretches: Sequence[Stretch]) -> Instant | None:
    """The end of the last lawful stretch; None where anything in the custody is undetermined."""
    if any(each.verdict is Verdict.UNDETERMINED for each in stretches):
        return None
    return max((each.end for each in stretches if each.verdict is Verdict.LAWFUL), default=None)
