"""Invented people of the fictional state: a seeded generator of their records, and the key to them.

Nobody here is real and no place is meant. The generator (`population`) tells events as any source
would; the key comes from `oracle`, which was written apart from it and from the law floor and reads
the events alone. Every event and every declaration of coverage carries the mark of `marker`.
"""
