"""Floor 4: the answer for one person, which is the definition of every other answer.

Facts and law become bases over time: the verdict, what supports custody and what has no force, the
duties, the release instants, over-detention and early release, and the proof of each.
"""
