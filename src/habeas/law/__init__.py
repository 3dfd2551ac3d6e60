"""Floor 3: what law is in force at a point, and what a provision says of a record.

Enactments, acts and what they do to one another, conditions in Kleene logic, clocks as data,
precedence, questions and readings, and the compiler from the rulebook to evaluators. Law itself is
data in `habeas.rulebook`: no module here names a place, a case or a legal date.
"""
