"""Every limb of a rulebook read once, so that none is left to read when a question is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from habeas.kernel.places import PlaceId
from habeas.law.checking import checked
from habeas.law.enactments import Condition, Enactment
from habeas.law.rulebook import Rulebook

_Asked: TypeAlias = tuple[Condition | None, str]
"""A condition, and the kind of subject it is asked of."""


def parse_limbs(rulebook: Rulebook) -> None:
    """Read every limb of every condition under every alternative, and keep it in the rulebook.

    Raises:
        ConditionError: with every problem of the first condition that has one.
    """
    for name in rulebook.artefact.enactments:
        for enactment in rulebook.variants(name):
            zone = rulebook.places.zone_of(PlaceId(enactment.place))
            for condition, subject in _asked(enactment):
                checked(condition, rulebook.vocabulary, subject=subject, zone=zone, limbs=rulebook.limbs)


def _asked(enactment: Enactment) -> Iterator[_Asked]:
    for provision in enactment.provisions:
        for _, condition in provision.conditions:
            yield condition, provision.on
    subjects = {provision.on for provision in enactment.provisions}
    for act in enactment.acts:
        if not act.targets:
            yield from ((act.scope.condition, subject) for subject in sorted(subjects))
