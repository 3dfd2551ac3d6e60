"""The closed lists of words that an enactment's file chooses from: verbs, effects, strata, kinds of clock."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    """What an act does to law."""

    ENACTS = "enacts"
    """Begins the enactment's own text."""
    AMENDS = "amends"
    """Ends old text and begins new in one act."""
    REPEALS = "repeals"
    """Ends text; undoing the repeal later revives nothing."""
    SUPERSEDES = "supersedes"
    """Ends text by taking its place."""
    RESCINDS = "rescinds"
    """Ends text; said of orders and directives."""
    REVIVES = "revives"
    """Brings ended text back, from the act's own beginning."""
    PREEMPTS = "preempts"
    """Defeats text for as long as the preempting text is effective."""
    SUSPENDS = "suspends"
    """Halts an enactment or an act: an injunction, a writ, an executive suspension."""
    VACATES = "vacates"
    """Sets an enactment or an act aside from the act's beginning onward."""
    STAYS = "stays"
    """Halts a ruling or an enactment until a proceeding is disposed of."""
    LIFTS = "lifts"
    """Ends a suspension or a stay."""
    REVERSES = "reverses"
    """Undoes a ruling from its start."""
    VOIDS = "voids"
    """Declares an enactment or an act void from its start."""
    ENDS = "ends"
    """Ends an enactment or an act: a sunset, a withdrawal, a disposition."""


class Reach(StrEnum):
    """How far a suspension, stay or vacatur of an enactment that ended older text goes."""

    TEXT = "text"
    """Only the new text falls; the older text stays ended."""
    WHOLE = "whole"
    """The whole enactment falls, so the older text comes back."""


class Effect(StrEnum):
    """What a provision says of its subject, in the order of evaluation."""

    DEFINES = "defines"
    COUNTS_AS = "counts-as"
    IN_FORCE_WHEN = "in-force-when"
    INVALID_WHEN = "invalid-when"
    COMPUTES = "computes"
    MAY_HOLD = "may-hold"
    MUST_HOLD = "must-hold"
    MUST_NOT_HOLD = "must-not-hold"
    CAP = "cap"
    MUST_PRESENT_BY = "must-present-by"
    MUST_DETERMINE_BY = "must-determine-by"
    MUST_CHARGE_BY = "must-charge-by"
    MUST_TRY_BY = "must-try-by"
    MUST_RELEASE_BY = "must-release-by"
    MUST_TAKE_BY = "must-take-by"
    MUST_NOTIFY = "must-notify"
    MUST_NOT_NOTIFY = "must-not-notify"
    MAY_NOTIFY = "may-notify"
    MUST_SERVE = "must-serve"
    MUST_RECORD = "must-record"
    MAY_TRANSFER = "may-transfer"
    MUST_NOT_TRANSFER = "must-not-transfer"
    MUST_NOT_INTERVIEW = "must-not-interview"
    MAY_INTERVIEW = "may-interview"
    MAY_TRANSPORT = "may-transport"
    MUST_NOT_TRANSPORT = "must-not-transport"
    MUST = "must"
    MUST_NOT = "must-not"


CONSTITUTIVE = frozenset({Effect.DEFINES, Effect.COUNTS_AS, Effect.IN_FORCE_WHEN, Effect.INVALID_WHEN})
"""Effects that say what something is; evaluated first."""
HOLDING = frozenset({Effect.MAY_HOLD, Effect.MUST_HOLD, Effect.MUST_NOT_HOLD})
"""Effects that speak of holding a person."""
COMMANDS = frozenset({Effect.MUST, Effect.MUST_NOT})
"""Effects that command an agency and give custody of nobody."""
DUTIES = frozenset(
    {
        Effect.MUST_PRESENT_BY,
        Effect.MUST_DETERMINE_BY,
        Effect.MUST_CHARGE_BY,
        Effect.MUST_TRY_BY,
        Effect.MUST_RELEASE_BY,
        Effect.MUST_TAKE_BY,
        Effect.MUST_NOTIFY,
        Effect.MUST_SERVE,
        Effect.MUST_RECORD,
    }
)
"""Effects that put a duty on a bearer."""


class Stratum(StrEnum):
    """The family of a basis; a hold's clock starts when the criminal family ends."""

    CRIMINAL = "criminal"
    CIVIL_COURT = "civil-court"
    HOLD = "hold"


class Bearer(StrEnum):
    """Who must do what a duty says."""

    CUSTODIAN = "custodian"
    COURT = "court"
    PROSECUTOR = "prosecutor"
    ISSUER = "issuer"
    RECEIVER = "receiver"
    """The agency to which a court committed a person who is still kept elsewhere."""


class Consequence(StrEnum):
    """What a breached duty does to the bases it names."""

    BASIS_ENDS = "basis-ends"
    ORDER_REQUIRED = "order-required"
    BURDEN_SHIFTS = "burden-shifts"
    NONE = "none"


class OnRepeat(StrEnum):
    """What a clock does when its anchor comes again within the same key."""

    ONCE = "once"
    """Only the first anchor starts it."""
    RESUME = "resume"
    """Later anchors continue what is left of the length."""
    RESTART = "restart"
    """Each anchor starts it anew."""


class ClockKind(StrEnum):
    """How a clock counts."""

    ELAPSED = "elapsed"
    """Running hours, less excluded days and pauses."""
    CIVIL_DAYS = "civil-days"
    """Civil days in the place's zone."""
    WALL = "wall"
    """A wall time, such as 23:59, of the anchor's civil day."""


class ClockKey(StrEnum):
    """Within what a repeated anchor counts as a repetition."""

    EPISODE = "episode"
    ISSUER = "issuer"
    INSTRUMENT = "instrument"
