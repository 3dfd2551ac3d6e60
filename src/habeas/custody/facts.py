"""What a fact can be, which facts events set, and what a fact is when nothing complete shows it."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from habeas.kernel.evidence import NotKnown
from habeas.kernel.instants import NEVER, Instant, UncertainInstant

Collection: TypeAlias = Literal["person", "booking", "charge", "instrument"]
"""What a row can be; a record has one person and any number of the others."""

COLLECTIONS: Final[tuple[Collection, ...]] = get_args(Collection)
"""Every collection, the person first."""

Term: TypeAlias = bool | int | str | frozenset[str] | Instant | UncertainInstant | NotKnown
"""What an event can state of a fact. An int is a count or, for a fact of that kind, an instant in
UTC microseconds; money is in cents; durations are in the unit that ends the fact's name."""

Value: TypeAlias = bool | int | str | frozenset[str] | UncertainInstant | None
"""What a fact can be at an instant; None is not known."""


class FactKind(StrEnum):
    """What sort of value a fact has."""

    BOOL = "bool"
    """True or false."""

    INSTANT = "instant"
    """A point in time."""

    CODE = "code"
    """One code or identifier."""

    NUMBER = "number"
    """A whole number."""

    SET = "set"
    """Any number of codes."""


class PartialSet(frozenset[str]):
    """Codes that were shown, from a source that does not claim to show them all.

    A code in it is in the set; a code not in it may be.
    """

    __slots__ = ()


_ABSENT: Final[Mapping[FactKind, Value]] = MappingProxyType(
    {
        FactKind.BOOL: False,
        FactKind.INSTANT: NEVER,
        FactKind.CODE: "none",
        FactKind.NUMBER: None,
        FactKind.SET: frozenset[str](),
    }
)


def absent_value(kind: FactKind) -> Value:
    """The value of a fact that a complete source does not show.

    False, `NEVER`, the code ``none`` or the empty set. A number has no such value: an amount that
    nobody wrote down is not zero.
    """
    return _ABSENT[kind]


def fits(kind: FactKind, term: Term) -> bool:
    """Whether an event can state this of a fact of this kind; not knowing fits every kind."""
    if isinstance(term, NotKnown):
        return True
    match kind:
        case FactKind.BOOL:
            return isinstance(term, bool)
        case FactKind.CODE:
            return isinstance(term, str)
        case FactKind.SET:
            return isinstance(term, frozenset)
        case FactKind.NUMBER:
            return isinstance(term, int) and not isinstance(term, bool)
        case FactKind.INSTANT:
            return isinstance(term, (int, UncertainInstant)) and not isinstance(term, bool)


