"""Floor 6: rosters, court feeds and detainer forms become events.

A recipe maps a source's columns and codes; each row is accepted, duplicate or quarantined, and the
source's own words stay beside every code.
"""
