"""What an enactment file says: texts, the acts they do to law, and their provisions.

The structures here are the rulebook's file format, and nothing else: no place, case or date
is known to this module. A field that may turn on a dispute is written in the file as
``by_question: <question>`` with one value per alternative; a reading picks one before these
structures are made, so they never carry a dispute (see :mod:`habeas.law.questions`).
"""

from __future__ import annotations

from msgspec import Struct, field

from habeas.law.kinds import (
    COMMANDS,
    CONSTITUTIVE,
    DUTIES,
    HOLDING,
    Bearer,
    ClockKey,
    ClockKind,
    Consequence,
    Effect,
    OnRepeat,
    Reach,
    Stratum,
    Verb,
)

__all__ = [
    "COMMANDS",
    "CONSTITUTIVE",
    "DUTIES",
    "HOLDING",
    "Act",
    "All",
    "Alternative",
    "AnyOf",
    "Bearer",
    "Clock",
    "ClockKey",
    "ClockKind",
    "Condition",
    "Consequence",
    "Effect",
    "Enactment",
    "Equivalent",
    "Extension",
    "Gap",
    "Limb",
    "Not",
    "OnRepeat",
    "Pause",
    "Provision",
    "Quantified",
    "Question",
    "Reach",
    "Scope",
    "Selector",
    "Source",
    "Step",
    "Stratum",
    "Uncertain",
    "Verb",
]


class Uncertain(Struct, frozen=True, forbid_unknown_fields=True):
    """A date known only to lie in ``[earliest, latest)``."""

    earliest: str
    latest: str


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was read as evidence for what a file says."""

    at: str
    """Address or docket reference."""
    read: str
    """``full``, ``excerpt``, ``secondary`` or ``none`` (recollection)."""
    on: str = ""
    """Civil date of reading."""
    digest: str = ""
    """``sha256:`` of the words read, where they were kept."""
    says: str = ""
    """What it shows, in our words; a differing date stays here as testimony."""


class Limb(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="limb"):
    """One line of a condition: a fact name or one comparison."""

    text: str
    cite: str = ""


class Gap(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="gap"):
    """A text that was looked for and not found: always unknown, and it says what is missing."""

    missing: str
    cite: str = ""


class All(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="all"):
    """Every part holds."""

    parts: tuple[Condition, ...]


class AnyOf(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="any"):
    """At least one part holds."""

    parts: tuple[Condition, ...]


class Not(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="not"):
    """The part does not hold; ``unless`` in a file is read as this."""

    part: Condition
    cite: str = ""


class Quantified(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="quantified"):
    """A condition over the rows of one collection, all limbs on the same row."""

    quantifier: str
    """``some``, ``every``, ``no`` or ``count``."""
    collection: str
    """``charge``, ``instrument`` or ``booking``."""
    part: Condition
    at_least: int = 1
    """For ``count``: how many rows must satisfy the part."""
    cite: str = ""


Condition = Limb | Gap | All | AnyOf | Not | Quantified


class Scope(Struct, frozen=True, forbid_unknown_fields=True):
    """Where, for which clauses and custodians, and for whom an act works."""

    places: tuple[str, ...] = ()
    """Places or territories; empty means the enactment's own place and all below it."""
    except_places: tuple[str, ...] = ()
    unsure_places: tuple[str, ...] = ()
    """Places for which the sources do not say whether they are covered."""
    custodians: tuple[str, ...] = ()
    """Custodian kinds; empty means all."""
    condition: Condition | None = field(default=None, name="for")
    """Who or what is bound: a condition on person, instrument, charge or issuing office."""