_PERSON = {
    FactKind.BOOL: "adult convicted_felony convicted_forcible_felony gang_database "
    "outstanding_criminal_warrant citizenship_evidence",
    FactKind.INSTANT: "convicted_at history_shown_at joined_at died_at",
    FactKind.CODE: "",
    FactKind.NUMBER: "prior_offences",
    FactKind.SET: "party_to prior_convictions",
}
_BOOKING = {
    FactKind.BOOL: "arrested_on_warrant order_readable",
    FactKind.INSTANT: "arrested_at booked_at admitted_at probable_cause_at no_probable_cause_at "
    "first_appearance_at presented_to_judge_at filed_at sentenced_at expires_at extended_at "
    "tolling_began_at tolling_ended_at waived_at release_ordered_at released_at turned_over_at "
    "transferred_at left_at returned_at escaped_at hearing_at custody_ordered_at trial_began_at "
    "clarified_at release_projected_at projected_release_at",
    FactKind.CODE: "agency left_for released_because",
    FactKind.NUMBER: "projected_credit_days",
    FactKind.SET: "waived",
}
_CHARGE = {
    FactKind.BOOL: "arrested_on_warrant forcible_felony non_bondable listed serious_or_violent drug "
    "detainable defence_delay order_readable",
    FactKind.INSTANT: "offence_at arrested_at probable_cause_at no_probable_cause_at "
    "first_appearance_at presented_to_judge_at filed_at disposed_at bail_set_at bail_denied_at "
    "tendered_at refused_at posted_at bail_revoked_at release_ordered_at sentenced_at demanded_at "
    "petition_filed_at hearing_at custody_ordered_at trial_began_at extended_at tolling_began_at "
    "tolling_ended_at waived_at starts_at expires_at credit_stated_at credit_forfeited_at "
    "clarified_at release_projected_at projected_release_at",
    FactKind.CODE: "offence class disposition jurisdiction charging_document bail_kind "
    "refused_because released_because booking consecutive_to sentence_kind agency",
    FactKind.NUMBER: "bail_cents term_days jail_credit_days forfeited_days projected_credit_days",
    FactKind.SET: "waived",
}
_INSTRUMENT = {
    FactKind.BOOL: "complete signed_by_judge neutral_review written bail_allowed executed_by_trained_officer "
    "order_readable",
    FactKind.INSTANT: "issued_at lodged_at served_at withdrawn_at executed_at declined_at "
    "notice_given_at presented_to_judge_at judge_ordered_at expires_at ended_at hearing_at posted_at "
    "returned_at extended_at tolling_began_at tolling_ended_at waived_at release_ordered_at "
    "sentenced_at starts_at credit_stated_at credit_forfeited_at tendered_at refused_at bail_set_at "
    "clarified_at release_projected_at projected_release_at",
    FactKind.CODE: "kind issuer issuer_office form attached_warrant county booking charge "
    "withdrawn_because declined_because notice consecutive_to sentence_kind released_because "
    "bail_kind refused_because served_by",
    FactKind.NUMBER: "term_days jail_credit_days forfeited_days bail_cents projected_credit_days",
    FactKind.SET: "boxes waived charges",
}


def _kinds() -> dict[str, FactKind]:
    tables = zip(COLLECTIONS, (_PERSON, _BOOKING, _CHARGE, _INSTRUMENT), strict=True)
    return {
        f"{collection}.{fact}": kind
        for collection, table in tables
        for kind, facts in table.items()
        for fact in facts.split()
    }


INHERENT: Final = frozenset(
    {
        "charge.class",
        "charge.jurisdiction",
        "charge.offence",
        "charge.offence_at",
        "instrument.form",
        "instrument.issued_at",
        "instrument.issuer",
        "instrument.issuer_office",
        "instrument.kind",
    }
)
"""Facts that every such row has: not shown, they are not known even where a source is complete.
Every offence was committed at some time; a source that does not say when has not said never."""


class FactKinds(Mapping[str, FactKind]):
    """The kind of each fact by ``collection.fact``, and what each is when shown to be absent."""

    __slots__ = ("_absent", "_kinds")

    def __init__(self, kinds: Mapping[str, FactKind]) -> None:
        """Take the kinds; later changes to the mapping given do not show."""
        self._kinds = dict(kinds)
        self._absent: dict[tuple[Collection, frozenset[str]], Mapping[str, Value]] = {}

    def __getitem__(self, name: str) -> FactKind:
        """The kind of a fact.

        Raises:
            KeyError: No such fact is known.
        """
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        """The names of all facts."""
        return iter(self._kinds)

    def __len__(self) -> int:
        """How many facts there are."""
        return len(self._kinds)

    def absent(self, collection: Collection, declared: frozenset[str]) -> Mapping[str, Value]:
        """The value of each fact that is complete and not shown, by its name in the collection.

        Args:
            collection: Whose facts.
            declared: Names of coverage: ``instrument.served_at`` or ``instrument.*``.
        """
        known = self._absent.get((collection, declared))
        if known is None:
            known = dict(self._absent_values(collection, declared))
            self._absent[collection, declared] = known
        return known

    def _absent_values(self, collection: Collection, declared: frozenset[str]) -> Iterator[tuple[str, Value]]:
        every = f"{collection}.*" in declared
        prefix = f"{collection}."
        for name, kind in self._kinds.items():
            if not name.startswith(prefix) or not (every or name in declared):
                continue
            if kind is not FactKind.NUMBER and name not in INHERENT:
                yield name.removeprefix(prefix), absent_value(kind)


FACTS: Final = FactKinds(_kinds())
"""The facts the events here set. A rulebook's vocabulary may know more; the fold is told."""
