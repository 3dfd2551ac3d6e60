"""Studies: one population counted under rules, under two rulebooks, and before and after an act.

A replay of law is exact; what people did because of it is only ever estimated, and labelled so.
"""