class Act(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing done to law."""

    id: str
    does: Verb
    cite: str
    begins: str | Uncertain = field(name="from")
    """From when: a civil date or local time in the enactment's place; ``start`` for verbs that
    reach from the start of their target."""
    known: str | Uncertain
    """When it was publicly known."""
    targets: tuple[str, ...] = ()
    """Enactment ids, ``enactment#clause`` or ``enactment!act``."""
    clauses: tuple[str, ...] = ()
    """Own clauses it begins; empty means all (for enacts, amends)."""
    scope: Scope = Scope()
    reaches: Reach | None = None
    proceeding: str = ""
    """For a stay: the proceeding it waits for."""
    disposes: str = ""
    """The proceeding this act disposes of; ends every stay that waits for it."""
    only_under: dict[str, tuple[str, ...]] = {}
    """Question -> alternatives under which this act exists at all."""
    evidence: str = ""
    """What the dates rest on, with conflicting testimony."""


class Pause(Struct, frozen=True, forbid_unknown_fields=True):
    """An interval that does not count: between two facts of the subject, person or booking."""

    begins: str
    ends: str
    cite: str = ""


class Extension(Struct, frozen=True, forbid_unknown_fields=True):
    """More time, granted by an event before the running deadline, at most so often."""

    clock: str
    """The clock name that ExtensionGranted events carry."""
    each: str
    """A duration such as ``24h`` or ``7d``."""
    most: int
    when: Condition | None = None
    cite: str = ""


class Clock(Struct, frozen=True, forbid_unknown_fields=True):
    """A duration law allows, as data."""

    anchor: str
    """``releasable_at`` or an instant fact such as ``booking.arrested_at``."""
    cite: str
    name: str = ""
    kind: ClockKind = ClockKind.ELAPSED
    length: str = ""
    """``48h``; ``30d`` for civil days; ``23:59`` for a wall time."""
    strata: tuple[Stratum, ...] = (Stratum.CRIMINAL,)
    """For ``releasable_at``: the strata whose end is meant."""
    excluded: tuple[str, ...] = ()
    """``saturday``, ``sunday``, ``holiday``..."""
    holidays: str = ""
    """Which dated calendar; required when ``holiday`` is excluded."""
    first_day: str = "not-counted"
    """For civil days: ``counted`` or ``not-counted``."""
    end_of_day: bool = True
    """For civil days: runs out at the end of the last day, else at the anchor's wall time."""
    part_days: str = "round-up"
    roll_forward: tuple[str, ...] = ()
    """Day names on which a deadline may not fall; it moves to the next day's end."""
    pause: Pause | None = None
    reset: str = ""
    """An instant fact that starts the clock anew."""
    extensions: tuple[Extension, ...] = ()
    key: ClockKey = ClockKey.EPISODE
    on_repeat: OnRepeat | None = None
    """Left out, a repeated anchor is an open question, never a restart."""


class Selector(Struct, frozen=True, forbid_unknown_fields=True):
    """Which bases a cap limits or a breached duty ends."""

    strata: tuple[Stratum, ...] = ()
    kinds: tuple[str, ...] = ()
    """Instrument kinds, or ``charge``, ``booking`` for bases on those subjects."""
    provisions: tuple[str, ...] = ()
    """Provision refs ``enactment#clause``."""
    same_subject: bool = True
    """Only bases on the very subject the provision speaks of."""


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One named, pure step of a sentence computation."""

    does: str
    """``start``, ``combine``, ``cap``, ``credit``, ``conduct``, ``forfeit`` or ``trim``."""
    cite: str
    parameters: dict[str, str] = {}


class Provision(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing an enactment says about one kind of subject."""

    id: str
    on: str
    """Subject kind: ``person``, ``charge``, ``instrument`` or ``booking``."""
    effect: Effect
    cite: str
    kinds: tuple[str, ...] = ()
    """For instruments: the kinds it speaks of; empty means all."""
    says: str = ""
    """The rule in a sentence of our own, for readers."""
    words: str = ""
    """A short quotation of the text."""
    when: Condition | None = None
    only_if: Condition | None = None
    """For ``may-hold``: outside it the provision says must-not-hold for what it governs. For
    ``in-force-when``: what the papers that ``when`` picks out need to have force."""
    strength: str = "bare"
    """``bare`` or ``protected``."""
    strength_cite: str = ""
    stratum: Stratum | None = None
    exception_to: str = ""
    reason: str = ""
    """For ``in-force-when`` and ``invalid-when``: why the paper supports nothing when this
    bites: ``notification-only``, ``lapsed``, ``unserved``, ``warrant-missing``, ``void``."""
    defines: str = ""
    """For ``defines`` and ``counts-as``: the fact it names on its subject."""
    clock: Clock | None = None
    limits: Selector | None = None
    """For ``cap``: the bases it limits."""
    bearer: Bearer | None = None
    met_by: str | tuple[str, ...] = ""
    """The instant fact that discharges the duty; of several, whichever comes first."""
    consequence: Consequence = Consequence.NONE
    ends: Selector | None = None
    """For ``basis-ends``, ``order-required`` and ``burden-shifts``: the bases concerned."""
    agency: str = ""
    """For ``must`` and ``must-not``: who is commanded, in words."""
    verb: str = ""
    """For ``must`` and ``must-not``: what is commanded, in words that follow the effect."""
    steps: tuple[Step, ...] = ()
    computes: str = ""
    """For ``computes``: the fact it gives, such as ``expires_at``."""
    only_under: dict[str, tuple[str, ...]] = {}

    @property
    def discharges(self) -> tuple[str, ...]:
        """Every instant fact that discharges the duty."""
        named = (self.met_by,) if isinstance(self.met_by, str) else self.met_by
        return tuple(name for name in named if name)

    @property
    def conditions(self) -> tuple[tuple[tuple[str | int, ...], Condition], ...]:
        """Every condition it has, each with where it stands in the provision."""
        found: list[tuple[tuple[str | int, ...], Condition | None]] = [
            (("when",), self.when),
            (("only_if",), self.only_if),
        ]
        for index, extension in enumerate(self.clock.extensions if self.clock else ()):
            found.append((("clock", "extensions", index, "when"), extension.when))
        return tuple((where, condition) for where, condition in found if condition is not None)


class Equivalent(Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant of this file that no test can notice, and why it makes no difference."""

    mutant: str
    """As the gate prints it: ``#clause when.all[1]: without [instrument.complete]``."""
    reason: str


class Enactment(Struct, frozen=True, forbid_unknown_fields=True):
    """A text that makes or changes law for a place, or decides a case about it."""

    id: str
    """Path of its file without the suffix: ``us/zz/juniper/2017-detainer-policy``."""
    place: str
    title: str
    kind: str
    """A kind of the place's precedence order: ``statute``, ``resolution``, ``ruling``..."""
    cite: str
    body: str = ""
    """Who made it; later in time decides only within one body."""
    confidence: str = "low"
    """``high``, ``medium`` or ``low``."""
    weight: str = ""
    """For a ruling: ``precedential``, ``persuasive``, ``pleading-stage``, ``unpublished``."""
    practice: str = ""
    """What was done, where that differs from law; shown, never a basis."""
    risk: str = ""
    """Exposure it signals; shown, never a basis."""
    inert: str = ""
    """Why this text never became law (a failed bill, a withdrawn opinion)."""
    summary: str = ""
    sources: tuple[Source, ...] = ()
    acts: tuple[Act, ...] = ()
    provisions: tuple[Provision, ...] = ()
    tests: tuple[dict[str, object], ...] = ()
    equivalent: tuple[Equivalent, ...] = ()


class Alternative(Struct, frozen=True, forbid_unknown_fields=True):
    """One side of a dispute."""

    id: str
    says: str
    cites: tuple[str, ...]
    doubt: str = ""


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """A dispute about what law is, with alternatives, each cited."""

    id: str
    place: str
    asks: str
    alternatives: tuple[Alternative, ...]
    default: str
    """The published default; it may inform, never release or hold, until adopted."""
    owner: str = ""
