"""Floor 2: what happened to a person, and which papers exist.

Events, instruments, the record that is the fold of one person's events as known at an instant, what
a source covers, and anomalies, which are reported and carried, never repaired. A record never asks
the law anything.
"""
