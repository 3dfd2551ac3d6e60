"""Two verifiers held against each other: on good bundles, on spoilt ones, and on bytes changed at random."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from bundle_cases import Case, cases
from habeas.ledger.bundles import Spoilt, bundle_of, check
from habeas.ledger.standalone import habeas_verify
from small_bundles import TRUST, Made, spoilt

SECOND_TRUST = habeas_verify.read_trust(TRUST.written().encode())
INSERTED = (b" ", b"\n", b"0", b"-", b'"', b",", b"\\u0041", b"null", b"\x00", b"\xff", b"[", b"{")


def first_says(document: bytes) -> bool:
    """Whether the ledger's own checker finds it good."""
    try:
        check(document, TRUST)
    except Spoilt:
        return False
    return True


def second_says(document: bytes) -> bool:
    """Whether the single file finds it good."""
    try:
        habeas_verify.check(document, SECOND_TRUST)
    except habeas_verify.Spoilt:
        return False
    return True


@dataclass
class Agreement:
    """How many were held against each other, and those about which the two differ."""

    good: int = 0
    spoilt: int = 0
    survived: int = 0
    differing: list[bytes] = field(default_factory=list[bytes])

    def __str__(self) -> str:
        """In words."""
        return (
            f"{self.good} good and {self.spoilt} spoilt bundles ({self.survived} of changed bytes, that say the "
            f"same): {len(self.differing)} on which the two verifiers differ"
        )

    def hold(self, document: bytes, *, expected: bool | None) -> None:
        """Ask both; None: either may be right, but they must agree."""
        said = first_says(document)
        right = said == second_says(document) and expected in {None, said}
        if not right:
            self.differing.append(document)
        self.survived += expected is None and said
        self.good += said
        self.spoilt += not said


def good_bundle(made: Made, chance: random.Random) -> bytes:
    """Some entries with some of their keys, or all of them, with or without an earlier checkpoint."""
    streams = chance.sample(["p-0", "p-1", "p-2"], chance.randrange(4))
    keys = {key_id: key for stream in streams for key_id, key in made.keys(stream).items()}
    earlier = chance.choice([[], [made.old], [made.old, made.new]])
    whole = chance.random() < 0.3
    chosen = [each for each in made.ledger.entries() if whole or chance.random() < 0.4]
    return bundle_of(made.new, made.tree, chosen, earlier=earlier, whole=whole, keys=keys).written()


def changed_bytes(document: bytes, chance: random.Random) -> bytes:
    """One to five changes, each of a bit, of a byte, of some bytes, or of two stretches exchanged."""
    data = bytearray(document)
    for _ in range(chance.choice([1, 1, 1, 2, 5])):
        at = chance.randrange(len(data))
        match chance.randrange(6):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data.insert(at, chance.randrange(256))
            case 2:
                del data[at : at + chance.choice([1, 1, 7, 400])]
            case 3:
                data[at:at] = chance.choice(INSERTED)
            case 4:
                data[at:at] = data[at : at + chance.choice([1, 20, 900])]
            case _:
                data = data[at:] + data[:at]
    return bytes(data)


def agree_at_random(made: Made, seed: int, count: int) -> Agreement:
    """So many good bundles, each spoilt once by its parts, and half as often by its bytes."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    found = Agreement()
    for number in range(count):
        document = good_bundle(made, chance)
        found.hold(document, expected=True)
        rich = made.part() if chance.random() < 0.5 else made.whole()
        found.hold(spoilt(rich.written(), chance), expected=False)
        if number % 2:
            found.hold(changed_bytes(document, chance), expected=None)
    return found


def agree_on_cases(made: Made) -> list[Case]:
    """The cases that one of the two gets wrong."""
    return [
        each
        for each in cases(made)
        if (first_says(each.document), second_says(each.document)) != (each.good, each.good)
    ]
