"""Floor 1: time, place and evidence, with the standard library only.

Instants, civil dates and named ambiguity, intervals, timelines, calendars, uncertain instants that
keep their identity, places with their zones, and the kinds of not knowing. Everything above is said
in these words; nothing here reads a clock, a disk or a network, or has heard of law.
"""
