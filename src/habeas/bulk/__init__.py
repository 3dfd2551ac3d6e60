"""The same answers over columns: many people at once, equal to the definition field by field.

What the columns cannot say exactly goes to the definition, person by person, with the reason.
Nothing here is approximated. Needs the extra ``analysis``.
"""
