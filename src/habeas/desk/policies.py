"""What an order to seal, unseal or expunge does in a place: a table with its sources, no code.

The tables lie in the rulebook's tree as ``expunction.toml`` beside a place's enactments; the nearest one up
the tree is used. A ledger may have its own ``policy.toml``, which then stands before them: an agency's
counsel decides.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from habeas.desk.library import BUNDLED
from habeas.desk.orders import Action
from habeas.kernel.places import PlaceId

NAME: Final = "expunction.toml"
OWN: Final = "policy.toml"
ENTRIES: Final = ("keep", "payload", "entry")


class UnreadablePolicy(ValueError):
    """A policy table that is none; says which file and what was expected."""


class NoPolicy(LookupError):
    """Nobody has written what such an order does in this place; says where to write it."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a rule was read."""

    at: str
    on: str
    read: str
    digest: str = ""
    says: str = ""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one kind of order does."""

    id: str
    action: Action
    cite: str
    says: str
    people: int = 2
    entries: str = "keep"
    """After keys were destroyed: ``keep`` ciphertext, or remove the ``payload`` or the whole ``entry``."""
    doubt: str = ""
    source: list[Source] = []


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    schema: int
    title: str
    rule: list[Rule]


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule, and of which table it is."""

    table: str
    rule: Rule

    @property
    def name(self) -> str:
        """How a proposal names it."""
        return f"{self.table}#{self.rule.id}"


def policy_of(place: PlaceId, action: Action, *, own: Path | None = None, rulebook: Path = BUNDLED) -> Policy:
    """What an order does in a place: the nearest table that speaks of such orders.

    Args:
        place: Where the record is kept.
        action: What is ordered.
        own: The ledger's own table, if it has one.
        rulebook: The folder in whose tree the places' tables lie.

    Raises:
        NoPolicy: no table does.
        UnreadablePolicy: one of them cannot be read.
    """
    parts = place.split("/")
    nearest = ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
    tables = [("policy", own)] if own is not None else []
    for name, path in [*tables, *((each, rulebook / each / NAME) for each in nearest)]:
        for rule in read_policy(path) if path.is_file() else ():
            if rule.action is action:
                return Policy(name, rule)
    expected = f"a rule for [{action}] in the ledger's {OWN} or in {NAME} of {', '.join(nearest)}"
    raise NoPolicy(f"nobody has written what such an order does here: expected {expected}, found none")


def read_policy(path: Path) -> tuple[Rule, ...]:
    """The rules of a table.

    Raises:
        UnreadablePolicy: it is none.
    """
    try:
        tree: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        table = msgspec.convert(tree, _Table)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UnreadablePolicy(f"{path}: expected a policy table, found: {error}") from None
    for rule in table.rule:
        if rule.people < 2 or rule.entries not in ENTRIES:
            expected = f"at least 2 people, and entries one of {', '.join(ENTRIES)}"
            found = f"people {rule.people}, entries {rule.entries}"
            raise UnreadablePolicy(f"{path}: rule [{rule.id}]: expected {expected}, found {found}")
    return tuple(table.rule)
