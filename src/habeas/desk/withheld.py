"""What may not be answered or done: by an order, or because it takes another person."""

from __future__ import annotations


class Withheld(RuntimeError):
    """Refused by a permission or by the rule of two persons; says who has to do what."""


class WithheldPerson(Withheld):
    """What is asked for of a person is withheld; carries the order's citation."""

    word = "WITHHELD"

    def __init__(self, who: str, order: str) -> None:
        """Say whose record it is, as it was asked for, and by which order."""
        self.who, self.order = who, order
        super().__init__(f"{self.word}: {self.says()}")

    def says(self) -> str:
        """What became of the record, in a sentence."""
        return f"the record of [{self.who}] is withheld by order: {self.order}"


class ExpungedPerson(WithheldPerson):
    """It was destroyed."""

    word = "EXPUNGED"

    def says(self) -> str:
        """What became of the record, in a sentence."""
        return f"what was recorded of [{self.who}] was destroyed by order: {self.order}"


class SealedPerson(WithheldPerson):
    """It is sealed."""

    word = "SEALED"

    def says(self) -> str:
        """What became of the record, in a sentence."""
        return f"what is recorded of [{self.who}] is sealed by order: {self.order}"
