"""Floor 7: use cases, and the one clock.

What a person at a jail, a court or a newsroom asks habeas to do, put together from the floors below.
Only this package may read the computer's clock.
"""
