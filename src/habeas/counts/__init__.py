"""Counting people: daily population, flows, lengths and rank, under counting rules that are data.

Custody comes in as intervals with opaque marks, so nothing counted here depends on a ruling or on law.
"""
