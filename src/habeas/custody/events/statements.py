"""Events that state facts, join proceedings, or take an earlier statement back."""

from habeas.custody.events.event import Event


class HistoryShown(Event):
    """Papers about earlier matters were shown to the custodian: convictions, proof of citizenship.

    The conviction stood before the paper was shown; proof of citizenship counts from when it was.
    """

    fact = "history_shown_at"
    dated = frozenset({"citizenship_evidence"})


class PartyJoined(Event):
    """The person became a petitioner, party or class member in the cases `party_to` lists."""

    fact = "joined_at"
    gathered = frozenset({"party_to"})


class Stated(Event):
    """A source states facts about a row, without saying that anything happened then.

    What it states holds of the thing itself; `at` orders it among other statements.
    """


class Retracted(Event):
    """A source takes back the event this supersedes and puts nothing in its place."""
